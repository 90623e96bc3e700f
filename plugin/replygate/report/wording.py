"""Figures in the words of a shop: what the terminal and the page both say. All text is Chinese."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from replygate.model import Action, FindingAction, Origin
from replygate.report.report import StoreReport
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.deadline import Counted, Counts, Reliability
from replygate.timing.metrics.assess import ratio_of, wrong
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.rule import Limit, MetricRule, PeriodKind, Unit

Standing = Literal[
    "met", "short", "violated", "boundary", "unsettled", "unassessed", "unlimited", "empty"
]
"""`short`: target missed, gate kept. `unsettled`: only in the stricter reading; in the other one
all is met. `unassessed`: too few units. `unlimited`: nothing to meet."""

OLD_DAYS: Final = 365
"""A profile's edition that is older may no longer be what the platform demands."""

STANDINGS: Final[dict[Standing, str]] = {
    "met": "达标",
    "short": "未达目标",
    "violated": "越过红线",
    "boundary": "正好在线上",
    "unsettled": "要看口径",
    "unassessed": "样本不足",
    "unlimited": "仅展示",
    "empty": "暂无数据",
}
ACTIONS: Final[dict[FindingAction | Action, str]] = {
    "block": "拦截",
    "rewrite": "改写",
    "warn": "提醒",
    "pass": "放行",
}
ORIGINS: Final[dict[Origin, str]] = {
    "buyer": "买家",
    "human": "人工",
    "bot": "机器人",
    "hold": "安抚回复",
    "platform": "平台",
    "unknown": "未知",
}
COUNTED: Final[dict[Counted, str]] = {"yes": "算", "no": "不算", "unknown": "不明"}
PERIODS: Final[dict[PeriodKind, str]] = {
    "day": "当日",
    "week": "本周",
    "half_month": "本半月",
    "month": "本月",
    "rolling_7": "近7天",
    "rolling_30": "近30天",
}
RELIABILITY: Final[dict[Reliability, str]] = {
    "official": "官方",
    "official-copy": "官方原文转载",
    "third-party": "第三方",
    "experience": "商家经验",
    "own": "本店自定",
}
_UNITS: Final[dict[Unit, str]] = {
    "user_day": "位买家",
    "session": "个会话",
    "round": "轮对话",
    "message": "条消息",
    "transfer": "次转人工",
    "rating": "个评价",
    "duty": "秒在线",
    "external": "",
}
_IN_DAYS_FROM_H: Final = 48
_GOOD: Final = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_SIGNS: Final = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def standing(figure: Figure) -> Standing:
    """How a figure stands."""
    if value_of(figure) is None:
        return "empty"
    if figure.rule.target is None and figure.rule.gate is None:
        return "unlimited"
    if not figure.assessed:
        return "unassessed"
    if figure.boundary:
        return "boundary"
    if figure.met is not False and not figure.violated:
        return "met"
    if _met_at_best(figure):
        return "unsettled"
    return "violated" if figure.violated else "short"


def _met_at_best(figure: Figure) -> bool:
    """Whether the reading that is best for the store meets everything."""
    rule = figure.rule
    best = figure.high if rule.higher_is_better else figure.low
    limits = [limit for limit in (rule.target, rule.gate) if limit is not None]
    return best is not None and not any(wrong(limit, ratio_of(best)) for limit in limits)


def value_of(figure: Figure) -> float | None:
    """What is measured: a share, seconds, or how many."""
    match figure.rule.value:
        case "share":
            return figure.rate
        case "mean_s":
            return figure.value_s
        case _:
            return float(figure.numerator)


def amount(rule: MetricRule, value: float | None) -> str:
    """A value with its unit."""
    if value is None:
        return "–"
    match rule.value:
        case "share":
            return percent(value)
        case "mean_s":
            return f"{value:.1f} 秒"
        case _:
            return f"{value:.0f} {_UNITS[rule.unit][:1]}".rstrip()


def percent(value: float) -> str:
    """One decimal, and never 100 where one is missing."""
    rounded = f"{value * 100:.1f}%"
    return "99.9%" if rounded == "100.0%" and value < 1 else rounded


def sample(figure: Figure) -> str:
    """How many of how many."""
    if figure.rule.value == "count":
        return ""
    if figure.rule.value == "mean_s":
        return f"{figure.denominator} {_UNITS[figure.rule.unit]}"
    return f"{figure.numerator}/{figure.denominator} {_UNITS[figure.rule.unit]}"


def spread(figure: Figure) -> str | None:
    """What the readings of the sources come to, where they differ."""
    low, high = figure.low, figure.high
    if low is None or high is None or low == high:
        return None
    return f"{amount(figure.rule, low)} – {amount(figure.rule, high)}"


