"""The shape of the metrics answer, as the OpenAPI document shows it."""

from __future__ import annotations

from replygate.sidecar.models import Answer
from replygate.timing.deadline import Counted
from replygate.timing.metrics.rule import Comparison, Unit


class LimitAnswer(Answer):
    """A bound: the figure is on the wrong side where `figure op at` holds."""

    op: Comparison
    at: float


class CountsAnswer(Answer):
    """Whose reply counts; `unknown` where the sources contradict each other."""

    human: Counted
    bot: Counted
    hold: Counted
    platform: Counted


class FigureAnswer(Answer):
    """One metric in one period, a day or `FROM/TO`.

    `numerator`, `denominator` and `rate` are the stricter reading; `low` and `high` bound the rate
    where the sources leave open whose reply counts. `threshold` is the target, else the gate.
    `room`: so many more may miss before it is crossed. `heading_for`: where the period ends if it
    goes on like the last whole day.
    """

    name: str
    period: str
    numerator: int
    denominator: int
    rate: float | None
    low: float | None
    high: float | None
    value_s: float | None
    assessed: bool
    threshold: float | None
    met: bool | None
    violated: bool | None
    boundary: bool
    unit: Unit
    room: int | None
    heading_for: float | None


class MetricAnswer(FigureAnswer):
    """The latest period, the rule behind it, and every period where there are several."""

    target: LimitAnswer | None
    gate: LimitAnswer | None
    counts: CountsAnswer
    source: str
    as_of: str | None
    periods: list[FigureAnswer] | None = None


class ChargeAnswer(Answer):
    """What a penalty comes to. `fine` is in yuan, from and to; `unsure`: it hangs on `unknown`."""

    rule: str
    name: str
    period: str
    times: int
    points: float | None
    fine: list[float] | None
    reached: str | None
    unsure: bool
    source: str


class MetricsAnswer(Answer):
    """Where a store stands. `metrics` has the rules' ids for keys."""

    store: str
    platform: str
    edition: str | None
    as_of: str | None
    since: str
    until: str
    generated_at: str
    metrics: dict[str, MetricAnswer]
    charges: list[ChargeAnswer]
    warnings: list[str]
