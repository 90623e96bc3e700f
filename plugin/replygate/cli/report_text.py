"""A store's report in a terminal, for its owner: figures in Chinese, aligned in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from replygate.cli.columns import shorten, visible, width_of, wrap
from replygate.cli.output import Colour, paint
from replygate.report import wording
from replygate.report.report import (
    AgentReport,
    MetricReport,
    RuleCount,
    SlowConversation,
    StoreReport,
)
from replygate.timing.metrics.figure import Figure

ROWS_MAX: Final = 10
"""Rows of each kind; the rest is counted."""

SIGNS: Final[dict[wording.Standing, str]] = {
    "met": "✓",
    "short": "!",
    "violated": "✗",
    "boundary": "?",
    "unsettled": "?",
    "unassessed": "·",
    "unlimited": "·",
    "empty": "·",
}
COLOURS: Final[dict[wording.Standing, Colour]] = {
    "met": "green",
    "short": "yellow",
    "boundary": "yellow",
    "unsettled": "yellow",
    "violated": "red",
}

_GAP: Final = 2
_LEAST: Final = 4
_LABEL_COLUMNS: Final = 12


def summary(
    report: StoreReport, width: int, *, by_agent: bool = False, coloured: bool = False
) -> Iterator[str]:
    """Lines of at most `width` columns: the table, what it stands on, and what else happened."""
    yield from _head(report, width)
    known = [metric for metric in report.metrics if not metric.external]
    yield from _metrics(known, width, coloured=coloured)
    yield from _charges(report, width)
    yield from _happened(report, width)
    yield from _section("等得最久 slowest", map(_slow, report.slowest), len(report.slowest), width)
    yield from _section("命中规则 rules", map(_rule, report.rules), len(report.rules), width)
    if by_agent:
        yield from _agents(report.agents, width)
    yield from _grounds(known, width)
    outside = [metric.rule for metric in report.metrics if metric.external]
    if outside:
        names = "、".join(f"{visible(rule.name)} {rule.id}" for rule in outside)
        yield from _block(f"只能在平台后台看到 only the platform knows：{names}", width)


def table(rows: Sequence[Sequence[str]], width: int, flexible: int = 0) -> list[str]:
    """Rows as columns that stand under each other; the `flexible` one gives way to `width`."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    room = width - sum(widths) + widths[flexible] - _GAP * (len(widths) - 1)
    widths[flexible] = min(widths[flexible], max(room, _LEAST))
    return [_joined(row, widths, width) for row in rows]


def _joined(row: Sequence[str], widths: Sequence[int], width: int) -> str:
    cells = (_fill(shorten(cell, size), size) for cell, size in zip(row, widths, strict=True))
    return shorten((" " * _GAP).join(cells).rstrip(), width)


def _fill(cell: str, width: int) -> str:
    return cell + " " * (width - width_of(cell))


def _head(report: StoreReport, width: int) -> Iterator[str]:
    rules = f"{report.platform} {report.edition} ({report.as_of})" if report.edition else ""
    yield shorten(f"{visible(report.store.name)} ({report.store.id})  {rules}".rstrip(), width)
    yield shorten(
        f"{report.range.first} – {report.range.last}，收到 in {report.messages_in}，"
        f"发出 out {report.messages_out}，会话 conversations {report.conversations}",
        width,
    )
    for warning in wording.warnings(report):
        yield from _block(f"注意 warning：{visible(warning)}", width)


def _metrics(metrics: Sequence[MetricReport], width: int, *, coloured: bool) -> Iterator[str]:
    yield ""
    if not metrics:
        yield "指标 metrics：没有可以计算的 there are none"
        return
    yield "指标 metrics"
    heads = ("", "指标", "今日", "本期", "目标", "红线", "余量")
    rows = [heads, *(_row(metric) for metric in metrics)]
    head, *lines = table(rows, width, flexible=1)
    yield head
    for metric, line in zip(metrics, lines, strict=True):
        colour = COLOURS.get(wording.standing(metric.current))
        yield paint(line, colour) if coloured and colour else line


def _row(metric: MetricReport) -> tuple[str, ...]:
    rule, current = metric.rule, metric.current
    stands = wording.standing(current)
    room = wording.room(current)
    return (
        SIGNS[stands],
        visible(rule.name),
        wording.amount(rule, wording.value_of(metric.today)),
        wording.amount(rule, wording.value_of(current)),
        wording.target(rule),
        wording.gate(rule),
        wording.STANDINGS[stands] if room == "–" else room,
    )


