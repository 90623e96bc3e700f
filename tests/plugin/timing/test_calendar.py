from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replygate.timing.calendar import (
    DAY_MS,
    DAY_S,
    OPEN_AGAIN_DAYS,
    PLATFORM_ZONE,
    Interval,
    Window,
    WindowMode,
    due_ms,
    elapsed_ms,
    end_of_day_ms,
    inside,
    local_day,
    on_date,
    open_again_ms,
    start_of_day_ms,
    stretches,
)

HOUR_S = 3600
SHOP_DAY = Window((Interval(8 * HOUR_S, 23 * HOUR_S),))
ALWAYS = Window()


def at(text: str) -> int:
    return round(dt.datetime.fromisoformat(text + "+08:00").timestamp() * 1000)


def hours(start: float, end: float) -> Interval:
    return Interval(int(start * HOUR_S), int(end * HOUR_S))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-20T07:59:59.999", False),
        ("2026-11-20T08:00:00.000", True),
        ("2026-11-20T22:59:59.000", True),
        ("2026-11-20T22:59:59.999", True),
        ("2026-11-20T23:00:00.000", False),
        ("2026-11-20T23:00:01.000", False),
        ("1988-07-01T12:00:00.000", True),
    ],
)
def test_the_end_of_a_window_is_outside(when: str, *, expected: bool) -> None:
    assert inside(SHOP_DAY, at(when)) is expected


def test_no_interval_means_always() -> None:
    assert inside(ALWAYS, at("2026-11-20T03:00:00"))


def test_an_override_replaces_the_intervals_that_start_on_its_day() -> None:
    night = Window((hours(20, 26),), overrides=((dt.date(2026, 11, 11), (hours(9, 10),)),))
    assert inside(night, at("2026-11-11T01:59:59")), "started the day before"
    assert not inside(night, at("2026-11-11T02:00:00"))
    assert inside(night, at("2026-11-11T09:30:00"))
    assert not inside(night, at("2026-11-11T21:00:00"))
    assert not inside(night, at("2026-11-12T01:00:00")), "would have started on the 11th"
    assert inside(night, at("2026-11-12T20:00:00"))


def test_an_empty_override_closes_a_day_of_a_window_that_is_always_open() -> None:
    closed = Window(overrides=((dt.date(2026, 2, 17), ()),))
    assert not inside(closed, at("2026-02-17T12:00:00"))
    assert inside(closed, at("2026-02-18T00:00:00"))
    assert open_again_ms(closed, at("2026-02-17T12:00:00")) == at("2026-02-18T00:00:00")


def test_gate_judges_the_question_and_may_be_due_after_closing_time() -> None:
    asked = at("2026-11-20T22:59:59")
    assert due_ms(asked, 3600, SHOP_DAY) == asked + 3_600_000
    assert due_ms(at("2026-11-20T23:00:01"), 3600, SHOP_DAY) is None


def test_gate_looks_at_the_session_where_one_is_given() -> None:
    # OUT-JD-01: opened 08:56, answered 09:01: not assessed.
    nine = Window((hours(9, 23),), anchor="session")
    opened = at("2026-11-20T08:56:00")
    assert due_ms(at("2026-11-20T09:00:30"), 30, nine, anchor_ms=opened) is None
    assert due_ms(at("2026-11-20T23:10:00"), 30, nine, anchor_ms=at("2026-11-20T22:50:00"))


def test_the_same_day_ends_at_local_midnight() -> None:
    midnight = at("2026-11-21T00:00:00")
    assert due_ms(at("2026-11-20T09:00:00"), None, SHOP_DAY) == midnight
    assert end_of_day_ms(midnight - 1) == midnight
    assert end_of_day_ms(midnight) == midnight + DAY_MS
    assert local_day(midnight - 1) == dt.date(2026, 11, 20)


def test_elapse_counts_only_time_inside() -> None:
    window = Window((hours(9, 12), hours(14, 18)), mode="elapse")
    assert due_ms(at("2026-11-20T11:59:30"), 60, window) == at("2026-11-20T14:00:30")
    assert due_ms(at("2026-11-20T20:00:00"), 60, window) == at("2026-11-21T09:01:00")
    assert due_ms(at("2026-11-20T11:59:00"), 60, window) == at("2026-11-20T12:00:00")
    assert due_ms(at("2026-11-20T09:00:00"), 9 * HOUR_S, window) == at("2026-11-21T11:00:00")
    assert due_ms(at("2026-11-20T20:00:00"), None, window) == at("2026-11-22T00:00:00")
    assert due_ms(at("2026-11-20T20:00:00"), 60, Window(mode="elapse")) == at("2026-11-20T20:01:00")


