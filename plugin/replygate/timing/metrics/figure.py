"""A metric over one period, judged: what the report, the API and `replay` show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from replygate.timing.metrics.rule import MetricRule, PenaltyRule


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both inclusive."""

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric in one period.

    `numerator`, `denominator` and `rate` are the stricter reading; `low` and `high` bound the rate
    (or the mean) where sources leave open which origins count. `value_s` is a mean, in seconds.
    `assessed`: the sample is large enough and there is a limit. `met`: on the right side of the
    target (of the gate where there is no target), None while it is not assessed. `violated`: on the
    wrong side of the gate; False while there are too few units, None without a gate.
    `boundary`: exactly on a limit that sources read differently. `room`: how many more units may
    miss before the gate (else the target) is crossed, at the units counted so far; negative: how
    many are too many; None where there is no limit or no unit. Of a mean: how many more unanswered
    ones it can bear. `heading_for`: the value at the period's end if the rest of it goes like the
    last part; None for a period that is over.
    """

    rule: MetricRule
    period: Period
    numerator: int
    denominator: int
    rate: float | None
    low: float | None
    high: float | None
    value_s: float | None
    assessed: bool
    met: bool | None
    violated: bool | None
    boundary: bool
    room: int | None
    heading_for: float | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a penalty comes to in a period that ends on `day`.

    `times` is how often its cause happened, `points` what that adds up to, `fine` from and to in
    yuan. `reached` is the highest tier or the cap, in the rule's own words. `unsure`: it hangs on a
    reading that sources leave open.
    """

    rule: PenaltyRule
    period: Period
    times: int
    points: float | None
    fine: tuple[float, float] | None
    reached: str | None
    unsure: bool
