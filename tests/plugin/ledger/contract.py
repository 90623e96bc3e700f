"""What every ledger must do. An engine's tests subclass this and give the fixture `ledger`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from replygate.errors import LedgerError
from replygate.ledger import (
    ArmedLeg,
    Change,
    DutyRow,
    History,
    Ledger,
    LegKey,
    MessageFact,
    OutboxRow,
    RatingRow,
    SendState,
)
from replygate.ledger.facts import TEXT_CHARS_MAX
from replygate.model import Origin

from .days_contract import DaysContract
from .people_contract import PeopleContract
from .samples import (
    BUYER,
    STORE,
    answer,
    clock,
    duty,
    finding,
    hold,
    leg,
    message,
    rating,
    reply,
    turn,
)

HOLD = LegKey(turn().turn_id, "hold", 0)
ASKED = Change(turns=(turn(),), clocks=(clock(),), legs=(leg("warn", due_ms=5_000), leg()))
ANSWERED = Change(
    turns=(turn(closed_ms=5_000),),
    clocks=(clock(stopped_ms=5_000),),
    cancel=(HOLD, LegKey(turn().turn_id, "warn", 0)),
)


async def read(ledger: Ledger, since_ms: int = 0, until_ms: int = 10**9) -> list[MessageFact]:
    return [fact async for fact in ledger.messages(STORE, since_ms, until_ms)]


async def ratings(ledger: Ledger, since_ms: int = 0, until_ms: int = 10**9) -> list[RatingRow]:
    return [row async for row in ledger.ratings(STORE, since_ms, until_ms)]


async def on_duty(ledger: Ledger, since_ms: int = 0, until_ms: int = 10**9) -> list[DutyRow]:
    return [row async for row in ledger.duty(STORE, since_ms, until_ms)]


class RecordingContract:
    """Messages, turns, clocks and legs."""

    async def test_a_buyer_message_is_written_with_all_that_it_opens(self, ledger: Ledger) -> None:
        assert await ledger.record_inbound(message(), ASKED)
        facts = await ledger.conversation(STORE, BUYER)
        assert facts.turn == turn()
        assert facts.clocks == (clock(),)
        assert facts.legs == (leg("warn", due_ms=5_000), leg())
        assert facts.messages == (message(),)
        assert facts.last_store_ms is None
        assert facts.next_clock == clock()
        assert facts.next_leg == leg("warn", due_ms=5_000)

    async def test_no_message_id_is_handled_twice(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message())
        again = replace(message(), text="something else")
        assert not await ledger.record_inbound(again, ASKED)
        facts = await ledger.conversation(STORE, BUYER)
        assert (facts.turn, facts.clocks, facts.legs) == (None, (), ())
        assert await read(ledger) == [message()]

    async def test_an_id_means_one_message_in_its_conversation_only(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message())
        assert await ledger.record_inbound(message(conversation="c-2"))
        assert await ledger.record_inbound(message(store="other"))

    async def test_twins_that_arrive_at_once_are_handled_once(self, ledger: Ledger) -> None:
        new = await asyncio.gather(*(ledger.record_inbound(message(), ASKED) for _ in range(20)))
        assert sum(new) == 1

    async def test_an_answer_closes_turn_clocks_and_legs(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        assert await ledger.record_store_message(reply(), ANSWERED)
        facts = await ledger.conversation(STORE, BUYER)
        assert facts.turn == turn(closed_ms=5_000)
        assert (facts.clocks, facts.legs) == ((), ())
        assert facts.last_store_ms == 5_000
        assert not await ledger.begin(hold())

    async def test_a_known_store_message_changes_nothing(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_store_message(reply())
        assert not await ledger.record_store_message(reply(), ANSWERED)
        assert (await ledger.conversation(STORE, BUYER)).turn == turn()

    async def test_the_platforms_own_text_is_not_the_stores(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_store_message(reply(origin="platform"))
        assert (await ledger.conversation(STORE, BUYER)).last_store_ms is None

    async def test_a_turn_keeps_its_generation(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        moved = replace(turn(), generation=2)
        with pytest.raises(AssertionError, match="keeps its conversation and generation"):
            await ledger.record_change(Change(turns=(moved,)))
        assert (await ledger.conversation(STORE, BUYER)).turn == turn()
        assert ledger.healthy

    async def test_what_can_not_be_written_is_refused_alone(self, ledger: Ledger) -> None:
        good, bad, late = await asyncio.gather(
            ledger.record_inbound(message("m-1"), ASKED),
            ledger.record_inbound(message("m-2", at_ms=2**63), ASKED),
            ledger.record_inbound(message("m-3")),
            return_exceptions=True,
        )
        assert (good, late) == (True, True)
        assert isinstance(bad, LedgerError)
        assert bad.__cause__ is not None
        assert ledger.healthy
        assert [fact.id for fact in await read(ledger)] == ["m-1", "m-3"]

    async def test_half_of_a_bad_write_is_not_there(self, ledger: Ledger) -> None:
        bad = Change(turns=(turn(),), legs=(leg("warn"), leg(due_ms=2**63)))
        with pytest.raises(LedgerError):
            await ledger.record_inbound(message(), bad)
        facts = await ledger.conversation(STORE, BUYER)
        assert (facts.turn, facts.legs) == (None, ())
        assert await read(ledger) == []

    async def test_a_long_text_is_cut(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(text="长" * (TEXT_CHARS_MAX + 1)))
        assert [fact.text for fact in await read(ledger)] == ["长" * TEXT_CHARS_MAX]

    async def test_a_store_may_keep_no_texts(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(text=None))
        assert await read(ledger) == [message(text=None)]

    async def test_half_a_surrogate_pair_is_no_fault(self, ledger: Ledger) -> None:
        assert await ledger.record_inbound(message(text="a\ud83d"))
        assert [fact.text for fact in await read(ledger)] == ["a?"]
        assert ledger.text_hash("a\ud83d") != ledger.text_hash("a?")

    async def test_hashes_recognise_and_do_not_tell(self, ledger: Ledger) -> None:
        assert ledger.text_hash("在吗") == ledger.text_hash("在吗")
        assert ledger.text_hash("在吗") != ledger.text_hash("在")
        assert len(ledger.text_hash("")) == len(ledger.text_hash("在" * 9_000)) == 32


class LegContract:
    """Timers."""

    async def test_an_armed_leg_moves(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_change(Change(legs=(leg(due_ms=7_000),)))
        assert leg(due_ms=7_000) in (await ledger.conversation(STORE, BUYER)).legs

    async def test_a_cancel_that_holds_says_so(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        missing = LegKey(turn().turn_id, "breach", 3)
        assert await ledger.record_change(Change(cancel=(HOLD, missing))) == {HOLD}
        assert await ledger.record_change(Change(cancel=(HOLD,))) == frozenset()
        assert not await ledger.begin(hold())

    async def test_a_cancelled_leg_is_not_armed_again(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_change(Change(cancel=(HOLD,)))
        await ledger.record_change(Change(legs=(leg(due_ms=7_000),)))
        assert [one.kind for one in (await ledger.conversation(STORE, BUYER)).legs] == ["warn"]
        await ledger.record_change(Change(legs=(leg(seq=1, due_ms=7_000),)))
        assert not await ledger.begin(hold())
        assert await ledger.begin(hold(seq=1))

    async def test_a_leg_is_settled_once(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        warn = LegKey(turn().turn_id, "warn", 0)
        won = await asyncio.gather(*(ledger.settle_leg(warn, "fired") for _ in range(10)))
        assert sum(won) == 1
        assert not await ledger.settle_leg(warn, "skipped", "too late")
        assert await ledger.settle_leg(HOLD, "skipped", "too late")

    async def test_a_leg_without_turn_is_refused(self, ledger: Ledger) -> None:
        with pytest.raises(LedgerError):
            await ledger.record_change(Change(legs=(leg(),)))

    async def test_a_hold_fires_through_begin_only(self, ledger: Ledger) -> None:
        with pytest.raises(AssertionError, match="fires through"):
            await ledger.settle_leg(HOLD, "fired")


class OutboxContract:
    """Sending once."""

    async def test_an_answer_begins_once(self, ledger: Ledger) -> None:
        began = await asyncio.gather(*(ledger.begin(answer()) for _ in range(10)))
        assert sum(began) == 1
        assert await ledger.send("s-1") == replace(answer(), state="sending")

    async def test_an_intended_answer_begins_once(self, ledger: Ledger) -> None:
        assert await ledger.intend(answer())
        assert not await ledger.intend(answer())
        assert await ledger.send("s-1") == answer()
        assert await ledger.begin(answer(intent_ms=6_000))
        assert not await ledger.begin(answer())
        assert await ledger.send("s-1") == replace(answer(intent_ms=6_000), state="sending")

    async def test_a_blocked_answer_is_a_fact(self, ledger: Ledger) -> None:
        blocked = replace(answer(), state="skipped", verdict="block", result="blocked")
        assert await ledger.intend(blocked, [finding()])
        assert not await ledger.begin(answer())
        assert await ledger.send("s-1") == blocked

    async def test_a_hold_begins_once(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        rows = [hold(f"h-{number}") for number in range(10)]
        assert sum(await asyncio.gather(*(ledger.begin(row) for row in rows))) == 1
        assert [one.kind for one in (await ledger.conversation(STORE, BUYER)).legs] == ["warn"]

    async def test_a_blocked_hold_leaves_room_for_the_next_text(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.intend(replace(hold("h-1"), state="skipped", verdict="block"))
        assert await ledger.begin(hold("h-2"))
        assert await ledger.finish("h-2", "sent")

    async def test_no_hold_without_its_leg_and_turn(self, ledger: Ledger) -> None:
        assert not await ledger.begin(hold())
        await ledger.record_change(Change(turns=(turn(),)))
        assert not await ledger.begin(hold())
        assert await ledger.send("h-1") is None

    async def test_no_hold_in_a_closed_turn(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_change(Change(turns=(turn(closed_ms=5_000),)))
        assert not await ledger.begin(hold())

    async def test_no_hold_for_an_older_turn(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_change(Change(turns=(turn(2, 8_000),)))
        assert not await ledger.begin(hold())

    @pytest.mark.parametrize(
        ("origin", "goes"),
        [("bot", False), ("human", False), ("hold", False), ("unknown", False), ("platform", True)],
    )
    async def test_no_hold_after_the_store_has_spoken(
        self, ledger: Ledger, origin: Origin, goes: bool
    ) -> None:
        await ledger.record_inbound(message(), ASKED)
        said = replace(reply(), origin=origin)
        await ledger.record_store_message(said)
        assert await ledger.begin(hold()) is goes

    async def test_the_buyers_next_message_lets_a_hold_go_again(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_store_message(reply())
        asked_again = Change(turns=(turn(last_buyer_ms=6_000),))
        await ledger.record_inbound(message("m-2", 6_000), asked_again)
        assert await ledger.begin(hold())

    async def test_no_hold_while_an_answer_is_on_its_way(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer())
        assert not await ledger.begin(hold())
        await ledger.finish("s-1", "failed")
        assert await ledger.begin(hold())

    async def test_no_hold_where_an_answer_may_be_out(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer())
        await ledger.finish("s-1", "unknown")
        assert not await ledger.begin(hold())
        asked_again = Change(turns=(turn(last_buyer_ms=6_000),))
        await ledger.record_inbound(message("m-2", 6_000), asked_again)
        assert await ledger.begin(hold())

    async def test_another_conversation_is_in_nobodys_way(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer(conversation="c-2"))
        await ledger.begin(answer("s-2", store="other"))
        assert await ledger.begin(hold())

    async def test_a_result_brings_message_and_change(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer())
        assert await ledger.finish(
            "s-1", "sent", platform_id="r-1", message=reply(), change=ANSWERED
        )
        facts = await ledger.conversation(STORE, BUYER)
        assert (facts.turn, facts.clocks) == (turn(closed_ms=5_000), ())
        assert await read(ledger) == [message(), reply()]
        assert await ledger.send("s-1") == replace(answer(), state="sent", platform_id="r-1")

    async def test_a_late_result_changes_nothing(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        assert await ledger.finish("s-1", "failed", result="refused")
        assert not await ledger.finish("s-1", "sent", message=reply(), change=ASKED)
        assert await read(ledger) == []
        assert (await ledger.conversation(STORE, BUYER)).turn is None

    async def test_our_echo_that_came_first_is_ours(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        await ledger.record_store_message(reply(origin="unknown"))
        await ledger.finish("s-1", "sent", platform_id="r-1", message=reply())
        assert [fact.origin for fact in await read(ledger)] == ["bot"]

    async def test_the_end_of_a_doubtful_send(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        assert await ledger.finish("s-1", "unknown", result="timeout")
        assert not await ledger.begin(answer())
        assert not await ledger.finish("s-1", "unknown")
        assert not await ledger.finish("s-1", "skipped")
        assert await ledger.finish("s-1", "sent", platform_id="r-1", result="seen in history")
        assert not await ledger.finish("s-1", "failed")

    async def test_a_send_that_waits_can_be_taken_back(self, ledger: Ledger) -> None:
        await ledger.intend(answer())
        assert await ledger.finish("s-1", "cancelled")
        assert not await ledger.begin(answer())
        await ledger.begin(answer("s-2"))
        assert not await ledger.finish("s-2", "cancelled")

    async def test_nobody_finishes_what_is_not_there(self, ledger: Ledger) -> None:
        assert not await ledger.finish("s-9", "sent")

    async def test_stale_sends_become_unknown(self, ledger: Ledger) -> None:
        await ledger.begin(answer("s-1", 4_000))
        await ledger.begin(answer("s-2", 5_000))
        (parked,) = await ledger.stale_sending(5_000)
        assert (parked.send_id, parked.state) == ("s-1", "unknown")
        assert parked.result
        assert await ledger.stale_sending(5_000) == ()

    async def test_a_hold_and_an_answer_keep_their_rows_apart(self) -> None:
        with pytest.raises(AssertionError, match="by its leg"):
            replace(answer(), leg_seq=0)
        with pytest.raises(AssertionError, match="by its leg"):
            replace(hold(), leg_seq=None)


class QueryContract:
    """Restoring and reading."""

    async def test_restoring_finds_what_is_open(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_inbound(message(conversation="c-2"))
        restored = await ledger.restore(0)
        assert restored.conversations == ((STORE, BUYER),)
        assert restored.legs == (
            ArmedLeg(STORE, BUYER, "warn", 5_000),
            ArmedLeg(STORE, BUYER, "hold", leg().due_ms),
        )
        assert restored.legs == await ledger.armed_legs()
        assert restored.unknown == ()

    async def test_restoring_parks_what_was_being_sent(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.intend(answer("s-1"))
        await ledger.begin(hold())
        restored = await ledger.restore(0)
        assert [(row.send_id, row.state) for row in restored.unknown] == [("h-1", "unknown")]
        waiting = await ledger.send("s-1")
        assert waiting is not None
        assert (waiting.state, waiting.result) == (
            "skipped",
            "the process ended before it was sent",
        )
        assert [one.kind for one in restored.legs] == ["warn"]
        assert await ledger.unknown_sends(0) == restored.unknown
        assert await ledger.unknown_sends(restored.unknown[0].intent_ms + 1) == ()
        assert not await ledger.begin(hold("h-2"))

    async def test_history_is_not_restored(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), Change(turns=(turn(),), clocks=(clock(),)))
        await ledger.begin(answer())
        assert (await ledger.restore(1_000)).conversations
        assert await ledger.restore(4_001) == await ledger.restore(10**9)
        assert (await ledger.restore(4_001)).conversations == ()

    async def test_an_armed_leg_is_restored_however_old(self, ledger: Ledger) -> None:
        closed = turn(closed_ms=2_000)
        await ledger.record_change(Change(turns=(closed,), legs=(leg("follow_up"),)))
        restored = await ledger.restore(10**9)
        assert restored.conversations == ()
        assert restored.legs == (ArmedLeg(STORE, BUYER, "follow_up", leg().due_ms),)

    async def test_an_open_clock_of_an_answered_buyer_is_restored(self, ledger: Ledger) -> None:
        change = Change(turns=(turn(closed_ms=2_000),), clocks=(clock(),))
        await ledger.record_inbound(message(), change)
        assert (await ledger.restore(0)).conversations == ((STORE, BUYER),)

    async def test_a_turn_without_any_leg_is_unguarded(self, ledger: Ledger) -> None:
        for name in ("c-1", "c-2", "c-3"):
            asked = replace(turn(), turn_id=f"shop/{name}/m-1", conversation=name)
            legs = (replace(leg(), turn_id=asked.turn_id),) if name == "c-2" else ()
            await ledger.record_change(Change(turns=(asked,), legs=legs))
        since_ms = turn().last_buyer_ms
        found = await ledger.unguarded(since_ms, 10**9, ("", ""))
        assert found == ((STORE, "c-1"), (STORE, "c-3"))
        assert await ledger.unguarded(since_ms, 10**9, found[0]) == found[1:]
        assert await ledger.unguarded(since_ms, 10**9, found[1]) == ()
        assert await ledger.unguarded(since_ms + 1, 10**9, ("", "")) == ()

    async def test_a_deadline_to_come_without_an_armed_leg_is_unguarded(
        self, ledger: Ledger
    ) -> None:
        await ledger.record_inbound(message(), ASKED)
        due_ms = clock().due_ms
        assert await ledger.unguarded(0, 0, ("", "")) == ()
        await ledger.record_change(Change(cancel=(HOLD, LegKey(turn().turn_id, "warn", 0))))
        assert await ledger.unguarded(0, due_ms - 1, ("", "")) == ((STORE, BUYER),)
        assert await ledger.unguarded(0, due_ms, ("", "")) == ()
        await ledger.record_change(Change(clocks=(clock(stopped_ms=5_000),)))
        assert await ledger.unguarded(0, 0, ("", "")) == ()

    async def test_an_unknown_conversation_is_empty(self, ledger: Ledger) -> None:
        facts = await ledger.conversation(STORE, "nobody")
        assert (facts.turn, facts.messages, facts.next_clock, facts.next_leg) == (
            None,
            (),
            None,
            None,
        )

    async def test_the_latest_turn_counts(self, ledger: Ledger) -> None:
        change = Change(turns=(turn(closed_ms=2_000), turn(2, 3_000)), legs=(leg("follow_up"),))
        await ledger.record_inbound(message(), change)
        await ledger.record_inbound(message("m-2", 3_000))
        facts = await ledger.conversation(STORE, BUYER)
        assert facts.turn == turn(2, 3_000)
        assert facts.legs == (leg("follow_up"),)
        assert [fact.id for fact in facts.messages] == ["m-2"]

    async def test_who_waits_longest_comes_first(self, ledger: Ledger) -> None:
        for number, asked_ms in ((1, 3_000), (2, 1_000), (3, 2_000)):
            opened = turn(asked_ms=asked_ms, conversation=f"c-{number}")
            await ledger.record_change(Change(turns=(opened,)))
        await ledger.record_change(Change(turns=(turn(conversation="c-4", closed_ms=1),)))
        await ledger.record_change(Change(turns=(turn(store="other"),)))
        waiting = await ledger.waiting(STORE)
        assert [facts.conversation for facts in waiting] == ["c-2", "c-3", "c-1"]

    async def test_a_period_of_messages_comes_by_time(self, ledger: Ledger) -> None:
        for number, at_ms in enumerate((3_000, 1_000, 2_000, 2_000, 4_000)):
            await ledger.record_inbound(message(f"m-{number}", at_ms))
        await ledger.record_inbound(message("m-9", 2_000, store="other"))
        assert [fact.id for fact in await read(ledger, 1_000, 4_000)] == [
            "m-1",
            "m-2",
            "m-3",
            "m-0",
        ]
        assert await read(ledger, 5_000) == []

    async def test_a_long_period_comes_whole(self, ledger: Ledger) -> None:
        count = 2_050
        await asyncio.gather(
            *(ledger.record_inbound(message(f"m-{n}", n // 100)) for n in range(count))
        )
        found = await read(ledger)
        assert len({fact.id for fact in found}) == len(found) == count
        assert found == sorted(found, key=lambda fact: fact.at_ms)

    async def test_a_conversations_sends_come_oldest_first(self, ledger: Ledger) -> None:
        await ledger.begin(answer("s-2", 5_000))
        await ledger.begin(answer("s-1", 4_000))
        await ledger.begin(answer("s-0", 3_000))
        await ledger.begin(answer("s-9", conversation="c-2"))
        rows = await ledger.sends(STORE, BUYER, 4_000)
        assert [row.send_id for row in rows] == ["s-1", "s-2"]

    async def test_holds_are_counted_for_their_caps(self, ledger: Ledger) -> None:
        legs = tuple(leg(seq=seq) for seq in range(4))
        await ledger.record_change(Change(turns=(turn(),), legs=legs))
        ends: tuple[SendState, ...] = ("sent", "failed", "skipped", "sent")
        for seq, state in enumerate(ends):
            await ledger.begin(hold(f"h-{seq}", 9_000 + seq, seq=seq))
            await ledger.finish(f"h-{seq}", state)
        await ledger.begin(answer())
        assert await ledger.hold_counts(STORE, 9_000) == {BUYER: 2}
        assert await ledger.hold_counts(STORE, 9_001) == {BUYER: 1}
        assert await ledger.hold_counts("other", 0) == {}

    async def test_stores_with_facts(self, ledger: Ledger) -> None:
        assert await ledger.stores() == ()
        await ledger.record_inbound(message())
        await ledger.begin(answer(store="other"))
        assert await ledger.stores() == ("other", "shop")


class FeedbackContract:
    """Ratings and duty."""

    async def test_a_rating_comes_back_as_it_went_in(self, ledger: Ledger) -> None:
        bare = RatingRow(STORE, BUYER, "g-2", 7_000, 7_000)
        assert await ledger.record_rating(rating())
        assert await ledger.record_rating(bare)
        assert await ratings(ledger) == [rating(), bare]

    async def test_no_rating_is_written_twice(self, ledger: Ledger) -> None:
        await ledger.record_rating(rating())
        assert not await ledger.record_rating(replace(rating(at_ms=9_000), score=1.0))
        assert await ratings(ledger) == [rating()]
        assert await ledger.record_rating(rating(conversation="c-2"))
        assert await ledger.record_rating(rating(store="other"))

    async def test_a_reason_is_stored_as_a_text_is(self, ledger: Ledger) -> None:
        await ledger.record_rating(rating("g-1", reason="长" * (TEXT_CHARS_MAX + 1)))
        await ledger.record_rating(rating("g-2", reason="a\ud83d"))
        await ledger.record_rating(rating("g-3", reason=None))
        found = [row.reason for row in await ratings(ledger)]
        assert found == ["长" * TEXT_CHARS_MAX, "a?", None]

    async def test_who_came_and_left_comes_back_as_it_went_in(self, ledger: Ledger) -> None:
        left = duty(online=False)
        assert await ledger.record_duty(duty())
        assert await ledger.record_duty(left)
        assert await on_duty(ledger) == [duty(), left]

    async def test_no_coming_is_written_twice(self, ledger: Ledger) -> None:
        await ledger.record_duty(duty())
        assert not await ledger.record_duty(replace(duty(), received_ms=9_000))
        assert await on_duty(ledger) == [duty()]
        assert await ledger.record_duty(duty(agent="agent-8"))
        assert await ledger.record_duty(duty(501))
        assert await ledger.record_duty(duty(store="other"))

    async def test_a_period_of_both_comes_by_time(self, ledger: Ledger) -> None:
        for at_ms in (3_000, 1_000, 2_000, 4_000):
            await ledger.record_rating(rating(f"g-{at_ms}", at_ms))
            await ledger.record_duty(duty(at_ms))
        await ledger.record_rating(rating("g-9", 2_000, store="other"))
        await ledger.record_duty(duty(2_000, store="other"))
        period = [1_000, 2_000, 3_000]
        assert [row.at_ms for row in await ratings(ledger, 1_000, 4_000)] == period
        assert [row.at_ms for row in await on_duty(ledger, 1_000, 4_000)] == period

    async def test_a_long_period_of_duty_comes_whole(self, ledger: Ledger) -> None:
        count = 1_050
        agents = [f"agent-{n:04}" for n in range(count)]
        await asyncio.gather(*(ledger.record_duty(duty(agent=agent)) for agent in agents))
        assert sorted(row.agent for row in await on_duty(ledger)) == agents

    async def test_they_are_forgotten_with_their_buyer_and_time(self, ledger: Ledger) -> None:
        await ledger.record_rating(rating("g-1", 1_000))
        await ledger.record_rating(rating("g-2", 5_000, conversation="c-2"))
        await ledger.record_duty(duty(1_000))
        await ledger.record_duty(duty(5_000))
        assert await ledger.forget(STORE, BUYER) == 1
        assert [row.id for row in await ratings(ledger)] == ["g-2"]
        assert await ledger.retain(STORE, 5_000) == 1
        assert await on_duty(ledger) == [duty(5_000)]
        assert await ledger.retain(STORE, 5_001) == 2
        assert await ledger.stores() == ()

    async def test_a_store_with_only_them_is_a_store(self, ledger: Ledger) -> None:
        await ledger.record_rating(rating())
        await ledger.record_duty(duty(store="other"))
        assert await ledger.stores() == ("other", "shop")


class RemovalContract:
    """Forgetting."""

    async def test_a_forgotten_buyer_is_gone_and_no_other(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer(), [finding()])
        await ledger.record_inbound(message(conversation="c-2"))
        await ledger.record_inbound(message(store="other"))
        assert await ledger.forget(STORE, BUYER) == 5
        facts = await ledger.conversation(STORE, BUYER)
        assert (facts.turn, facts.clocks, facts.legs, facts.messages) == (None, (), (), ())
        assert await ledger.send("s-1") is None
        assert not await ledger.begin(hold())
        assert [fact.conversation for fact in await read(ledger)] == ["c-2"]
        assert await ledger.stores() == ("other", "shop")
        assert await ledger.forget(STORE, BUYER) == 0

    async def test_what_is_old_goes_and_what_is_not_stays(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.begin(answer("s-1", 4_000), [finding()])
        await ledger.record_inbound(message("m-2", 5_000))
        await ledger.record_inbound(message(store="other"))
        assert await ledger.retain(STORE, 1_000) == 0
        assert await ledger.retain(STORE, 5_000) == 5
        assert [fact.id for fact in await read(ledger)] == ["m-2"]
        assert "other" in await ledger.stores()

    async def test_much_goes_in_batches(self, ledger: Ledger) -> None:
        count = 1_100
        await asyncio.gather(*(ledger.record_inbound(message(f"m-{n}")) for n in range(count)))
        assert await ledger.retain(STORE, 2_000) == count
        assert await ledger.stores() == ()


class LifeContract:
    """Health and closing."""

    async def test_a_ledger_is_healthy_from_the_start(self, ledger: Ledger) -> None:
        assert ledger.healthy
        assert ledger.fault is None
        assert await ledger.check()

    async def test_closing_waits_for_what_is_under_way(self, ledger: Ledger) -> None:
        async with asyncio.TaskGroup() as group:
            writes = [group.create_task(ledger.begin(row)) for row in many(50)]
            await asyncio.sleep(0)
            await ledger.close()
        assert all(write.result() for write in writes)
        await ledger.close()

    async def test_a_closed_ledger_says_so(self, ledger: Ledger) -> None:
        await ledger.close()
        with pytest.raises(LedgerError, match="closed"):
            await ledger.begin(answer())
        with pytest.raises(LedgerError, match="closed"):
            await ledger.stores()
        assert not await ledger.check()

    async def test_a_caller_that_goes_away_harms_nobody(self, ledger: Ledger) -> None:
        async with asyncio.TaskGroup() as group:
            first, second, third = (group.create_task(ledger.begin(row)) for row in many(3))
            await asyncio.sleep(0)
            second.cancel()
        assert first.result()
        assert second.cancelled()
        assert third.result()
        assert await ledger.begin(answer("s-4"))


class HistoryContract:
    """From what happened, the state can be worked out again."""

    async def test_everything_since_a_moment_is_there(self, ledger: Ledger) -> None:
        old = turn(1, 100, closed_ms=200)
        await ledger.record_inbound(message("m-0", 100), Change(turns=(old,), legs=(leg(of=old),)))
        asked = turn(2, 1_000)
        due = replace(leg("warn", of=asked), opened_by="m-1", rule_id="PDD-D-01")
        await ledger.record_inbound(message(), Change((asked,), (clock(),), (due,)))
        await ledger.record_store_message(reply(), Change(turns=(turn(2, 1_000, closed_ms=5_000),)))
        await ledger.begin(answer())
        history = await ledger.history(STORE, BUYER, 1_000)
        assert history.turns == (turn(2, 1_000, closed_ms=5_000),)
        assert history.clocks == (clock(),)
        assert history.legs == (due,)
        assert history.messages == (message(), reply())
        assert [row.send_id for row in history.sends] == ["s-1"]
        assert await ledger.history(STORE, "c-2", 0) == History()

    async def test_an_open_turn_is_there_however_old_it_is(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        await ledger.record_inbound(message("m-2", 2_000))
        history = await ledger.history(STORE, BUYER, 10**9)
        assert history.turns == (turn(),)
        assert history.messages == (message(), message("m-2", 2_000))
        assert history.clocks == (clock(),)

    async def test_legs_that_are_done_are_written_known_or_not(self, ledger: Ledger) -> None:
        await ledger.record_inbound(message(), ASKED)
        warned = replace(leg("warn", due_ms=5_000), state="fired")
        skipped = replace(leg("escalate"), state="skipped", result="too late")
        await ledger.record_change(Change(done=(warned, skipped)))
        again = replace(warned, state="skipped", result="never")
        await ledger.record_change(Change(done=(again,)))
        history = await ledger.history(STORE, BUYER, 0)
        assert set(history.legs) == {warned, skipped, leg()}

    async def test_a_leg_that_is_armed_is_not_done(self) -> None:
        with pytest.raises(AssertionError, match="done legs are done"):
            Change(done=(leg(),))

    async def test_a_send_begins_at_once_behind_what_waits(self, ledger: Ledger) -> None:
        writing = asyncio.gather(
            ledger.record_inbound(message(), ASKED), ledger.record_inbound(message("m-2"))
        )
        await asyncio.sleep(0)
        assert ledger.begin_now(answer())
        assert not ledger.begin_now(answer())
        history = await ledger.history(STORE, BUYER, 0)
        assert len(history.messages) == 2
        assert all(await writing)


class LedgerContract(
    RecordingContract,
    LegContract,
    OutboxContract,
    QueryContract,
    FeedbackContract,
    RemovalContract,
    LifeContract,
    HistoryContract,
    DaysContract,
    PeopleContract,
):
    """All of it."""


def many(count: int) -> list[OutboxRow]:
    return [answer(f"s-{number}") for number in range(count)]
