"""From findings to a verdict: which finding wins, what the text becomes, whether it is clean."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from replygate.model import Action, Edit, Finding, FindingAction
from replygate.screening.edits import Edited

MAX_ROUNDS = 3

Find: TypeAlias = Callable[[str], Sequence[Finding]]

_LETTER = re.compile(r"[^\W_]")

_STRICTNESS: dict[FindingAction, int] = {"block": 0, "rewrite": 1, "warn": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to happen with a text. `text` is None exactly when it is blocked.

    `edits` make the text of the original one.
    """

    action: Action
    text: str | None
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()


def decide(text: str, found: Sequence[Finding], find: Find) -> Verdict:
    """Judge `text`, in which `find` found `found`.

    A rewritten text is searched again, for at most `MAX_ROUNDS` rewrites: putting words together
    can make a new one. What is still not clean is blocked. Every finding speaks of the original.
    """
    findings = _without_inner(found)
    current = Edited(text)
    for rewritten in range(MAX_ROUNDS + 1):
        if not found:
            return _passed(current, findings)
        if any(finding.action == "block" for finding in found):
            break
        edits = _edits(current.text, found)
        if not edits:
            return _passed(current, findings)
        if rewritten < MAX_ROUNDS:
            current = current.apply(edits)
            found = find(current.text)
            again = [finding for finding in _without_inner(found) if finding.action != "warn"]
            findings += (_in_original(current, finding) for finding in again)
    return Verdict("block", None, tuple(findings))


def _edits(text: str, found: Sequence[Finding]) -> list[Edit]:
    whole = next((finding for finding in found if finding.whole), None)
    if whole is not None:
        assert whole.replacement is not None
        return [Edit(0, len(text), whole.replacement)]
    chosen = winners(found) if len(found) > 1 else found
    return [Edit(f.start, f.end, f.replacement or "") for f in chosen if f.action == "rewrite"]


def winners(found: Sequence[Finding]) -> list[Finding]:
    """Findings that do not overlap, by place: the strictest first, then leftmost, then longest."""
    ranked = sorted(found, key=lambda f: (_STRICTNESS[f.action], f.start, -f.end))
    starts: list[int] = []
    chosen: list[Finding] = []
    for finding in ranked:
        at = bisect_left(starts, finding.start)
        clear_before = at == 0 or chosen[at - 1].end <= finding.start
        clear_after = at == len(chosen) or finding.end <= chosen[at].start
        if clear_before and clear_after:
            starts.insert(at, finding.start)
            chosen.insert(at, finding)
    return chosen


def _without_inner(found: Sequence[Finding]) -> list[Finding]:
    """Findings but for those inside a longer one of the same rule, which say nothing new."""
    if len(found) < 2:  # noqa: PLR2004 - one alone lies in no other
        return list(found)
    reach: dict[str, int] = {}
    kept = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if finding.end > reach.get(finding.rule, -1):
            reach[finding.rule] = finding.end
            kept.append(finding)
    return kept


def _in_original(current: Edited, finding: Finding) -> Finding:
    """A finding in an edited text, told in terms of the original."""
    start, end = current.origin(finding.start, finding.end)
    why = f"改写后出现「{finding.matched}」：{finding.why}"
    matched = current.original[start:end]
    return replace(finding, start=start, end=end, matched=matched, why=why)


def _passed(current: Edited, findings: Sequence[Finding]) -> Verdict:
    text = current.original
    if current.text == text:
        return Verdict("pass", text, tuple(findings))
    if _says_something(text) and not _says_something(current.text):
        why = "改写后没有剩下可以发送的内容 (nothing is left after the rewrite)"
        empty = about_all("gate.empty", text, "block", why)
        return Verdict("block", None, (*findings, empty))
    return Verdict("rewrite", current.text, tuple(findings), current.edits)


def about_all(
    rule: str, text: str, action: FindingAction, why: str, source: str = "replygate"
) -> Finding:
    """A finding of the gate itself, on a whole text."""
    return Finding(rule, text, 0, len(text), action, None, why, source)


def _says_something(text: str) -> bool:
    """Whether there is a letter, a digit or a picture: more than blanks and marks."""
    if _LETTER.search(text) is not None:
        return True
    categories = map(unicodedata.category, text)
    return any(category[0] in "LN" or category == "So" for category in categories)
