from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import Store
from replygate.report.gather import read_days
from replygate.report.kept import (
    HOLD,
    HOLDS,
    RECEIVED,
    SENT,
    TALKS,
    VERDICT,
    VERDICTS,
    Day,
    agents_of,
    shown_of,
    to_body,
)
from replygate.report.law import counted
from replygate.report.summary import DaySummary
from replygate.report.work_out import work_out
from replygate.timing.metrics.tally import Tally

from .shop import TODAY, ledger_of, live, ms, shop


def ids(store: Store) -> list[str]:
    return [rule.id for rule in counted(store)]


async def some_days(store: Store) -> list[DaySummary]:
    async with ledger_of() as ledger:
        await live(ledger)
        days = [TODAY - dt.timedelta(days=back) for back in range(5)]
        return [
            work_out(store, day, ms("20:00"))
            async for some in read_days(ledger, store.id, days)
            for day in some
        ]


async def test_a_body_says_the_same(tmp_path: Path) -> None:
    store = shop(tmp_path)
    for summary in await some_days(store):
        day = Day(to_body(summary, ids(store)))
        assert day.numbers[RECEIVED] == summary.received
        assert day.numbers[TALKS] == summary.talks
        assert day.numbers[SENT] == summary.sent.total()
        for at, name in enumerate(VERDICTS):
            assert day.numbers[VERDICT + at] == summary.verdicts[name]
        for at, name in enumerate(HOLDS):
            assert day.numbers[HOLD + at] == summary.holds[name]
        for at, metric in enumerate(ids(store)):
            assert day.tally(at) == summary.tallies.get((metric, ""), Tally())
        assert day.skipped == summary.skipped
        assert {tuple(rules): number for rules, number in day.broken} == summary.broken
        shown, agents = shown_of([day]), agents_of([day])
        assert shown.waits == summary.waits
        assert (shown.matched, shown.examples) == (summary.matched, summary.examples)
        assert agents.tallies == {key: one for key, one in summary.tallies.items() if key[1]}
        assert (agents.sent, agents.hits) == (summary.sent, summary.hits)


async def test_days_together(tmp_path: Path) -> None:
    store = shop(tmp_path)
    summaries = await some_days(store)
    days = [Day(to_body(summary, ids(store))) for summary in summaries]
    shown, agents = shown_of(days), agents_of(days)
    for hour in range(24):
        each = [summary.waits.by_hour[hour] for summary in summaries]
        assert shown.waits.by_hour[hour] == [sum(bucket) for bucket in zip(*each, strict=True)]
    for summary in summaries[1:]:
        summaries[0].waits.add(summary.waits)
    assert shown.waits.slowest == summaries[0].waits.slowest
    assert shown.matched.total() == sum(summary.matched.total() for summary in summaries) > 0
    for key, tally in agents.tallies.items():
        assert tally.units == sum(one.tallies[key].units for one in summaries if key in one.tallies)


def test_an_empty_day_is_short(tmp_path: Path) -> None:
    day = Day(to_body(DaySummary(), ids(shop(tmp_path))))
    assert day.body.endswith("\n\n")
    assert (day.shown(), day.agents()) == (None, None)
    assert not any(day.numbers)


async def test_a_body_is_short(tmp_path: Path) -> None:
    store = shop(tmp_path)
    for summary in await some_days(store):
        assert len(to_body(summary, ids(store))) < 8_000


def test_days_are_equal_by_what_they_hold() -> None:
    body = to_body(DaySummary(received=1), [])
    assert Day(body) == Day(body, 5)
    assert Day(body) != Day(to_body(DaySummary(), []))
    assert Day(body) != body
    assert body in repr(Day(body)).replace("\\n", "\n")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Day(body))
