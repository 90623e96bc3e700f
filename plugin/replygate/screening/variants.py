"""Other spellings of a word: how people write it so that a filter does not see it.

The terms that people hide most have tables, written by hand; for any other term spellings are made
from the sound of its characters. Called when rules are compiled, never for a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest

from replygate.screening.channel_forms import CHANNEL_FORMS
from replygate.screening.contact_forms import CONTACT_FORMS
from replygate.screening.fold import fold
from replygate.screening.forms import Forms
from replygate.screening.platform_forms import PLATFORM_FORMS
from replygate.screening.wording import homophones, is_word, meets, reading

VARIANTS_MAX = 640
"""Spellings of one term that has a table: 微信 has about 530."""

SOUNDED_MAX = 32
"""Spellings that are made from the sound of any other term."""

COMPOSED_MAX = 32
"""Spellings that are made of those of a part that has a table."""

# Longer ones are sentences: who hides one spells one word of it otherwise.
_SOUNDED_CHARS_MAX = 4
_COMPOSED_CHARS_MAX = 8
# Homophones that people think of: the most frequent characters.
_HOMOPHONES = 12
# Shorter ones are parts of foreign words.
_PINYIN_CHARS_MIN = 5
_INITIALS_MIN = 4
# Two characters that meet by accident more often than this are no spelling of a word of two.
_MEETS_MAX = 11
# A character that often ends (begins) words makes one with what stands before (behind) the term.
_EDGE_MAX = 5

_INVITING = frozenset("加➕聊号群搜扫私")


@dataclass(frozen=True, slots=True)
class Variant:
    """Another spelling of a term, folded.

    With `evidence` it counts only where `evidence.near` says so: it is a real word, or too short.
    A `whole` one counts without evidence only where no Latin letter or digit touches it; where one
    does, it counts with evidence. It never counts inside one of `unless_inside`.
    """

    text: str
    evidence: bool = False
    unless_inside: tuple[str, ...] = ()
    whole: bool = False


def variants(term: str) -> tuple[Variant, ...]:
    """Other spellings of a folded term, without the term itself; at most `VARIANTS_MAX`."""
    if term in _tables():
        made: Iterable[Variant] = _tabled(term)
    else:
        composed = _composed(term) if len(term) <= _COMPOSED_CHARS_MAX else iter(())
        made = (*islice(composed, COMPOSED_MAX), *islice(_sounded(term), SOUNDED_MAX))
    found: dict[str, Variant] = {}
    for variant in made:
        if variant.text != term:
            found.setdefault(variant.text, variant)
    return tuple(islice(found.values(), VARIANTS_MAX))


@cache
def _tables() -> dict[str, tuple[Forms, ...]]:
    return {**CONTACT_FORMS, **CHANNEL_FORMS, **PLATFORM_FORMS}


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_tables(), key=len, reverse=True))


@cache
def _tabled(term: str) -> tuple[Variant, ...]:
    return tuple(
        Variant(
            fold(spelling),
            forms.evidence,
            tuple(word for word in fold(forms.unless_inside).split() if fold(spelling) in word),
            forms.whole,
        )
        for forms in _tables()[term]
        for spelling in forms.spellings.split()
    )


def _composed(term: str) -> Iterator[Variant]:
    """Spellings of the parts that have tables, one part at a time (加微信, 微信群)."""
    for part in _parts(term):
        before, _, after = term.partition(part)
        inviting = not _INVITING.isdisjoint(before + after)
        for variant in _tabled(part):
            long = len(variant.text) > 1
            evidence = variant.evidence and not (inviting and long)
            inside = () if after else _starting(variant)
            yield Variant(
                before + variant.text + after,
                evidence,
                tuple(before + word for word in inside),
                variant.whole,
            )


def _starting(variant: Variant) -> tuple[str, ...]:
    return tuple(word for word in variant.unless_inside if word.startswith(variant.text))


def _parts(term: str) -> Iterator[str]:
    """The terms with tables that stand in `term`, the longest first, none inside another."""
    rest = term
    for part in _longest_first():
        if part in rest:
            rest = rest.replace(part, "\n")
            yield part


def _sounded(term: str) -> Iterator[Variant]:
    """Spellings by sound of a term of Chinese characters alone."""
    sounds = [reading(char) for char in term]
    known = [sound for sound in sounds if sound is not None]
    if len(term) < 2 or len(known) < len(term):  # noqa: PLR2004
        return
    yield from _latin(known)
    if len(term) > _SOUNDED_CHARS_MAX:
        return
    for at, sound in enumerate(known):
        yield Variant(term[:at] + sound + term[at + 1 :], whole=True)
    yield from _homophonic(term)


def _homophonic(term: str) -> Iterator[Variant]:
    """One character of the same sound in place of another, the most frequent of all first."""
    for row in zip_longest(*(_homophones_at(term, at) for at in range(len(term)))):
        yield from (Variant(spelling) for spelling in row if spelling is not None)


def _homophones_at(term: str, at: int) -> Iterator[str]:
    for char in homophones(term[at])[:_HOMOPHONES]:
        if _is_spelling(term, at, char):
            yield term[:at] + char + term[at + 1 :]


def _latin(sounds: list[str]) -> Iterator[Variant]:
    spelled = "".join(sounds)
    if len(spelled) >= _PINYIN_CHARS_MIN:
        yield Variant(spelled, whole=True)
    if len(sounds) >= _INITIALS_MIN:
        yield Variant("".join(sound[0] for sound in sounds), whole=True)


def _is_spelling(term: str, at: int, char: str) -> bool:
    """Whether `term` with `char` at `at` is read as the term, and is hardly there by accident."""
    written = term[:at] + char + term[at + 1 :]
    if len(term) == 2:  # noqa: PLR2004
        return not is_word(written) and meets(*written) <= _MEETS_MAX
    if len(term) >= _INITIALS_MIN:
        return True
    joins_before = at == 0 and meets(char, "") > _EDGE_MAX
    joins_behind = at == len(term) - 1 and meets("", char) > _EDGE_MAX
    return not joins_before and not joins_behind
