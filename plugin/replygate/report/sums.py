"""Days added up once, so that what any stretch of them comes to is one subtraction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import accumulate
from operator import add

from replygate.report.kept import TALLIES, TALLY, Day
from replygate.timing.metrics.tally import Tally


class Sums:
    """The numbers of days that follow each other, from `first` on, under one law."""

    __slots__ = ("_first", "_sums")

    def __init__(self, first: dt.date, days: Sequence[Day]) -> None:
        assert days, "there is a day"
        zeros = [0] * len(days[0].numbers)
        numbers = (day.numbers for day in days)
        self._first = first.toordinal()
        self._sums = list(
            accumulate(numbers, lambda some, more: list(map(add, some, more)), initial=zeros)
        )

    def number(self, place: int, first: dt.date, last: dt.date) -> int:
        """One of `Day.numbers` of the days from `first` to `last`, both included."""
        before, after = self._ends(first, last)
        return after[place] - before[place]

    def tally(self, index: int, first: dt.date, last: dt.date) -> Tally:
        """The tally of the rule in this place of `counted`."""
        before, after = self._ends(first, last)
        at = TALLIES + index * TALLY
        end = at + TALLY
        return Tally(*[new - old for new, old in zip(after[at:end], before[at:end], strict=True)])

    def _ends(self, first: dt.date, last: dt.date) -> tuple[list[int], list[int]]:
        """The sums before `first` and up to `last`; days that are not there are empty."""
        most = len(self._sums) - 1
        start = min(max(first.toordinal() - self._first, 0), most)
        end = min(max(last.toordinal() + 1 - self._first, start), most)
        return self._sums[start], self._sums[end]
