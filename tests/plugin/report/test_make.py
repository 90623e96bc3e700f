from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import Store
from replygate.ledger import Change, Ledger, MessageFact
from replygate.report.days import day_summaries, days_of
from replygate.report.kept import RECEIVED, SENT, agents_of, shown_of
from replygate.report.law import counted
from replygate.report.make import EXAMPLES_MAX, store_report
from replygate.report.report import StoreReport
from replygate.timing.events import Transfer
from replygate.timing.metrics.assess import figure
from replygate.timing.metrics.figure import Period
from replygate.timing.metrics.tally import Tally

from .shop import TODAY, finding, ledger_of, line, live, ms, noticed, reply, sent, shop, tell

NOW_MS = ms("20:00")
WEEK = Period(TODAY - dt.timedelta(days=6), TODAY)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return shop(tmp_path)


async def report_of(
    ledger: Ledger, store: Store, asked: Period = WEEK, now_ms: int = NOW_MS
) -> StoreReport:
    return await store_report(ledger, store, asked, now_ms=now_ms, keep=True)


async def test_a_metric_today_in_its_period_and_over_the_days(store: Store) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("q-1", ms("10:00")),
            reply("a-1", ms("10:01")),
            line("q-2", ms("10:00"), conversation="c-2"),
            line("q-3", ms("10:00", yesterday), conversation="c-3"),
        )
        report = await report_of(ledger, store)
        metric = next(one for one in report.metrics if one.rule.id == "PDD-M-01")
        assert (metric.today.numerator, metric.today.denominator) == (1, 2)
        assert metric.current == metric.today
        assert (metric.whole.numerator, metric.whole.denominator) == (1, 3)
        assert [one.denominator for one in metric.trend] == [0, 0, 0, 0, 0, 1, 2]
        assert [one.period.last for one in metric.trend] == list(days_of(*_ends(WEEK)))
        assert list(metric.periods) == list(metric.trend)
        assert metric.trend[-2:][0].denominator == 1


async def test_every_figure_is_what_its_days_come_to(store: Store) -> None:
    async with ledger_of() as ledger:
        await live(ledger)
        report = await report_of(ledger, store)
        found = await day_summaries(ledger, store, days_of(*_ends(WEEK)), now_ms=NOW_MS, keep=False)
        days = list(found.values())
        assert report.messages_in == sum(day.numbers[RECEIVED] for day in days) > 0
        assert report.messages_out == sum(day.numbers[SENT] for day in days) > 0
        waits = shown_of(days).waits
        assert sum(hour.asked for hour in report.waits) == sum(map(sum, waits.by_hour)) > 0
        places = {rule.id: place for place, rule in enumerate(counted(store))}
        for metric in report.metrics:
            tally = Tally()
            for day in days:
                tally.add(day.tally(places[metric.rule.id]))
            expected = figure(metric.rule, WEEK, tally, now_ms=NOW_MS)
            assert metric.whole.denominator == expected.denominator
            assert metric.whole.rate == expected.rate
        assert {"甲", "乙"} <= {agent.agent for agent in report.agents}
        of_agents = agents_of(days)
        for agent in report.agents:
            for one in agent.figures:
                assert one.denominator == of_agents.tallies[one.rule.id, agent.agent].units


async def test_a_period_of_the_past_begins_before_the_range(tmp_path: Path) -> None:
    douyin = shop(tmp_path, platform="douyin")
    rule = next(one for one in douyin.metrics if one.period == "half_month")
    started = dt.date(2026, 11, 16)
    async with ledger_of() as ledger:
        for number in range(3):
            at_ms = ms("10:00", started + dt.timedelta(days=number))
            await tell(ledger, *_session(number, at_ms))
        report = await report_of(ledger, douyin, Period(TODAY, TODAY))
        metric = next(one for one in report.metrics if one.rule.id == rule.id)
        assert str(metric.current.period) == "2026-11-16/2026-11-30"
        assert metric.today.denominator == 0
        assert metric.current.denominator == 3


def _session(number: int, at_ms: int) -> tuple[MessageFact, ...]:
    name = f"c-{number}"
    return (
        line(f"q-{number}", at_ms, conversation=name),
        noticed(Transfer(at_ms + 1, at_ms + 1), conversation=name),
        reply(f"a-{number}", at_ms + 30_000, conversation=name),
    )


