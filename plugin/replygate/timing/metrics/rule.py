"""A metric and a penalty as data: what is counted, over which days, against which limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from replygate.timing.calendar import Window
from replygate.timing.deadline import Counts, Reliability, Severity
from replygate.timing.events import Excuse

Unit = Literal["user_day", "session", "round", "message", "transfer", "rating", "duty", "external"]
"""What one is counted of (rules.md C20).

`user_day`: a buyer who wrote on a local day. `session`: a session, on the day it started. `round`:
from the first unanswered question to the first answer (OUT-TB-04). `message`: each question.
`transfer`: each transfer to a human. `rating`: each rating. `duty`: each second of the window.
`external`: no event tells it (orders); the figure comes from the platform's own export.
"""

Value = Literal["share", "mean_s", "count"]
"""`share`: how many of the units are in time. `mean_s`: the mean wait. `count`: how many units."""

Since = Literal["question", "session", "transfer"]
"""From when a session waits: its first question, its start (a buyer may come in long before he
asks), or its first transfer to a human, without sessions that nobody handed over (DY-M-01)."""

Answered = Literal["all", "first", "mean"]
"""What of a unit must be in time: every question, the first one, or the mean of its waits."""

PeriodKind = Literal["day", "week", "half_month", "month", "rolling_7", "rolling_30"]
"""`week` runs from Monday, `half_month` from the 1st and the 16th (DY-M-04)."""

Comparison = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a figure: the figure is on the wrong side where `value OP at` holds.

    `disputed`: sources differ on whether exactly `at` is wrong; the stricter reading stands, and a
    figure that is exactly there is marked (rules.md C6).
    """

    op: Comparison
    at: float
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class RatingCount:
    """Which ratings count, and which of them are good (or bad, where the metric is about those).

    `labels`, or stars of `min_stars` and more (`max_stars` and less) of five. `of` says what they
    are divided by: everything rated, all cards sent (answered or not), or those of `of_labels`.
    `reasons`: of the chosen ones only those that give one of these reasons (KS-M-08).
    """

    labels: tuple[str, ...] = ()
    min_stars: float | None = None
    max_stars: float | None = None
    of: Literal["rated", "cards"] = "rated"
    of_labels: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    excluded_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricRule:
    """One metric of a platform, dated and with its source.

    A unit is in time where what `answered` names was answered by an origin that `counts`, within
    `within_s` seconds (at exactly that many where `inclusive`); None: before the local day of the
    question ends. `window` with its anchor says which units are assessed. A unit that nobody
    answered counts as late; in a mean it weighs `unanswered_s`, or is left out where that is None.
    Where `unanswered_s` is set, an answer in a later session is none. `excuses` take a question out
    of the count.
    `target` is what to aim for, `gate` what is punished; both None: the figure is shown and not
    judged. `lag_days`: a rolling period ends so many days before today. `min_sample` units
    (itself included where `min_inclusive`) must be there, else the figure is not assessed.
    """

    id: str
    name: str
    unit: Unit
    source: str
    value: Value = "share"
    since: Since = "question"
    answered: Answered = "first"
    within_s: int | None = None
    inclusive: bool = True
    window: Window = field(default_factory=Window)
    counts: Counts = field(default_factory=Counts)
    topic: str | None = None
    unanswered_s: int | None = None
    excuses: frozenset[Excuse] | None = None
    rating: RatingCount | None = None
    period: PeriodKind = "day"
    lag_days: int = 0
    target: Limit | None = None
    gate: Limit | None = None
    min_sample: int = 0
    min_inclusive: bool = True
    higher_is_better: bool = True
    severity: Severity = "hard"
    reliability: Reliability = "experience"
    as_of: dt.date | None = None
    quote: str | None = None
    note: str | None = None
    conflicts: tuple[str, ...] = ()
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """What a platform takes when something happened, and how it adds up.

    `on_metrics`: each period of one of these metrics that is on the wrong side of `gate` (the
    metric's own where None). `on_deadlines`: each clock of these rules that was missed.
    `on_findings`: each message of the store in which a rule with one of these id prefixes matched.
    `points` and `fine` (yuan, from and to) are for each; `tiers` are (how many, what then) within a
    period. Points add up over `period`; from `cap` on, `cap_says` follows (JD-X-03: 25 points).
    No more than `at_most` of them add up (OUT-DY-02). `once_per_period`: a metric is punished once
    in it (XHS-M-03).
    """

    id: str
    name: str
    source: str
    on_metrics: tuple[str, ...] = ()
    on_deadlines: tuple[str, ...] = ()
    on_findings: tuple[str, ...] = ()
    gate: Limit | None = None
    min_sample: int = 0
    min_inclusive: bool = True
    points: float | None = None
    fine: tuple[float, float] | None = None
    says: str | None = None
    tiers: tuple[tuple[int, str], ...] = ()
    period: PeriodKind = "rolling_30"
    once_per_period: bool = False
    cap: float | None = None
    cap_says: str | None = None
    at_most: float | None = None
    reliability: Reliability = "experience"
    as_of: dt.date | None = None
    quote: str | None = None
    note: str | None = None
    conflicts: tuple[str, ...] = ()
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
