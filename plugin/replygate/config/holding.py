"""From `[holding]` to a store's holding replies."""

from __future__ import annotations

from collections.abc import Iterator

from replygate.config.places import KeyPath, Report, did_you_mean
from replygate.config.resolve import Resolved
from replygate.config.schema_holding import QuotaTable
from replygate.config.store import Holding
from replygate.config.windows import read_window
from replygate.timing.events import CLOSING
from replygate.timing.holding import HoldingTexts, Quota

_HOUR_S = 3_600


def read_holding(resolved: Resolved, report: Report, *, complete: bool) -> Holding:
    """A store's holding replies; what is wrong with them is noted in `report`.

    `complete`: every topic is known. A group's stores choose the platform, which has some.
    """
    holding, at = resolved.model.holding, resolved.merged.place
    quota = holding.quota
    if quota is not None and quota.keep >= quota.messages:
        what = f"leaves no holding reply: {quota.messages} messages, {quota.keep} are kept"
        report.error(at(("holding", "quota", "keep")), what)
    return Holding(
        texts=tuple(holding.texts),
        off_duty_texts=tuple(holding.off_duty_texts),
        special=tuple(_special(resolved, report, complete=complete)),
        closers=tuple(holding.closers),
        max_per_turn=holding.max_per_turn,
        max_per_conversation_day=holding.max_per_conversation_day,
        min_gap_s=holding.min_gap_s,
        lead_s=holding.lead_s,
        quota=None if quota is None else _quota(quota),
    )


def _quota(quota: QuotaTable) -> Quota:
    return Quota(quota.messages, quota.hours * _HOUR_S, quota.keep)


def _special(resolved: Resolved, report: Report, *, complete: bool) -> Iterator[HoldingTexts]:
    merged = resolved.merged
    for index, entry in enumerate(resolved.model.holding.text):
        path: KeyPath = ("holding", "text", index)
        if complete:
            _check_topics(resolved, entry.topics, path, report)
        if not (entry.topics or entry.hours):
            what = "is for no topics and no hours"
            hint = "write its texts in texts or off_duty_texts"
            report.error(merged.place(path), what, hint)
        hours = read_window(entry.hours, {}, path=path, key="hours", located=merged, report=report)
        yield HoldingTexts(tuple(entry.texts), tuple(entry.topics), hours, entry.off_duty)


def _check_topics(resolved: Resolved, topics: list[str], path: KeyPath, report: Report) -> None:
    for index, topic in enumerate(topics):
        place = resolved.merged.place((*path, "topics", index))
        if topic == CLOSING:
            report.error(place, "whoever only says thanks gets one of closers", "write closers")
        elif topic not in resolved.topics:
            hint = did_you_mean(topic, resolved.topics)
            report.error(place, f'there is no topic "{topic}"', hint)
