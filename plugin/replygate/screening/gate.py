"""The gate: the one place where a draft becomes a cleared text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from replygate.model import Action, Cleared, Draft, Edit, Finding, Kind, Memory, Mode, OnBlock
from replygate.screening.codes import in_codes
from replygate.screening.decide import Verdict, about_all, decide
from replygate.screening.kinds import DEFAULT_KINDS, KindAction, by_kind
from replygate.screening.memory import NOTHING_MINDED, MemoryRules, remembered
from replygate.screening.rulebook import Rulebook

Check: TypeAlias = Callable[[Draft], Iterable[Finding]]
"""A custom check: a plain function from a draft to findings in its text."""

FAULT = "gate.fault"
"""The gate's own finding where a text could not be judged."""

TOO_LONG = "gate.too-long"
"""The gate's own finding on a text that is longer than it reads."""

# Of several wishes the one that keeps people best informed holds.
_ON_BLOCK: tuple[OnBlock, ...] = ("ask", "silent", "stock")


@dataclass(frozen=True, slots=True)
class Blocking:
    """What becomes of a blocked text, where its rule does not say.

    `stock_replies` go out in place of a text that is blocked with `stock`; they rotate.
    """

    on_block: OnBlock = "ask"
    stock_replies: tuple[str, ...] = ()


class Gate:
    """Judges drafts by one store's rulebook and checks. Synchronous, without I/O, thread-safe.

    `on_fault` says what happens to a text that could not be judged, because a check raised: it
    is blocked by default. In observe mode everything goes out as it is, and `Cleared.would` tells
    what enforcing would have done.
    """

    __slots__ = ("blocking", "checks", "kinds", "memory", "mode", "on_fault", "rulebook")

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        mode: Mode = "enforce",
        on_fault: Action = "block",
        checks: Sequence[Check] = (),
        blocking: Blocking = Blocking(),
        kinds: Mapping[Kind, KindAction] = DEFAULT_KINDS,
        memory: MemoryRules = NOTHING_MINDED,
    ) -> None:
        assert on_fault in ("block", "pass")
        self.rulebook = rulebook
        self.mode = mode
        self.on_fault = on_fault
        self.checks = tuple(checks)
        self.blocking = blocking
        self.kinds = kinds
        self.memory = memory

    def screen(self, draft: Draft, memory: Memory | None = None) -> Cleared:
        """Judge one text. Raises nothing, whatever the text holds.

        Without a finding the very same text object comes back.
        """
        return self._cleared(draft, memory, None)

    def release(self, draft: Draft, by: str) -> Cleared:
        """Let a blocked text go out as it is, by a person's word; its findings stay.

        Blocked all the same: what breaks a rule of severity `grave`, and what could not be judged,
        as nobody knows what it breaks.
        """
        assert by, "a release has a name"
        return self._cleared(draft, None, by)

    def _cleared(self, draft: Draft, memory: Memory | None, released_by: str | None) -> Cleared:
        """Every `Cleared` is made here."""
        action: Action = "pass"
        text: str | None = draft.text
        findings: tuple[Finding, ...] = ()
        edits: tuple[Edit, ...] = ()
        on_block: OnBlock | None = None
        try:
            verdict = self._verdict(draft, memory)
        except Exception as fault:  # noqa: BLE001 - whatever a check raises, nothing unjudged goes out
            verdict = self._fault(draft, fault)
        if verdict is not None:
            action, text = verdict.action, verdict.text
            findings, edits = verdict.findings, verdict.edits
            if action == "block":
                on_block = self._on_block(findings)
        if released_by is not None and not any(map(_is_final, findings)):
            return Cleared("pass", draft.text, findings, draft, released_by=released_by)
        if self.mode == "observe":
            return Cleared("pass", draft.text, findings, draft, action)
        return Cleared(action, text, findings, draft, None, edits, on_block)

    def _verdict(self, draft: Draft, memory: Memory | None) -> Verdict | None:
        """What is to happen; None where nothing was found."""
        rotation = 0 if memory is None else len(memory.sent)
        whole: list[Finding] = []
        wanted = self.kinds[draft.kind]
        if draft.kind != "text" or wanted != "screen":
            whole += by_kind(draft, wanted)
            if wanted != "screen":
                return _with_whole(None, draft, whole)

        found = self._find(draft, rotation, draft.text)
        if not (found or whole or draft.codes or memory is not None):
            return None
        find = partial(self._find, draft, rotation)
        verdict = decide(draft.text, found, find) if found else None
        if draft.codes:
            whole += in_codes(draft, find, self.rulebook.own_domains)
        text = draft.text if verdict is None else verdict.text
        if text is not None and memory is not None:
            whole += remembered(self.memory, draft, text, memory)
        verdict = _with_whole(verdict, draft, whole)
        if verdict is not None and verdict.action == "block" and not draft.codes:
            return self._stock(draft, verdict, memory, find)
        return verdict

    def _find(self, draft: Draft, rotation: int, text: str) -> Sequence[Finding]:
        """What there is to find in `text`, if it stood in the draft."""
        if len(text) > self.rulebook.max_chars:
            return (_too_long(text, self.rulebook.max_chars),)
        found = self.rulebook.find(text, rotation, draft.origin, draft.kind)
        if not self.checks:
            return found
        asked = replace(draft, text=text)
        own = [finding for check in self.checks for finding in check(asked)]
        for finding in own:
            _require_sound(finding, text)
        return [*found, *own]

    def _stock(
        self,
        draft: Draft,
        blocked: Verdict,
        memory: Memory | None,
        find: Callable[[str], Sequence[Finding]],
    ) -> Verdict:
        """A stock answer in place of a blocked text, where that is wanted and the answer clean."""
        replies = self.blocking.stock_replies
        if not replies or self._on_block(blocked.findings) != "stock":
            return blocked
        reply = replies[0 if memory is None else len(memory.sent) % len(replies)]
        found = [*find(reply), *remembered(self.memory, draft, reply, memory)]
        if reply == draft.text or any(finding.action != "warn" for finding in found):
            return blocked
        return Verdict("rewrite", reply, blocked.findings, (Edit(0, len(draft.text), reply),))

    def _on_block(self, findings: Sequence[Finding]) -> OnBlock:
        """What is to become of a text that these findings block."""
        default = self.blocking.on_block
        wishes = {
            self.rulebook.on_block.get(finding.rule, default)
            for finding in findings
            if finding.action == "block"
        }
        return next((wish for wish in _ON_BLOCK if wish in wishes), default)

    def _fault(self, draft: Draft, fault: Exception) -> Verdict:
        why = f"没有判断成功 (could not be judged): {type(fault).__name__}: {fault}"
        if self.on_fault == "pass":
            finding = about_all(FAULT, draft.text, "warn", why)
            return Verdict("pass", draft.text, (finding,))
        finding = about_all(FAULT, draft.text, "block", why)
        return Verdict("block", None, (finding,))


