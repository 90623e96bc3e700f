"""Words compiled into automata, and what they found in a text.

An automaton runs over UTF-8 bytes that are read as latin-1 characters: a node then has at most a
few children, where a Chinese root would have thousands that are searched one by one. UTF-8 is
self-synchronising, so no match can begin inside a character.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add, itemgetter
from typing import Protocol, TypeAlias

import ahocorasick

from replygate.screening.exempt import Key
from replygate.screening.fold import fold, fold_all
from replygate.screening.patterns import Pattern, compile_pattern
from replygate.screening.rule import Exempt, Rule, RulePart, Word
from replygate.screening.variants import Variant, variants

# A store's own words are few: to look for their first characters is quicker than to run their
# automaton. Among more of them nearly every text has such characters.
_LOOK_BEGINS_MAX = 200

# Choices of lexicons and topics in one process; each entry costs what its words cost.
_SHARED_PARTS = 64

# Folding leaves none of it in a word.
_BETWEEN = "\0"

# A mark counts the same in either width, and folding keeps both.
_WIDE_MARKS = frozenset("，！？；：（）")
_NARROWED = str.maketrans("，！？；：（）", ",!?;:()")


# Targets are compared by identity: equal ones are made once.
@dataclass(frozen=True, slots=True, eq=False)
class Deny:
    """A word of a rule ends here; it is `chars` folded characters long.

    `rule` is the rule's number in its part: words of one kind share one `Deny`, for there may be
    100,000 of them. `replace` is the word's own replacement; empty where the rule's common one
    serves. `hideable` words are found behind noise, too.

    `evasion` says that this is another spelling of a word; `evidence` and `whole` are those of
    `Variant`. `spelling` is set for a variant that has exemptions of its own.
    """

    rule: int
    chars: int
    replace: tuple[str, ...] = ()
    hideable: bool = False
    evasion: bool = False
    evidence: bool = False
    whole: bool = False
    spelling: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A phrase of a rule's group `group` ends here, which counts beside one of each other group.

    `groups` is how many the rule has.
    """

    rule: int
    group: int
    chars: int
    groups: int


@dataclass(frozen=True, slots=True, eq=False)
class Spare:
    """A phrase ends here that exempts what lies inside it.

    `rule` is the number of the rule that it holds for, None where it holds for all of them.
    `spelling` narrows it to one variant.
    """

    rule: int | None
    chars: int
    unless_next: str = ""
    spelling: str | None = None

    def key(self, rule_id: str | None) -> Key:
        """What it holds for, where its rule goes by this id."""
        if rule_id is None or self.spelling is None:
            return rule_id
        return rule_id, self.spelling


Target: TypeAlias = Deny | Member | Spare

Hit: TypeAlias = tuple[int, tuple[Target, ...]]
"""The byte at which a word ends (inclusive), and all that ends there with that word."""


class Automaton(Protocol):
    """The one method of `ahocorasick.Automaton` that scanning needs."""

    def iter(self, data: str, /) -> Iterator[Hit]:
        """Every occurrence of every word, by end."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules, ready to run.

    `words` finds all words and phrases and names their rules by number. `rules` are the rules by
    number, as they hold for whoever runs them; None is a rule that does not apply there. `look`,
    where there is one, finds something in every folded text that holds one of the words. `pairs`
    are the neighbours in words that noise may part.
    """

    words: Automaton | None
    look: re.Pattern[str] | None
    rules: tuple[Rule | None, ...]
    patterns: tuple[tuple[int, Pattern], ...]
    pairs: frozenset[str]


def as_bytes(folded: str) -> str:
    """UTF-8 bytes as latin-1 characters. Lone surrogates pass: nothing in a text may raise."""
    return folded.encode("utf-8", "surrogatepass").decode("latin-1")


