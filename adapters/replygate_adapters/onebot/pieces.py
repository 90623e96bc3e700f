"""The texts inside a message, and one walk over them for reading and for rewriting.

A message's own text is one line, wherever images and faces split it; what stands beside it (a
caption, a card's title, a forwarded message) is a line of its own. So a word that was cut in two is
whole again in the plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replygate.model import Cleared, Edit, Kind

PIECES_MAX: Final = 10_000
"""More texts than this in one message is not a message."""

DEPTH_MAX: Final = 20
"""Forwarded messages inside forwarded messages, and cards inside cards."""


class Unreadable(ValueError):
    """What is to be sent has no shape that we know, so its text can not be judged. Do not send."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of text in a message; pieces of the same line belong together."""

    line: int
    text: str


class Walk:
    """Visits every text of a message, always in the same order.

    Without `texts` it reads; with them, one for each piece read before, each takes its place.
    """

    def __init__(self, texts: Sequence[str] | None = None) -> None:
        self.pieces: list[Piece] = []
        self.kinds: list[Kind] = []
        self._lines = 0
        self._texts = texts

    def line(self) -> int:
        """A new line."""
        self._lines += 1
        return self._lines

    def visit(self, text: str, line: int | None = None) -> str:
        """What is to stand where `text` stood. Without a `line` it gets one of its own."""
        if not text:
            return text
        self.pieces.append(Piece(self.line() if line is None else line, text))
        seen = len(self.pieces)
        if seen > PIECES_MAX:
            raise Unreadable(f"a message of more than {PIECES_MAX} texts")
        if self._texts is None:
            return text
        assert seen <= len(self._texts), "the same message is walked again"
        return self._texts[seen - 1]

    def saw(self, kind: Kind) -> None:
        """Something other than text is part of the message."""
        self.kinds.append(kind)

    @property
    def kind(self) -> Kind:
        """What the message is, for the gate."""
        if self.pieces:
            return "text"
        return self.kinds[0] if self.kinds else "other"


def plain_text(pieces: Sequence[Piece]) -> str:
    """The texts in reading order; lines are joined by a line break."""
    lines: dict[int, list[str]] = {}
    for piece in sorted(pieces, key=_line):
        lines.setdefault(piece.line, []).append(piece.text)
    return "\n".join("".join(texts) for texts in lines.values())


def spread(pieces: Sequence[Piece], edits: Sequence[Edit]) -> list[str]:
    """Each piece's text after `edits` of the plain text.

    An edit's text goes into the first piece that it touches; from the others it only removes. A
    line break between lines is nobody's: it stays as long as both lines do.
    """
    places = _places(pieces)
    texts = [piece.text for piece in pieces]
    for edit in reversed(edits):
        touched = [at for at in places if at.start < edit.end and edit.start < at.end]
        if not touched:
            touched = [at for at in places if at.end >= edit.start][:1]
        assert touched, "an edit lies within the text"
        for nth, at in enumerate(touched):
            old = texts[at.piece]
            start = max(edit.start - at.start, 0)
            end = max(min(edit.end, at.end) - at.start, start)
            texts[at.piece] = old[:start] + (edit.text if nth == 0 else "") + old[end:]
    return texts


def edits_of(cleared: Cleared) -> tuple[Edit, ...]:
    """How the draft's text becomes the cleared one, whether or not the gate says so itself."""
    assert cleared.text is not None, "only a text that may go out gets here"
    old, new = cleared.draft.text, cleared.text
    if old == new:
        return ()
    if _applied(old, cleared.edits) == new:
        return cleared.edits
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return (Edit(start, len(old) - tail, new[start : len(new) - tail]),)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a piece stands in the plain text."""

    piece: int
    start: int
    end: int


def _places(pieces: Sequence[Piece]) -> list[_Place]:
    places: list[_Place] = []
    at = 0
    last: int | None = None
    for number, piece in sorted(enumerate(pieces), key=lambda each: each[1].line):
        at += last is not None and piece.line != last
        places.append(_Place(number, at, at + len(piece.text)))
        at += len(piece.text)
        last = piece.line
    return places


def _line(piece: Piece) -> int:
    return piece.line


def _applied(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
