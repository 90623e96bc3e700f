"""Which local day an instant belongs to, and whether a window is open then: looked up quickly."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator

from replygate.timing.calendar import DAY_MS, Window, end_of_day_ms, inside, stretches

_HALF_DAY_H = 12
_EARLIER_DAYS = 2


class Days:
    """The local days from `first` to `last`, both included; instants are Unix ms."""

    __slots__ = ("dates", "end_ms", "start_ms", "starts_ms", "zone")

    def __init__(self, first: dt.date, last: dt.date, zone: dt.tzinfo) -> None:
        numbers = range(first.toordinal(), last.toordinal() + 1)
        self.zone = zone
        self.dates = [dt.date.fromordinal(number) for number in numbers]
        # From noon, which every day has: some zones skip midnight when summer time begins.
        before = dt.datetime.combine(first - dt.timedelta(days=1), dt.time(_HALF_DAY_H), zone)
        starts_ms = [end_of_day_ms(round(before.timestamp() * 1000), zone)]
        for _ in self.dates:
            starts_ms.append(end_of_day_ms(starts_ms[-1], zone))
        self.starts_ms = starts_ms
        self.start_ms, self.end_ms = starts_ms[0], starts_ms[-1]

    def index(self, at_ms: int) -> int:
        """The place of the instant's day in `dates`; -1 for any other day."""
        if self.start_ms <= at_ms < self.end_ms:
            return bisect_right(self.starts_ms, at_ms) - 1
        return -1

    def end_of_day_ms(self, at_ms: int) -> int:
        """The first instant of the next local day."""
        if self.start_ms <= at_ms < self.end_ms:
            return self.starts_ms[bisect_right(self.starts_ms, at_ms)]
        return end_of_day_ms(at_ms, self.zone)


class Hours:
    """A rule's window, compiled for the days given and some before; elsewhere it is asked."""

    __slots__ = ("_bounds_ms", "_from_ms", "always", "days", "window")

    def __init__(self, window: Window, days: Days) -> None:
        self.window = window
        self.days = days
        self._from_ms = days.start_ms - _EARLIER_DAYS * DAY_MS
        self._bounds_ms: list[int] | None = None
        if window.mode == "gate" and not window.is_always:
            open_ms = open_between(window, self._from_ms, days.end_ms, days.zone)
            self._bounds_ms = [edge for stretch in open_ms for edge in stretch]
        self.always = self._bounds_ms is None

    def assess(self, at_ms: int) -> bool:
        """Whether what happened then is assessed. Under `elapse` everything is."""
        if self._bounds_ms is None:
            return True
        if self._from_ms <= at_ms < self.days.end_ms:
            return bisect_right(self._bounds_ms, at_ms) % 2 == 1
        return inside(self.window, at_ms, self.days.zone)

    def passed_ms(self, from_ms: int, to_ms: int) -> int:
        """How much time passed between two instants: under `elapse`, only that inside counts."""
        if self.window.mode == "gate":
            return to_ms - from_ms
        parts = open_between(self.window, from_ms, to_ms, self.days.zone)
        return sum(end_ms - start_ms for start_ms, end_ms in parts)


def open_between(
    window: Window, from_ms: int, to_ms: int, zone: dt.tzinfo
) -> Iterator[tuple[int, int]]:
    """The stretches inside the window between two instants, in order; two may touch."""
    days = (to_ms - from_ms) // DAY_MS + 1
    for start_ms, end_ms in stretches(window, from_ms, days, zone):
        if start_ms >= to_ms:
            return
        yield start_ms, min(end_ms, to_ms)
