"""Digits written as Chinese numerals or as letters that look like digits.

They fold here and not with the text: a word with 一 in it must never match one with 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# 幺, 洞, 拐 and 勾 are how numbers are read over the radio; 两 is how people say 2.
_CHINESE = {
    "0": "零〇○洞",
    "1": "一壹幺弌",
    "2": "二贰貳两兩",
    "3": "三叁參叄",
    "4": "四肆",
    "5": "五伍",
    "6": "六陆陸",
    "7": "七柒拐",
    "8": "八捌",
    "9": "九玖勾",
}

# The first of nine characters each that are the digits 1 to 9, in a ring or with a mark, of which
# no one-to-one folding knows a plain form.
_FROM_ONE = (0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A, 0x3021, 0x3220)

_TO_DIGIT = {ord(char): digit for digit, chars in _CHINESE.items() for char in chars}
_TO_DIGIT |= {first + n: str(n + 1) for first in _FROM_ONE for n in range(9)}
_TO_DIGIT |= {0x24FF: "0"}

SPELLED = "".join(map(chr, _TO_DIGIT))
"""Every character that `spelled_out` takes for a digit."""

TELLING = "".join(char for char in SPELLED if char not in "一两")
"""Numerals but for those of every other reply. No number is made without them."""

_CLOSE = rf"[{TELLING}][\W_]{{0,6}}[{SPELLED}]"
_SOME_SPELLED = re.compile(rf"{_CLOSE}|[0-9][\W_]{{0,6}}[{SPELLED}]|[{SPELLED}][\W_]{{0,6}}[0-9]")

# Words that a numeral begins or ends are not part of the number beside them.
_WORDS = re.compile(
    r"一(?=[起下个些样直般定旦共切会边块点])|(?<=[统第同之唯逐万每单专])一|两(?=[个天件位种])"
)

_LETTER_DIGITS = str.maketrans("oil|", "0111")
_LETTERED = re.compile(
    r"(?<![a-z0-9])(?=[a-z|. -]{0,20}[0-9])[0-9oil|](?:[ .-]?[0-9oil|]){10}(?![a-z0-9])"
)
_LETTERED_SIGN = re.compile(r"[0-9oil|][0-9oil|. -]{10}")
_MIN_TRUE_DIGITS = 4


# The detectors read one text in turn, and most of them read it twice.
@lru_cache(maxsize=4)
def spelled_out(folded: str) -> str | None:
    """`folded` with numerals as ASCII digits, at the same offsets; None when no two stand close."""
    if _SOME_SPELLED.search(folded) is None:
        return None
    return _WORDS.sub("口", folded).translate(_TO_DIGIT)


def unlettered(folded: str) -> str | None:
    """`folded` with o, i and l as digits where they fill up a number of eleven digits."""
    if _LETTERED_SIGN.search(folded) is None:
        return None
    changed = list(folded)
    for match in _LETTERED.finditer(folded):
        number = match[0]
        if sum(char.isdigit() for char in number) >= _MIN_TRUE_DIGITS:
            changed[match.start() : match.end()] = number.translate(_LETTER_DIGITS)
    text = "".join(changed)
    return text if text != folded else None


def readings(folded: str) -> Iterator[tuple[str, bool]]:
    """The text as it stands, and with its numerals as digits: that one is a disguise."""
    yield folded, False
    spelled = spelled_out(folded)
    if spelled is not None:
        yield spelled, True