def test_a_store_that_is_never_open_is_never_due() -> None:
    first = dt.date(2026, 11, 1)
    shut = tuple((first + dt.timedelta(days=n), ()) for n in range(430))
    window = Window((hours(9, 18),), mode="elapse", overrides=shut)
    opened = at("2026-11-02T12:00:00")
    assert due_ms(opened, 60, window) is None
    assert due_ms(opened, None, window) is None
    assert open_again_ms(window, opened) is None


def test_open_again_looks_two_weeks_ahead() -> None:
    first = dt.date(2026, 11, 2)

    def shut(days: int) -> Window:
        closed = tuple((first + dt.timedelta(days=n), ()) for n in range(days))
        return Window((hours(9, 18),), overrides=closed)

    noon = at("2026-11-02T12:00:00")
    assert open_again_ms(shut(0), noon) == noon
    assert open_again_ms(shut(OPEN_AGAIN_DAYS), noon) == at("2026-11-16T09:00:00")
    assert open_again_ms(shut(OPEN_AGAIN_DAYS + 1), noon) is None


# A second-by-second brute force: a strip of bytes, one for each second of a few days.

DAYS = 5
FIRST = dt.date(2026, 11, 18)
FIRST_MS = at("2026-11-18T00:00:00")

intervals = st.builds(
    lambda start, length: Interval(start, start + length),
    st.integers(0, DAY_S - 1),
    st.integers(1, DAY_S),
)
days_of_intervals = st.lists(intervals, max_size=3).map(tuple)


@st.composite
def windows(draw: st.DrawFn, mode: WindowMode = "gate") -> Window:
    overridden = draw(st.lists(st.integers(-1, DAYS), unique=True, max_size=3))
    overrides = tuple(
        (FIRST + dt.timedelta(days=day), draw(days_of_intervals)) for day in overridden
    )
    return Window(draw(days_of_intervals), mode=mode, overrides=overrides)


def strip(window: Window) -> bytearray:
    overrides = dict(window.overrides)
    seconds = bytearray((DAYS + 3) * DAY_S)
    for day in range(-1, DAYS + 2):
        usual = window.intervals or (Interval(0, DAY_S),)
        for interval in overrides.get(FIRST + dt.timedelta(days=day), usual):
            start, end = day * DAY_S + interval.start_s, day * DAY_S + interval.end_s
            seconds[max(start, 0) : max(end, 0)] = b"\1" * (max(end, 0) - max(start, 0))
    return seconds[: DAYS * DAY_S]


@given(windows(), st.integers(0, DAYS * DAY_S - 1), st.integers(0, 999))
def test_inside_agrees_with_the_brute_force(window: Window, second: int, ms: int) -> None:
    assert inside(window, FIRST_MS + second * 1000 + ms) == bool(strip(window)[second])


