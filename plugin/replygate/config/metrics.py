"""Turns metric and penalty entries of a file into `timing.metrics.rule`, or says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePath

from replygate.config.places import KeyPath, Located, Place, Report, did_you_mean
from replygate.config.schema_metrics import (
    DatedFields,
    LimitEntry,
    MetricEntry,
    PenaltyEntry,
    ProfileMetricEntry,
    RatingEntry,
)
from replygate.config.windows import read_window
from replygate.timing.deadline import Counts
from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule, RatingCount, Unit

_WITHOUT_WAIT: frozenset[Unit] = frozenset({"rating", "duty", "external"})
"""Units of which nothing is answered."""


def build_metric(
    entry: MetricEntry | ProfileMetricEntry, path: KeyPath, located: Located, report: Report
) -> MetricRule:
    """Build a metric. A store's own is always soft; one in conflict has no limits."""
    _check_metric(entry, path, located, report)
    check_dates(entry, path, located, report)
    shared = entry if isinstance(entry, ProfileMetricEntry) else None
    judged = shared is None or shared.status == "active"
    return MetricRule(
        id=entry.id,
        name=entry.name,
        unit=entry.unit,
        source=entry.source or PurePath(located.place(path).source.label).name,
        value=entry.value,
        since=entry.since,
        answered=entry.answered,
        within_s=entry.within_s,
        inclusive=entry.inclusive,
        window=read_window(
            entry.windows,
            entry.dates,
            path=path,
            key="windows",
            located=located,
            report=report,
            anchor=entry.anchor,
        ),
        counts=Counts(**entry.counts.model_dump()),
        topic=entry.topic,
        unanswered_s=entry.unanswered_s,
        rating=_rating(entry.rating),
        period=entry.period,
        lag_days=entry.lag_days,
        target=limit_of(entry.target) if judged else None,
        gate=limit_of(entry.gate) if judged else None,
        min_sample=entry.min_sample,
        min_inclusive=entry.min_inclusive,
        higher_is_better=entry.higher_is_better,
        severity=shared.severity if shared else "soft",
        reliability=shared.reliability if shared else "own",
        as_of=shared.as_of if shared else None,
        quote=shared.quote if shared else None,
        note=shared.note if shared else None,
        conflicts=tuple(shared.conflicts) if shared else (),
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
    )


def _check_metric(
    entry: MetricEntry | ProfileMetricEntry, path: KeyPath, located: Located, report: Report
) -> None:
    if (entry.unit == "rating") != (entry.rating is not None):
        at = located.place((*path, "rating"))
        is_rating = entry.unit == "rating"
        report.error(at, "is missing" if is_rating else 'is for unit = "rating" alone')
    if entry.within_s is not None and entry.unit in _WITHOUT_WAIT:
        at = located.place((*path, "within_s"))
        report.error(at, f'nothing is answered where unit = "{entry.unit}"', "leave within_s out")
    if entry.since != "question" and entry.unit != "session":
        report.error(located.place((*path, "since")), 'is for unit = "session" alone')
    waits = entry.value == "share" and entry.unit not in _WITHOUT_WAIT
    if waits and entry.within_s is None:
        report.error(located.place(path), "expected within_s", "a share is of what was in time")


def check_dates(entry: DatedFields, path: KeyPath, located: Located, report: Report) -> None:
    """Note an entry that ends before it begins."""
    first, end = entry.effective_from, entry.effective_to
    if first is not None and end is not None and end <= first:
        report.error(located.place((*path, "effective_to")), f"{end} is not after effective_from")


def limit_of(entry: LimitEntry | None) -> Limit | None:
    """The limit of an entry."""
    return Limit(entry.op, entry.at, entry.disputed) if entry else None


def _rating(entry: RatingEntry | None) -> RatingCount | None:
    if entry is None:
        return None
    return RatingCount(
        labels=tuple(entry.labels),
        min_stars=entry.min_stars,
        max_stars=entry.max_stars,
        of=entry.of,
        of_labels=tuple(entry.of_labels),
        reasons=tuple(entry.reasons),
        excluded_reasons=tuple(entry.excluded_reasons),
    )


def build_penalty(
    entry: PenaltyEntry, path: KeyPath, located: Located, report: Report
) -> PenaltyRule:
    """Build a penalty."""
    check_dates(entry, path, located, report)
    return PenaltyRule(
        id=entry.id,
        name=entry.name,
        source=entry.source,
        on_metrics=tuple(entry.on_metrics),
        on_deadlines=tuple(entry.on_deadlines),
        on_findings=tuple(entry.on_findings),
        gate=limit_of(entry.gate),
        min_sample=entry.min_sample,
        min_inclusive=entry.min_inclusive,
        points=entry.points,
        fine=_fine(entry, path, located, report),
        says=entry.says,
        tiers=_tiers(entry, path, located, report),
        period=entry.period,
        once_per_period=entry.once_per_period,
        cap=entry.cap,
        cap_says=entry.cap_says,
        at_most=entry.at_most,
        reliability=entry.reliability,
        as_of=entry.as_of,
        quote=entry.quote,
        note=entry.note,
        conflicts=tuple(entry.conflicts),
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
    )


def _fine(
    entry: PenaltyEntry, path: KeyPath, located: Located, report: Report
) -> tuple[float, float] | None:
    if entry.fine is None:
        return None
    match entry.fine:
        case [lowest, highest] if lowest <= highest:
            return lowest, highest
    at = located.place((*path, "fine"))
    report.error(at, "expected two amounts, from and to", "write fine = [100, 300]")
    return None


def _tiers(
    entry: PenaltyEntry, path: KeyPath, located: Located, report: Report
) -> tuple[tuple[int, str], ...]:
    counts = [tier.count for tier in entry.tiers]
    for index, (before, count) in enumerate(pairwise(counts), start=1):
        if count <= before:
            at = located.place((*path, "tiers", index, "count"))
            report.error(at, f"{count} is not above the tier before, which starts at {before}")
    return tuple((tier.count, tier.says) for tier in entry.tiers)


def check_causes(
    penalties: Iterable[tuple[PenaltyRule, Place]],
    metrics: Sequence[str],
    deadlines: Sequence[str],
    report: Report,
) -> None:
    """Note penalties for metrics and deadlines that are not in their edition."""
    for rule, place in penalties:
        for kind, names, known in (
            ("metric", rule.on_metrics, metrics),
            ("deadline", rule.on_deadlines, deadlines),
        ):
            for name in names:
                if name not in known:
                    what = f'the penalty "{rule.id}" is for the {kind} "{name}", which is not there'
                    report.error(place, what, did_you_mean(name, known))
