"""Which days a report is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from replygate.config.places import did_you_mean
from replygate.timing.metrics.figure import Period
from replygate.timing.metrics.period import reported_on
from replygate.timing.metrics.rule import MetricRule

DAYS_MAX: Final = 400
"""The longest range: a year, and a month to compare with."""

NAMED: Final[dict[str, int]] = {"today": 1, "7d": 7, "30d": 30}
"""Days up to today, today included."""

PERIOD: Final = "period"
"""From the first day of the longest period that today is judged in, to today."""

EXPECTED: Final = "expected today, period, 7d, 30d or two days FROM/TO (2026-11-01/2026-11-30)"


class WrongWindow(ValueError):
    """What somebody asked for is no range of days; the text says what was expected."""


def read_window(text: str, today: dt.date, metrics: Iterable[MetricRule]) -> Period:
    """The range that a word or two days mean, in a store with these metrics. Raises WrongWindow.

    One day may stand for itself. A range may not end after today.
    """
    if text == PERIOD:
        return Period(
            min((reported_on(rule, today).first for rule in metrics), default=today), today
        )
    if text in NAMED:
        return Period(today - dt.timedelta(days=NAMED[text] - 1), today)
    first_text, slash, last_text = text.partition("/")
    first, last = _day(first_text, text), _day(last_text if slash else first_text, text)
    if first > last:
        raise WrongWindow(f"{first} is after {last}")
    if last > today:
        raise WrongWindow(f"{last} is after today, {today}")
    if (last - first).days >= DAYS_MAX:
        raise WrongWindow(f"{text} has {(last - first).days + 1} days; at most {DAYS_MAX}")
    return Period(first, last)


def _day(text: str, whole: str) -> dt.date:
    try:
        # Only days with dashes: other forms are easily taken for another day.
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        near = did_you_mean(whole, [*NAMED, PERIOD])
        hint = f"; {near}" if near else ""
        raise WrongWindow(f"{whole[:40]!r} is no range of days; {EXPECTED}{hint}") from None
