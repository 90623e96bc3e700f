from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.timing.calendar import PLATFORM_ZONE, Interval, Window, inside
from replygate.timing.duty import (
    EXTEND_MAX_MS,
    ONLINE_MAX_MS,
    Seen,
    Shift,
    Spell,
    Wait,
    ended,
    goes_on,
    hours_of,
    next_spell,
    on_duty,
    planned,
    uncovered,
)

HOUR_S = 3_600


def at(day: int, hour: float, month: int = 6) -> int:
    """A time of June 2026, whose first is a Monday."""
    start = dt.datetime(2026, month, day, tzinfo=PLATFORM_ZONE)
    return round(start.timestamp() * 1000 + hour * HOUR_S * 1000)


def hours(start: float, end: float) -> Interval:
    return Interval(round(start * HOUR_S), round(end * HOUR_S))


def shift(name: str, *intervals: Interval, agents: str = "", extend: bool = True) -> Shift:
    return Shift(name, tuple(agents or name), Window(intervals), extend)


EARLY = shift("early", hours(8.5, 16), agents="ab")
LATE = shift("late", hours(16, 23.5), agents="c")
NIGHT = shift("night", hours(22, 30), agents="n")


def test_the_plan_says_who_is_there() -> None:
    shifts = (EARLY, LATE)
    assert on_duty(shifts, {}, at(1, 8.4)) == ()
    assert on_duty(shifts, {}, at(1, 8.5)) == ("a", "b")
    assert on_duty(shifts, {}, at(1, 16)) == ("c",)
    assert on_duty(shifts, {}, at(1, 23.5)) == ()
    assert on_duty((), {}, at(1, 12)) == ()


def test_shifts_may_overlap() -> None:
    both = (EARLY, shift("noon", hours(12, 18), agents="bd"))
    assert on_duty(both, {}, at(1, 13)) == ("a", "b", "d")


def test_a_shift_crosses_midnight() -> None:
    [spell] = planned((NIGHT,), at(2, 3))
    assert (spell.start_ms, spell.end_ms) == (at(1, 22), at(2, 6))
    assert on_duty((NIGHT,), {}, at(2, 6)) == ()
    assert [one.end_ms for one in ended((NIGHT,), at(2, 5.9), at(2, 6))] == [at(2, 6)]


def test_days_off_and_dated_exceptions() -> None:
    usual = (hours(9, 18),)
    weekdays = Window(
        weekdays=(*[usual] * 5, (), ()),
        overrides=((dt.date(2026, 6, 3), ()), (dt.date(2026, 6, 6), (hours(10, 12),))),
    )
    shifts = (Shift("week", ("w",), weekdays),)
    assert on_duty(shifts, {}, at(5, 10)) == ("w",)
    assert on_duty(shifts, {}, at(3, 10)) == ()
    assert on_duty(shifts, {}, at(6, 11)) == ("w",)
    assert on_duty(shifts, {}, at(7, 11)) == ()
    coming = next_spell(shifts, at(6, 12))
    assert coming is not None
    assert coming.start_ms == at(8, 9)


def test_a_shift_that_never_ends_has_no_end() -> None:
    always = (shift("always", hours(0, 24), agents="x"),)
    assert on_duty(always, {}, at(4, 0)) == ("x",)
    assert ended(always, at(1, 0), at(3, 0)) == ()
    assert next_spell(always, at(1, 0)) is None


def test_ends_are_found_once_however_time_is_cut() -> None:
    shifts = (EARLY, LATE)
    whole = ended(shifts, at(1, 0), at(3, 0))
    cut = [spell for hour in range(48) for spell in ended(shifts, at(1, hour), at(1, hour + 1))]
    assert [one.end_ms for one in whole] == [at(1, 16), at(1, 23.5), at(2, 16), at(2, 23.5)]
    assert cut == list(whole)


def test_who_left_is_not_there_until_the_next_shift() -> None:
    seen = {"a": Seen(at(1, 10), online=False)}
    assert on_duty((EARLY,), seen, at(1, 9)) == ("a", "b")
    assert on_duty((EARLY,), seen, at(1, 11)) == ("b",)
    assert on_duty((EARLY,), seen, at(2, 9)) == ("a", "b")


@pytest.mark.parametrize(
    ("came", "now", "there"),
    [
        (at(1, 8), at(1, 8.2), True),  # early for the shift
        (at(1, 8), at(1, 16), False),  # and the shift is over
        (at(1, 12), at(1, 15), True),
        (at(1, 12), at(1, 17), False),
        (at(1, 20), at(1, 21), True),  # on a free evening
        (at(1, 20), at(1, 19), False),
    ],
)
def test_who_came_is_there_for_that_shift(came: int, now: int, there: bool) -> None:
    seen = {"a": Seen(came, online=True)}
    own = replace(EARLY, agents=("a",))
    found = on_duty((own,), seen, now)
    assert found == (("a",) if there else ())


