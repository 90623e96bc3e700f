"""Who is on duty: by plan, and by who came online and left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from replygate.timing.calendar import (
    DAY_MS,
    OPEN_AGAIN_DAYS,
    WEEK_DAYS,
    Interval,
    Window,
    on_date,
    start_of_day_ms,
    stretches,
)

ONLINE_MAX_MS = 16 * 3_600_000
"""Who came online outside of every shift is believed for so long: some never say that they left."""

EARLY_MS = 3_600_000
"""Who comes online this long before their shift came for it."""

EXTEND_MAX_MS = 2 * 3_600_000
"""The longest that a shift goes on because buyers wait."""

_LOOK_BACK_DAYS = 2
_A_MONDAY = dt.date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty when (TM-P-01). With `extend` it goes on while its buyers wait (TM-P-02)."""

    name: str
    agents: tuple[str, ...]
    window: Window
    extend: bool = True


@dataclass(frozen=True, slots=True)
class Spell:
    """One time that a shift runs, Unix ms, half open."""

    shift: Shift
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The last that was heard of an agent."""

    at_ms: int
    online: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """A buyer who waits since `asked_ms`; `agent` has the conversation, None where nobody has."""

    asked_ms: int
    agent: str | None = None


def planned(shifts: Sequence[Shift], at_ms: int) -> tuple[Spell, ...]:
    """What runs at this time by plan."""
    return tuple(_spells(shifts, at_ms, until_ms=at_ms))


def ended(shifts: Sequence[Shift], after_ms: int, until_ms: int) -> tuple[Spell, ...]:
    """What ended by plan after one time and not after the other, the earliest first."""
    begun = _spells(shifts, after_ms, until_ms=until_ms)
    found = [spell for spell in begun if spell.end_ms <= until_ms]
    return tuple(sorted(found, key=lambda spell: (spell.end_ms, spell.shift.name)))


def next_spell(shifts: Sequence[Shift], at_ms: int) -> Spell | None:
    """What begins next after this time; None where nothing does within `OPEN_AGAIN_DAYS`."""
    coming = (spell for spell in _spells(shifts, at_ms) if spell.start_ms > at_ms)
    return min(coming, key=lambda spell: (spell.start_ms, spell.shift.name), default=None)


def on_duty(
    shifts: Sequence[Shift],
    seen: Mapping[str, Seen],
    at_ms: int,
    extended: Iterable[Spell] = (),
) -> tuple[str, ...]:
    """Who can be told something, by name.

    Who left during a shift is off it; who came online is there until they leave, until the shift
    ends that they came for, or `ONLINE_MAX_MS` outside of every shift. `extended` are shifts that
    still run after their planned end.
    """
    found = {
        agent
        for spell in (*planned(shifts, at_ms), *extended)
        for agent in spell.shift.agents
        if not _left(seen.get(agent), spell.start_ms, at_ms)
    }
    found |= {
        agent
        for agent, last in seen.items()
        if last.online and _is_there(shifts, agent, last, at_ms)
    }
    return tuple(sorted(found))


def goes_on(spell: Spell, waits: Iterable[Wait], at_ms: int) -> bool:
    """Whether a shift still runs after its planned end, as one of its buyers waits (TM-P-02)."""
    if not spell.shift.extend or at_ms >= spell.end_ms + EXTEND_MAX_MS:
        return False
    return any(
        wait.asked_ms < spell.end_ms and (wait.agent is None or wait.agent in spell.shift.agents)
        for wait in waits
    )


def hours_of(shifts: Sequence[Shift]) -> Window:
    """When anybody is on duty by plan: what buyers may be promised where no hours are written."""
    assert shifts, "without shifts there are no hours of theirs"
    regular = [replace(shift.window, overrides=()) for shift in shifts]
    week = [_A_MONDAY + dt.timedelta(days=day) for day in range(WEEK_DAYS)]
    weekdays = tuple(_union(regular, day) for day in week)
    dates = {date for shift in shifts for date, _ in shift.window.overrides}
    windows = [shift.window for shift in shifts]
    overrides = tuple((date, _union(windows, date)) for date in sorted(dates))
    if len(set(weekdays)) == 1:
        return Window(intervals=weekdays[0], overrides=overrides)
    return Window(weekdays=weekdays, overrides=overrides)


def uncovered(
    hours: Window, shifts: Sequence[Shift]
) -> tuple[tuple[int | dt.date, tuple[Interval, ...]], ...]:
    """The hours in which nobody is on duty: of a usual week (0: Monday), and of single dates."""
    usual = replace(hours, overrides=())
    regular = [replace(shift, window=replace(shift.window, overrides=())) for shift in shifts]
    windows = (hours, *(shift.window for shift in shifts))
    dates = {date for window in windows for date, _ in window.overrides}
    found: list[tuple[int | dt.date, tuple[Interval, ...]]] = [
        (day, _gaps(usual, regular, _A_MONDAY + dt.timedelta(days=day))) for day in range(WEEK_DAYS)
    ]
    found += [(day, _gaps(hours, shifts, day)) for day in sorted(dates)]
    return tuple((day, gaps) for day, gaps in found if gaps)


def _left(last: Seen | None, start_ms: int, at_ms: int) -> bool:
    return last is not None and not last.online and start_ms <= last.at_ms <= at_ms


def _is_there(shifts: Sequence[Shift], agent: str, last: Seen, at_ms: int) -> bool:
    if not at_ms - ONLINE_MAX_MS < last.at_ms <= at_ms:
        return False
    own = [shift for shift in shifts if agent in shift.agents]
    came_for = list(_spells(own, last.at_ms, until_ms=last.at_ms + EARLY_MS))
    return not came_for or any(at_ms < spell.end_ms for spell in came_for)


def _spells(
    shifts: Iterable[Shift], from_ms: int, *, until_ms: int | None = None
) -> Iterator[Spell]:
    """What ends after one time and begins until the other, each shift in order."""
    for shift in shifts:
        for start_ms, end_ms in _runs(shift.window, from_ms - _LOOK_BACK_DAYS * DAY_MS):
            if until_ms is not None and start_ms > until_ms:
                # Two weeks more would be worked out for nothing, at each notice to people.
                break
            if end_ms > from_ms:
                yield Spell(shift, start_ms, end_ms)


def _runs(window: Window, from_ms: int) -> Iterator[tuple[int, int]]:
    """Stretches of a window, those that touch as one."""
    current: tuple[int, int] | None = None
    for start_ms, end_ms in stretches(window, from_ms, _LOOK_BACK_DAYS + OPEN_AGAIN_DAYS):
        if current is not None and start_ms <= current[1]:
            current = (current[0], end_ms)
            continue
        if current is not None:
            yield current
        current = (start_ms, end_ms)
    if current is not None:
        yield current


def _union(windows: Sequence[Window], date: dt.date) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for interval in sorted(each for window in windows for each in on_date(window, date)):
        if found and interval.start_s <= found[-1].end_s:
            found[-1] = Interval(found[-1].start_s, max(found[-1].end_s, interval.end_s))
        else:
            found.append(interval)
    return tuple(found)


def _gaps(hours: Window, shifts: Sequence[Shift], date: dt.date) -> tuple[Interval, ...]:
    day_ms = start_of_day_ms(date)
    found: list[Interval] = []
    for start_ms, over_ms in stretches(hours, day_ms, 1):
        at_ms = start_ms
        end_ms = min(over_ms, day_ms + DAY_MS)
        for spell in sorted(_spells(shifts, start_ms), key=lambda spell: spell.start_ms):
            if spell.start_ms >= end_ms:
                break
            if spell.start_ms > at_ms:
                found.append(_seconds(at_ms, spell.start_ms, day_ms))
            at_ms = max(at_ms, spell.end_ms)
        if at_ms < end_ms:
            found.append(_seconds(at_ms, end_ms, day_ms))
    return tuple(found)


def _seconds(start_ms: int, end_ms: int, day_ms: int) -> Interval:
    return Interval((start_ms - day_ms) // 1_000, (end_ms - day_ms) // 1_000)
