"""Turns one deadline entry of a file into a `timing.deadline.DeadlineRule`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Protocol

from replygate.config.metrics import check_dates
from replygate.config.places import KeyPath, Located, Place, Report, did_you_mean
from replygate.config.schema_metrics import DeadlineEntry, ProfileDeadlineEntry
from replygate.config.windows import read_window
from replygate.timing.deadline import Counts, DeadlineRule


def build_deadline(
    entry: DeadlineEntry | ProfileDeadlineEntry, path: KeyPath, located: Located, report: Report
) -> DeadlineRule:
    """Build a deadline. A store's own is always soft; only a platform can punish."""
    place = located.place(path)
    if entry.same_day == (entry.due_s is not None):
        report.error(place, "expected either due_s or same_day = true")
    check_dates(entry, path, located, report)
    shared = entry if isinstance(entry, ProfileDeadlineEntry) else None
    return DeadlineRule(
        id=entry.id,
        name=entry.name,
        opens=entry.opens,
        due_s=entry.due_s,
        source=entry.source or PurePath(place.source.label).name,
        window=read_window(
            entry.windows,
            entry.dates,
            path=path,
            key="windows",
            located=located,
            report=report,
            mode=entry.window_mode,
            anchor=entry.anchor,
        ),
        inclusive=entry.inclusive,
        severity=shared.severity if shared else "soft",
        topic=entry.topic,
        counts=Counts(**entry.counts.model_dump()),
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
        reliability=shared.reliability if shared else "own",
        as_of=shared.as_of if shared else None,
        quote=shared.quote if shared else None,
        note=shared.note if shared else None,
        conflicts=tuple(shared.conflicts) if shared else (),
    )


class _ForTopic(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def topic(self) -> str | None: ...


def check_topics(
    kind: str, rules: Iterable[tuple[_ForTopic, Place]], topics: Sequence[str], report: Report
) -> None:
    """Note deadlines or metrics that only look at a topic that nobody tells from others."""
    for rule, place in rules:
        if rule.topic is not None and rule.topic not in topics:
            what = f'the {kind} "{rule.id}" is for the topic "{rule.topic}", which is not defined'
            report.error(place, what, did_you_mean(rule.topic, topics))
