"""What a store knows where its platform's sources leave a metric or deadline open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import TypeVar

from replygate.config.metrics import limit_of
from replygate.config.places import Located, Place, Report, did_you_mean
from replygate.config.schema_metrics import SettleEntry
from replygate.timing.deadline import Counts, DeadlineRule
from replygate.timing.metrics.rule import MetricRule

_R = TypeVar("_R", DeadlineRule, MetricRule)
_Placed = tuple[tuple[_R, Place], ...]


def settle(
    entries: Mapping[str, SettleEntry],
    deadlines: Iterable[tuple[DeadlineRule, Place]],
    metrics: Iterable[tuple[MetricRule, Place]],
    located: Located,
    report: Report,
    *,
    complete: bool,
) -> tuple[_Placed[DeadlineRule], _Placed[MetricRule]]:
    """The deadlines and metrics with what the store settles of them.

    Only what is open can be settled: an origin of which the sources say `unknown`, a limit that
    they do not give. `complete` is False where ids may be meant that are not at hand.
    """
    dues, figures = list(deadlines), list(metrics)
    known = {rule.id for rule, _ in dues} | {rule.id for rule, _ in figures}
    for name, entry in entries.items():
        at = located.place(("settle", name))
        if name not in known:
            if complete:
                hint = did_you_mean(name, sorted(known))
                report.error(at, f'there is no metric or deadline "{name}"', hint)
            continue
        if (entry.target or entry.gate) and all(rule.id != name for rule, _ in figures):
            report.error(at, f'"{name}" is a deadline; only metrics have limits')
        dues = [_counted(pair, name, entry, located, report) for pair in dues]
        figures = [_counted(pair, name, entry, located, report) for pair in figures]
        figures = [_limited(pair, name, entry, located, report) for pair in figures]
    return tuple(dues), tuple(figures)


def _counted(
    pair: tuple[_R, Place],
    name: str,
    entry: SettleEntry,
    located: Located,
    report: Report,
) -> tuple[_R, Place]:
    rule, place = pair
    if rule.id != name:
        return pair
    counts = asdict(rule.counts)
    for origin, word in entry.counts.model_dump(exclude_none=True).items():
        if counts[origin] not in ("unknown", word):
            at = located.place(("settle", name, "counts", origin))
            report.error(at, f'is not open: the sources say "{counts[origin]}"')
        counts[origin] = word
    return replace(rule, counts=Counts(**counts)), place


def _limited(
    pair: tuple[MetricRule, Place],
    name: str,
    entry: SettleEntry,
    located: Located,
    report: Report,
) -> tuple[MetricRule, Place]:
    rule, place = pair
    if rule.id != name:
        return pair
    for key, wanted, held in (
        ("target", entry.target, rule.target),
        ("gate", entry.gate, rule.gate),
    ):
        if wanted and held and limit_of(wanted) != held:
            at = located.place(("settle", name, key))
            report.error(at, f'is not open: the sources say "{held.op} {held.at:g}" is wrong')
    target, gate = limit_of(entry.target) or rule.target, limit_of(entry.gate) or rule.gate
    return replace(rule, target=target, gate=gate), place
