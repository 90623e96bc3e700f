"""A deadline that is a rate (JD-D-01), seen as a metric."""

from __future__ import annotations

from replygate.timing.deadline import DeadlineRule
from replygate.timing.metrics.rule import MetricRule, Unit

_UNITS: dict[str, Unit] = {
    "message": "message",
    "turn": "round",
    "session": "session",
    "transfer": "transfer",
}


def metric_of(rule: DeadlineRule, unit: Unit | None = None) -> MetricRule:
    """How often a deadline is met, as a metric with the deadline's id and no limit, by day.

    The unit follows from what opens the clock unless it is given; for a `user_day` every question
    must be in time.
    """
    unit = unit or _UNITS[rule.opens]
    return MetricRule(
        id=rule.id,
        name=rule.name,
        unit=unit,
        source=rule.source,
        since="session" if unit == "session" else "question",
        answered="all" if unit == "user_day" else "first",
        within_s=rule.due_s,
        inclusive=rule.inclusive,
        window=rule.window,
        counts=rule.counts,
        topic=rule.topic,
        severity=rule.severity,
        reliability=rule.reliability,
        as_of=rule.as_of,
        quote=rule.quote,
        note=rule.note,
        conflicts=rule.conflicts,
        effective_from=rule.effective_from,
        effective_to=rule.effective_to,
    )
