"""How text looks in a terminal: what stands for invisible characters, and how wide things are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

# Their pictures are one column wide everywhere, and a text can not hold them by accident.
_PICTURES: Final = {
    **{chr(code): chr(0x2400 + code) for code in range(0x20)},
    "\n": "⏎",
    "\x7f": "␡",
}
# These would turn or break the line that we print them in.
_DISRUPTIVE = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")
_SOFT_HYPHEN: Final = "\u00ad"
_HANGUL_JOINED: Final = range(0x1160, 0x1200)

# A word, or one character of Chinese, with the punctuation that may not begin a line.
_WORD = re.compile(r"(?:[!-~]+|.)[，。、；：！？…”’）》】」』]* *", re.DOTALL)


def shown(char: str) -> str:
    """Give what to print for one character of somebody's text; zero-width ones stay as they are."""
    picture = _PICTURES.get(char)
    if picture is not None:
        return picture
    return _escape(char) if _DISRUPTIVE.match(char) else char


def visible(text: str) -> str:
    """Make every invisible character of `text` visible; the result is one line."""
    return "".join(_escape(char) if _is_hidden(char) else shown(char) for char in text)


def columns_of(char: str) -> int:
    """Count the columns of one printed character.

    Code point by code point: terminals agree on no rule for joined emoji, and most draw the parts.
    """
    if char < "\x7f":
        return 1
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    joined = ord(char) in _HANGUL_JOINED or unicodedata.category(char) in ("Mn", "Me", "Cf")
    return 0 if joined and char != _SOFT_HYPHEN else 1


def width_of(text: str) -> int:
    """Count the columns of a printed text."""
    return sum(map(columns_of, text))


def mark(text: str, spans: Iterable[tuple[int, int]], width: int) -> Iterator[tuple[str, str]]:
    """Cut `text` into printable lines of at most `width` columns, each with its carets.

    `spans` are start and end offsets in code points. The carets are empty where nothing matched.
    """
    marked = bytearray(len(text))
    for start, end in spans:
        marked[start:end] = b"\x01" * (end - start)
    row, carets, used = "", "", 0
    for index, char in enumerate(text):
        printed = shown(char)
        columns = width_of(printed)
        if columns and used + columns > width:
            yield row, carets.rstrip()
            row, carets, used = "", "", 0
        row += printed
        carets += ("^" if marked[index] else " ") * columns
        used += columns
        if char == "\n":
            yield row, carets.rstrip()
            row, carets, used = "", "", 0
    if row or not text:
        yield row, carets.rstrip()


def wrap(text: str, width: int) -> list[str]:
    """Cut a sentence of ours into lines of at most `width` columns, between words if it can be."""
    rows = [""]
    used = 0
    for piece in _WORD.findall(text):
        if used and used + width_of(piece.rstrip(" ")) > width:
            rows.append("")
            used = 0
        for char in piece:
            columns = columns_of(char)
            if columns and used + columns > width and char != " ":
                rows.append("")
                used = 0
            rows[-1] += char
            used += columns
    return [row.rstrip(" ") for row in rows]


def shorten(text: str, width: int) -> str:
    """Cut a printed text to `width` columns; the cut is shown as …."""
    if width_of(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += columns_of(char)
        if used > width - 1:
            break
        kept += char
    return kept + "…"


def _is_hidden(char: str) -> bool:
    return char > "\x7f" and unicodedata.category(char) in ("Cf", "Zl", "Zp")


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()
