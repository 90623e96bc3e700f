"""Fold a text for matching: case, width and letter look-alikes to one form, invisible noise out.

Folding maps one character to one character or to none, so that offsets in the folded text lead
back to the original. Words and texts are folded alike. What is folded never goes out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from replygate.screening.fold_table import LOOKALIKES, TRADITIONAL

# NFKC would turn these into ASCII marks. They are in nearly every Chinese sentence, and keeping
# them keeps the fast path fast; no word is spelled with them.
_KEPT_MARKS = "，。！？：；（）、“”‘’…—～·《》【】「」『』〈〉〔〕"

_AS_THEY_ARE = frozenset("\t\n\r" + _KEPT_MARKS)

_SIMPLIFIED = dict(zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True))
_LETTERS = {char: entry[0] for entry in LOOKALIKES.split(" ") for char in entry[2:]}

_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


def folding_han() -> set[str]:
    """The Chinese characters that fold to others."""
    return {char for char in _SIMPLIFIED if _FIRST_HAN <= ord(char) <= _LAST_HAN}


def han_without(chars: Iterable[str]) -> str:
    """What stands in a character class for all Chinese characters but these."""
    out = sorted(ord(char) for char in chars if _FIRST_HAN <= ord(char) <= _LAST_HAN)
    bounds = (_FIRST_HAN - 1, *out, _LAST_HAN + 1)
    return "".join(
        f"{chr(before + 1)}-{chr(after - 1)}"
        for before, after in pairwise(bounds)
        if after - before > 1
    )


_KEPT = f"\t\n\r{han_without(folding_han())}{re.escape(_KEPT_MARKS)}"

_UNUSUAL = re.compile(f"[^{_KEPT}\x20-\x7e]")

NOT_PLAIN = re.compile(rf"[^{_KEPT}\x20-@\[-\x7e]")
"""Finds nothing in a text that folds to itself: most replies are such texts."""

# Letters by category, blanks by sight.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Mn", "Me"})

# The table fills as characters are met. A text made of every code point must not make it grow
# for good.
_TABLE_LIMIT = 16_384


class _FoldTable(dict[int, int | None]):
    """Code point to folded code point, None for what is dropped; computed when first met."""

    def __missing__(self, point: int) -> int | None:
        if len(self) >= _TABLE_LIMIT:
            self.clear()
        folded = self[point] = _fold_point(point)
        return folded


def _fold_point(point: int) -> int | None:
    char = chr(point)
    if char in _AS_THEY_ARE:
        return point
    # Before the case is lost: Ν is n and ν is v.
    folded = _LETTERS.get(char) or _compatible(char)
    folded = _SIMPLIFIED.get(folded, _LETTERS.get(folded, folded))
    folded = _without_accents(folded)
    if unicodedata.category(folded) in _INVISIBLE_CATEGORIES or folded in _BLANK_LETTERS:
        return None
    return ord(folded)


def _compatible(char: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return folded if len(folded) == 1 else char


def _without_accents(char: str) -> str:
    """The Latin letter under accents (wēixìn), any other character as it is."""
    base = unicodedata.normalize("NFD", char)[0]
    return base.lower() if base.isascii() and base.isalpha() else char


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The folded form of `text`; at most as long as `text`."""
    return fold_with_index(text)[0]


def fold_all(texts: Sequence[str]) -> list[str]:
    """The folded form of each text; of thousands quicker than one by one."""
    # A character folds the same whatever stands beside it.
    folded = fold("\n".join(texts)).split("\n")
    return folded if len(folded) == len(texts) else [*map(fold, texts)]


def fold_with_index(text: str) -> tuple[str, Sequence[int] | None]:
    """The folded form, and where each of its characters stood.

    The index is None when nothing was dropped: then offsets are the same in both.
    """
    if _UNUSUAL.search(text) is None:
        return text.lower(), None
    folded = text.translate(_TABLE)
    if len(folded) == len(text):
        return folded, None
    dropped = {char for char in set(text) if _TABLE[ord(char)] is None}
    return folded, [at for at, char in enumerate(text) if char not in dropped]


def disguised(matched: str, folded: str) -> bool:
    """Whether `matched` hides the `folded` word that it folds to.

    Look-alike letters and invisible characters hide it; capitals, wide letters and blanks, and
    traditional characters do not: there are shops that write so.
    """
    if matched == folded:
        return False
    if len(matched) != len(folded):
        return True
    return any(
        char != plain and not _is_usual(char, plain)
        for char, plain in zip(matched, folded, strict=True)
    )


def _is_usual(char: str, folded: str) -> bool:
    if char.lower() == folded or char.isspace():
        return True
    if char in _SIMPLIFIED:
        return True
    wide = "\uff01" <= char <= "\uff5e"
    return wide and unicodedata.normalize("NFKC", char).lower() == folded
