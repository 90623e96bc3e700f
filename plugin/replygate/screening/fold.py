"""Fold a text for matching: case, width and letter look-alikes to one form, invisible noise out.

Folding maps one character to one character or to none, so that offsets in the folded text lead
back to the original. Words and texts are folded alike. What is folded never goes out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# NFKC would turn these into ASCII marks. They are in nearly every Chinese sentence, and keeping
# them keeps the fast path fast; no word is spelled with them.
_KEPT_MARKS = "，。！？：；（）、“”‘’…—～·《》【】「」『』〈〉〔〕"
_KEPT = f"\t\n\r一-鿿{re.escape(_KEPT_MARKS)}"

_UNUSUAL = re.compile(f"[^{_KEPT}\x20-\x7e]")

NOT_PLAIN = re.compile(rf"[^{_KEPT}a-z \"'#$%&()*+,:;<=>?!\[\]^_`{{|}}~-]")
"""Finds nothing in a text that folds to itself and holds no sign that a detector works on
(`detectors.SIGNS`): most replies are such texts, and this one look is all that they need."""

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
    if char in "\t\n\r" + _KEPT_MARKS:
        return point
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    if len(folded) != 1:
        folded = char
    if unicodedata.category(folded) in _INVISIBLE_CATEGORIES or folded in _BLANK_LETTERS:
        return None
    return ord(folded)


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The folded form of `text`; at most as long as `text`."""
    return fold_with_index(text)[0]


def fold_with_index(text: str) -> tuple[str, Sequence[int] | None]:
    """The folded form, and where each of its characters stood.

    The index is None when nothing was dropped: then offsets are the same in both.
    """
    if _UNUSUAL.search(text) is None:
        return text.lower(), None
    folded = text.translate(_TABLE)
    if len(folded) == len(text):
        return folded, None
    return folded, [at for at, char in enumerate(text) if _TABLE[ord(char)] is not None]