def test_somebody_who_is_in_no_plan_is_there_while_online() -> None:
    seen = {"z": Seen(at(1, 3), online=True)}
    assert on_duty((EARLY,), seen, at(1, 4)) == ("z",)
    assert on_duty((), seen, at(1, 4)) == ("z",)
    assert on_duty((), seen, at(1, 3) + ONLINE_MAX_MS) == ()
    assert on_duty((), {"z": Seen(at(1, 3), online=False)}, at(1, 4)) == ()


def test_a_shift_that_goes_on_keeps_its_people() -> None:
    spell = Spell(EARLY, at(1, 8.5), at(1, 16))
    assert on_duty((EARLY, LATE), {}, at(1, 16.5), (spell,)) == ("a", "b", "c")
    left = {"a": Seen(at(1, 16.2), online=False)}
    assert on_duty((EARLY, LATE), left, at(1, 16.5), (spell,)) == ("b", "c")


def test_a_shift_goes_on_while_one_of_its_buyers_waits() -> None:
    spell, now = Spell(EARLY, at(1, 8.5), at(1, 16)), at(1, 16.1)
    assert goes_on(spell, [Wait(at(1, 15.9))], now)
    assert goes_on(spell, [Wait(at(1, 15.9), "a")], now)
    assert not goes_on(spell, [Wait(at(1, 15.9), "c")], now)
    assert not goes_on(spell, [Wait(at(1, 16))], now)
    assert not goes_on(spell, [], now)
    assert not goes_on(spell, [Wait(at(1, 15.9))], spell.end_ms + EXTEND_MAX_MS)
    stern = replace(spell, shift=replace(EARLY, extend=False))
    assert not goes_on(stern, [Wait(at(1, 15.9))], now)


def test_hours_are_when_anybody_is_there() -> None:
    assert hours_of((EARLY, LATE)) == Window((hours(8.5, 23.5),))
    apart = hours_of((EARLY, shift("late", hours(18, 20))))
    assert apart.intervals == (hours(8.5, 16), hours(18, 20))


def test_hours_differ_by_weekday_and_date() -> None:
    sunday = Window(weekdays=(*[()] * 6, (hours(18, 20),)))
    dated = replace(EARLY.window, overrides=((dt.date(2026, 6, 2), ()),))
    found = hours_of((Shift("sunday", ("s",), sunday), replace(EARLY, window=dated)))
    assert found.weekdays == (*[(hours(8.5, 16),)] * 6, (hours(8.5, 16), hours(18, 20)))
    assert not inside(found, at(2, 10))
    assert inside(found, at(3, 10))


def test_uncovered_hours_are_named_by_day() -> None:
    open_ = Window((hours(8, 23.5),))
    assert uncovered(open_, (EARLY, LATE)) == tuple((day, (hours(8, 8.5),)) for day in range(7))
    assert uncovered(Window((hours(9, 20),)), (EARLY, LATE)) == ()
    free = Shift("week", ("w",), Window(weekdays=(*[(hours(8, 23.5),)] * 6, ())))
    assert uncovered(open_, (free,)) == ((6, (hours(8, 23.5),)),)


def test_uncovered_hours_of_single_dates() -> None:
    date = dt.date(2026, 11, 11)
    long_day = Window((hours(9, 20),), overrides=((date, (hours(0, 24),)),))
    found = uncovered(long_day, (EARLY, LATE))
    assert found == ((date, (hours(0, 8.5), hours(23.5, 24))),)


def test_hours_across_midnight_are_covered_by_a_shift_across_midnight() -> None:
    assert uncovered(Window((hours(22, 30),)), (NIGHT,)) == ()
    assert uncovered(Window((hours(0, 24),)), (NIGHT, shift("day", hours(6, 22)))) == ()


@given(
    intervals=st.lists(
        st.tuples(st.integers(0, 23), st.integers(1, 24)).map(
            lambda pair: hours(pair[0], pair[0] + pair[1])
        ),
        min_size=1,
        max_size=3,
    ),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    minute=st.integers(0, 14 * 24 * 60),
)
def test_hours_hold_exactly_when_somebody_is_planned(
    intervals: list[Interval], days: frozenset[int], minute: int
) -> None:
    shifts = tuple(
        Shift(
            str(number),
            (str(number),),
            Window(weekdays=tuple((interval,) if day in days else () for day in range(7))),
        )
        for number, interval in enumerate(intervals)
    )
    now_ms = at(1, 0) + minute * 60_000
    assert inside(hours_of(shifts), now_ms) == bool(planned(shifts, now_ms))
