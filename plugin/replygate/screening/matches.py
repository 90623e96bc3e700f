"""What rules matched in a folded text, and which of it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from replygate.screening.exempt import Exemptions, Inner
from replygate.screening.rule import Rule
from replygate.screening.wording import is_word

# Up to four figures: a longer number is an account.
_MEASURED = re.compile(r"[0-9\]][ -]?\Z")
_PAIR = 2
_MODEL_NUMBER = re.compile(r"[- ]?[0-9]{1,4}(?![0-9])")


class Matched(NamedTuple):
    """A rule's match at `start:end` of the folded text.

    `replace` is what this match alone becomes; empty where the rule's own replacements serve.
    `free` matches may hold a figure that a rewrite drops. `spelling` is the variant that was
    found, None for the word itself.
    """

    rule: Rule
    start: int
    end: int
    replace: tuple[str, ...] = ()
    evasion: bool = False
    free: bool = True
    spelling: str | None = None


def whole_word(folded: str, start: int, end: int) -> bool:
    """Whether neither a Latin letter nor a digit touches `start:end`."""
    before, after = folded[start - 1 : start] if start else "", folded[end : end + 1]
    return not any(side.isascii() and side.isalnum() for side in (before, after))


def is_model(folded: str, start: int, end: int) -> bool:
    """Whether Latin letters at `start:end` name a model or a measure: VX-7, WX 200, 2 TB."""
    if not folded[start].isascii():
        return False
    measured = _MEASURED.search(folded[max(0, start - 2) : start]) is not None
    return measured or _MODEL_NUMBER.match(folded, end) is not None


def is_torn(folded: str, start: int, end: int) -> bool:
    """Whether a pair takes its second character from a word: 蜜桃|宝宝, 一块|手机."""
    return end - start == _PAIR and is_word(folded[end - 1 : end + 1])


def counting(matches: Iterable[Matched], exemptions: Exemptions) -> Iterator[Matched]:
    """The matches that no exemption covers, neighbours of a `lone` rule joined."""
    if not exemptions:
        return runs_joined(matches)
    kept: list[Matched] = []
    lost: list[Matched] = []
    for match in matches:
        if exemptions.cover(match.rule.id, match.start, match.end):
            lost.append(match)
        # What is exempt as one spelling alone may well be a part of another.
        elif not exemptions.cover(match.rule.id, match.start, match.end, match.spelling):
            kept.append(match)
    return runs_joined(_without_husks(kept, lost) if lost else kept)


def _without_husks(kept: Sequence[Matched], lost: Sequence[Matched]) -> list[Matched]:
    """Matches but for those that hold exempt matches of their rule and none that counts.

    With 亲 and 给亲 in one rule and 亲人 exempt, 给亲 is none in 给亲人: its 亲 is none.
    """
    exempt = Inner(_spans(lost))
    firm = [match for match in kept if not exempt.inside(match.rule.id, match.start, match.end)]
    counted = Inner(_spans(firm))
    return [
        match
        for match in kept
        if not exempt.inside(match.rule.id, match.start, match.end)
        or counted.inside(match.rule.id, match.start, match.end)
    ]


def _spans(matches: Sequence[Matched]) -> Iterator[tuple[str, int, int]]:
    return ((match.rule.id, match.start, match.end) for match in matches)


def runs_joined(matches: Iterable[Matched]) -> Iterator[Matched]:
    """A `lone` rule's neighbouring matches are one: 亲亲 is said once."""
    lone: dict[str, Matched] = {}
    for match in matches:
        if match.rule.match != "lone":
            yield match
            continue
        last = lone.get(match.rule.id)
        # A word that stands twice in a rule ends at one place twice.
        if last is not None and match.start <= last.end:
            lone[match.rule.id] = match._replace(start=last.start)
            continue
        if last is not None:
            yield last
        lone[match.rule.id] = match
    yield from lone.values()


def in_order(matches: Iterable[Matched]) -> Iterator[Matched]:
    """Matches by place, the longer first, and of rules that report the first alone no other."""
    told: set[str] = set()
    for match in sorted(matches, key=_place):
        if match.rule.first:
            if match.rule.id in told:
                continue
            told.add(match.rule.id)
        yield match


def _place(match: Matched) -> tuple[int, int, str]:
    return match.start, -match.end, match.rule.id
