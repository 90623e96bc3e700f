from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from replygate.timing.calendar import (
    PLATFORM_ZONE,
    Interval,
    Window,
    end_of_day_ms,
    inside,
    local_day,
)
from replygate.timing.metrics.days import Days, Hours, open_between

from .kit import DAY, ONE_DAY, ms, window

DAYS = Days(DAY, DAY + ONE_DAY, PLATFORM_ZONE)


@pytest.mark.parametrize(
    ("time", "index"),
    [
        ("-1/23:59:59.999", -1),
        ("00:00", 0),
        ("23:59:59.999", 0),
        ("1/00:00", 1),
        ("1/23:59:59.999", 1),
        ("2/00:00", -1),
    ],
)
def test_the_place_of_a_day(time: str, index: int) -> None:
    assert DAYS.index(ms(time)) == index


@pytest.mark.parametrize("time", ["-3/10:00", "00:00", "23:59", "1/12:00", "2/00:00", "9/10:00"])
def test_the_end_of_a_day(time: str) -> None:
    assert DAYS.end_of_day_ms(ms(time)) == end_of_day_ms(ms(time))


def test_days_of_a_zone_with_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = Days(dt.date(2026, 10, 24), dt.date(2026, 10, 26), berlin)
    hours = [
        (end - start) // 3_600_000
        for start, end in zip(days.starts_ms, days.starts_ms[1:], strict=False)
    ]
    assert hours == [24, 25, 24]
    for index, day in enumerate(days.dates):
        assert local_day(days.starts_ms[index], berlin) == day


def test_days_without_a_midnight() -> None:
    # Summer time began at midnight: the day started at one o'clock.
    santiago = ZoneInfo("America/Santiago")
    days = Days(dt.date(2025, 9, 7), dt.date(2025, 9, 7), santiago)
    assert days.end_ms - days.start_ms == 23 * 3_600_000


WINDOWS = [
    window("08:00-23:00"),
    window("22:00-26:00"),
    window("09:00-12:00", "13:00-18:00"),
    window("00:00-24:00"),
    window("20:00-24:00", "00:00-02:00"),
    Window((Interval(32_400, 64_800),), overrides=((DAY, ()), (DAY + ONE_DAY, (Interval(0, 60),)))),
    Window(weekdays=((Interval(0, 3600),),) * 5 + ((),) * 2),
]


@pytest.mark.parametrize("of", WINDOWS)
def test_a_compiled_window_is_the_window(of: Window) -> None:
    hours = Hours(of, DAYS)
    chance = random.Random(1)  # noqa: S311  # the same for ever
    edges_ms = [ms(f"{day}/{hour:02}:00") for day in range(-4, 4) for hour in range(24)]
    for edge_ms in edges_ms:
        for at_ms in (edge_ms - 1, edge_ms, edge_ms + 1, edge_ms + chance.randrange(3_600_000)):
            assert hours.assess(at_ms) == inside(of, at_ms), at_ms


def test_everything_is_assessed_without_a_window_and_under_elapse() -> None:
    assert Hours(Window(), DAYS).always
    elapse = Hours(window("09:00-18:00", mode="elapse"), DAYS)
    assert elapse.always
    assert elapse.assess(ms("03:00"))


def test_the_time_that_passed() -> None:
    elapse = Hours(window("09:00-18:00", mode="elapse"), DAYS)
    # One hour before closing, and half an hour of the next day.
    assert elapse.passed_ms(ms("17:00"), ms("1/09:30")) == 5_400_000
    assert elapse.passed_ms(ms("19:00"), ms("20:00")) == 0
    assert Hours(window("09:00-18:00"), DAYS).passed_ms(ms("17:00"), ms("1/09:30")) == 59_400_000


def test_stretches_end_where_they_are_asked_to() -> None:
    open_ms = list(open_between(window("09:00-18:00"), ms("10:00"), ms("1/10:00"), PLATFORM_ZONE))
    assert open_ms == [(ms("10:00"), ms("18:00")), (ms("1/09:00"), ms("1/10:00"))]
    assert list(open_between(window("09:00-18:00"), ms("20:00"), ms("21:00"), PLATFORM_ZONE)) == []
