"""One page of a store's report: for the shop's owner, in Chinese, with nothing to load.

Names and texts of buyers are hostile: jinja2 escapes every value, and the pictures, which come
whole, escape their own.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any, Final

from replygate.config import Store
from replygate.model import FindingAction
from replygate.report import wording
from replygate.report.charts import WAITS_LEGEND, MissingExtraError, trend, waits_by_hour
from replygate.report.evidence_rows import EvidenceRow
from replygate.report.report import (
    AgentReport,
    Example,
    MetricReport,
    RuleCount,
    SlowConversation,
    StoreReport,
)

RULES_MAX: Final = 20
EXAMPLES_MAX: Final = 3
AGENTS_MAX: Final = 30
AGENT_METRICS_MAX: Final = 4
TRENDS_MAX: Final = 12
TEXT_CHARS: Final = 200
"""A longer example is cut."""

# The worst first: that is what somebody must look at.
_ORDER: Final[dict[wording.Standing, int]] = {
    "violated": 0,
    "boundary": 1,
    "short": 2,
    "unsettled": 3,
    "met": 4,
    "unassessed": 5,
    "unlimited": 6,
    "empty": 7,
}
_HARDEST: Final[dict[FindingAction, int]] = {"block": 0, "rewrite": 1, "warn": 2}


def report_page(report: StoreReport) -> str:
    """The report as a page of HTML. Raises MissingExtraError."""
    known = [metric for metric in report.metrics if not metric.external]
    groups = sorted(_same(known), key=lambda group: _ORDER[wording.standing(group[0].current)])
    judged = [group for group in groups if _stands(group) not in {"unlimited", "empty"}]
    return _render(
        "page.html",
        report=report,
        headline=_headline(judged),
        cards=[_card(group) for group in judged],
        tiles=[group[0] for group in groups if _stands(group) == "unlimited"],
        empty=[metric.rule for group in groups if _stands(group) == "empty" for metric in group],
        external=[metric.rule for metric in report.metrics if metric.external],
        charges=[one for one in report.charges if one.times],
        quiet=[one.rule for one in report.charges if not one.times],
        waits_chart=_picture(waits_by_hour(report.waits)) if _any_waits(report) else None,
        legend=WAITS_LEGEND,
        slowest=[_slow(one) for one in report.slowest],
        rules=list(_rules(report)),
        rules_left=max(len(report.rules) - RULES_MAX, 0),
        trends=list(_trends(report, [group[0] for group in groups])),
        agent_metrics=[group[0].rule for group in judged[:AGENT_METRICS_MAX]],
        agents=[_agent(one) for one in report.agents[:AGENTS_MAX]],
        agents_left=max(len(report.agents) - AGENTS_MAX, 0),
    )


def evidence_page(
    store: Store,
    conversation: str,
    rows: Sequence[EvidenceRow],
    missing: Sequence[str],
    now_ms: int,
) -> str:
    """One conversation as a page of HTML. Raises MissingExtraError."""
    return _render(
        "evidence.html",
        store=store,
        platform=store.profile.name if store.profile else store.platform,
        conversation=conversation,
        rows=rows,
        gaps=missing,
        now_ms=now_ms,
    )


def _render(template: str, **values: object) -> str:
    try:
        jinja2 = importlib.import_module("jinja2")
    except ModuleNotFoundError as fault:
        raise MissingExtraError("jinja2") from fault
    folder = resources.files("replygate.report")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
    )
    environment.globals["say"] = wording
    page: str = environment.get_template(template).render(values)
    return page


def _picture(svg: str) -> Any:
    return importlib.import_module("markupsafe").Markup(svg)


def _same(metrics: Sequence[MetricReport]) -> list[list[MetricReport]]:
    """Metrics together that show the same and are measured by the same, as rules repeat others."""
    groups: dict[object, list[MetricReport]] = {}
    for metric in metrics:
        rule, current = metric.rule, metric.current
        judged = (rule.unit, rule.value, rule.counts, rule.target, rule.gate)
        shown = (current.numerator, current.denominator, current.value_s, current.period)
        stands = (wording.standing(current), current.low, current.high)
        groups.setdefault((judged, shown, stands), []).append(metric)
    return list(groups.values())


def _stands(group: Sequence[MetricReport]) -> wording.Standing:
    return wording.standing(group[0].current)


def _headline(groups: Sequence[Sequence[MetricReport]]) -> str:
    """How things stand, in one sentence."""
    standings = [_stands(group) for group in groups]
    parts = [
        f"{standings.count(standing)} 项{words}"
        for standing, words in (
            ("violated", "越过红线"),
            ("boundary", "正好在线上"),
            ("short", "未达目标"),
            ("unsettled", "要看平台口径"),
            ("met", "达标"),
        )
        if standing in standings
    ]
    return "，".join(parts) or "还没有可以考核的指标"


def _card(group: Sequence[MetricReport]) -> dict[str, object]:
    metric, *others = group
    return {
        "rule": metric.rule,
        "others": [other.rule for other in others],
        "today": metric.today,
        "current": metric.current,
        "standing": wording.standing(metric.current),
        "bar": _bar(metric),
    }


def _bar(metric: MetricReport) -> dict[str, float] | None:
    """Where a share stands between 0 and 100, and its limits; None for what is no share."""
    rule = metric.rule
    if rule.value != "share" or metric.current.rate is None:
        return None
    bar = {"at": metric.current.rate * 100}
    if rule.target is not None:
        bar["target"] = rule.target.at * 100
    if rule.gate is not None:
        bar["gate"] = rule.gate.at * 100
    return bar


def _any_waits(report: StoreReport) -> bool:
    return any(one.asked for one in report.waits)


def _trends(report: StoreReport, metrics: Sequence[MetricReport]) -> Iterator[dict[str, object]]:
    since = report.known_from or report.range.first
    known = [
        replace(metric, trend=[one for one in metric.trend if one.period.last >= since])
        for metric in metrics
    ]
    drawn = [
        metric
        for metric in known
        if sum(wording.value_of(one) is not None for one in metric.trend) > 1
    ]
    for metric in drawn[:TRENDS_MAX]:
        yield {"rule": metric.rule, "picture": _picture(trend(metric))}


def _slow(one: SlowConversation) -> dict[str, str]:
    return {
        "conversation": one.conversation,
        "asked": wording.moment(one.asked_ms, "%m-%d %H:%M"),
        "waited": wording.wait(one.waited_ms),
        "agent": (one.agent or "–") if one.answered else "无人回复",
    }


def _rules(report: StoreReport) -> Iterator[dict[str, object]]:
    """What was blocked first; a rule says why in its own words, where it has any."""
    parts = report.store.gate.rulebook.parts
    whys = {rule.id: rule.why for part in parts for rule in part.rules if rule is not None}
    hardest = sorted(report.rules, key=lambda one: _HARDEST[one.action])
    for one in hardest[:RULES_MAX]:
        yield {
            "rule": one.rule,
            "why": whys.get(one.rule),
            "action": one.action,
            "texts": one.texts,
            "examples": list(_examples(one)),
        }


def _examples(one: RuleCount) -> Iterable[dict[str, str | None]]:
    """Some of them, the same words once."""
    shown: dict[tuple[str | None, str | None], Example] = {}
    for example in one.examples:
        shown.setdefault((example.matched, example.text), example)
    return map(_example, list(shown.values())[:EXAMPLES_MAX])


def _example(one: Example) -> dict[str, str | None]:
    return {
        "at": wording.moment(one.at_ms, "%m-%d %H:%M"),
        "conversation": one.conversation,
        "origin": None if one.origin is None else wording.ORIGINS[one.origin],
        "matched": None if one.matched == one.text else one.matched,
        "text": None if one.text is None else _cut(one.text),
    }


def _agent(one: AgentReport) -> dict[str, object]:
    messages = (f"{wording.ORIGINS[origin]} {count}" for origin, count in one.messages)
    return {
        "agent": one.agent,
        "messages": "，".join(messages),
        "texts_matched": one.texts_matched,
        "figures": {figure.rule.id: figure for figure in one.figures},
    }


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_CHARS else text[:TEXT_CHARS] + "…"
