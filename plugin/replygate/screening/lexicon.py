"""Words compiled into one automaton, and what it found in a text.

The automaton runs over UTF-8 bytes that are read as latin-1 characters: a node then has at most a
few children, where a Chinese root would have thousands that are searched one by one. UTF-8 is
self-synchronising, so no match can begin inside a character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Protocol, TypeAlias

import ahocorasick

from replygate.screening.fold import fold
from replygate.screening.rule import Exempt, Rule, RulePart, Word

# Profiles times choices of lexicons in one process; each entry costs what its words cost.
_SHARED_AUTOMATA = 64


@dataclass(frozen=True, slots=True)
class Deny:
    """A word of `rule` ends here; it is `chars` folded characters long."""

    rule: Rule
    word: Word
    chars: int


@dataclass(frozen=True, slots=True)
class Spare:
    """A phrase ends here that exempts what lies inside it, for one rule or for all (None)."""

    rule_id: str | None
    chars: int
    unless_next: str


Target: TypeAlias = Deny | Spare

Hit: TypeAlias = tuple[int, tuple[Target, ...]]
"""The byte at which a word ends (inclusive), and all that ends there with that word."""


class Automaton(Protocol):
    """The one method of `ahocorasick.Automaton` that scanning needs."""

    def iter(self, data: str, /) -> Iterator[Hit]:
        """Every occurrence of every word, by end."""


def as_bytes(folded: str) -> str:
    """UTF-8 bytes as latin-1 characters. Lone surrogates pass: nothing in a text may raise."""
    return folded.encode("utf-8", "surrogatepass").decode("latin-1")


def build_automaton(part: RulePart) -> Automaton | None:
    """Compile the words and phrases of `part`; None when it has none."""
    targets: dict[str, list[Target]] = {}
    for rule in part.rules:
        for word in rule.words:
            folded = fold(word.text)
            assert folded, f"an empty word in rule {rule.id}"
            targets.setdefault(as_bytes(folded), []).append(Deny(rule, word, len(folded)))
        _add_spares(targets, rule.exceptions, rule.id)
    _add_spares(targets, part.allow, None)
    if not targets:
        return None
    automaton = ahocorasick.Automaton()
    for key, ending in targets.items():
        automaton.add_word(key, tuple(ending))
    automaton.make_automaton()
    built: Automaton = automaton
    return built


@lru_cache(maxsize=_SHARED_AUTOMATA)
def shared_automaton(part: RulePart) -> Automaton | None:
    """The same automaton for every store that has the same shared rules."""
    return build_automaton(part)


def _add_spares(
    targets: dict[str, list[Target]], exempts: Iterable[Exempt], rule_id: str | None
) -> None:
    for exempt in exempts:
        folded = fold(exempt.text)
        assert folded, f"an empty exception in rule {rule_id}"
        spare = Spare(rule_id, len(folded), fold(exempt.unless_next))
        targets.setdefault(as_bytes(folded), []).append(spare)


def located(data: str, hits: Sequence[Hit]) -> Iterator[tuple[int, Target]]:
    """Each hit's end as a character offset (exclusive) of the folded text behind `data`."""
    at_byte = at_char = 0
    for end, targets in sorted(hits, key=itemgetter(0)):
        passed = data[at_byte : end + 1].encode("latin-1")
        at_char += len(passed.decode("utf-8", "surrogatepass"))
        at_byte = end + 1
        for target in targets:
            yield at_char, target
