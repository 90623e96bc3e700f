"""A selling platform that exists in the test only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from replygate.clock import Clock
from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.model import Cleared, Past, Receipt, Shown
from replygate.screening.edits import edited

Answer = Receipt | PlatformRefused | PlatformBusy | SendUncertain
"""What a platform can say to a send: taken, or one of the three ways of not taking it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One call of `FakePlatform.send`, whatever came of it.

    `at_ms` is wall time in Unix milliseconds. `delivered`: the buyer sees the text.
    """

    cleared: Cleared
    at_ms: int
    delivered: bool


class FakePlatform:
    """Takes what the gate cleared, remembers it, and answers what the test prepared.

    Prepared answers are given in order, one per send; without one, a send is accepted with a
    receipt of its own. Times come from `clock`. What may not go out fails the test.
    """

    def __init__(self, clock: Clock) -> None:
        self.sent: list[Sent] = []
        self.shows_all = False
        self._ids: list[str] = []
        self._clock = clock
        self._answers: deque[tuple[Answer, bool]] = deque()

    @property
    def delivered(self) -> tuple[str, ...]:
        """What the buyers see, oldest first, with what was delivered although no answer came."""
        return tuple(_text_of(sent.cleared) for sent in self.sent if sent.delivered)

    def answer(self, answer: Answer, *, delivered: bool | None = None) -> None:
        """Answer so to the next send that has no prepared answer yet.

        `delivered` must be said for a `SendUncertain`, and for nothing else: did the buyer get the
        message whose answer was lost?
        """
        uncertain = isinstance(answer, SendUncertain)
        if uncertain == (delivered is None):
            raise AssertionError(
                "SendUncertain alone leaves open whether the buyer got the message: say "
                "delivered=True or delivered=False with it, and with no other answer"
            )
        self._answers.append((answer, isinstance(answer, Receipt) or bool(delivered)))

    async def send(self, cleared: Cleared) -> Receipt:
        """Send as a platform would. Raises the prepared error where one is due.

        Raises AssertionError, and sends nothing, for anything but a `Cleared` from the gate whose
        text may go out.
        """
        objection = _objection(cleared)
        if objection:
            raise AssertionError(objection)
        answer, delivered = self._answers.popleft() if self._answers else (self._accept(), True)
        self.sent.append(Sent(cleared, self._clock.wall_ms(), delivered))
        receipt_id = answer.platform_id if isinstance(answer, Receipt) else None
        self._ids.append(receipt_id or f"fake-{len(self.sent)}")
        if isinstance(answer, Receipt):
            return answer
        raise answer

    async def look_back(self, conversation: str, since_ms: int) -> Past:
        """What this buyer sees, since then; `shows_all` says whether that is all there is.

        Nothing at all until `shows_all` is set: few platforms can be asked.
        """
        if not self.shows_all:
            return Past(())
        shown = tuple(
            Shown(id_, _text_of(sent.cleared), sent.at_ms)
            for id_, sent in zip(self._ids, self.sent, strict=True)
            if sent.delivered
            and sent.cleared.draft.conversation == conversation
            and sent.at_ms >= since_ms
        )
        return Past(shown, complete=True)

    def _accept(self) -> Receipt:
        return Receipt(platform_id=f"fake-{len(self.sent) + 1}", at_ms=self._clock.wall_ms())


def _text_of(cleared: Cleared) -> str:
    assert cleared.text is not None, "only a sendable text gets into `sent`"
    return cleared.text


def _objection(cleared: object) -> str | None:
    if not isinstance(cleared, Cleared):
        return f"a platform is given what the gate cleared, not {cleared!r}"
    if cleared.action == "block" or cleared.text is None:
        rules = ", ".join(finding.rule for finding in cleared.findings) or "no rule"
        return f"a blocked text was sent ({rules}): {cleared.draft.text!r}"
    if cleared.text != edited(cleared.draft.text, cleared.edits):
        return f"{cleared.text!r} is not what the gate cleared of {cleared.draft.text!r}"
    return None