def compile_part(part: RulePart) -> Compiled:
    """Compile the rules of `part`.

    Raises ValueError for a pattern that can not run, ImportError when the extra is missing.
    """
    index = _Index()
    for number, rule in enumerate(part.rules):
        _add_words(index, number, rule)
        _add_together(index, number, rule)
        _add_spares(index, rule.exceptions, number, parted=rule.evasions)
        index.settle()
    _add_spares(index, part.allow, None, parted=True)
    index.settle()
    return Compiled(
        words=index.automaton(),
        look=index.look(),
        rules=part.rules,
        patterns=tuple(
            (number, compile_pattern(pattern))
            for number, rule in enumerate(part.rules)
            for pattern in rule.patterns
        ),
        pairs=frozenset(index.pairs),
    )


@lru_cache(maxsize=_SHARED_PARTS)
def compile_shared(part: RulePart) -> Compiled:
    """The same for every store that has the same shared rules."""
    return compile_part(part)


class _Index:
    """Words and what ends with them. Equal targets are one object, so that a word costs little.

    Words are noted, then settled in bulk: one by one they would take twice as long.
    """

    __slots__ = ("_begins", "_ends", "_noted", "_parted", "_shared", "_trie", "pairs")

    def __init__(self) -> None:
        self.pairs: set[str] = set()
        self._begins: set[str] = set()
        self._noted: dict[str, tuple[Target, ...]] = {}
        self._parted: list[str] = []
        self._trie = ahocorasick.Automaton()
        self._ends: dict[tuple[object, ...], tuple[Target, ...]] = {}
        self._shared: dict[tuple[Target, ...], tuple[Target, ...]] = {}

    def add(self, folded: str, kind: type[Target], *args: object) -> None:
        """Note a word and its target, which is `kind(*args)`."""
        end = self._ends.get((kind, *args))
        if end is None:
            end = self._ends[(kind, *args)] = (kind(*args),)  # type: ignore[arg-type]  # its own
        before = self._noted.get(folded)
        if before is None:
            self._noted[folded] = end
        elif end[0] not in before:
            self._noted[folded] = self._one((*before, *end))

    def add_pairs(self, folded: str) -> None:
        """Note a word whose letters noise may part."""
        self._parted.append(folded)

    def settle(self) -> None:
        """Take in what was noted of a rule. No other rule has its targets."""
        if len(self._begins) <= _LOOK_BEGINS_MAX:
            self._begins.update(word[:2] for word in self._noted)
        keys = as_bytes(_BETWEEN.join(self._noted)).split(_BETWEEN)
        # Words that begin alike come one after another: what they share is still at hand.
        for key, end in sorted(zip(keys, self._noted.values(), strict=False), key=itemgetter(0)):
            before = self._trie.get(key, None)
            self._trie.add_word(key, end if before is None else self._one((*before, *end)))
        self._noted.clear()
        parted = _BETWEEN.join(self._parted)
        self.pairs.update(
            pair for pair in set(map(add, parted, parted[1:])) if _BETWEEN not in pair
        )
        self._parted.clear()

    def _one(self, end: tuple[Target, ...]) -> tuple[Target, ...]:
        return self._shared.setdefault(end, end)

    def look(self) -> re.Pattern[str] | None:
        """A search for the places where a word can begin, as long as there are few."""
        if not 0 < len(self._begins) <= _LOOK_BEGINS_MAX:
            return None
        firsts, seconds = (
            {begin[0] for begin in self._begins},
            {b[1] for b in self._begins if b[1:]},
        )
        ways = [f"[{_class(seconds)}]"] if seconds else []
        alone = {begin for begin in self._begins if len(begin) == 1}
        ways += [f"(?<=[{_class(alone)}])"] if alone else []
        return re.compile(f"[{_class(firsts)}](?:{'|'.join(ways)})")

    def automaton(self) -> Automaton | None:
        if not self._ends:
            return None
        self._trie.make_automaton()
        built: Automaton = self._trie
        return built


def _class(chars: Iterable[str]) -> str:
    return re.escape("".join(sorted(chars)))


