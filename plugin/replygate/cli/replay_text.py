"""What a replay found, in words for people."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from replygate.cli.columns import shorten, visible, width_of
from replygate.cli.report_text import table
from replygate.cli.verdict import name
from replygate.config import Store
from replygate.report import wording
from replygate.runtime.replay import Judged, PlayedHold, Report, Span
from replygate.runtime.track import PlayedTurn
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.clocks import Clock
from replygate.timing.metrics.figure import Figure

SHOWN_MAX: Final = 10
"""Examples of each kind; the rest is counted."""

_LABEL_COLUMNS: Final = 20

Outcome = Literal["met", "unclear", "missed"]


def summary(store: Store, report: Report, span: Span, width: int) -> Iterator[str]:
    """Lines of at most `width` columns: the figures, then examples."""
    yield f"{visible(store.name)} ({store.id})  {_days(report, span)}"
    for label, value in _figures(report):
        yield f"  {label}{' ' * (_LABEL_COLUMNS - width_of(label))}{value}"
    missed = [
        (played, clock)
        for played in report.turns
        for clock in played.clocks
        if outcome(clock) == "missed"
    ]
    yield from _section(
        "拦截与改写 blocked and rewritten",
        map(_example, report.examples),
        width,
        report.verdicts["block"] + report.verdicts["rewrite"],
    )
    yield from _section(
        "安抚回复 holding replies", map(_hold, report.holds), width, len(report.holds)
    )
    yield from _section(
        "超时 missed deadlines", (_missed(*one) for one in missed), width, len(missed)
    )


def measured(figures: Mapping[str, Sequence[Figure]], width: int) -> Iterator[str]:
    """The latest period of each metric that has anything to show, as a table."""
    latest = [each[-1] for each in figures.values() if each[-1].denominator]
    if not latest:
        return
    yield ""
    yield f"指标，最近一期 metrics, latest period ({len(latest)})"
    heads = ("指标", "规则", "日期", "结果", "高低", "目标或红线", "")
    rows = [heads, *map(_measure, latest)]
    yield from (f"  {line}" for line in table(rows, width - 2))


def _measure(figure: Figure) -> tuple[str, ...]:
    rule = figure.rule
    return (
        visible(rule.name),
        rule.id,
        wording.days(figure.period),
        wording.amount(rule, wording.value_of(figure)),
        wording.spread(figure) or "",
        wording.target(rule) if rule.target else wording.gate(rule),
        wording.STANDINGS[wording.standing(figure)],
    )


def outcome(clock: Clock) -> Outcome:
    """How a deadline ended. `unclear`: sources leave open whether the reply in time counts."""
    if clock.met_strictly:
        return "met"
    return "unclear" if clock.met_leniently else "missed"


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    first = Counter(played.turn.closed_origin for played in report.turns)
    ended = Counter(outcome(clock) for played in report.turns for clock in played.clocks)
    kept = Counter(one.outcome for one in report.follow_ups)
    verdicts = report.verdicts
    yield (
        "回复 replies",
        _tally(
            ("放行 pass", verdicts["pass"]),
            ("改写 rewrite", verdicts["rewrite"]),
            ("拦截 block", verdicts["block"]),
        ),
    )
    yield (
        "买家等待 turns",
        _tally(
            ("店铺先答 answered", first.total() - first["hold"] - first[None]),
            ("先发安抚 held", first["hold"]),
            ("无人回复 unanswered", first[None]),
        ),
    )
    yield (
        "时限 deadlines",
        _tally(
            ("达标 met", ended["met"]),
            ("口径不明 unclear", ended["unclear"]),
            ("超时 missed", ended["missed"]),
        ),
    )
    yield "安抚回复 holds", str(len(report.holds))
    yield (
        "后续 follow-ups",
        _tally(("已回复 answered", kept["answered"]), ("已上报 escalated", kept["escalated"])),
    )


def _tally(*parts: tuple[str, int]) -> str:
    total = sum(count for _, count in parts)
    return f"{total}：" + "，".join(f"{label} {count}" for label, count in parts)


def _section(title: str, lines: Iterable[str], width: int, count: int) -> Iterator[str]:
    if not count:
        return
    yield ""
    yield f"{title} ({count})"
    shown = 0
    for line in lines:
        if shown == SHOWN_MAX:
            break
        shown += 1
        yield shorten(f"  {line}", width)
    if count > shown:
        yield f"  … 另有 and {count - shown} more; --json"


def _example(judged: Judged) -> str:
    cleared = judged.cleared
    findings = [one for one in cleared.findings if one.action == cleared.action]
    rules = "、".join(dict.fromkeys(f"{one.rule}「{visible(one.matched)}」" for one in findings))
    change = f" → {visible(cleared.text)}" if cleared.text is not None else ""
    return (
        f"{_moment(judged.at_ms)}  {visible(cleared.draft.conversation)}  {name(cleared.action)}  "
        f"{rules}  {visible(cleared.draft.text)}{change}"
    )


def _hold(hold: PlayedHold) -> str:
    return (
        f"{_moment(hold.sent_ms)}  {visible(hold.conversation)}  {visible(hold.rule)}  "
        f"{visible(hold.text)}"
    )


def _missed(played: PlayedTurn, clock: Clock) -> str:
    came = "无人回复 no reply"
    if clock.stopped_ms is not None:
        late_s = (clock.stopped_ms - clock.due_ms) / 1000
        came = f"晚 late by {late_s:g} s"
    soft = "" if clock.rule.severity == "hard" else " (soft)"
    return (
        f"{_moment(clock.due_ms)}  {visible(played.conversation)}  {visible(clock.rule.id)} "
        f"{visible(clock.rule.name)}{soft}  {came}"
    )


def _moment(at_ms: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_ms // 1000, PLATFORM_ZONE):%m-%d %H:%M:%S}"


def _days(report: Report, span: Span) -> str:
    first, last = span.since or report.first_day, span.until or report.last_day
    if first is None or last is None:
        return "没有事件 no events"
    return f"{first}" if first == last else f"{first} – {last}"
