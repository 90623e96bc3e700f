"""How much of a text that is still growing can be judged for good, whatever comes next.

What may still change is held back: what could become part of a match, and matches whose words
behind them may decide whether they count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeAlias, cast

from replygate.screening.detectors.digits import SPELLED
from replygate.screening.fold import fold_with_index
from replygate.screening.lexicon import Member, as_bytes, located
from replygate.screening.noise import GAP_CHARS_MAX, may_be_noise, without_noise
from replygate.screening.rulebook import Rulebook
from replygate.screening.together import SENTENCE_END

Span: TypeAlias = tuple[int, int]

# No rule looks further behind a match than this, blanks not counted (`evidence.near`).
_CONTEXT_CHARS = 48
# From where an address may begin to the last word that decides about it (`detectors.addresses`).
_ADDRESS_CHARS = 96
# So long a stretch without a letter or digit ends every number, id and link.
_CALM_CHARS = 16

_TOKEN = re.compile(f"[0-9a-z{re.escape(SPELLED)}]")


class _Trie(Protocol):
    """What `ahocorasick.Automaton` can do besides finding words."""

    def longest_prefix(self, data: str, /) -> int:
        """How many characters of `data` lead into the trie."""

    def get_stats(self) -> dict[str, int]:
        """Sizes; `longest_word` in characters."""


class _Place(NamedTuple):
    """Where a word stands; whether it counts `beside` others in its sentence only, and whether
    it `asks` the words behind it."""

    start: int
    end: int
    beside: bool
    asks: bool


class Settled:
    """Places in texts that one rulebook has done with. Cheap to make."""

    __slots__ = ("_book", "_lag_chars", "_longest", "_tries")

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._tries = [cast("_Trie", automaton) for automaton in book.automata]
        self._longest = max((trie.get_stats()["longest_word"] for trie in self._tries), default=0)
        detectors = {rule.detector for rule in book.detecting}
        self._lag_chars = _ADDRESS_CHARS if "address" in detectors else _CONTEXT_CHARS

    def words(self, text: str) -> int:
        """Up to where the words of `text` are found or not, for good."""
        folded, index = fold_with_index(text)
        return _in_text(text, index, self._settled(folded))

    def all(self, text: str, found: Iterable[Span]) -> int:
        """The same for everything that the rulebook looks for; it has `found` these spans."""
        folded, index = fold_with_index(text)
        at = self._settled(folded)
        if not self._book.detecting:
            return _in_text(text, index, at)
        at = min(at, _before_last(folded, self._lag_chars))
        spans = [(hit.start, hit.end) for hit in self._hits(folded)]
        if index is None:
            spans += found
        else:
            places = {place: number for number, place in enumerate(index)}
            spans += ((places[start], places[end - 1] + 1) for start, end in found)
        last = -1
        while at != last:
            last = at
            at = outside(spans, _calm(folded, at))
        return _in_text(text, index, at)

    def _settled(self, folded: str) -> int:
        hits = [*self._hits(folded)]
        at = len(folded)
        unfinished = max((end.end() for end in SENTENCE_END.finditer(folded)), default=0)
        near_end = _before_last(folded, _CONTEXT_CHARS)
        for hit in hits:
            if (hit.asks and hit.end > near_end) or (hit.beside and hit.end > unfinished):
                at = min(at, hit.start)
        return outside([(hit.start, hit.end) for hit in hits], min([at, *self._begun(folded)]))

    def _hits(self, folded: str) -> Iterator[_Place]:
        """All that the automata find of rules that apply."""
        for bare, index in self._readings(folded):
            data = as_bytes(bare)
            for part in self._book.parts:
                assert part.words is not None
                for end, target in located(data, [*part.words.iter(data)]):
                    rule = None if target.rule is None else part.rules[target.rule]
                    if rule is None and target.rule is not None:
                        continue
                    beside = isinstance(target, Member)
                    asks = not beside or (rule is not None and rule.evidence)
                    yield _Place(index[end - target.chars], index[end - 1] + 1, beside, asks)

    def _begun(self, folded: str) -> Iterator[int]:
        """Where words begin that the text ends in the middle of."""
        # Noise at the end may be noise inside a word.
        tail = len(folded)
        ends = {tail}
        while tail and len(folded) - tail < GAP_CHARS_MAX and may_be_noise(folded[tail - 1]):
            tail -= 1
            ends.add(tail)
        for bare, index in (one for end in ends for one in self._readings(folded[:end])):
            for start in range(max(0, len(bare) - self._longest), len(bare)):
                data = as_bytes(bare[start:])
                if any(trie.longest_prefix(data) == len(data) for trie in self._tries):
                    yield index[start]
                    break

    def _readings(self, folded: str) -> Iterator[tuple[str, Sequence[int]]]:
        yield folded, range(len(folded))
        noise = without_noise(folded, self._book.pairs) if self._book.pairs else None
        if noise is not None:
            yield noise


def _before_last(folded: str, chars: int) -> int:
    """Where the last so many characters begin, blanks not counted."""
    at = len(folded)
    while at and chars:
        at -= 1
        chars -= not folded[at].isspace()
    return at


def _calm(folded: str, at: int) -> int:
    """The last place up to `at` behind which a calm stretch begins."""
    end = min(len(folded), at + _CALM_CHARS)
    quiet = 0
    while end and quiet < _CALM_CHARS:
        end -= 1
        quiet = 0 if _TOKEN.match(folded, end) else quiet + 1
    return end if quiet == _CALM_CHARS else 0


def outside(spans: Iterable[Span], at: int) -> int:
    """The last place up to `at` that no span touches from the left."""
    for start, end in sorted(spans, key=lambda span: span[1], reverse=True):
        if start < at <= end:
            at = start
    return at


def _in_text(text: str, index: Sequence[int] | None, at: int) -> int:
    if index is None:
        return at
    return index[at] if at < len(index) else len(text)
