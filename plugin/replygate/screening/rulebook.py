"""A store's compiled rules: built once, never changed, swapped whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from replygate.model import Finding
from replygate.screening.detectors import DETECTORS, SIGNS
from replygate.screening.exempt import Exemptions, Inner
from replygate.screening.fold import NOT_PLAIN, fold_with_index
from replygate.screening.lexicon import (
    Automaton,
    Deny,
    Hit,
    as_bytes,
    build_automaton,
    located,
    shared_automaton,
)
from replygate.screening.patterns import Pattern, compile_pattern
from replygate.screening.rule import Rule, RulePart

DEFAULT_MAX_CHARS = 10_000

_Match: TypeAlias = tuple[Rule, tuple[str, ...], int, int]
"""A rule, what it may put in place, and the span in the folded text."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a store forbids, ready to run.

    Two automata: one for what stores share (profile and lexicons), one for the store's own words.
    """

    automata: tuple[Automaton, ...]
    detecting: tuple[Rule, ...]
    patterns: tuple[tuple[Rule, Pattern], ...]
    disabled: frozenset[str]
    own_domains: frozenset[str]
    max_chars: int

    @classmethod
    def compile(
        cls,
        shared: RulePart,
        own: RulePart,
        *,
        own_domains: frozenset[str] = frozenset(),
        disabled: frozenset[str] = frozenset(),
        max_chars: int = DEFAULT_MAX_CHARS,
    ) -> Rulebook:
        """Compile rules. `disabled` names the shared rules that the store has replaced or dropped.

        Raises ValueError for a pattern that can not run, ImportError when the extra is missing.
        """
        rules = (*(rule for rule in shared.rules if rule.id not in disabled), *own.rules)
        automata = (shared_automaton(shared), build_automaton(own))
        return cls(
            automata=tuple(automaton for automaton in automata if automaton is not None),
            detecting=tuple(rule for rule in rules if rule.detector is not None),
            patterns=tuple((rule, compile_pattern(p)) for rule in rules for p in rule.patterns),
            disabled=disabled,
            own_domains=own_domains,
            max_chars=max_chars,
        )

    def find(self, text: str, rotation: int = 0) -> Sequence[Finding]:
        """Every match in `text` that no exception covers, before overlaps are resolved.

        In order of place, the longer first. `rotation` chooses among several replacements.
        """
        plain = NOT_PLAIN.search(text) is None
        folded, index = (text, None) if plain else fold_with_index(text)
        data = as_bytes(folded)
        hits: list[Hit] = []
        for automaton in self.automata:
            hits += automaton.iter(data)
        others: list[_Match] = []
        if self.detecting and not plain and SIGNS.search(folded) is not None:
            others += self._detected(folded)
        if self.patterns:
            others += self._patterned(folded)
        if not hits and not others:
            return ()
        found = self._allowed(folded, data, hits, others)
        return sorted(
            (_finding(text, folded, index, match, rotation) for match in found),
            key=lambda finding: (finding.start, -finding.end, finding.rule),
        )

    def _detected(self, folded: str) -> Iterator[_Match]:
        for rule in self.detecting:
            assert rule.detector is not None
            for start, end in DETECTORS[rule.detector](folded, self.own_domains):
                yield rule, rule.replace, start, end

    def _patterned(self, folded: str) -> Iterator[_Match]:
        for rule, pattern in self.patterns:
            for start, end in pattern.find(folded):
                yield rule, rule.replace, start, end

    def _allowed(
        self, folded: str, data: str, hits: Sequence[Hit], others: Iterable[_Match]
    ) -> Iterator[_Match]:
        denied: list[tuple[Deny, int]] = []
        spared: list[tuple[str | None, int, int]] = []
        for end, target in located(data, hits):
            if isinstance(target, Deny):
                denied.append((target, end))
            elif not (target.unless_next and folded[end : end + 1] in tuple(target.unless_next)):
                spared.append((target.rule_id, end - target.chars, end))
        exemptions = Exemptions(spared)
        matches = [*self._worded(folded, denied), *others]
        kept: list[_Match] = []
        lost: list[_Match] = []
        for match in matches:
            (lost if exemptions.cover(match[0].id, *match[2:]) else kept).append(match)
        return _runs_joined(_without_husks(kept, lost) if lost else kept)

    def _worded(self, folded: str, denied: Iterable[tuple[Deny, int]]) -> Iterator[_Match]:
        for deny, end in denied:
            rule, start = deny.rule, end - deny.chars
            if rule.id in self.disabled:
                continue
            if rule.match == "word" and not _whole_word(folded, start, end):
                continue
            yield rule, deny.word.replace, start, end


def _whole_word(folded: str, start: int, end: int) -> bool:
    before, after = folded[start - 1 : start] if start else "", folded[end : end + 1]
    return not any(side.isascii() and side.isalnum() for side in (before, after))


def _without_husks(kept: Sequence[_Match], lost: Sequence[_Match]) -> list[_Match]:
    """Matches but for those that hold exempt matches of their rule and none that counts.

    With 亲 and 给亲 in one rule and 亲人 exempt, 给亲 is none in 给亲人: its 亲 is none.
    """
    exempt = Inner(_spans(lost))
    firm = [match for match in kept if not exempt.inside(match[0].id, *match[2:])]
    counting = Inner(_spans(firm))
    return [
        match
        for match in kept
        if not exempt.inside(match[0].id, *match[2:]) or counting.inside(match[0].id, *match[2:])
    ]


def _spans(matches: Sequence[_Match]) -> Iterator[tuple[str, int, int]]:
    return ((rule.id, start, end) for rule, _, start, end in matches)


def _runs_joined(matches: Iterable[_Match]) -> Iterator[_Match]:
    """A `lone` rule's neighbouring matches are one: 亲亲 is said once."""
    lone: dict[str, _Match] = {}
    for match in matches:
        rule, replacements, start, end = match
        if rule.match != "lone":
            yield match
            continue
        last = lone.get(rule.id)
        # A word that stands twice in a rule ends at one place twice.
        if last is not None and start <= last[3]:
            lone[rule.id] = (rule, replacements, last[2], end)
            continue
        if last is not None:
            yield last
        lone[rule.id] = match
    yield from lone.values()


def _finding(
    text: str, folded: str, index: Sequence[int] | None, match: _Match, rotation: int
) -> Finding:
    rule, replacements, start, end = match
    at, to = (start, end) if index is None else (index[start], index[end - 1] + 1)
    matched = text[at:to]
    evasion = _disguised(matched, folded[start:end])
    replacement = replacements[rotation % len(replacements)] if replacements else None
    found = Finding(
        rule=rule.id,
        matched=matched,
        start=at,
        end=to,
        action=rule.action,
        replacement=replacement if rule.action == "rewrite" else None,
        why=rule.why,
        source=rule.source,
        evasion=evasion,
    )
    # Somebody disguised the word: a rewrite would only teach them which disguise works.
    if evasion and rule.action == "rewrite":
        return replace(found, action="block", replacement=None)
    return found


def _disguised(matched: str, folded: str) -> bool:
    """Whether only folding shows a word. Capitals and wide blanks are no disguise."""
    if matched.lower() == folded:
        return False
    return "".join(" " if char.isspace() else char for char in matched.lower()) != folded