@given(windows("elapse"), st.integers(0, 2 * DAY_S), st.integers(1, DAY_S // 2))
@settings(max_examples=60, deadline=None)
def test_elapse_agrees_with_the_brute_force(window: Window, opened: int, due: int) -> None:
    passed, second = 0, opened
    seconds = strip(window)
    while passed < due and second < len(seconds):
        passed += seconds[second]
        second += 1
    found = due_ms(FIRST_MS + opened * 1000, due, window)
    if passed == due:
        assert found == FIRST_MS + second * 1000
    else:
        assert found is None or found > FIRST_MS + len(seconds) * 1000


@given(windows(), st.integers(0, 2 * DAY_S), st.integers(0, 999))
def test_open_again_agrees_with_the_brute_force(window: Window, second: int, ms: int) -> None:
    now_ms = FIRST_MS + second * 1000 + ms
    seconds = strip(window)
    found = open_again_ms(window, now_ms)
    following = seconds.find(1, second)
    if following == second:
        assert found == now_ms
    elif following > 0:
        assert found == FIRST_MS + following * 1000
    else:
        assert found is None or found >= FIRST_MS + len(seconds) * 1000


@given(windows(), st.integers(0, 2 * DAY_S), st.integers(0, DAY_S), st.integers(1, 2 * DAY_S))
def test_a_gate_looks_at_its_anchor_as_the_brute_force_does(
    window: Window, opened: int, since: int, due: int
) -> None:
    seconds, opened_ms = strip(window), FIRST_MS + (DAY_S + opened) * 1000
    anchor = DAY_S + opened - since
    anchor_ms = FIRST_MS + anchor * 1000
    expected = opened_ms + due * 1000
    found = due_ms(opened_ms, due, window, anchor_ms=anchor_ms)
    assert found == (expected if seconds[anchor] else None)
    by_message = due_ms(opened_ms, due, window)
    assert by_message == (expected if seconds[DAY_S + opened] else None)


@given(windows("elapse"), st.integers(0, 2 * DAY_S))
def test_the_end_of_the_next_open_day_agrees_with_the_brute_force(
    window: Window, opened: int
) -> None:
    found = due_ms(FIRST_MS + opened * 1000, None, window)
    following = strip(window).find(1, opened)
    if following >= 0:
        assert found == FIRST_MS + (following // DAY_S + 1) * DAY_MS
    else:
        assert found is None or found > FIRST_MS + DAYS * DAY_MS


# Time zones with summer time, against the wall clock itself.

CHANGES = [
    (ZoneInfo("Europe/Berlin"), dt.datetime(2026, 3, 28, 20, tzinfo=dt.UTC)),
    (ZoneInfo("Europe/Berlin"), dt.datetime(2026, 10, 24, 20, tzinfo=dt.UTC)),
    (ZoneInfo("America/New_York"), dt.datetime(2026, 10, 31, 22, tzinfo=dt.UTC)),
    # Summer time that begins at midnight: the day has no first hour.
    (ZoneInfo("America/Santiago"), dt.datetime(2026, 9, 5, 20, tzinfo=dt.UTC)),
    (ZoneInfo("America/Santiago"), dt.datetime(2026, 4, 4, 20, tzinfo=dt.UTC)),
    (PLATFORM_ZONE, dt.datetime(1988, 4, 16, 12, tzinfo=dt.UTC)),
]


def on_the_wall(window: Window, second: int, zone: ZoneInfo) -> bool:
    local = dt.datetime.fromtimestamp(second, zone)
    of_day = local.hour * HOUR_S + local.minute * 60 + local.second
    return any(
        interval.start_s <= of_day + shift < interval.end_s
        for interval in window.intervals
        for shift in (0, DAY_S)
    )


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@given(
    spans=st.lists(intervals, min_size=1, max_size=2),
    opened_s=st.integers(0, 4 * HOUR_S),
    due_s=st.integers(1, 3 * HOUR_S),
)
@settings(max_examples=10, deadline=None)
def test_summer_time(
    zone: ZoneInfo, start: dt.datetime, spans: list[Interval], opened_s: int, due_s: int
) -> None:
    window = Window(tuple(spans), mode="elapse")
    opened = int(start.timestamp()) + opened_s
    passed, second = 0, opened
    while passed < due_s and second < opened + 20 * HOUR_S:
        now = on_the_wall(window, second, zone)
        if second % 600 == 0:
            assert inside(window, second * 1000, zone) == now
        passed += now
        second += 1
    found = elapsed_ms(opened * 1000, due_s * 1000, window, zone)
    if passed == due_s:
        assert found == second * 1000
    else:
        assert found is None or found > second * 1000


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_a_day_ends_where_the_next_begins(zone: ZoneInfo, start: dt.datetime) -> None:
    now_s = int(start.timestamp())
    today = dt.datetime.fromtimestamp(now_s, zone).date()
    end_s = now_s
    while dt.datetime.fromtimestamp(end_s, zone).date() == today:
        end_s += 1
    assert end_of_day_ms(now_s * 1000, zone) == end_s * 1000


# The week from 2026-06-01, a Monday.
MONDAY = dt.date(2026, 6, 1)


@given(
    days=st.lists(st.lists(intervals, max_size=2), min_size=7, max_size=7),
    closed=st.integers(0, 6),
    minutes=st.integers(0, 13 * 24 * 60),
)
@settings(max_examples=50, deadline=None)
def test_weekdays_are_days_of_their_own(
    days: list[list[Interval]], closed: int, minutes: int
) -> None:
    weekdays = tuple(tuple(day) for day in days)
    date = MONDAY + dt.timedelta(days=closed)
    window = Window(weekdays=weekdays, overrides=((date, ()),))
    at_s = minutes * 60
    expected = any(
        interval.start_s <= at_s - day * DAY_S < interval.end_s
        for day in range(-1, 14)
        if day != closed
        for interval in weekdays[day % 7]
    )
    assert inside(window, start_of_day_ms(MONDAY) + at_s * 1000) == expected


def test_a_day_without_intervals_among_others_is_closed() -> None:
    window = Window(weekdays=((Interval(0, HOUR_S),), *[()] * 6))
    assert on_date(window, MONDAY) == (Interval(0, HOUR_S),)
    assert on_date(window, MONDAY + dt.timedelta(days=1)) == ()
    assert open_again_ms(window, start_of_day_ms(MONDAY) + HOUR_S * 1000) == start_of_day_ms(
        MONDAY + dt.timedelta(days=7)
    )
    assert [*stretches(window, start_of_day_ms(MONDAY), 8)][-1] == (
        start_of_day_ms(MONDAY + dt.timedelta(days=7)),
        start_of_day_ms(MONDAY + dt.timedelta(days=7)) + HOUR_S * 1000,
    )


def test_a_week_has_seven_days_and_they_differ_or_do_not() -> None:
    with pytest.raises(AssertionError, match="seven"):
        Window(weekdays=((),))
    with pytest.raises(AssertionError, match="differ"):
        Window(intervals=(Interval(0, 1),), weekdays=((),) * 7)
