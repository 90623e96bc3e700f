"""The gate: the one place where a draft becomes a cleared text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from replygate.model import Action, Cleared, Draft, Finding, Memory, Mode
from replygate.screening.decide import Verdict, decide
from replygate.screening.rulebook import Rulebook

Check: TypeAlias = Callable[[Draft], Iterable[Finding]]
"""A custom check: a plain function from a draft to findings in its text."""


class Gate:
    """Judges drafts by one store's rulebook and checks. Synchronous, without I/O, thread-safe.

    `on_fault` says what happens to a text that could not be judged, because a check raised: it
    is blocked by default. In observe mode everything goes out as it is, and `Cleared.would` tells
    what enforcing would have done.
    """

    __slots__ = ("checks", "mode", "on_fault", "rulebook")

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        mode: Mode = "enforce",
        on_fault: Action = "block",
        checks: Sequence[Check] = (),
    ) -> None:
        assert on_fault in ("block", "pass")
        self.rulebook = rulebook
        self.mode = mode
        self.on_fault = on_fault
        self.checks = tuple(checks)

    def screen(self, draft: Draft, memory: Memory | None = None) -> Cleared:
        """Judge one text. Raises nothing, whatever the text holds.

        Without a finding the very same text object comes back.
        """
        action: Action = "pass"
        text: str | None = draft.text
        findings: tuple[Finding, ...] = ()
        rotation = 0 if memory is None else len(memory.sent)
        try:
            found = self._find(draft, rotation)
            if found:
                verdict = decide(
                    draft.text,
                    found,
                    lambda current: self._find(replace(draft, text=current), rotation),
                )
                action, text, findings = verdict.action, verdict.text, verdict.findings
        except Exception as fault:  # noqa: BLE001 - whatever a check raises, nothing unjudged goes out
            verdict = self._fault(draft, fault)
            action, text, findings = verdict.action, verdict.text, verdict.findings
        if self.mode == "observe":
            return Cleared("pass", draft.text, findings, draft, action)
        return Cleared(action, text, findings, draft)

    def _find(self, draft: Draft, rotation: int) -> Sequence[Finding]:
        if len(draft.text) > self.rulebook.max_chars:
            return (_too_long(draft.text, self.rulebook.max_chars),)
        found = self.rulebook.find(draft.text, rotation)
        if not self.checks:
            return found
        own = [finding for check in self.checks for finding in check(draft)]
        for finding in own:
            _require_sound(finding, draft.text)
        return [*found, *own]

    def _fault(self, draft: Draft, fault: Exception) -> Verdict:
        finding = Finding(
            rule="gate.fault",
            matched=draft.text,
            start=0,
            end=len(draft.text),
            action="block" if self.on_fault == "block" else "warn",
            replacement=None,
            why=f"没有判断成功 (could not be judged): {type(fault).__name__}: {fault}",
            source="replygate",
        )
        passes = self.on_fault == "pass"
        return Verdict(self.on_fault, draft.text if passes else None, (finding,))


def _too_long(text: str, max_chars: int) -> Finding:
    return Finding(
        rule="gate.too-long",
        matched=text,
        start=0,
        end=len(text),
        action="block",
        replacement=None,
        why=f"超过 {max_chars} 字的上限，请分几条发送 (longer than the limit)",
        source="replygate",
    )


def _require_sound(finding: Finding, text: str) -> None:
    """A check's finding must cut its match out of the text, or its edit would hit other words."""
    if not 0 <= finding.start < finding.end <= len(text):
        raise ValueError(f"{finding.rule}: {finding.start}:{finding.end} is not in the text")
    if finding.matched != text[finding.start : finding.end]:
        raise ValueError(f"{finding.rule}: `matched` is not what stands at its offsets")
    if (finding.replacement is not None) != (finding.action == "rewrite"):
        raise ValueError(f"{finding.rule}: a rewrite, and only a rewrite, has a replacement")
