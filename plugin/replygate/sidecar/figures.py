"""A store's report as the API gives it. The shapes stand in `figure_models.py`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from replygate.report import wording
from replygate.report.replay_metrics import figure_json
from replygate.report.report import MetricReport, StoreReport
from replygate.sidecar.answers import time
from replygate.timing.metrics.figure import Charge, Figure
from replygate.timing.metrics.rule import Limit

Json = dict[str, Any]


def report_json(report: StoreReport) -> Json:
    """Where the store stands: every metric, and what penalties come to."""
    return {
        "store": report.store.id,
        "platform": report.store.platform,
        "edition": report.edition,
        "as_of": report.as_of and report.as_of.isoformat(),
        "since": report.range.first.isoformat(),
        "until": report.range.last.isoformat(),
        "generated_at": time(report.generated_ms),
        "metrics": {
            metric.rule.id: _metric(metric)
            for metric in (*report.metrics, *report.deadlines)
            if not metric.external
        },
        "charges": [_charge(charge) for charge in report.charges],
        "warnings": wording.warnings(report),
    }


def _metric(metric: MetricReport) -> Json:
    rule, periods = metric.rule, metric.periods
    told = {
        **_figure(periods[-1]),
        "target": _limit(rule.target),
        "gate": _limit(rule.gate),
        "counts": asdict(rule.counts),
        "source": rule.source,
        "as_of": rule.as_of and rule.as_of.isoformat(),
    }
    if len(periods) > 1:
        told["periods"] = [_figure(figure) for figure in periods]
    return told


def _figure(figure: Figure) -> Json:
    return {
        **figure_json(figure),
        "room": figure.room,
        "heading_for": figure.heading_for,
    }


def _limit(limit: Limit | None) -> Json | None:
    return None if limit is None else {"op": limit.op, "at": limit.at}


def _charge(charge: Charge) -> Json:
    return {
        "rule": charge.rule.id,
        "name": charge.rule.name,
        "period": str(charge.period),
        "times": charge.times,
        "points": charge.points,
        "fine": None if charge.fine is None else list(charge.fine),
        "reached": charge.reached,
        "unsure": charge.unsure,
        "source": charge.rule.source,
    }
