"""What may stand in the files about deadlines, metrics and penalties: what is dated and sourced."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Id, Intervals, Name, Table
from replygate.events import RatingLabel
from replygate.timing.calendar import Anchor, WindowMode
from replygate.timing.deadline import Counted, Opens, Reliability, Severity
from replygate.timing.metrics.rule import Answered, Comparison, PeriodKind, Since, Unit, Value

Status = Literal["active", "superseded", "conflict", "suspect_typo"]
"""`active` holds. `conflict`: other sources say otherwise, so its figure is shown and never judged;
a deadline or penalty in conflict is not used. The other two are on record only."""

Quote = Annotated[str, Field(min_length=1, max_length=limits.QUOTE_CHARS)]
_Names = Annotated[list[Name], Field(max_length=limits.METRICS)]
_Labels = Annotated[list[RatingLabel], Field(max_length=limits.METRICS)]
_Amount = Annotated[float, Field(ge=0, le=limits.AMOUNT, allow_inf_nan=False)]


class CountsEntry(Table):
    """Whose reply stops a deadline's clock."""

    human: Counted = "yes"
    bot: Counted = "unknown"
    hold: Counted = "unknown"
    platform: Counted = "no"


class OwnCountsEntry(CountsEntry):
    """The same for a store's own wish: it knows that its bot answers, and that a hold does not."""

    bot: Counted = "yes"
    hold: Counted = "no"


class DatedFields(Table):
    """When an entry holds."""

    effective_from: dt.date | None = None
    effective_to: dt.date | None = None


class ProvenanceFields(Table):
    """On whose word an entry of a profile stands."""

    source: Name
    quote: Quote | None = None
    reliability: Reliability = "experience"
    as_of: dt.date | None = None
    status: Status = "active"
    conflicts: _Names = Field([])
    note: Name | None = None
    editions: list[str] | None = None


class DeadlineFields(DatedFields):
    """One reply deadline: either `due_s`, or `same_day = true`."""

    id: Id
    name: Name
    opens: Opens = "turn"
    due_s: int | None = Field(None, ge=1, le=limits.DUE_S)
    same_day: bool = False
    inclusive: bool = True
    topic: Name | None = None
    windows: Intervals = Field([])
    window_mode: WindowMode = "gate"
    anchor: Anchor = "message"
    dates: dict[str, Intervals] = Field({})


class DeadlineEntry(DeadlineFields):
    """A store's own deadline."""

    counts: OwnCountsEntry = OwnCountsEntry()
    source: Name | None = None


class ProfileDeadlineEntry(ProvenanceFields, DeadlineFields):
    """A platform's deadline."""

    counts: CountsEntry = CountsEntry()
    severity: Severity = "hard"


class LimitEntry(Table):
    """A figure for which `figure OP at` holds is on the wrong side."""

    op: Comparison
    at: float = Field(allow_inf_nan=False)
    disputed: bool = False


class RatingEntry(Table):
    """Which ratings count, and which of them are the ones in question."""

    labels: _Labels = Field([])
    min_stars: float | None = Field(None, ge=0, le=limits.STARS, allow_inf_nan=False)
    max_stars: float | None = Field(None, ge=0, le=limits.STARS, allow_inf_nan=False)
    of: Literal["rated", "cards"] = "rated"
    of_labels: _Labels = Field([])
    reasons: _Names = Field([])
    excluded_reasons: _Names = Field([])


class MetricFields(DatedFields):
    """What is counted, over which days, against which limits."""

    id: Id
    name: Name
    unit: Unit
    value: Value = "share"
    since: Since = "question"
    answered: Answered = "first"
    within_s: int | None = Field(None, ge=1, le=limits.WITHIN_S)
    inclusive: bool = True
    windows: Intervals = Field([])
    anchor: Anchor = "message"
    dates: dict[str, Intervals] = Field({})
    topic: Name | None = None
    unanswered_s: int | None = Field(None, ge=1, le=limits.DUE_S)
    rating: RatingEntry | None = None
    period: PeriodKind = "day"
    lag_days: int = Field(0, ge=0, le=limits.LAG_DAYS)
    target: LimitEntry | None = None
    gate: LimitEntry | None = None
    min_sample: int = Field(0, ge=0, le=limits.SAMPLE)
    min_inclusive: bool = True
    higher_is_better: bool = True


class MetricEntry(MetricFields):
    """A store's own metric."""

    counts: OwnCountsEntry = OwnCountsEntry()
    source: Name | None = None


class ProfileMetricEntry(ProvenanceFields, MetricFields):
    """A platform's metric."""

    counts: CountsEntry = CountsEntry()
    severity: Severity = "hard"


class TierEntry(Table):
    """From `count` times on within the period, `says` follows."""

    count: int = Field(ge=1, le=limits.SAMPLE)
    says: Name


class PenaltyEntry(ProvenanceFields, DatedFields):
    """What a platform takes when something happened, and how it adds up."""

    id: Id
    name: Name
    on_metrics: _Names = Field([])
    on_deadlines: _Names = Field([])
    on_findings: _Names = Field([])
    gate: LimitEntry | None = None
    min_sample: int = Field(0, ge=0, le=limits.SAMPLE)
    min_inclusive: bool = True
    points: _Amount | None = None
    fine: list[_Amount] | None = None
    says: Name | None = None
    tiers: list[TierEntry] = Field([], max_length=limits.TIERS)
    period: PeriodKind = "rolling_30"
    once_per_period: bool = False
    cap: _Amount | None = None
    cap_says: Name | None = None
    at_most: _Amount | None = None


class SettledCounts(Table):
    """Which origins count, where the sources leave it open."""

    human: Literal["yes", "no"] | None = None
    bot: Literal["yes", "no"] | None = None
    hold: Literal["yes", "no"] | None = None
    platform: Literal["yes", "no"] | None = None


class SettleEntry(Table):
    """What a store knows of a metric or deadline that its sources leave open."""

    counts: SettledCounts = SettledCounts()
    target: LimitEntry | None = None
    gate: LimitEntry | None = None
