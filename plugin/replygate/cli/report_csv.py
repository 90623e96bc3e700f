"""Figures as rows for a spreadsheet: one for each metric and period, of a store or an agent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from replygate.report.report import StoreReport
from replygate.timing.metrics.figure import Figure
from replygate.timing.metrics.rule import Limit

HEAD: Final = (
    *("store", "name", "platform", "edition", "agent", "metric", "metric_name", "span"),
    *("from", "to", "numerator", "denominator", "rate", "low", "high", "value_s"),
    *("target", "gate", "assessed", "met", "violated", "boundary", "room", "heading_for"),
    *("human_counts", "bot_counts", "hold_counts", "source", "reliability", "as_of"),
)

_YES: Final[dict[bool | None, str]] = {None: "", True: "yes", False: "no"}
# Wide signs, too: some spreadsheets read them like the narrow ones.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


def as_csv(reports: Iterable[StoreReport], *, by_agent: bool) -> str:
    """The rows, with a byte order mark: Excel reads UTF-8 only so."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEAD)
    for report in reports:
        for agent, span, figure in _figures(report, by_agent=by_agent):
            rows.writerow(map(safe_cell, _row(report, agent, span, figure)))
    return f"\ufeff{out.getvalue()}"


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula, whoever chose its text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _figures(report: StoreReport, *, by_agent: bool) -> Iterator[tuple[str, str, Figure]]:
    """Agent, span and figure: `today`, the `period` it lies in, and every `day`."""
    for metric in report.metrics:
        if metric.external:
            continue
        yield "", "today", metric.today
        yield "", "period", metric.current
        for day in metric.trend:
            yield "", "day", day
    if by_agent:
        for agent in report.agents:
            for figure in agent.figures:
                yield agent.agent, "range", figure


def _row(report: StoreReport, agent: str, span: str, figure: Figure) -> tuple[object, ...]:
    rule = figure.rule
    return (
        *(report.store.id, report.store.name, report.store.platform, report.edition or ""),
        *(agent, rule.id, rule.name, span, figure.period.first, figure.period.last),
        *(figure.numerator, figure.denominator, figure.rate, figure.low, figure.high),
        *(figure.value_s, _limit(rule.target), _limit(rule.gate)),
        *(_YES[figure.assessed], _YES[figure.met], _YES[figure.violated], _YES[figure.boundary]),
        *(figure.room, figure.heading_for),
        *(rule.counts.human, rule.counts.bot, rule.counts.hold),
        *(rule.source, rule.reliability, rule.as_of or ""),
    )


def _limit(limit: Limit | None) -> str:
    """What is wrong, in words: a cell must not begin with a sign."""
    return "" if limit is None else f"wrong {limit.op} {limit.at:.10g}"
