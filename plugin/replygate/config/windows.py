"""Times of day: `"09:00-23:00"` becomes an interval, lists of them a window."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from replygate.config.places import KeyPath, Located, Report
from replygate.config.validate import shorten
from replygate.timing.calendar import DAY_S, Anchor, Interval, Window, WindowMode

_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_INTERVAL = re.compile(rf"{_TIME}\s*-\s*{_TIME}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOUR_S = 3_600
_MINUTE_S = 60
_UNITS = 60


def read_interval(text: str) -> Interval:
    """Parse `HH:MM-HH:MM` (seconds may follow); an end at or before the start is the next day's.

    Raises ValueError with a line for people.
    """
    found = _INTERVAL.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'expected a time of day such as "09:00-23:00", got "{shorten(text)}"')
    numbers = [int(group or 0) for group in found.groups()]
    start_s = _second_of_day(numbers[:3], text)
    end_s = _second_of_day(numbers[3:], text)
    if start_s == DAY_S:
        raise ValueError(f'"{text}" starts at 24:00; write 00:00')
    if start_s == end_s:
        raise ValueError(f'"{text}" is empty; a whole day is "00:00-24:00"')
    return Interval(start_s, end_s if end_s > start_s else end_s + DAY_S)


def _second_of_day(time: Sequence[int], text: str) -> int:
    hour, minute, second = time
    total_s = hour * _HOUR_S + minute * _MINUTE_S + second
    if minute >= _UNITS or second >= _UNITS or total_s > DAY_S:
        raise ValueError(f'"{text}" holds no time of day: they run from 00:00 to 24:00')
    return total_s


def read_intervals(
    texts: Sequence[str], path: KeyPath, located: Located, report: Report
) -> tuple[Interval, ...]:
    """Parse the intervals of one day, sorted; overlapping ones are noted as errors."""
    found: list[tuple[Interval, int]] = []
    for index, text in enumerate(texts):
        try:
            found.append((read_interval(text), index))
        except ValueError as err:
            report.error(located.place((*path, index)), str(err))
    found.sort()
    for (first, a), (second, b) in zip(found, _next_day(found), strict=True):
        if len(found) > 1 and second.start_s < first.end_s:
            later, earlier = max(a, b), min(a, b)
            what = f'"{texts[later]}" overlaps "{texts[earlier]}"'
            report.error(located.place((*path, later)), what)
    return tuple(interval for interval, _ in found)


def _next_day(found: Sequence[tuple[Interval, int]]) -> list[tuple[Interval, int]]:
    """Each interval's successor; the last one's is the first of the next day."""
    if not found:
        return []
    first, index = found[0]
    return [*found[1:], (Interval(first.start_s + DAY_S, first.end_s + DAY_S), index)]


def read_window(
    texts: Sequence[str],
    dates: Mapping[str, Sequence[str]],
    *,
    path: KeyPath,
    key: str,
    located: Located,
    report: Report,
    mode: WindowMode = "gate",
    anchor: Anchor = "message",
) -> Window:
    """Build the window of the table at `path`, whose intervals stand under `key`."""
    overrides: list[tuple[dt.date, tuple[Interval, ...]]] = []
    for day, day_texts in dates.items():
        at = (*path, "dates", day)
        intervals = read_intervals(day_texts, at, located, report)
        date = _date(day)
        if date is None:
            report.error(located.place(at), f'expected a date (2026-11-11), got "{shorten(day)}"')
        else:
            overrides.append((date, intervals))
    return Window(
        intervals=read_intervals(texts, (*path, key), located, report),
        mode=mode,
        anchor=anchor,
        overrides=tuple(sorted(overrides)),
    )


def _date(text: str) -> dt.date | None:
    # Other spellings of ISO 8601 would let one day stand twice.
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
