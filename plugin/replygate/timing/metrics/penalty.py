"""What metrics, missed deadlines and forbidden words cost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from replygate.timing.metrics.assess import (
    Ratio,
    exact,
    is_on,
    ratio_of,
    samples_enough,
    wrong,
)
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.period import period_of
from replygate.timing.metrics.rule import MetricRule, PenaltyRule
from replygate.timing.metrics.tally import Tally, TallyKey

Misses = Mapping[tuple[str, dt.date], tuple[int, int]]
"""Deadline id and local day: how many were missed in the stricter and in the other reading."""

Found = Mapping[tuple[tuple[str, ...], dt.date], int]
"""Screening rule ids and local day: in how many messages of the store these matched together."""


def misses(tallies: Mapping[TallyKey, Tally], deadlines: Sequence[MetricRule]) -> Misses:
    """How often the store missed each of these deadlines (as metrics, see `derive`), by day."""
    wanted = {rule.id for rule in deadlines}
    return {
        (rule, day): (
            tally.units - tally.strict_good,
            tally.lenient_units - tally.lenient_good,
        )
        for (rule, day, agent), tally in tallies.items()
        if rule in wanted and not agent
    }


def charges(
    penalties: Sequence[PenaltyRule],
    figures: Sequence[Figure],
    *,
    day: dt.date,
    missed: Misses,
    found: Found,
) -> list[Charge]:
    """What each penalty that holds on `day` comes to in its period around (or up to) that day.

    Causes of all its days are needed: the figures of every period of its metrics that ends within
    it, each once, and what was missed and found. A period that still runs counts as it stands. A
    penalty without a cause is told too, at zero: that is where a running total starts.
    """
    by_metric: defaultdict[str, list[Figure]] = defaultdict(list)
    for each in figures:
        by_metric[each.rule.id].append(each)
    result = []
    for rule in penalties:
        if not _in_force(rule, day):
            continue
        period = period_of(rule.period, day)
        causes = _Causes()
        for one in _causes(rule, period, by_metric, missed, found):
            causes.add(one)
        result.append(_charge(rule, period, causes))
    return result


@dataclass(slots=True)
class _Causes:
    """How often, in both readings; `doubt`: a figure stands exactly on a disputed limit."""

    strict: int = 0
    lenient: int = 0
    doubt: bool = False

    def add(self, other: _Causes) -> None:
        self.strict += other.strict
        self.lenient += other.lenient
        self.doubt = self.doubt or other.doubt


def _causes(
    rule: PenaltyRule,
    period: Period,
    figures: Mapping[str, Sequence[Figure]],
    missed: Misses,
    found: Found,
) -> Iterator[_Causes]:
    for metric in rule.on_metrics:
        causes = _Causes()
        for each in figures.get(metric, ()):
            if _within(rule, period, each.period.last):
                causes.add(_of_figure(rule, each))
        if rule.once_per_period:
            causes.strict, causes.lenient = min(causes.strict, 1), min(causes.lenient, 1)
        yield causes
    wanted = rule.on_deadlines
    late = {day for name, day in missed if name in wanted and _within(rule, period, day)}
    for day in sorted(late):
        of_day = [missed.get((deadline, day), (0, 0)) for deadline in rule.on_deadlines]
        # One question that nobody answered misses several of them, and is one cause.
        strict = max((strict for strict, _ in of_day), default=0)
        yield _Causes(strict, max((lenient for _, lenient in of_day), default=0))
    for (matched, day), times in found.items():
        # One message is one cause, however many rules matched in it.
        punished = any(_is_of(one, id_) for one in matched for id_ in rule.on_findings)
        if punished and _within(rule, period, day):
            yield _Causes(times, times)


def _of_figure(rule: PenaltyRule, figure: Figure) -> _Causes:
    gate = rule.gate or figure.rule.gate
    value = _value_of(figure)
    by_rule = samples_enough(figure.denominator, rule.min_sample, inclusive=rule.min_inclusive)
    if gate is None or value is None or not by_rule:
        return _Causes()
    if rule.gate is None and not figure.assessed:
        return _Causes()
    readings = [ratio_of(each) for each in (figure.low, figure.high) if each is not None]
    strict = wrong(gate, value)
    surely = strict and all(wrong(gate, each) for each in readings)
    return _Causes(int(strict), int(surely), gate.disputed and is_on(gate, value))


def _value_of(figure: Figure) -> Ratio | None:
    match figure.rule.value:
        case "share" if figure.denominator:
            return figure.numerator, figure.denominator
        case "mean_s" if figure.value_s is not None:
            return ratio_of(figure.value_s)
        case "count":
            return figure.numerator, 1
        case _:
            return None


def _charge(rule: PenaltyRule, period: Period, causes: _Causes) -> Charge:
    times = causes.strict
    points = _points(rule, times)
    # What is in doubt may change nothing: the cap is reached either way.
    hangs = (points, _reached(rule, times)) != (
        _points(rule, causes.lenient),
        _reached(rule, causes.lenient),
    )
    hangs = hangs or (times != causes.lenient and rule.fine is not None)
    return Charge(
        rule=rule,
        period=period,
        times=times,
        points=points,
        fine=None if rule.fine is None else (rule.fine[0] * times, rule.fine[1] * times),
        reached=_reached(rule, times),
        unsure=hangs or causes.doubt,
    )


def _points(rule: PenaltyRule, times: int) -> float | None:
    if rule.points is None:
        return None
    each, of = exact(rule.points)
    points = each * times / of
    if rule.at_most is None:
        return points
    return max(-rule.at_most, min(points, rule.at_most))


def _reached(rule: PenaltyRule, times: int) -> str | None:
    points = _points(rule, times)
    if rule.cap is not None and points is not None and abs(points) >= rule.cap:
        return rule.cap_says
    tiers = [says for number, says in sorted(rule.tiers) if number <= times]
    if tiers:
        return tiers[-1]
    return rule.says if times else None


def _is_of(screening: str, prefix: str) -> bool:
    """Whether a screening rule belongs to a prefix: `PDD-F-09` has `PDD-F-09.qq`, no `PDD-F-091`.

    `JD-F` has all of JD-F-01, JD-F-02 and so on.
    """
    if not screening.startswith(prefix):
        return False
    return not (prefix[-1:].isalnum() and screening[len(prefix) :][:1].isalnum())


def _within(rule: PenaltyRule, period: Period, day: dt.date) -> bool:
    """Whether what happened on a day is punished by this rule, in this period (KS-P-02)."""
    return period.first <= day <= period.last and _in_force(rule, day)


def _in_force(rule: PenaltyRule, day: dt.date) -> bool:
    return (rule.effective_from is None or rule.effective_from <= day) and (
        rule.effective_to is None or day < rule.effective_to
    )
