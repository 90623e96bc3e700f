"""A conversation told like a story and checked step by step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from replygate.config import Store
from replygate.errors import PlatformError
from replygate.model import Cleared, Draft, Memory, Origin, Receipt
from replygate.screening.gate import Gate
from replygate.testing.clock import VirtualClock
from replygate.testing.platform import FakePlatform
from replygate.timing.calendar import PLATFORM_ZONE


class Script:
    """One buyer and one store: what is said, when, and what the gate and the platform make of it.

    Screens with the store's own gate, sends to a `FakePlatform`, and keeps a `VirtualClock`; no
    event loop is needed, and a running one is no hindrance. Checks raise AssertionError and show
    the findings and the dialogue so far.
    """

    def __init__(self, store: Store | Gate, *, conversation: str = "c-1") -> None:
        self.gate = store if isinstance(store, Gate) else store.gate
        self.clock = VirtualClock()
        self.platform = FakePlatform(self.clock)
        self._store_id = None if isinstance(store, Gate) else store.id
        self._conversation = conversation
        self._lines: list[str] = []
        self._in_a_row = 0

    def buyer(self, text: str) -> None:
        """The buyer says something."""
        self._in_a_row = 0
        self._note("buyer", text)

    def wait(self, seconds: float) -> None:
        """Let time pass, in seconds."""
        self.clock.advance(seconds)

    def bot(self, text: str, *, agent: str | None = None) -> Said:
        """The bot answers: its text is screened, and sent at once if it may go out."""
        return self._say("bot", text, agent)

    def human(self, text: str, *, agent: str | None = None) -> Said:
        """A person answers, by the same door as the bot."""
        return self._say("human", text, agent)

    def transcript(self) -> str:
        """The dialogue so far, one line for each step, with local times."""
        return "\n".join(self._lines)

    def _say(self, origin: Origin, text: str, agent: str | None) -> Said:
        draft = Draft(self._conversation, text, store=self._store_id, origin=origin, agent=agent)
        cleared = self.gate.screen(draft, Memory(self.platform.delivered, self._in_a_row))
        outcome = None if cleared.text is None else self._send(cleared)
        self._in_a_row += isinstance(outcome, Receipt)
        said = Said(self, cleared, outcome)
        self._note(origin, f"{text}  ({said.fate})")
        return said

    def _send(self, cleared: Cleared) -> Receipt | PlatformError:
        # The fake platform never waits, so one step runs its coroutine to the end; that works
        # inside a running event loop too, where asyncio.run does not.
        try:
            self.platform.send(cleared).send(None)
        except StopIteration as done:
            receipt: Receipt = done.value
            return receipt
        except PlatformError as error:
            return error
        raise AssertionError("the script's platform waited for something")

    def _note(self, origin: Origin, text: str) -> None:
        now = dt.datetime.fromtimestamp(self.clock.wall_ms() / 1000, PLATFORM_ZONE)
        self._lines.append(f"{now:%m-%d %H:%M:%S}  {origin:<5}  {text}")


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the store and what became of it. Each check returns the object itself.

    `outcome` is the platform's receipt or its error, and None for a blocked text, which never
    reached the platform.
    """

    script: Script
    cleared: Cleared
    outcome: Receipt | PlatformError | None

    @property
    def fate(self) -> str:
        """What became of it, in words."""
        if self.outcome is None:
            rules = dict.fromkeys(f.rule for f in self.cleared.findings if f.action == "block")
            return f"blocked by {', '.join(rules) or 'no rule'}"
        if isinstance(self.outcome, PlatformError):
            return f"{type(self.outcome).__name__}: {self.outcome}"
        changed = self.cleared.text != self.cleared.draft.text
        return f"went out as {self.cleared.text!r}" if changed else "went out"

    def goes_out(self, text: str | None = None) -> Said:
        """The platform took it, worded as `text`; without `text`, exactly as written."""
        __tracebackhide__ = True
        expected = self.cleared.draft.text if text is None else text
        if not isinstance(self.outcome, Receipt) or self.cleared.text != expected:
            raise self._failure(f"to go out as {expected!r}")
        return self

    def is_blocked(self, *, by: str | None = None) -> Said:
        """The gate blocked it; with `by`, this rule did."""
        __tracebackhide__ = True
        rules = [finding.rule for finding in self.cleared.findings if finding.action == "block"]
        if self.cleared.action != "block" or (by is not None and by not in rules):
            raise self._failure("to be blocked" + (f" by {by}" if by else ""))
        return self

    def fails_with(self, error: type[PlatformError]) -> Said:
        """The gate cleared it and the platform did not take it."""
        __tracebackhide__ = True
        if not isinstance(self.outcome, error):
            raise self._failure(f"to fail with {error.__name__}")
        return self

    def finds(self, rule: str) -> Said:
        """This rule matched, whatever it asked for: a rewrite, a block, or only a warning."""
        __tracebackhide__ = True
        if rule not in [finding.rule for finding in self.cleared.findings]:
            raise self._failure(f"to be found by {rule}")
        return self

    def _failure(self, expectation: str) -> AssertionError:
        draft = self.cleared.draft
        findings = [
            f"{f.rule}: {f.action} {f.matched!r} at {f.start}-{f.end}: {f.why}"
            for f in self.cleared.findings
        ]
        return AssertionError(
            f"expected the {draft.origin}'s {draft.text!r} {expectation}, but: {self.fate}\n"
            + _section("findings", findings or ["none"])
            + _section("transcript", self.script.transcript().splitlines())
        )


def _section(title: str, lines: list[str]) -> str:
    return f"\n{title}:\n" + "".join(f"  {line}\n" for line in lines)
