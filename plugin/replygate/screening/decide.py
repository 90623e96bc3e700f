"""From findings to a verdict: which finding wins, what the text becomes, whether it is clean."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from replygate.model import Action, Finding, FindingAction

MAX_ROUNDS = 3

Find: TypeAlias = Callable[[str], Sequence[Finding]]

_STRICTNESS: dict[FindingAction, int] = {"block": 0, "rewrite": 1, "warn": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to happen with a text. `text` is None exactly when it is blocked."""

    action: Action
    text: str | None
    findings: tuple[Finding, ...]


def decide(text: str, found: Sequence[Finding], find: Find) -> Verdict:
    """Judge `text`, in which `find` found `found`.

    A rewritten text is searched again, for at most `MAX_ROUNDS` rewrites: putting words together
    can make a new one. What is still not clean is blocked. Every finding speaks of the original.
    """
    findings = _without_inner(found)
    current = text
    rounds: list[Sequence[Finding]] = []
    while all(finding.action != "block" for finding in found):
        edits = [finding for finding in winners(found) if finding.action == "rewrite"]
        if not edits:
            return _passed(text, current, findings)
        if len(rounds) == MAX_ROUNDS:
            break
        current = _edited(current, edits)
        rounds.append(edits)
        found = find(current)
        again = [finding for finding in _without_inner(found) if finding.action != "warn"]
        if again:
            findings += _in_original(text, rounds, again)
    return Verdict("block", None, tuple(findings))


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
    reach: dict[str, int] = {}
    kept = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if finding.end > reach.get(finding.rule, -1):
            reach[finding.rule] = finding.end
            kept.append(finding)
    return kept


def _edited(text: str, edits: Sequence[Finding]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        assert edit.replacement is not None
        parts += text[at : edit.start], edit.replacement
        at = edit.end
    return "".join((*parts, text[at:]))


def _in_original(
    text: str, rounds: Sequence[Sequence[Finding]], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Findings in a text that `rounds` of edits made of `text`, told in terms of `text`."""
    spans = [(at, at + 1) for at in range(len(text))]
    for edits in rounds:
        spans = _moved(spans, edits)
    for finding in found:
        start, end = spans[finding.start][0], spans[finding.end - 1][1]
        why = f"改写后出现「{finding.matched}」：{finding.why}"
        yield replace(finding, start=start, end=end, matched=text[start:end], why=why)


def _moved(spans: Sequence[tuple[int, int]], edits: Sequence[Finding]) -> list[tuple[int, int]]:
    """Where in the original each character of an edited text comes from."""
    moved: list[tuple[int, int]] = []
    at = 0
    for edit in edits:
        assert edit.replacement is not None
        origin = (spans[edit.start][0], spans[edit.end - 1][1])
        moved += [*spans[at : edit.start], *[origin] * len(edit.replacement)]
        at = edit.end
    return [*moved, *spans[at:]]


def _passed(text: str, current: str, findings: Sequence[Finding]) -> Verdict:
    if current == text:
        return Verdict("pass", text, tuple(findings))
    if _says_something(text) and not _says_something(current):
        empty = Finding(
            rule="gate.empty",
            matched=text,
            start=0,
            end=len(text),
            action="block",
            replacement=None,
            why="改写后没有剩下可以发送的内容 (nothing is left after the rewrite)",
            source="replygate",
        )
        return Verdict("block", None, (*findings, empty))
    return Verdict("rewrite", current, tuple(findings))


def _says_something(text: str) -> bool:
    """Whether there is a letter, a digit or a picture: more than blanks and marks."""
    categories = map(unicodedata.category, text)
    return any(category[0] in "LN" or category == "So" for category in categories)