async def test_today_is_heading_where_yesterday_went(store: Store) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    async with ledger_of() as ledger:
        for number in range(6):
            asked = ms("10:00", yesterday) + number
            name = f"y-{number}"
            await tell(ledger, line(name, asked, conversation=name))
        await tell(ledger, line("q-1", ms("10:00")), reply("a-1", ms("10:01")))
        metric = next(
            one for one in (await report_of(ledger, store)).metrics if one.rule.id == "PDD-M-01"
        )
        # Four of 24 hours are left: one buyer in time, and one of six that nobody answers.
        assert metric.today.heading_for == metric.current.heading_for == 1 / 2
        past = await report_of(ledger, store, Period(yesterday, yesterday))
        assert all(one.current.heading_for is None for one in past.metrics)


async def test_missed_clocks_and_what_they_cost(store: Store) -> None:
    asked = TODAY - dt.timedelta(days=3)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", ms("10:00", asked)), line("q-2", ms("19:59:59")))
        report = await report_of(ledger, store)
        ours = next(one for one in report.clocks if one.rule == "ours")
        assert (ours.opened, ours.missed, ours.surely_missed, ours.hard) == (1, 1, 1, False)
        charge = next(one for one in report.charges if one.rule.id == "PDD-X-02")
        assert charge.times >= 1
        assert "ours" in {metric.rule.id for metric in report.deadlines}


async def test_rules_with_their_latest_examples(store: Store) -> None:
    async with ledger_of() as ledger:
        for back in range(4):
            day = TODAY - dt.timedelta(days=back)
            for number in range(3):
                at_ms = ms("10:00", day) + number
                await ledger.record_store_message(
                    reply(f"a-{at_ms}", at_ms), Change(findings=(finding(f"a-{at_ms}", at_ms),))
                )
        await ledger.intend(sent("s", ms("11:00"), verdict="block"))
        report = await report_of(ledger, store)
        (rule,) = report.rules
        assert (rule.rule, rule.action, rule.texts) == ("contact.wechat", "block", 12)
        assert len(rule.examples) == EXAMPLES_MAX
        assert rule.examples[0].at_ms == ms("10:00") + 2
        times = [one.at_ms for one in rule.examples]
        assert times == sorted(times, reverse=True)
        assert (report.verdicts.blocked, report.verdicts.elsewhere) == (1, 12)
        # It is what went out that the platform punishes.
        charge = next(one for one in report.charges if one.rule.id == "PDD-X-09")
        assert charge.times == 12


async def test_what_a_store_should_know(store: Store, tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        report = await report_of(ledger, store)
        assert (report.known_from, str(report.as_of)[:4]) == (None, "2023")
        await tell(ledger, line("q-1", ms("10:00")))
        assert (await report_of(ledger, store)).known_from == TODAY
        fresh = replace(store, profile=None, edition=None)
        report = await report_of(ledger, fresh, Period(TODAY, TODAY))
        assert (report.as_of, report.platform) == (None, "pdd")


async def test_an_empty_store_has_figures_of_nothing(store: Store) -> None:
    async with ledger_of() as ledger:
        report = await report_of(ledger, store)
        assert report.messages_in == report.messages_out == report.conversations == 0
        assert all(metric.today.denominator == 0 for metric in report.metrics)
        assert all(metric.whole.rate is None for metric in report.metrics)
        assert (report.rules, report.agents, report.slowest) == ((), (), ())
        assert len(report.waits) == 24


async def test_one_stores_data_never_shows_in_anothers(tmp_path: Path) -> None:
    one, two = shop(tmp_path, name="one"), shop(tmp_path, name="two")
    async with ledger_of() as ledger:
        await live(ledger, store="one")
        alone = await report_of(ledger, one)
        await live(ledger, store="two", seed=2)
        await report_of(ledger, two)
        again = await report_of(ledger, one)
        assert again.messages_in == alone.messages_in
        assert [m.whole for m in again.metrics] == [m.whole for m in alone.metrics]
        assert again.rules == alone.rules


async def test_the_slowest_and_who_still_waits(store: Store) -> None:
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("q-1", ms("10:00"), conversation="slow"),
            reply("a-1", ms("10:30"), conversation="slow"),
            line("q-2", ms("12:00"), conversation="waits"),
        )
        report = await report_of(ledger, store, Period(TODAY, TODAY))
        told = {one.conversation: (one.waited_ms, one.answered) for one in report.slowest}
        assert told == {"slow": (1_800_000, True), "waits": (8 * 3_600_000, False)}
        assert report.waits[10].asked == 1
        assert report.waits[12].unanswered == 1


def _ends(period: Period) -> tuple[dt.date, dt.date]:
    return period.first, period.last
