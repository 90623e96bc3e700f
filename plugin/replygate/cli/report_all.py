"""Every store of a folder, one line each, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from replygate.cli.columns import shorten, visible
from replygate.cli.output import paint
from replygate.cli.report_text import COLOURS, SIGNS, table
from replygate.report import wording
from replygate.report.report import MetricReport, StoreReport

_WORST: Final[tuple[wording.Standing, ...]] = (
    *("violated", "boundary", "unsettled", "short", "met", "unassessed", "unlimited", "empty"),
)


def overview(reports: Sequence[StoreReport], width: int, *, coloured: bool) -> Iterator[str]:
    """Lines of at most `width` columns, in the order given."""
    days = reports[0].range
    yield shorten(f"{len(reports)} 家店铺 stores  {days.first} – {days.last}", width)
    yield ""
    heads = ("", "店铺", "平台", "最需要看的指标", "今日", "本期", "余量", "超时", "拦截")
    worst = [_worst(report) for report in reports]
    rows = [heads, *map(_row, reports, worst)]
    head, *lines = table(rows, width, flexible=3)
    yield head
    for metric, line in zip(worst, lines, strict=True):
        colour = None if metric is None else COLOURS.get(wording.standing(metric.current))
        yield paint(line, colour) if coloured and colour else line


def _worst(report: StoreReport) -> MetricReport | None:
    """The metric to look at first: the worst standing, then the least room."""
    known = [metric for metric in report.metrics if not metric.external]
    return min(known, key=_urgency, default=None)


def _urgency(metric: MetricReport) -> tuple[int, float]:
    room = metric.current.room
    return _WORST.index(wording.standing(metric.current)), float("inf") if room is None else room


def _row(report: StoreReport, metric: MetricReport | None) -> tuple[str, ...]:
    missed = sum(clock.missed for clock in report.clocks if clock.hard)
    rest = (str(missed), str(report.verdicts.blocked))
    store = (visible(report.store.name), visible(report.platform))
    if metric is None:
        return ("·", *store, "–", "–", "–", "–", *rest)
    current, rule = metric.current, metric.rule
    return (
        SIGNS[wording.standing(current)],
        *store,
        visible(rule.name),
        wording.amount(rule, wording.value_of(metric.today)),
        wording.amount(rule, wording.value_of(current)),
        wording.room(current),
        *rest,
    )
