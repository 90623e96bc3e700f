"""How a table says what other spellings of a term people use, and why."""

from __future__ import annotations

from typing import NamedTuple

HEARTS = "❤♥♡💗💕💖💓💚"
"""Signs that are read 心 (xin), as the second character of 微信 is."""


class Forms(NamedTuple):
    """Spellings of one kind, parted by blanks, with the reason for having them.

    `evidence`, `whole` and `unless_inside` (parted by blanks, too) are those of `Variant`.
    """

    why: str
    spellings: str
    evidence: bool = False
    whole: bool = False
    unless_inside: str = ""


def each_char(firsts: str, seconds: str) -> str:
    """Spellings of one character of `firsts` and one of `seconds`."""
    return " ".join(first + second for first in firsts for second in seconds)


def each_part(firsts: str, seconds: str) -> str:
    """Spellings of one of `firsts` and one of `seconds`, both parted by blanks."""
    return " ".join(first + second for first in firsts.split() for second in seconds.split())
