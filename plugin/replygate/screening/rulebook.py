"""A store's compiled rules: built once, never changed, swapped whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from replygate.model import Finding, Kind, OnBlock, Origin
from replygate.screening.detectors import DETECTORS, may_hold
from replygate.screening.evidence import near
from replygate.screening.exempt import Exemptions, Key
from replygate.screening.fold import NOT_PLAIN, disguised, fold_with_index
from replygate.screening.lexicon import (
    Automaton,
    Compiled,
    Deny,
    Hit,
    Spare,
    as_bytes,
    can_count,
    compile_part,
    compile_shared,
    located,
)
from replygate.screening.look import tells_nothing
from replygate.screening.matches import (
    Matched,
    counting,
    in_order,
    is_model,
    is_torn,
    whole_word,
)
from replygate.screening.noise import has_marks, is_disguise, without_noise
from replygate.screening.patterns import Pattern
from replygate.screening.report import finding
from replygate.screening.rule import Rule, RulePart
from replygate.screening.together import standing_together

DEFAULT_MAX_CHARS = 10_000

_Rules: TypeAlias = tuple[Rule | None, ...]


class _Denied(NamedTuple):
    rule: Rule
    deny: Deny
    end: int


class _Located(NamedTuple):
    """What the automata found in one text, by kind, in characters."""

    denied: list[_Denied]
    members: list[tuple[Rule, int, int, int]]
    spared: list[tuple[Key, int, int]]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a store forbids, ready to run.

    `parts` are those that have words: what stores share, then the store's own. `pairs` are the
    neighbours in words that noise may part. `on_block` are the wishes of single rules.
    """

    parts: tuple[Compiled, ...]
    pairs: tuple[frozenset[str], ...]
    detecting: tuple[Rule, ...]
    patterns: tuple[tuple[Rule, Pattern], ...]
    on_block: Mapping[str, OnBlock]
    own_domains: frozenset[str]
    max_chars: int

    @classmethod
    def compile(
        cls,
        shared: RulePart | Sequence[Compiled],
        own: RulePart,
        *,
        own_domains: frozenset[str] = frozenset(),
        disabled: frozenset[str] = frozenset(),
        adjusted: Iterable[Rule] = (),
        max_chars: int = DEFAULT_MAX_CHARS,
    ) -> Rulebook:
        """Compile rules. `disabled` names the shared rules that the store has replaced or dropped.

        `adjusted` stand in for the shared rules of their id; they look for the same.

        Raises ValueError for a pattern that can not run, ImportError when the extra is missing.
        """
        changed: dict[str, Rule | None] = {rule.id: rule for rule in adjusted}
        changed.update(dict.fromkeys(disabled))
        common = (compile_shared(shared),) if isinstance(shared, RulePart) else shared
        parts = [*(_as_changed(part, changed) for part in common), compile_part(own)]
        active = [rule for part in parts for rule in part.rules if rule is not None]
        searched = tuple(part for part in parts if part.words is not None)
        hiding = any(rule.evasions for rule in active)
        return cls(
            parts=searched,
            pairs=tuple(part.pairs for part in searched if part.pairs) if hiding else (),
            detecting=tuple(rule for rule in active if rule.detector is not None),
            patterns=tuple(
                (rule, pattern)
                for part in parts
                for number, pattern in part.patterns
                if (rule := part.rules[number]) is not None
            ),
            on_block={rule.id: rule.on_block for rule in active if rule.on_block is not None},
            own_domains=own_domains,
            max_chars=max_chars,
        )

    @property
    def automata(self) -> tuple[Automaton, ...]:
        """Those that are run over a text, in turn."""
        return tuple(part.words for part in self.parts if part.words is not None)

    def find(
        self, text: str, rotation: int = 0, origin: Origin = "bot", kind: Kind = "text"
    ) -> Sequence[Finding]:
        """Every match in `text` that no exception covers, before overlaps are resolved.

        In order of place, the longer first. `rotation` chooses among several replacements.
        """
        folded, index, noise, detect = text, None, None, False
        if not tells_nothing(text):
            if NOT_PLAIN.search(text) is not None:
                folded, index = fold_with_index(text)
            noise = without_noise(folded, self.pairs) if self.pairs else None
            detect = bool(self.detecting) and may_hold(folded)
        data = as_bytes(folded)
        hits = self.hits(folded, data)
        if not (noise or detect or self.patterns or any(can_count(*one) for one in hits)):
            return ()
        search = _Search(self, text, folded, index, origin, kind)
        matches = search.matches(data, hits, noise, detect=detect)
        return [finding(text, folded, index, match, rotation) for match in in_order(matches)]

    def hits(self, folded: str, data: str) -> list[tuple[_Rules, list[Hit]]]:
        """What each automaton finds, beside the rules that it speaks of."""
        found = []
        for part in self.parts:
            if part.look is None or part.look.search(folded) is not None:
                assert part.words is not None
                hits = [*part.words.iter(data)]
                if hits:
                    found.append((part.rules, hits))
        return found


def _as_changed(part: Compiled, changed: Mapping[str, Rule | None]) -> Compiled:
    """The part with the changed rules in place of those of their ids."""
    if not any(rule is not None and rule.id in changed for rule in part.rules):
        return part
    rules = (None if rule is None else changed.get(rule.id, rule) for rule in part.rules)
    return replace(part, rules=tuple(rules))


