"""Turns one deadline entry of a file into a `timing.deadline.DeadlineRule`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from replygate.config.places import KeyPath, Located, Place, Report, did_you_mean
from replygate.config.schema import DeadlineEntry, ProfileDeadlineEntry
from replygate.config.windows import read_window
from replygate.timing.deadline import Counts, DeadlineRule


def build_deadline(
    entry: DeadlineEntry | ProfileDeadlineEntry, path: KeyPath, located: Located, report: Report
) -> DeadlineRule:
    """Build a deadline. A store's own is always soft; only a platform can punish."""
    place = located.place(path)
    if entry.same_day == (entry.due_s is not None):
        report.error(place, "expected either due_s or same_day = true")
    if (
        entry.effective_from is not None
        and entry.effective_to is not None
        and entry.effective_to <= entry.effective_from
    ):
        at = located.place((*path, "effective_to"))
        report.error(at, f"{entry.effective_to} is not after effective_from")
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
        severity=entry.severity if isinstance(entry, ProfileDeadlineEntry) else "soft",
        topic=entry.topic,
        counts=Counts(
            human=entry.counts.human,
            bot=entry.counts.bot,
            hold=entry.counts.hold,
            platform=entry.counts.platform,
        ),
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
    )


def check_topics(
    deadlines: Iterable[tuple[DeadlineRule, Place]], topics: Sequence[str], report: Report
) -> None:
    """Note deadlines that only run for a topic that nobody tells from others."""
    for rule, place in deadlines:
        if rule.topic is not None and rule.topic not in topics:
            what = f'the deadline "{rule.id}" is for the topic "{rule.topic}", which is not defined'
            report.error(place, what, did_you_mean(rule.topic, topics))
