"""Judges a tally against target and gate, exactly, and says how much room is left.

Everything is compared as fractions of whole numbers: a rate of exactly 70 % is exactly 70 %.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import lru_cache
from typing import Final

from replygate.timing.calendar import DAY_MS, PLATFORM_ZONE, start_of_day_ms
from replygate.timing.metrics.figure import Figure, Period
from replygate.timing.metrics.rule import Limit, MetricRule
from replygate.timing.metrics.tally import Tally

NUMBERS_MAX: Final = 4_000
"""Limits of rules that are remembered as fractions."""

Ratio = tuple[int, int]
"""Numerator and denominator, the latter above zero."""


def figure(
    rule: MetricRule,
    period: Period,
    tally: Tally,
    *,
    now_ms: int,
    last_part: Tally | None = None,
    last_part_ms: int = DAY_MS,
    zone: dt.tzinfo = PLATFORM_ZONE,
) -> Figure:
    """One metric in one period, judged by the stricter reading.

    `last_part` is what the latest `last_part_ms` came to: `heading_for` goes on at its pace. A
    share's numerator is what is in time (or was chosen, of ratings); a mean's are seconds of
    waiting, over waits; a count's numerator and denominator are the count.
    """
    value, other = strict_value(rule, tally), _lenient_value(rule, tally)
    first = None if value is None else value[0] / value[1]
    second = first if other == value else None if other is None else other[0] / other[1]
    both = [each for each in (first, second) if each is not None]
    gate, target = rule.gate, rule.target
    enough = value is not None and samples_enough(
        tally.units, rule.min_sample, inclusive=rule.min_inclusive
    )
    assessed = enough and (gate is not None or target is not None)
    aim = target or gate
    numerator, denominator = _parts(rule, tally)
    return Figure(
        rule=rule,
        period=period,
        numerator=numerator,
        denominator=denominator,
        rate=first if rule.value == "share" else None,
        low=min(both, default=None),
        high=max(both, default=None),
        value_s=first if rule.value == "mean_s" else None,
        assessed=assessed,
        met=not wrong(aim, value) if aim and value is not None and enough else None,
        violated=enough and value is not None and wrong(gate, value) if gate else None,
        boundary=assessed and value is not None and _is_disputed(rule, value),
        room=_room(rule, tally),
        heading_for=_heading_for(rule, period, tally, last_part, now_ms, last_part_ms, zone),
    )


def strict_value(rule: MetricRule, tally: Tally) -> Ratio | None:
    """The share, mean (seconds) or count where what is unknown does not count; None: no units."""
    return _value(rule, tally.units, tally.strict_good, tally.strict_wait_ms, tally.strict_waits)


def wrong(limit: Limit, value: Ratio) -> bool:
    """Whether a value is on the wrong side. Exactly on a disputed limit it is (rules.md C6)."""
    side = _side(limit, value)
    if not side:
        return limit.disputed or limit.op in {"<=", ">="}
    return side < 0 if limit.op in {"<", "<="} else side > 0


def is_on(limit: Limit, value: Ratio) -> bool:
    """Whether a value is exactly the limit."""
    return not _side(limit, value)


def _side(limit: Limit, value: Ratio) -> int:
    at, of = exact(limit.at)
    return value[0] * of - at * value[1]


def ratio_of(number: float) -> Ratio:
    """The number as somebody wrote it: 0.7 is seven tenths."""
    return Fraction(repr(number)).as_integer_ratio()


@lru_cache(NUMBERS_MAX)
def exact(number: float) -> Ratio:
    """`ratio_of` a number that stands in a rule."""
    return ratio_of(number)


def samples_enough(units: int, min_sample: int, *, inclusive: bool) -> bool:
    """Whether there are enough units (PDD-X-05 wants 100 and more, PDD-X-06 more than 100)."""
    return units >= min_sample if inclusive else units > min_sample


def _is_disputed(rule: MetricRule, value: Ratio) -> bool:
    limits = (rule.gate, rule.target)
    return any(each is not None and each.disputed and is_on(each, value) for each in limits)


def _lenient_value(rule: MetricRule, tally: Tally) -> Ratio | None:
    return _value(
        rule, tally.lenient_units, tally.lenient_good, tally.lenient_wait_ms, tally.lenient_waits
    )


def _value(rule: MetricRule, units: int, good: int, wait_ms: int, waits: int) -> Ratio | None:
    if rule.unit == "external":
        return None
    match rule.value:
        case "share":
            return (good, units) if units else None
        case "mean_s":
            return (wait_ms, waits * 1000) if waits else None
        case "count":
            return units, 1


def _parts(rule: MetricRule, tally: Tally) -> tuple[int, int]:
    match rule.value:
        case "share":
            return tally.strict_good, tally.units
        case "mean_s":
            return round(Fraction(tally.strict_wait_ms, 1000)), tally.strict_waits
        case "count":
            return tally.units, tally.units


def _room(rule: MetricRule, tally: Tally) -> int | None:
    limit = rule.gate or rule.target
    if limit is None or rule.unit == "external":
        return None
    match rule.value:
        case "share":
            return _room_for(limit, tally.units, tally.strict_good) if tally.units else None
        case "count":
            return _room_for(limit, 1, tally.units)
        case "mean_s":
            return _room_of_mean(rule, limit, tally)


def _room_for(limit: Limit, of: int, have: int) -> int:
    """How far `have` may go towards the limit (at `limit.at * of`) and stay on the right side."""
    at, parts = exact(limit.at)
    floor, ceiling = at * of // parts, -(-at * of // parts)
    closed = limit.disputed or limit.op in {"<=", ">="}
    if limit.op in {"<", "<="}:
        return have - (floor + 1 if closed else ceiling)
    return (ceiling - 1 if closed else floor) - have


def _room_of_mean(rule: MetricRule, limit: Limit, tally: Tally) -> int | None:
    """How many more unanswered ones a mean can bear; None where those have no weight in it."""
    each_s = rule.unanswered_s
    at, of = exact(limit.at)
    if each_s is None or each_s * of <= at or limit.op in {"<", "<="} or not tally.strict_waits:
        return None
    # (wait + k * each) / (waits + k) = at
    left = at * tally.strict_waits * 1000 - tally.strict_wait_ms * of
    each = (each_s * of - at) * 1000
    return -(-left // each) - 1 if limit.disputed or limit.op == ">=" else left // each


def _heading_for(
    rule: MetricRule,
    period: Period,
    tally: Tally,
    part: Tally | None,
    now_ms: int,
    part_ms: int,
    zone: dt.tzinfo,
) -> float | None:
    left_ms = start_of_day_ms(period.last + dt.timedelta(days=1), zone) - now_ms
    if part is None or left_ms <= 0 or rule.unit == "external":
        return None
    assert part_ms > 0, "the last part has a length"
    # So much of the period and of what the rest of it adds, in parts of `part_ms`.
    units = tally.units * part_ms + part.units * left_ms
    match rule.value:
        case "share":
            good = tally.strict_good * part_ms + part.strict_good * left_ms
            return good / units if units else None
        case "mean_s":
            waits = tally.strict_waits * part_ms + part.strict_waits * left_ms
            wait_ms = tally.strict_wait_ms * part_ms + part.strict_wait_ms * left_ms
            return wait_ms / (waits * 1000) if waits else None
        case "count":
            return units / part_ms