class _Search:
    """The search of one folded text that holds something."""

    __slots__ = ("_book", "_folded", "_index", "_kind", "_origin", "_text")

    def __init__(
        self,
        book: Rulebook,
        text: str,
        folded: str,
        index: Sequence[int] | None,
        origin: Origin,
        kind: Kind,
    ) -> None:
        self._book = book
        self._text = text
        self._folded = folded
        self._index = index
        self._origin = origin
        self._kind = kind

    def matches(
        self,
        data: str,
        hits: Sequence[tuple[_Rules, Sequence[Hit]]],
        noise: tuple[str, Sequence[int]] | None,
        *,
        detect: bool,
    ) -> Iterator[Matched]:
        plain = self._sorted_out(self._folded, data, hits)
        exemptions = Exemptions(plain.spared)
        found = [*self._worded(plain.denied)]
        if plain.members:
            found += self._together(plain.members, exemptions)
        if detect:
            found += self._detected()
        if self._book.patterns:
            found += self._patterned()
        if noise is not None:
            found += self._disguised(*noise)
        return counting(found, exemptions)

    def _sorted_out(
        self, text: str, data: str, hits: Sequence[tuple[_Rules, Sequence[Hit]]]
    ) -> _Located:
        """The hits of rules that apply, by kind."""
        found = _Located([], [], [])
        for rules, own in hits:
            for end, target in located(data, own):
                rule = None if target.rule is None else rules[target.rule]
                if isinstance(target, Spare):
                    if (rule or target.rule is None) and not _is_void(text, target, end):
                        key = target.key(rule.id if rule else None)
                        found.spared.append((key, end - target.chars, end))
                elif rule is None or not self._applies(rule):
                    continue
                elif isinstance(target, Deny):
                    found.denied.append(_Denied(rule, target, end))
                else:
                    found.members.append((rule, target.group, end - target.chars, end))
        return found

    def _applies(self, rule: Rule) -> bool:
        """Whether the rule is meant for this draft."""
        if rule.applies_to is not None and self._origin not in rule.applies_to:
            return False
        return rule.kinds is None or self._kind in rule.kinds

    def _worded(self, denied: Iterable[_Denied]) -> Iterator[Matched]:
        for rule, deny, end in denied:
            start = end - deny.chars
            if self._counts(rule, deny, start, end):
                yield _match(rule, deny, start, end, evasion=deny.evasion)

    def _counts(self, rule: Rule, deny: Deny, start: int, end: int) -> bool:
        if deny.evasion:
            # Nobody disguises a word that needs no disguise: that is evidence itself.
            evidence = deny.evidence
            evidence |= deny.whole and self._is_part(start, end)
            evidence |= is_torn(self._folded, start, end)
        elif rule.match == "word" and not whole_word(self._folded, start, end):
            return False
        else:
            evidence = rule.evidence and not self._is_hidden(start, end)
        return not evidence or near(self._folded, start, end)

    def _is_part(self, start: int, end: int) -> bool:
        return not whole_word(self._folded, start, end) or is_model(self._folded, start, end)

    def _is_hidden(self, start: int, end: int) -> bool:
        """Whether folding, or something between its letters, revealed the word at `start:end`."""
        if has_marks(self._folded, start, end):
            return True
        if self._index is None and self._text is self._folded:
            return False
        first, last = (
            (start, end - 1) if self._index is None else (self._index[start], self._index[end - 1])
        )
        return disguised(self._text[first : last + 1], self._folded[start:end])

    def _together(
        self, members: Iterable[tuple[Rule, int, int, int]], exemptions: Exemptions
    ) -> Iterator[Matched]:
        standing = (
            member for member in members if not exemptions.cover(member[0].id, member[2], member[3])
        )
        for rule, start, end in standing_together(self._folded, standing):
            if not rule.evidence or near(self._folded, start, end):
                yield Matched(rule, start, end, free=False)

    def _detected(self) -> Iterator[Matched]:
        for rule in filter(self._applies, self._book.detecting):
            assert rule.detector is not None
            for start, end, evasion in DETECTORS[rule.detector](
                self._folded, self._book.own_domains
            ):
                if (
                    evasion
                    or not rule.evidence
                    or self._is_hidden(start, end)
                    or near(self._folded, start, end)
                ):
                    yield Matched(rule, start, end, evasion=evasion)

    def _patterned(self) -> Iterator[Matched]:
        for rule, pattern in self._book.patterns:
            if not self._applies(rule):
                continue
            for start, end in pattern.find(self._folded):
                if not rule.evidence or near(self._folded, start, end):
                    yield Matched(rule, start, end, free=False)

    def _disguised(self, bare: str, index: Sequence[int]) -> Iterator[Matched]:
        """Words that stand in the text only without the noise between their letters."""
        data = as_bytes(bare)
        found = self._sorted_out(bare, data, self._book.hits(bare, data))
        words = {(rule.id, end - deny.chars, end) for rule, deny, end in found.denied}
        # An exception may have noise in it, too: 稍微 信号. A word that is its own exception is
        # spared in plain writing alone.
        exemptions = Exemptions(
            (spare[0], index[spare[1]], index[spare[2] - 1] + 1)
            for spare in found.spared
            if spare not in words
        )
        for rule, deny, end in found.denied:
            start, to = index[end - deny.chars], index[end - 1] + 1
            if (
                deny.hideable
                and to - start > deny.chars
                and is_disguise(self._folded, start, to, deny.chars)
                and self._counts(rule, deny, start, to)
                and not exemptions.cover(rule.id, start, to, deny.spelling)
            ):
                yield _match(rule, deny, start, to, evasion=True)


def _is_void(text: str, spare: Spare, end: int) -> bool:
    return bool(spare.unless_next) and text[end : end + 1] in tuple(spare.unless_next)


def _match(rule: Rule, deny: Deny, start: int, end: int, *, evasion: bool) -> Matched:
    return Matched(rule, start, end, deny.replace, evasion, spelling=deny.spelling)