def _with_whole(verdict: Verdict | None, draft: Draft, whole: Sequence[Finding]) -> Verdict | None:
    """The verdict on a text, with what was found of the draft as a whole."""
    if not whole:
        return verdict
    verdict = verdict or Verdict("pass", draft.text, ())
    findings = (*verdict.findings, *whole)
    if any(finding.action == "block" for finding in whole):
        return Verdict("block", None, findings)
    return replace(verdict, findings=findings)


def _is_final(finding: Finding) -> bool:
    """Whether no person may overrule this."""
    unjudged = finding.rule in {FAULT, TOO_LONG}
    return finding.action == "block" and (unjudged or finding.severity == "grave")


def _too_long(text: str, max_chars: int) -> Finding:
    why = f"超过 {max_chars} 字的上限，请分几条发送 (longer than the limit)"
    return about_all(TOO_LONG, text, "block", why)


def _require_sound(finding: Finding, text: str) -> None:
    """A check's finding must cut its match out of the text, or its edit would hit other words."""
    if not 0 <= finding.start < finding.end <= len(text):
        raise ValueError(f"{finding.rule}: {finding.start}:{finding.end} is not in the text")
    if finding.matched != text[finding.start : finding.end]:
        raise ValueError(f"{finding.rule}: `matched` is not what stands at its offsets")
    if (finding.replacement is not None) != (finding.action == "rewrite"):
        raise ValueError(f"{finding.rule}: a rewrite, and only a rewrite, has a replacement")