def target(rule: MetricRule) -> str:
    """What to aim for."""
    return "–" if rule.target is None else _limit(rule, rule.target, _GOOD)


def gate(rule: MetricRule) -> str:
    """What is punished."""
    return "–" if rule.gate is None else _limit(rule, rule.gate, _SIGNS)


def _limit(rule: MetricRule, limit: Limit, signs: dict[str, str]) -> str:
    at = f"{limit.at:.10g}"
    if rule.value == "share":
        at = f"{limit.at * 100:.10g}%"
    elif rule.value == "mean_s":
        at += " 秒"
    return f"{signs[limit.op]} {at}"


def room(figure: Figure) -> str:
    """How much more may go wrong."""
    left, unit = figure.room, _UNITS[figure.rule.unit]
    if left is None:
        return "–"
    if left < 0:
        line = "离目标差" if figure.rule.gate is None else "已超红线"
        return f"{'从严算' if standing(figure) == 'unsettled' else ''}{line} {-left} {unit}"
    lost, what = _lost(figure.rule)
    more = f"还能再{lost} {left} {what}" if left else f"一{unit[0]}也不能再{lost}"
    missed = figure.rule.gate is not None and standing(figure) in {"short", "unsettled"}
    return f"离红线{more}" if missed else more


def _lost(rule: MetricRule) -> tuple[str, str]:
    """How one more goes wrong, and of what."""
    if rule.unit == "rating":
        return ("少", "个好评") if rule.higher_is_better else ("多", "个差评")
    how = "漏" if rule.unit == "duty" or rule.value == "count" else "慢"
    return how, _UNITS[rule.unit]


def heading(figure: Figure) -> str | None:
    """Where today's pace leads."""
    if figure.heading_for is None:
        return None
    end = "全天" if figure.rule.period == "day" else "期末"
    return f"照现在的走势，{end}约 {amount(figure.rule, figure.heading_for)}"


def days(period: Period) -> str:
    """A day, or the first and the last of several."""
    if period.first == period.last:
        return f"{period.first:%m-%d}"
    return f"{period.first:%m-%d} 至 {period.last:%m-%d}"


def replies_count(rule: MetricRule) -> bool:
    """Whether the metric asks who replied at all."""
    return rule.unit not in {"rating", "duty", "external"} and rule.value != "count"


def counts(counted: Counts) -> str:
    """Whose replies count."""
    return (
        f"人工{COUNTED[counted.human]} · 机器人{COUNTED[counted.bot]} · "
        f"安抚回复{COUNTED[counted.hold]}"
    )


def source(rule: MetricRule) -> str:
    """Where a rule comes from, how far that can be trusted, and of when it is.

    Most sources say both themselves.
    """
    if rule.as_of and str(rule.as_of) in rule.source:
        return rule.source
    dated = f"，{rule.as_of}" if rule.as_of else ""
    return f"{rule.source}（{RELIABILITY[rule.reliability]}{dated}）"


def charge(charged: Charge) -> str:
    """What a penalty comes to."""
    most = "最多 " if charged.unsure and charged.times else ""
    parts = [f"{most}{charged.times} 次"]
    if charged.points:
        parts.append(f"扣 {abs(charged.points):.10g} 分")
    if charged.fine is not None and any(charged.fine):
        low, high = charged.fine
        parts.append(f"罚款 {low:.10g} 元" if low == high else f"罚款 {low:.10g} 至 {high:.10g} 元")
    if charged.reached:
        parts.append(charged.reached)
    return "，".join(parts) + ("（口径不明）" if charged.unsure else "")


def warnings(report: StoreReport) -> list[str]:
    """What a reader should know before he believes the figures."""
    found = []
    if report.as_of is not None and (report.today - report.as_of).days > OLD_DAYS:
        found.append(f"规则资料截至 {report.as_of}，平台现在的要求可能已经变了。")
    if report.known_from is None:
        found.append("还没有这家店的任何记录。")
    elif report.known_from > report.range.first:
        found.append(f"记录从 {report.known_from} 开始，之前的空白不代表没有问题。")
    if report.store.mode == "observe":
        found.append("本店现在只观察：消息都按原文发出。")
    return found


def wait(waited_ms: int) -> str:
    """A wait as people say it."""
    minutes, seconds = divmod(waited_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= _IN_DAYS_FROM_H:
        return f"{hours // 24} 天 {hours % 24} 小时"
    if hours:
        return f"{hours} 小时 {minutes:02} 分"
    return f"{minutes} 分 {seconds:02} 秒" if minutes else f"{seconds} 秒"


def moment(at_ms: int, form: str = "%m-%d %H:%M:%S") -> str:
    """A time of the platform's."""
    return dt.datetime.fromtimestamp(at_ms // 1000, PLATFORM_ZONE).strftime(form)
