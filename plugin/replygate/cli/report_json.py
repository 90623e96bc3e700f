"""A store's report as one JSON object."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from replygate.report import wording
from replygate.report.replay_metrics import figure_json
from replygate.report.report import (
    AgentReport,
    HourWaits,
    MetricReport,
    RuleCount,
    SlowConversation,
    StoreReport,
)
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.metrics.figure import Charge, Figure
from replygate.timing.metrics.rule import Limit


def report_json(report: StoreReport) -> dict[str, Any]:
    """Everything of a report. Times carry the platform's offset, waits are in seconds."""
    return {
        "store": report.store.id,
        "name": report.store.name,
        "platform": report.store.platform,
        "edition": report.edition,
        "as_of": None if report.as_of is None else report.as_of.isoformat(),
        "from": report.range.first.isoformat(),
        "to": report.range.last.isoformat(),
        "generated_at": time_json(report.generated_ms),
        "messages_in": report.messages_in,
        "messages_out": report.messages_out,
        "conversations": report.conversations,
        "metrics": {
            metric.rule.id: _metric(metric) for metric in (*report.metrics, *report.deadlines)
        },
        "charges": [_charge(charge) for charge in report.charges],
        "counts": [asdict(one) for one in report.counts],
        "waits": [_hour(one) for one in report.waits],
        "slowest": [_slow(one) for one in report.slowest],
        "holds": {**asdict(report.holds), "skipped": dict(report.holds.skipped)},
        "verdicts": asdict(report.verdicts),
        "rules": [_rule(one) for one in report.rules],
        "deadlines": [asdict(one) for one in report.clocks],
        "agents": [_agent(one) for one in report.agents],
        "warnings": wording.warnings(report),
    }


def time_json(at_ms: int) -> str:
    """An instant as events write it."""
    seconds, milliseconds = divmod(at_ms, 1000)
    at = dt.datetime.fromtimestamp(seconds, PLATFORM_ZONE).replace(microsecond=milliseconds * 1000)
    return at.isoformat(timespec="milliseconds")


def _metric(metric: MetricReport) -> dict[str, Any]:
    rule = metric.rule
    return {
        **_figure(metric.current),
        "external": metric.external,
        "target": _limit(rule.target),
        "gate": _limit(rule.gate),
        "counts": asdict(rule.counts),
        "source": rule.source,
        "reliability": rule.reliability,
        "as_of": None if rule.as_of is None else rule.as_of.isoformat(),
        "today": _figure(metric.today),
        "whole": _figure(metric.whole),
        "periods": [_figure(figure) for figure in metric.periods],
        "days": [_figure(figure) for figure in metric.trend],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {**figure_json(figure), "room": figure.room, "heading_for": figure.heading_for}


def _limit(limit: Limit | None) -> dict[str, Any] | None:
    """On the wrong side is a figure for which `value wrong at` holds."""
    return None if limit is None else {"wrong": limit.op, "at": limit.at}


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.rule.id,
        "name": charge.rule.name,
        "period": str(charge.period),
        "times": charge.times,
        "points": charge.points,
        "fine": None if charge.fine is None else list(charge.fine),
        "reached": charge.reached,
        "unsure": charge.unsure,
        "source": charge.rule.source,
    }


def _hour(one: HourWaits) -> dict[str, Any]:
    return {**asdict(one), "buckets": list(one.buckets)}


def _slow(one: SlowConversation) -> dict[str, Any]:
    return {
        "conversation": one.conversation,
        "asked_at": time_json(one.asked_ms),
        "waited_s": one.waited_ms / 1000,
        "answered": one.answered,
        "agent": one.agent,
    }


def _rule(one: RuleCount) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "action": one.action,
        "texts": one.texts,
        "examples": [
            {
                "at": time_json(example.at_ms),
                "conversation": example.conversation,
                "origin": example.origin,
                "matched": example.matched,
                "text": example.text,
            }
            for example in one.examples
        ],
    }


def _agent(one: AgentReport) -> dict[str, Any]:
    return {
        "agent": one.agent,
        "messages": dict(one.messages),
        "texts_matched": one.texts_matched,
        "metrics": {figure.rule.id: _figure(figure) for figure in one.figures},
    }
