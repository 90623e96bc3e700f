"""The metrics of a recording, in the form in which `replay --json` gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from replygate.config import Store
from replygate.events import Event
from replygate.report.days import END_MS, days_of
from replygate.report.events import tallies_of_events
from replygate.report.law import measurable
from replygate.runtime.replay import Span
from replygate.timing.metrics.assess import figure
from replygate.timing.metrics.figure import Figure, Period
from replygate.timing.metrics.period import period_of
from replygate.timing.metrics.tally import Tally, TallyKey

Counted = Mapping[dt.date, Mapping[TallyKey, Tally]]


def replay_figures(store: Store, events: Iterable[Event], span: Span) -> dict[str, list[Figure]]:
    """The figures of every metric and deadline of a store, by rule id and in order of time.

    One for each of the platform's periods that has a day in the span (without one: in the
    recording); days of a period that come after the span are left out, those before it are not. A
    rolling period ends on each of these days: when the platform tells it is no matter here.
    Metrics that no event can tell are left out.
    """
    tallies = tallies_of_events(store, events)
    if not tallies:
        return {}
    first, last = span.since or min(tallies), span.until or max(tallies)
    days = list(days_of(first, last))
    return {
        rule.id: [
            figure(rule, period, _tally(key, period, tallies, last), now_ms=END_MS)
            for period in dict.fromkeys(period_of(rule.period, day) for day in days)
        ]
        for key, rule in measurable(store).items()
        if rule.unit != "external"
    }


def metrics_json(figures: Mapping[str, list[Figure]]) -> dict[str, Any]:
    """The figures as JSON: the latest period, and all of them where there are several."""
    found: dict[str, Any] = {}
    for rule_id, each in figures.items():
        found[rule_id] = figure_json(each[-1])
        if len(each) > 1:
            found[rule_id]["periods"] = [figure_json(one) for one in each]
    return found


def figure_json(one: Figure) -> dict[str, Any]:
    """One figure. `numerator`, `denominator` and `rate` are the stricter reading."""
    rule = one.rule
    limit = rule.target or rule.gate
    return {
        "name": rule.name,
        "period": str(one.period),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "rate": one.rate,
        "low": one.low,
        "high": one.high,
        "value_s": one.value_s,
        "assessed": one.assessed,
        "threshold": None if limit is None else limit.at,
        "met": one.met,
        "violated": one.violated,
        "boundary": one.boundary,
        "unit": rule.unit,
    }


def _tally(key: str, period: Period, tallies: Counted, last: dt.date) -> Tally:
    whole = Tally()
    for day, of_day in tallies.items():
        tally = of_day.get((key, day, ""))
        if tally is not None and period.first <= day <= min(period.last, last):
            whole.add(tally)
    return whole
