"""What a detector is: a function over a folded text that gives the spans it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias


class Found(NamedTuple):
    """A contact at `start:end` of the folded text; `evasion` when it was written in disguise."""

    start: int
    end: int
    evasion: bool = False


Find: TypeAlias = Callable[[str, frozenset[str]], Iterator[Found]]
"""Folded text and own domains to what was found, in order of place, in linear time."""


def in_order(found: Iterable[Found]) -> Iterator[Found]:
    """What was found, in order of place and without what overlaps; the plain reading goes first."""
    reached = 0
    for span in sorted(found, key=lambda span: (span.start, span.evasion, -span.end)):
        if span.start >= reached:
            yield span
            reached = span.end
