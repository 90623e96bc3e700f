"""What every ledger does for reports: facts by time, and summaries that no late fact outlives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from replygate.ledger import (
    Change,
    ConversationPage,
    Ledger,
    LegKey,
    SpanPage,
    SummaryRow,
    TakeoverRow,
    TaskRow,
)
from replygate.ledger.summaries import REACH_MS, day_of

from .samples import (
    BUYER,
    STORE,
    answer,
    duty,
    finding,
    leg,
    message,
    rating,
    reply,
    turn,
)

DAY_MS = 86_400_000
NOON_MS = 20_000 * DAY_MS + 4 * 3_600_000
"""Noon of day 20,000 in Shanghai."""

DAY = day_of(NOON_MS)
FIRST_MS = NOON_MS - DAY_MS // 2
END_MS = 2**62

Write = Callable[[Ledger], Awaitable[object]]


async def spanned(ledger: Ledger, since_ms: int, until_ms: int) -> SpanPage:
    """All pages of a span in one."""
    pages = [page async for page in ledger.days.span(STORE, since_ms, until_ms)]
    return SpanPage(
        lines=tuple(row for page in pages for row in page.lines),
        sends=tuple(row for page in pages for row in page.sends),
        findings=tuple(row for page in pages for row in page.findings),
        legs=tuple(row for page in pages for row in page.legs),
        ratings=tuple(row for page in pages for row in page.ratings),
        duty=tuple(row for page in pages for row in page.duty),
    )


async def keep(ledger: Ledger, *days: int, store: str = STORE) -> None:
    """Have summaries of these days in the ledger."""
    await ledger.days.claim(store, days, "claim")
    rows = [SummaryRow(store, day, "law", "{}") for day in days]
    assert await ledger.days.put(rows, "claim") == len(days)


async def kept(ledger: Ledger, store: str = STORE) -> list[int]:
    return [row.day for row in await ledger.days.summaries(store, 0, DAY + 1_000)]


async def finish(ledger: Ledger) -> None:
    """A send that was begun before is over."""
    assert await ledger.finish("s-1", "failed", result="refused")


async def begun(ledger: Ledger) -> None:
    await ledger.begin(answer(intent_ms=NOON_MS))


async def asked(ledger: Ledger) -> None:
    of = turn(asked_ms=NOON_MS)
    await ledger.record_inbound(message("m-0", NOON_MS), Change(turns=(of,), legs=(leg(of=of),)))


async def nothing(_ledger: Ledger) -> None:
    pass


WRITES: dict[str, tuple[Write, Write]] = {
    "a buyer's message": (nothing, lambda ledger: ledger.record_inbound(message("m", NOON_MS))),
    "a message that went out elsewhere": (
        nothing,
        lambda ledger: ledger.record_store_message(reply(at_ms=NOON_MS)),
    ),
    "a rating": (nothing, lambda ledger: ledger.record_rating(rating(at_ms=NOON_MS))),
    "an agent who came": (nothing, lambda ledger: ledger.record_duty(duty(at_ms=NOON_MS))),
    "a send": (nothing, begun),
    "what came of a send": (begun, finish),
    "a blocked text": (
        nothing,
        lambda ledger: ledger.intend(replace(answer(intent_ms=NOON_MS), state="skipped")),
    ),
    "a finding": (
        nothing,
        lambda ledger: ledger.record_change(Change(findings=(replace(finding(), at_ms=NOON_MS),))),
    ),
    "a hold's timer": (
        asked,
        lambda ledger: ledger.settle_leg(LegKey(turn().turn_id, "hold", 0), "skipped", "min_gap"),
    ),
    "a crash": (begun, lambda ledger: ledger.restore(0)),
    "who is forgotten": (asked, lambda ledger: ledger.forget(STORE, BUYER)),
    "what is too old": (asked, lambda ledger: ledger.retain(STORE, NOON_MS + 1)),
}


class DaysContract:
    """Reports."""

    async def test_messages_come_by_time_and_without_text(self, ledger: Ledger) -> None:
        for number, at_ms in enumerate((3_000, 1_000, 2_000, 4_000)):
            await ledger.record_inbound(message(f"m-{number}", at_ms, text="什么时候发货"))
        await ledger.record_inbound(message("other", 2_000, store="other"))
        lines = (await spanned(ledger, 1_000, 4_000)).lines
        assert [line.id for line in lines] == ["m-1", "m-2", "m-0"]
        assert lines[0][:-1] == (BUYER, "m-1", "in", "buyer", None, 1_000, 1_050, None)

    async def test_more_than_a_page_of_messages(self, ledger: Ledger) -> None:
        for number in range(1_005):
            # Many at one time: a page may end between two of them.
            await ledger.record_inbound(message(f"m-{number}", number // 500))
        await ledger.record_rating(rating())
        pages = [page async for page in ledger.days.span(STORE, 0, END_MS)]
        assert [len(page.lines) for page in pages] == [1_000, 5]
        assert [len(page.ratings) for page in pages] == [1, 0]
        assert len({line.id for page in pages for line in page.lines}) == 1_005

    async def test_sends_come_by_the_time_they_were_asked_for(self, ledger: Ledger) -> None:
        for name, intent_ms in (("s-2", 2_000), ("s-1", 1_000), ("s-3", 3_000)):
            await ledger.intend(replace(answer(name, intent_ms), state="skipped"))
        sends = (await spanned(ledger, 1_000, 3_000)).sends
        assert [send.send_id for send in sends] == ["s-1", "s-2"]

    async def test_a_finding_comes_with_the_message_it_is_about(self, ledger: Ledger) -> None:
        elsewhere = replace(finding("r-1"), at_ms=5_000)
        await ledger.record_store_message(
            replace(reply("r-1", origin="human"), agent="agent-1"), Change(findings=(elsewhere,))
        )
        await ledger.begin(answer(), [finding()])
        await ledger.finish(
            "s-1", "sent", platform_id="p-1", message=replace(reply("p-1"), agent="agent-7")
        )
        blocked = replace(answer("s-2"), state="skipped", verdict="block")
        await ledger.intend(blocked, [finding("s-2")])
        sent, kept_back, other = (await spanned(ledger, 0, END_MS)).findings
        assert (other.row, other.origin, other.agent) == (elsewhere, "human", "agent-1")
        assert (other.text, other.verdict, other.went_out) == ("今天发", None, True)
        assert (sent.row, sent.origin, sent.agent) == (finding(), "bot", "agent-7")
        assert (sent.text, sent.verdict, sent.went_out) == ("今天发", "pass", True)
        assert (kept_back.origin, kept_back.text, kept_back.went_out) == ("bot", None, False)

    async def test_the_timers_of_holds_and_promises(self, ledger: Ledger) -> None:
        of = turn(asked_ms=1_000)
        legs = (leg("warn", of=of), leg(of=of), replace(leg("follow_up", of=of), opened_by="h-1"))
        await ledger.record_inbound(message(), Change(turns=(of,), legs=legs))
        found = (await spanned(ledger, 1_000, 1_001)).legs
        assert [(one.kind, one.state, one.opened_by) for one in found] == [
            ("follow_up", "armed", "h-1"),
            ("hold", "armed", ""),
        ]
        assert found[0].asked_ms == 1_000
        assert (await spanned(ledger, 1_001, END_MS)).legs == ()

    async def test_comings_and_goings_begin_with_the_last_before(self, ledger: Ledger) -> None:
        for agent, at_ms, online in (
            ("a", 1_000, True),
            ("a", 2_000, False),
            ("b", 1_500, True),
            ("b", 3_000, False),
            ("c", 3_500, True),
            ("d", 9_000, True),
        ):
            row = replace(duty(at_ms=at_ms), agent=agent, online=online)
            await ledger.record_duty(row)
        await ledger.record_duty(replace(duty(at_ms=1), store="other", agent="e"))
        found = (await spanned(ledger, 3_000, 9_000)).duty
        assert [(row.agent, row.at_ms, row.online) for row in found] == [
            ("a", 2_000, False),
            ("b", 1_500, True),
            ("b", 3_000, False),
            ("c", 3_500, True),
        ]

    async def test_a_conversations_findings_and_ratings(self, ledger: Ledger) -> None:
        await ledger.record_rating(rating())
        await ledger.record_rating(rating(conversation="c-2"))
        await ledger.record_change(Change(findings=(finding(),)))
        found = await ledger.days.of_conversation(STORE, BUYER)
        assert found == ConversationPage((finding(),), (rating(),), (), None)
        nobody = await ledger.days.of_conversation("other", BUYER)
        assert nobody == ConversationPage((), (), (), None)

    async def test_a_conversations_tasks_and_who_has_it(self, ledger: Ledger) -> None:
        held = TakeoverRow(STORE, BUYER, "agent-7", 1_000, 2_000)
        await ledger.take_over(held)
        asked = TaskRow("t-1", STORE, BUYER, "draft", 1_500, "s-1", None, "bot", None, None, "好")
        blocked = replace(answer(), state="skipped", verdict="block")
        await ledger.intend(blocked, task=asked)
        found = await ledger.days.of_conversation(STORE, BUYER)
        assert (found.tasks, found.takeover) == ((asked,), held)

    async def test_when_the_facts_begin(self, ledger: Ledger) -> None:
        assert await ledger.days.first_ms(STORE) is None
        await ledger.record_inbound(message("m-1", 7_000))
        await ledger.record_inbound(message("m-2", 6_000))
        await ledger.record_inbound(message("m-3", 5_000, store="other"))
        assert await ledger.days.first_ms(STORE) == 6_000

    async def test_a_summary_is_kept_by_store_and_day(self, ledger: Ledger) -> None:
        await keep(ledger, DAY, DAY + 1)
        await keep(ledger, DAY, store="other")
        assert await ledger.days.summaries(STORE, DAY + 1, DAY + 9) == (
            SummaryRow(STORE, DAY + 1, "law", "{}"),
        )
        await ledger.days.claim(STORE, [DAY], "another")
        assert await ledger.days.put([SummaryRow(STORE, DAY, "new law", "[]")], "another") == 1
        assert await kept(ledger) == [DAY, DAY + 1]
        assert await kept(ledger, "other") == [DAY]

    @pytest.mark.parametrize("what", WRITES)
    async def test_a_fact_takes_the_summary_of_its_day_away(
        self, ledger: Ledger, what: str
    ) -> None:
        before, write = WRITES[what]
        await before(ledger)
        await keep(ledger, DAY - 5, DAY, DAY + 5)
        await keep(ledger, DAY, store="other")
        await write(ledger)
        assert DAY not in await kept(ledger)
        assert DAY - 5 in await kept(ledger)
        assert DAY + 5 in await kept(ledger) or what == "an agent who came"
        assert await kept(ledger, "other") == [DAY]

    @pytest.mark.parametrize(
        ("at_ms", "left"),
        [
            (FIRST_MS - REACH_MS - 1, [DAY]),
            (FIRST_MS - REACH_MS, []),
            (FIRST_MS + DAY_MS + REACH_MS - 1, []),
            (FIRST_MS + DAY_MS + REACH_MS, [DAY]),
        ],
    )
    async def test_a_fact_reaches_so_far(self, ledger: Ledger, at_ms: int, left: list[int]) -> None:
        await keep(ledger, DAY)
        await ledger.record_inbound(message(at_ms=at_ms))
        assert await kept(ledger) == left

    async def test_who_came_changes_every_later_day(self, ledger: Ledger) -> None:
        await keep(ledger, DAY - 2, DAY - 1, DAY, DAY + 90)
        await ledger.record_duty(duty(at_ms=NOON_MS))
        assert await kept(ledger) == [DAY - 2]

    async def test_a_fact_that_is_known_takes_nothing_away(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(at_ms=NOON_MS))
        await keep(ledger, DAY)
        assert not await ledger.record_inbound(message(at_ms=NOON_MS))
        assert await kept(ledger) == [DAY]

    async def test_an_echo_that_is_set_right_takes_it_away(self, ledger: Ledger) -> None:
        await ledger.record_store_message(reply("p-1", NOON_MS, origin="unknown"))
        await ledger.begin(answer(intent_ms=NOON_MS))
        await keep(ledger, DAY)
        await ledger.finish("s-1", "sent", message=reply("p-1", NOON_MS))
        assert await kept(ledger) == []

    async def test_nothing_outdated_is_put(self, ledger: Ledger) -> None:
        await ledger.days.claim(STORE, [DAY, DAY + 5], "mine")
        await ledger.record_inbound(message(at_ms=NOON_MS))
        rows = [SummaryRow(STORE, day, "law", "{}") for day in (DAY, DAY + 5)]
        assert await ledger.days.put(rows, "mine") == 1
        assert await kept(ledger) == [DAY + 5]

    async def test_who_claims_later_has_it(self, ledger: Ledger) -> None:
        await ledger.days.claim(STORE, [DAY], "mine")
        await ledger.days.claim(STORE, [DAY], "yours")
        row = SummaryRow(STORE, DAY, "law", "{}")
        assert await ledger.days.put([row], "mine") == 0
        assert await ledger.days.put([row], "yours") == 1
        assert await ledger.days.put([row], "yours") == 0
