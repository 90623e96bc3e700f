from __future__ import annotations

import datetime as dt
import itertools

import pytest

from replygate.timing.metrics.period import period_of, periods, reported_on
from replygate.timing.metrics.rule import PeriodKind

from .kit import rule

# kind | day | period
TABLE = """
day        | 2026-11-20 | 2026-11-20
week       | 2026-11-16 | 2026-11-16/2026-11-22
week       | 2026-11-20 | 2026-11-16/2026-11-22
week       | 2026-11-22 | 2026-11-16/2026-11-22
week       | 2026-11-23 | 2026-11-23/2026-11-29
week       | 2027-01-01 | 2026-12-28/2027-01-03
half_month | 2026-11-01 | 2026-11-01/2026-11-15
half_month | 2026-11-15 | 2026-11-01/2026-11-15
half_month | 2026-11-16 | 2026-11-16/2026-11-30
half_month | 2026-12-31 | 2026-12-16/2026-12-31
half_month | 2028-02-20 | 2028-02-16/2028-02-29
half_month | 2026-02-16 | 2026-02-16/2026-02-28
month      | 2026-11-20 | 2026-11-01/2026-11-30
month      | 2026-02-01 | 2026-02-01/2026-02-28
month      | 2026-12-31 | 2026-12-01/2026-12-31
rolling_7  | 2026-11-20 | 2026-11-14/2026-11-20
rolling_30 | 2026-11-20 | 2026-10-22/2026-11-20
rolling_30 | 2026-03-01 | 2026-01-31/2026-03-01
"""

KINDS: tuple[PeriodKind, ...] = ("day", "week", "half_month", "month", "rolling_7", "rolling_30")


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", rows(), ids=" ".join)
def test_the_period_around_a_day(row: list[str]) -> None:
    name, day, told = row
    kind = next(kind for kind in KINDS if kind == name)
    assert str(period_of(kind, dt.date.fromisoformat(day))) == told


@pytest.mark.parametrize("kind", ["day", "week", "half_month", "month"])
def test_periods_follow_each_other_without_a_gap(kind: PeriodKind) -> None:
    first, last = dt.date(2027, 11, 1), dt.date(2028, 4, 30)
    found = periods(rule("m", "message", period=kind), first, last)
    for one, next_one in itertools.pairwise(found):
        assert next_one.first == one.last + dt.timedelta(days=1)
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last


def test_rolling_ones_are_one_per_day_and_lag_behind() -> None:
    first, last = dt.date(2026, 11, 20), dt.date(2026, 11, 21)
    xhs = rule("m", "session", period="rolling_7", lag_days=1)
    # XHS-M-01: T-7 to T-1.
    assert [str(each) for each in periods(xhs, first, last)] == [
        "2026-11-13/2026-11-19",
        "2026-11-14/2026-11-20",
    ]


def test_only_rolling_ones_lag() -> None:
    day = dt.date(2026, 11, 20)
    assert reported_on(rule("m", "message", lag_days=3), day) == period_of("day", day)
