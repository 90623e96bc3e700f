from __future__ import annotations

import datetime as dt

import pytest

from replygate.ledger import DutyRow, Ledger
from replygate.report import gather
from replygate.report.gather import DayRows, read_days, start_ms
from replygate.timing.calendar import local_day
from replygate.timing.events import Fact, Mark, Message, SessionClose, SessionOpen, Transfer
from replygate.timing.metrics.talk import Line

from .shop import TODAY, ledger_of, line, live, ms, noticed, reply, sent, tell

TOMORROW = TODAY + dt.timedelta(days=1)
YESTERDAY = TODAY - dt.timedelta(days=1)


async def day_of(ledger: Ledger, day: dt.date = TODAY) -> DayRows:
    (chunk,) = [chunk async for chunk in read_days(ledger, "shop", [day])]
    (found,) = chunk
    return found


async def lines_of(ledger: Ledger, day: dt.date = TODAY) -> list[Line]:
    found = await day_of(ledger, day)
    return [told for talk in found.facts.talks for told in talk.lines]


def test_a_day_starts_at_the_platforms_midnight() -> None:
    assert local_day(start_ms(TODAY)) == TODAY
    assert local_day(start_ms(TODAY) - 1) == YESTERDAY


async def test_messages_and_notices_become_lines() -> None:
    at_ms = ms("10:00")
    async with ledger_of() as ledger:
        await tell(
            ledger,
            noticed(SessionOpen(at_ms, at_ms, "s")),
            line("q-1", at_ms + 1),
            line("n-1", at_ms + 2, origin="platform"),
            noticed(Transfer(at_ms + 3, at_ms + 3)),
            reply("a-1", at_ms + 4),
            noticed(SessionClose(at_ms + 5, at_ms + 5)),
        )
        assert await lines_of(ledger) == [
            Line(at_ms, "session_open", "session:s"),
            Line(at_ms + 1, "question", "q-1", "buyer"),
            Line(at_ms + 3, "transfer", f"transfer:{at_ms + 3}"),
            Line(at_ms + 4, "answer", "a-1", "human", "甲"),
            Line(at_ms + 5, "session_close", f"close:{at_ms + 5}"),
        ]


async def test_facts_of_one_instant_stand_as_the_timing_room_puts_them() -> None:
    at_ms = ms("10:00")
    facts: list[Fact] = [
        SessionClose(at_ms, at_ms + 500),
        Message("own", at_ms, at_ms + 500, "out", "bot", own=True),
        Transfer(at_ms, at_ms + 500),
        Message("q", at_ms, at_ms + 500, "in", "buyer"),
        Message("else", at_ms, at_ms + 500, "out", "human"),
        SessionOpen(at_ms, at_ms + 500),
    ]
    async with ledger_of() as ledger:
        await ledger.intend(sent("own", at_ms))
        await tell(ledger, line("q", at_ms), reply("own", at_ms), reply("else", at_ms))
        for fact in facts:
            if not isinstance(fact, Message):
                await tell(ledger, noticed(fact))
        found = [told.id for told in await lines_of(ledger)]
        assert found == [fact.key for fact in sorted(facts, key=lambda fact: fact.order)]


async def test_what_the_platform_said_of_a_message() -> None:
    async with ledger_of() as ledger:
        await tell(
            ledger,
            # Of a message that had not come yet, too.
            noticed(Mark("q-1", "platform_spam", ms("09:00"), ms("09:00"))),
            line("q-1", ms("10:00")),
            line("q-2", ms("10:01")),
            noticed(Mark("q-2", "recall", ms("10:02", TOMORROW), ms("10:02", TOMORROW))),
            noticed(Mark("q-3", "recall", ms("10:02"), ms("10:02")), conversation="c-2"),
        )
        first, second = await lines_of(ledger)
        assert (first.excuses, second.excuses) == (("platform_spam",), ("recall",))


async def test_a_word_of_two_days_later_is_too_late_whatever_is_read_with_it() -> None:
    after = TODAY + dt.timedelta(days=2)
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("q-1", ms("10:00")),
            line("q-9", ms("10:00", after)),
            noticed(Mark("q-1", "recall", ms("09:00", after), ms("09:00", after))),
        )
        assert [told.excuses for told in await lines_of(ledger)] == [()]
        days = [TODAY, TOMORROW, after]
        chunks = [chunk async for chunk in read_days(ledger, "shop", days)]
        assert [told.excuses for talk in chunks[0][0].facts.talks for told in talk.lines] == [()]


async def test_the_days_around_are_context_for_the_days_talks() -> None:
    before = TODAY - dt.timedelta(days=2)
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("long-ago", ms("23:59", before)),
            line("q-0", ms("23:59", YESTERDAY)),
            line("q-1", ms("23:59")),
            reply("a-1", ms("00:01", TOMORROW)),
            line("silent-today", ms("12:00", YESTERDAY), conversation="c-2"),
        )
        assert [told.id for told in await lines_of(ledger)] == ["q-0", "q-1", "a-1"]


async def test_days_that_are_apart_are_read_apart() -> None:
    days = [TODAY - dt.timedelta(days=back) for back in (0, 1, 2, 7)]
    async with ledger_of() as ledger:
        await live(ledger)
        chunks = [chunk async for chunk in read_days(ledger, "shop", days)]
        assert [[one.day for one in chunk] for chunk in chunks] == [
            [days[3]],
            [days[2]],
            [days[1], days[0]],
        ]
        assert chunks[2][0] == await day_of(ledger, YESTERDAY)


async def test_of_a_busy_store_one_day_more_is_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = [TODAY - dt.timedelta(days=back) for back in range(6)]
    async with ledger_of() as ledger:
        await live(ledger, days=6)
        quiet = [one async for chunk in read_days(ledger, "shop", days) for one in chunk]
        monkeypatch.setattr(gather, "FEW_LINES", 10)
        chunks = [chunk async for chunk in read_days(ledger, "shop", days)]
        assert max(map(len, chunks)) <= 2
        assert [one for chunk in chunks for one in chunk] == quiet


async def test_who_came_long_ago_is_still_there() -> None:
    async with ledger_of() as ledger:
        for name, back, online in (
            ("stays", 40, True),
            ("left", 30, True),
            ("left", 20, False),
            ("today", 0, True),
        ):
            at_ms = ms("09:00", TODAY - dt.timedelta(days=back))
            await ledger.record_duty(DutyRow("shop", name, at_ms, at_ms, online=online))
        await ledger.record_duty(DutyRow("other", "stranger", 1, 1, online=True))
        days = [TODAY - dt.timedelta(days=back) for back in (35, 10, 9, 0)]
        found = [one async for chunk in read_days(ledger, "shop", days) for one in chunk]
        told = [{fact.agent: fact.online for fact in one.facts.online} for one in found]
        assert told == [
            {"stays": True},
            {"stays": True, "left": False},
            {"stays": True, "left": False},
            {"stays": True, "left": False, "today": True},
        ]
