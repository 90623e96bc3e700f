"""The stretches of days by which platforms judge."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from replygate.timing.metrics.figure import Period
from replygate.timing.metrics.rule import MetricRule, PeriodKind

SPANS_MAX: Final = 1_000
"""Spans whose periods are remembered: reports of many stores ask for the same few."""

_ROLLING: dict[PeriodKind, int] = {"rolling_7": 7, "rolling_30": 30}
_HALF_MONTH_DAYS = 15


def period_of(kind: PeriodKind, day: dt.date) -> Period:
    """The period around a day; a rolling one ends on it.

    A week runs from Monday to Sunday, a half month to the 15th or to the month's end (DY-M-04).
    """
    match kind:
        case "day":
            return Period(day, day)
        case "week":
            monday = day - dt.timedelta(days=day.weekday())
            return Period(monday, monday + dt.timedelta(days=6))
        case "half_month" if day.day <= _HALF_MONTH_DAYS:
            return Period(day.replace(day=1), day.replace(day=_HALF_MONTH_DAYS))
        case "half_month":
            return Period(day.replace(day=_HALF_MONTH_DAYS + 1), _month_end(day))
        case "month":
            return Period(day.replace(day=1), _month_end(day))
        case "rolling_7" | "rolling_30":
            return Period(day - dt.timedelta(days=_ROLLING[kind] - 1), day)


def reported_on(rule: MetricRule, day: dt.date) -> Period:
    """The period that a metric shows on a day: a rolling one lags behind as the rule says.

    Seven days up to the day before (`lag_days=1`) are XHS-M-01's T-7 to T-1.
    """
    if rule.period in _ROLLING:
        return period_of(rule.period, day - dt.timedelta(days=rule.lag_days))
    return period_of(rule.period, day)


def periods(rule: MetricRule, first: dt.date, last: dt.date) -> list[Period]:
    """The periods that a metric shows on the days from `first` to `last`, in order, each once.

    Rolling ones are one per day. The others are whole: they may begin before `first` and end after
    `last`.
    """
    return list(_periods(rule.period, rule.lag_days, first, last))


@lru_cache(SPANS_MAX)
def _periods(kind: PeriodKind, lag_days: int, first: dt.date, last: dt.date) -> tuple[Period, ...]:
    if kind in _ROLLING:
        lag = dt.timedelta(days=lag_days)
        return tuple(period_of(kind, day - lag) for day in _days(first, last))
    found = []
    while first <= last:
        found.append(period_of(kind, first))
        first = found[-1].last + dt.timedelta(days=1)
    return tuple(found)


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(number)