def _grounds(metrics: Sequence[MetricReport], width: int) -> Iterator[str]:
    """Of each metric: its period, where it is heading, what counts, and where the rule is from."""
    if not metrics:
        return
    yield ""
    yield "口径与来源 what counts, and who says so"
    for metric in metrics:
        rule, current = metric.rule, metric.current
        yield from _block(f"{visible(rule.name)} {rule.id}", width)
        stands = wording.STANDINGS[wording.standing(current)]
        yield from _field("本期", f"{_period(current)}，{stands}", width)
        yield from _field("走势", wording.heading(current), width)
        if wording.replies_count(rule):
            yield from _field("算不算", wording.counts(rule.counts), width)
        yield from _field("高低", wording.spread(current), width)
        if current.boundary:
            yield from _field("注意", "正好在线上，各资料对这个值的说法不同", width)
        yield from _field("来源", visible(wording.source(rule)), width)


def _period(figure: Figure) -> str:
    parts = [wording.PERIODS[figure.rule.period], wording.days(figure.period)]
    return "，".join(filter(None, [" ".join(parts), wording.sample(figure)]))


def _field(label: str, value: str | None, width: int) -> Iterator[str]:
    if value is None:
        return
    first, *rest = wrap(value, width - _LABEL_COLUMNS)
    yield f"    {_fill(label, _LABEL_COLUMNS - 4)}{first}"
    for line in rest:
        yield f"{' ' * _LABEL_COLUMNS}{line}"


def _charges(report: StoreReport, width: int) -> Iterator[str]:
    charges = [one for one in report.charges if one.times]
    if not report.charges:
        return
    yield ""
    yield "扣分与罚款 points and fines"
    if not charges:
        yield "  本期没有 none in these periods"
    for one in charges:
        line = f"{visible(one.rule.name)} {one.rule.id}：{visible(wording.charge(one))}"
        where = f"（{wording.days(one.period)}；{visible(one.rule.source)}）"
        yield from _block(line + where, width)


def _happened(report: StoreReport, width: int) -> Iterator[str]:
    holds, verdicts = report.holds, report.verdicts
    yield ""
    yield "安抚与审核 holds and verdicts"
    unsure = f"，不明 unknown {holds.unknown}" if holds.unknown else ""
    failed = f"，失败 failed {holds.failed}" if holds.failed else ""
    yield from _block(
        f"安抚回复 holds {holds.sent}{unsure}{failed}；"
        f"承诺兑现 kept {holds.kept}，未兑现 broken {holds.broken}",
        width,
    )
    yield from _block(
        f"放行 pass {verdicts.passed}，改写 rewrite {verdicts.rewritten}，"
        f"拦截 block {verdicts.blocked}，绕过审核违规 elsewhere {verdicts.elsewhere}",
        width,
    )
    for clock in report.clocks:
        sure, most = clock.surely_missed, clock.missed
        missed = f"{most}" if sure == most else f"{sure}–{most}"
        soft = "" if clock.hard else "（本店自定 soft）"
        name = f"{visible(clock.name)} {clock.rule}{soft}"
        yield from _block(f"{name}：超时 missed {missed} / {clock.opened}", width)


def _slow(one: SlowConversation) -> str:
    end = visible(one.agent or "") if one.answered else "无人回复 nobody answered"
    at = wording.moment(one.asked_ms, "%m-%d %H:%M")
    return f"{at}  {wording.wait(one.waited_ms)}  {visible(one.conversation)}  {end}".rstrip()


def _rule(one: RuleCount) -> str:
    example = next((example for example in one.examples if example.matched or example.text), None)
    said = "" if example is None else f"  「{visible(example.matched or example.text or '')}」"
    action = f"{wording.ACTIONS[one.action]} {one.action:<7}"
    return f"{action}  {one.texts:>4}  {visible(one.rule)}{said}"


def _agents(agents: Sequence[AgentReport], width: int) -> Iterator[str]:
    yield ""
    yield f"按客服 by agent ({len(agents)})"
    for one in agents:
        sent = "，".join(f"{wording.ORIGINS[origin]} {count}" for origin, count in one.messages)
        hits = f"；命中规则 {one.texts_matched}" if one.texts_matched else ""
        yield from _block(f"{visible(one.agent)}：{sent or '没有发出消息'}{hits}", width)
        for figure in one.figures:
            value = wording.amount(figure.rule, wording.value_of(figure))
            told = filter(None, (f"{visible(figure.rule.name)} {value}", wording.sample(figure)))
            yield from _field("", "，".join(told), width)


def _section(title: str, lines: Iterable[str], count: int, width: int) -> Iterator[str]:
    if not count:
        return
    yield ""
    yield f"{title} ({count})"
    for _, line in zip(range(ROWS_MAX), lines, strict=False):
        yield shorten(f"  {line}", width)
    if count > ROWS_MAX:
        yield f"  … 另有 and {count - ROWS_MAX} more; --json"


def _block(text: str, width: int) -> Iterator[str]:
    first, *rest = wrap(text, width - 4)
    yield f"  {first}"
    for line in rest:
        yield f"    {line}"
