"""The day's figures as an owner would check them: by hand, and as the report has them."""

from __future__ import annotations

from collections.abc import Iterator

from replygate.timing.metrics.figure import Figure

from .book import Count
from .figures import FIGURES, charges
from .lived import Day
from .shop import of_day


def table(day: Day) -> list[str]:
    """A Markdown table: what is counted, by hand, and in the report."""
    head = f"**{day.store.name}**, {len(day.chats)} buyers, {_messages(day)} messages"
    return [head, "", "| what | | by hand | in the report |", "|---|---|---|---|", *_rows(day)]


def _messages(day: Day) -> int:
    known = day.book()
    return known.received() + known.sent().total()


def _rows(day: Day) -> Iterator[str]:
    known, report = day.book(), day.report
    for metric in report.metrics:
        if not metric.external:
            shown = metric.rule
            by_hand = _count(FIGURES[report.store.platform][shown.id](known), shown.value)
            how = "good" if shown.unit == "rating" else "in time"
            how = how if shown.value == "share" else shown.value.partition("_")[0]
            yield _row(f"{shown.id} {shown.name}", how, by_hand, _figure(metric.today))
    for rule, clock in zip(known.shop.deadlines, report.clocks, strict=True):
        count = known.clocks(rule)
        least, most = count.lenient_units - count.lenient_good, count.units - count.good
        by_hand = f"{least} to {most} of {count.units}"
        told = f"{clock.surely_missed} to {clock.missed} of {clock.opened}"
        yield _row(f"{clock.rule} {clock.name}", "missed", by_hand, told)
    went = [act for acts in day.lived.holds.values() for act in acts if of_day(act.at_ms)]
    today = [hold for hold in day.holds if of_day(hold.asked_ms)]
    holds, verdicts = report.holds, known.verdicts()
    yield _row("holding replies", "sent", len(went), holds.sent)
    yield _row("their promises", "kept", sum(hold.kept is True for hold in today), holds.kept)
    broken = sum(hold.kept is False for hold in today)
    yield _row("their promises", "broken", broken, holds.broken)
    yield _row("texts", "blocked", verdicts["block"], report.verdicts.blocked)
    yield _row("texts", "rewritten", verdicts["rewrite"], report.verdicts.rewritten)
    yield _row("texts", "past the gate", verdicts["elsewhere"], report.verdicts.elsewhere)
    charged = {charge.rule.id: charge.times for charge in report.charges if charge.times}
    for name, times in charges(report.store.platform, known).items():
        yield _row(name, "charged", times, charged.get(name, 0))


def _count(count: Count, value: str) -> str:
    match value:
        case "count":
            return str(count.units)
        case "mean_s":
            return f"{count.good / count.units / 1000:.1f} s of {count.units}"
        case _:
            return f"{count.good} of {count.units}"


def _figure(figure: Figure) -> str:
    match figure.rule.value:
        case "count":
            return str(figure.numerator)
        case "mean_s":
            return f"{figure.value_s:.1f} s of {figure.denominator}"
        case _:
            return f"{figure.numerator} of {figure.denominator}"


def _row(what: str, how: str, by_hand: object, told: object) -> str:
    return f"| {what} | {how} | {by_hand} | {told} |"
