"""A text on its way through several rounds of edits, each part knowing where it came from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from replygate.model import Edit


class Edited:
    """An original text and what became of it. Never changes; `apply` gives the next one."""

    __slots__ = ("_edits", "_places", "original", "text")

    def __init__(self, original: str, edits: Sequence[Edit] = ()) -> None:
        """`edits` are in order and do not overlap."""
        self.original = original
        self._edits = tuple(edits)
        self._places: tuple[list[int], list[int]] | None = None
        self.text = edited(original, self._edits)

    def _where(self) -> tuple[list[int], list[int]]:
        """Where in the text each edit begins and ends. Most texts are edited once: none asks."""
        if self._places is None:
            moved = accumulate((len(e.text) - (e.end - e.start) for e in self._edits), initial=0)
            begins = [e.start + by for e, by in zip(self._edits, moved, strict=False)]
            ends = [begin + len(e.text) for begin, e in zip(begins, self._edits, strict=True)]
            self._places = begins, ends
        return self._places

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What makes `text` of `original`."""
        return self._edits

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where `start:end` of the text comes from; a part of a new text comes from all of it."""
        first, last = self._touched(start, end)
        return self._original_start(start, first), self._original_end(end, last)

    def apply(self, edits: Sequence[Edit]) -> Edited:
        """Edit the text once more. `edits` speak of `text`, in order, without overlap."""
        if not self._edits:
            return Edited(self.original, edits)
        merged: list[Edit] = []
        done = 0
        for group in self._grouped(edits):
            first, last = self._touched(group[0].start, group[-1].end)
            merged += self._edits[done:first]
            merged.append(self._combined(group, first, last))
            done = last
        return Edited(self.original, [*merged, *self._edits[done:]])

    def _grouped(self, edits: Sequence[Edit]) -> list[list[Edit]]:
        """Edits that touch one and the same earlier edit belong together."""
        groups: list[list[Edit]] = []
        reach = -1
        for edit in edits:
            first, last = self._touched(edit.start, edit.end)
            if groups and first < reach:
                groups[-1].append(edit)
            else:
                groups.append([edit])
            reach = max(reach, last)
        return groups

    def _combined(self, group: Sequence[Edit], first: int, last: int) -> Edit:
        start, end = group[0].start, group[-1].end
        left, right = start, end
        if first < last:
            begins, ends = self._where()
            left = min(start, begins[first])
            right = max(end, ends[last - 1])
        moved = [Edit(e.start - left, e.end - left, e.text) for e in group]
        return Edit(
            self._original_start(start, first),
            self._original_end(end, last),
            edited(self.text[left:right], moved),
        )

    def _touched(self, start: int, end: int) -> tuple[int, int]:
        """Which earlier edits share characters with `start:end` of the text, or vanished in it."""
        begins, ends = self._where()
        first = bisect_right(ends, start)
        return first, max(first, bisect_left(begins, end))

    def _original_start(self, start: int, first: int) -> int:
        """Where a place of the text stood that no edit before `first` reaches."""
        begins, ends = self._where()
        if first < len(self._edits) and begins[first] < start:
            return self._edits[first].start
        if first == 0:
            return start
        before = self._edits[first - 1]
        return before.end + start - ends[first - 1]

    def _original_end(self, end: int, last: int) -> int:
        if last == 0:
            return end
        before = self._edits[last - 1]
        return before.end + max(0, end - self._where()[1][last - 1])


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with its edits done. They are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += text[at : edit.start], edit.text
        at = edit.end
    return "".join((*parts, text[at:]))
