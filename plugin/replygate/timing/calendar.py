"""When a deadline rule looks: intervals of the local day, their overrides, and time within them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

DAY_S = 86_400
DAY_MS = DAY_S * 1000
WEEK_DAYS = 7
PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")
HORIZON_DAYS = 400
OPEN_AGAIN_DAYS = 14

WindowMode = Literal["gate", "elapse"]
"""`gate`: what is asked outside is not assessed. `elapse`: only time inside counts."""

Anchor = Literal["message", "session"]
"""Whose time decides whether a question lies inside: the message's, or its session's start."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Seconds of a local day, half open: `start_s <= t < end_s`.

    `0 <= start_s < 86400`; `end_s` runs to at most `start_s + 86400` and lies beyond 86400 when
    the interval crosses midnight.
    """

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Window:
    """The intervals in which a rule looks. No interval at all means: always.

    `weekdays` stand in for `intervals` where days differ: seven, Monday first; an empty one has
    none. `overrides` replace a day's intervals whole (a promotion's longer evening); an empty
    tuple there closes that day.
    """

    intervals: tuple[Interval, ...] = ()
    mode: WindowMode = "gate"
    anchor: Anchor = "message"
    overrides: tuple[tuple[dt.date, tuple[Interval, ...]], ...] = field(default=())
    weekdays: tuple[tuple[Interval, ...], ...] = ()

    def __post_init__(self) -> None:
        assert len(self.weekdays) in {0, WEEK_DAYS}, "a week has seven days"
        assert not (self.weekdays and self.intervals), "days differ or they do not"

    @property
    def is_always(self) -> bool:
        """Whether every instant lies inside."""
        return not (self.intervals or self.overrides or self.weekdays)


# China has kept +08:00 without summer time since 1991: later instants need no table.
_FIXED_SINCE_MS = 694_224_000_000
_FIXED_OFFSET_MS = 28_800_000
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_WHOLE_DAY = (Interval(0, DAY_S),)


def inside(window: Window, at_ms: int, zone: dt.tzinfo = PLATFORM_ZONE) -> bool:
    """Whether the instant (Unix ms) lies in the window; an interval's end is outside.

    An override replaces the intervals that START on its day: the day before still runs past
    midnight into it.
    """
    if window.is_always:
        return True
    day, of_day_ms = divmod(at_ms + _offset_ms(at_ms, zone), DAY_MS)
    return _end_of_interval(window, day, of_day_ms) is not None


def local_day(at_ms: int, zone: dt.tzinfo = PLATFORM_ZONE) -> dt.date:
    """The calendar day of an instant (Unix ms)."""
    return dt.date.fromordinal(_EPOCH_ORDINAL + (at_ms + _offset_ms(at_ms, zone)) // DAY_MS)


def on_date(window: Window, date: dt.date) -> tuple[Interval, ...]:
    """The intervals that start on this day."""
    return _of_day(window, date.toordinal() - _EPOCH_ORDINAL)


def start_of_day_ms(date: dt.date, zone: dt.tzinfo = PLATFORM_ZONE) -> int:
    """The first millisecond of a local day, where it has a midnight."""
    return round(dt.datetime.combine(date, dt.time(), zone).timestamp() * 1000)


def end_of_day_ms(at_ms: int, zone: dt.tzinfo = PLATFORM_ZONE) -> int:
    """The first millisecond of the next local day."""
    offset_ms = _offset_ms(at_ms, zone)
    today, of_day_ms = divmod(at_ms + offset_ms, DAY_MS)
    then_ms = _until(at_ms, at_ms + DAY_MS - of_day_ms, zone, offset_ms)
    while (then_ms + _offset_ms(then_ms, zone)) // DAY_MS <= today:
        offset_ms = _offset_ms(then_ms, zone)
        of_day_ms = (then_ms + offset_ms) % DAY_MS
        then_ms = _until(then_ms, then_ms + DAY_MS - of_day_ms, zone, offset_ms)
    return then_ms


def due_ms(
    opened_ms: int,
    due_s: int | None,
    window: Window,
    zone: dt.tzinfo = PLATFORM_ZONE,
    *,
    anchor_ms: int | None = None,
) -> int | None:
    """When a clock that opened at `opened_ms` is due (Unix ms); None: this rule does not assess it.

    `gate`: not assessed unless the anchor (`anchor_ms`, by default the opening) lies inside; what
    is asked inside may be due after closing time. `elapse`: only time inside counts, wherever the
    opening lies; None only when the time never passes within `HORIZON_DAYS`. `due_s` None means
    the end of the local day; under `elapse`, of the day on which the window is next open.
    """
    if window.mode == "gate":
        if not inside(window, opened_ms if anchor_ms is None else anchor_ms, zone):
            return None
        return end_of_day_ms(opened_ms, zone) if due_s is None else opened_ms + due_s * 1000
    if due_s is None:
        next_ms = open_again_ms(window, opened_ms, zone)
        return None if next_ms is None else end_of_day_ms(next_ms, zone)
    return elapsed_ms(opened_ms, due_s * 1000, window, zone)


def elapsed_ms(
    from_ms: int, amount_ms: int, window: Window, zone: dt.tzinfo = PLATFORM_ZONE
) -> int | None:
    """The instant at which `amount_ms` inside the window have passed since `from_ms`.

    None when they have not passed after `HORIZON_DAYS`.
    """
    if window.is_always:
        return from_ms + amount_ms
    left_ms = amount_ms
    for start_ms, end_ms in stretches(window, from_ms, HORIZON_DAYS, zone):
        if left_ms <= end_ms - start_ms:
            return start_ms + left_ms
        left_ms -= end_ms - start_ms
    return None


def open_again_ms(window: Window, at_ms: int, zone: dt.tzinfo = PLATFORM_ZONE) -> int | None:
    """The first instant from `at_ms` on (itself included) inside the window.

    None when there is none within `OPEN_AGAIN_DAYS`.
    """
    return next((start for start, _ in stretches(window, at_ms, OPEN_AGAIN_DAYS, zone)), None)


def _offset_ms(at_ms: int, zone: dt.tzinfo) -> int:
    if zone is PLATFORM_ZONE and at_ms >= _FIXED_SINCE_MS:
        return _FIXED_OFFSET_MS
    offset = dt.datetime.fromtimestamp(at_ms // 1000, zone).utcoffset()
    assert offset is not None, "a time zone that does not know its own offset"
    return round(offset.total_seconds() * 1000)


def _of_day(window: Window, day: int) -> tuple[Interval, ...]:
    for date, intervals in window.overrides:
        if date.toordinal() == day + _EPOCH_ORDINAL:
            return intervals
    if window.weekdays:
        # Ordinal 1 was a Monday.
        return window.weekdays[(day + _EPOCH_ORDINAL - 1) % WEEK_DAYS]
    return window.intervals or _WHOLE_DAY


def _end_of_interval(window: Window, day: int, of_day_ms: int) -> int | None:
    """Where an interval around an instant ends, in ms of that local day; None outside."""
    for started, shift_s in ((day, 0), (day - 1, DAY_S)):
        for interval in _of_day(window, started):
            end_ms = (interval.end_s - shift_s) * 1000
            if (interval.start_s - shift_s) * 1000 <= of_day_ms < end_ms:
                return end_ms
    return None


def _next_start(window: Window, day: int, of_day_ms: int) -> int:
    """The next start of an interval on this day, in ms of the day; midnight when there is none."""
    starts_ms = (interval.start_s * 1000 for interval in _of_day(window, day))
    return min((start for start in starts_ms if start > of_day_ms), default=DAY_MS)


def stretches(
    window: Window, from_ms: int, days: int, zone: dt.tzinfo = PLATFORM_ZONE
) -> Iterator[tuple[int, int]]:
    """Stretches (Unix ms) inside the window that end after `from_ms`, in order; two may touch.

    The first is cut at `from_ms`; none starts later than `days` after it.
    """
    now_ms = from_ms
    limit_ms = from_ms + days * DAY_MS
    while now_ms < limit_ms:
        offset_ms = _offset_ms(now_ms, zone)
        day, of_day_ms = divmod(now_ms + offset_ms, DAY_MS)
        end_ms = _end_of_interval(window, day, of_day_ms)
        edge_ms = _next_start(window, day, of_day_ms) if end_ms is None else end_ms
        then_ms = _until(now_ms, now_ms + edge_ms - of_day_ms, zone, offset_ms)
        if end_ms is not None:
            yield now_ms, then_ms
        now_ms = then_ms


def _until(now_ms: int, then_ms: int, zone: dt.tzinfo, offset_ms: int) -> int:
    """`then_ms`, or the change of summer time before it: local time is a straight line up to it."""
    if _offset_ms(then_ms, zone) == offset_ms:
        return then_ms
    low, high = now_ms, then_ms
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_ms(middle, zone) == offset_ms:
            low = middle
        else:
            high = middle
    return high
