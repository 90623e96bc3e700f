"""Reads `[[duty]]` and `[people]`, and says in which hours nobody is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from replygate.config.merge import Merged
from replygate.config.places import KeyPath, Report
from replygate.config.schema_duty import DutyEntry, PeopleTable, Weekday
from replygate.config.store import People
from replygate.config.windows import read_window
from replygate.timing.calendar import Interval, Window
from replygate.timing.duty import Shift, uncovered

_WEEK: tuple[str, ...] = get_args(Weekday)
_GAPS_SHOWN = 3


def read_shifts(entries: Sequence[DutyEntry], merged: Merged, report: Report) -> tuple[Shift, ...]:
    """Who is on duty when. Several may be there at a time."""
    return tuple(
        _shift(entry, ("duty", index), merged, report) for index, entry in enumerate(entries)
    )


def read_people(table: PeopleTable) -> People:
    """What a person's hand in a conversation means."""
    return People(
        takeover_on_reply=table.takeover_on_reply,
        takeover_s=table.takeover_s,
        bot_drafts=table.bot_drafts,
        release=table.release,
    )


def warn_of_gaps(hours: Window, shifts: Sequence[Shift], merged: Merged, report: Report) -> None:
    """Buyers are told of these hours, and in some of them nobody is planned."""
    if not shifts:
        return
    found = [
        f"{_WEEK[day] if isinstance(day, int) else day} {_clock(gap)}"
        for day, gaps in uncovered(hours, shifts)
        for gap in gaps
    ]
    if found:
        more = f" and {len(found) - _GAPS_SHOWN} times more" if len(found) > _GAPS_SHOWN else ""
        what = f"nobody is on duty {', '.join(found[:_GAPS_SHOWN])}{more}, in the store's hours"
        report.warn(merged.place(("duty",)), what)


def _shift(entry: DutyEntry, path: KeyPath, merged: Merged, report: Report) -> Shift:
    daily = read_window(
        entry.open, entry.dates, path=path, key="open", located=merged, report=report
    )
    days = tuple(daily.intervals if day in entry.days else () for day in _WEEK)
    # What could not be read has been said; nothing stands in for it.
    every_day = not daily.intervals or len(set(entry.days)) == len(_WEEK)
    window = daily if every_day else replace(daily, intervals=(), weekdays=days)
    name = entry.name or ", ".join(entry.agents)
    return Shift(name, tuple(dict.fromkeys(entry.agents)), window, entry.extend)


def _clock(gap: Interval) -> str:
    return "-".join(f"{each // 3600:02}:{each // 60 % 60:02}" for each in (gap.start_s, gap.end_s))