def _add_words(index: _Index, number: int, rule: Rule) -> None:
    plain = dict(zip(fold_all([word.text for word in rule.words]), rule.words, strict=True))
    common = {folded for folded, word in plain.items() if _is_common(word, rule)}
    for folded, word in plain.items():
        assert folded, f"an empty word in rule {rule.id}"
        chars = len(folded)
        own = () if word.replace == rule.replace else word.replace
        # A word with a replacement of its own is a turn of phrase, not something to hide.
        hidden = rule.evasions and folded in common and not _holds_another(folded, common)
        for form in _in_either_width(folded):
            if form == folded or form not in plain:
                index.add(form, Deny, number, chars, own, hidden and chars > 1)
        if hidden:
            index.add_pairs(folded)
            for variant in variants(folded):
                if variant.text not in plain:
                    _add_variant(index, number, own, variant)


def _add_variant(index: _Index, number: int, own: tuple[str, ...], variant: Variant) -> None:
    text, chars = variant.text, len(variant.text)
    spelling = text if variant.unless_inside else None
    how = (chars > 1, True, variant.evidence, variant.whole, spelling)
    index.add(text, Deny, number, chars, own, *how)
    index.add_pairs(text)
    for word in variant.unless_inside:
        index.add(word, Spare, number, len(word), "", text)
        index.add_pairs(word)


def _in_either_width(folded: str) -> tuple[str, ...]:
    if _WIDE_MARKS.isdisjoint(folded):
        return (folded,)
    return folded, folded.translate(_NARROWED)


def _holds_another(folded: str, words: Collection[str]) -> bool:
    """Whether a shorter word lies in this one: its disguises are found as that one's."""
    size = len(folded)
    return any(
        folded[start : start + chars] in words
        for chars in range(2, size)
        for start in range(size - chars + 1)
    )


def _is_common(word: Word, rule: Rule) -> bool:
    return rule.action != "rewrite" or word.replace == rule.replace


def _add_together(index: _Index, number: int, rule: Rule) -> None:
    for group, phrases in enumerate(rule.together):
        for folded in fold_all(phrases):
            assert folded, f"an empty phrase in rule {rule.id}"
            for form in _in_either_width(folded):
                index.add(form, Member, number, group, len(folded), len(rule.together))


def _add_spares(
    index: _Index, exempts: Sequence[Exempt], number: int | None, *, parted: bool
) -> None:
    """Note exemptions; `parted` says that noise may stand in them."""
    texts = fold_all([exempt.text for exempt in exempts])
    for exempt, folded in zip(exempts, texts, strict=True):
        unless = fold(exempt.unless_next) if exempt.unless_next else ""
        assert folded, f"an empty exception of rule {number}"
        for form in _in_either_width(folded):
            index.add(form, Spare, number, len(folded), unless)
        if parted:
            index.add_pairs(folded)


def can_count(rules: Sequence[Rule | None], hits: Iterable[Hit]) -> bool:
    """Whether these hits can come to anything, wherever they stand.

    Phrases that count beside others only stand in nearly every text, and exempt ones do.
    """
    standing: dict[int, int] = {}
    for _, targets in hits:
        for target in targets:
            if target.rule is None or rules[target.rule] is None:
                continue
            if isinstance(target, Deny):
                return True
            if isinstance(target, Member):
                groups = standing.get(target.rule, 0) | 1 << target.group
                if groups + 1 == 1 << target.groups:
                    return True
                standing[target.rule] = groups
    return False


def located(data: str, hits: Sequence[Hit]) -> Iterator[tuple[int, Target]]:
    """Each hit's end as a character offset (exclusive) of the folded text behind `data`."""
    at_byte = at_char = 0
    for end, targets in sorted(hits, key=itemgetter(0)):
        passed = data[at_byte : end + 1].encode("latin-1")
        at_char += len(passed.decode("utf-8", "surrogatepass"))
        at_byte = end + 1
        for target in targets:
            yield at_char, target
