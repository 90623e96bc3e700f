from __future__ import annotations

import pytest

from replygate.ledger import ClockRow, History, LegRow, MessageFact, OutboxRow, SendState, TurnRow
from replygate.runtime.history import is_notice, notice, reconcile, snapshot_of
from replygate.runtime.record import turn_id
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Fact, Mark, Message, SessionClose, SessionOpen, Transfer
from replygate.timing.legs import Terms
from replygate.timing.turn import Conversation, Hold

TURN = turn_id("shop", "c-1", "m-1")
TERMS = Terms((DeadlineRule("r-1", "30 s", "message", 30, "test"),))


def message(id_: str = "m-1", at_ms: int = 1_000, *, out: bool = False) -> MessageFact:
    return MessageFact(
        "shop",
        "c-1",
        id_,
        "out" if out else "in",
        "bot" if out else "buyer",
        None,
        "text",
        at_ms,
        at_ms + 5,
        None if out else "price urge_ship",
        "hash",
    )


def send(send_id: str, state: SendState, *, platform_id: str | None = None) -> OutboxRow:
    return OutboxRow(
        send_id,
        "shop",
        "c-1",
        TURN,
        "hold",
        None,
        state,
        20_000,
        platform_id=platform_id,
        leg_seq=0,
        text_hash="hash of hold",
    )


def test_messages_become_facts_and_our_own_are_known() -> None:
    history = History(
        messages=(message(), message("p-1", 2_000, out=True), message("x-1", 3_000, out=True)),
        sends=(OutboxRow("s-1", "shop", "c-1", None, "bot", None, "sent", 1, platform_id="p-1"),),
    )
    assert snapshot_of(history, 500, {}).facts == (
        Message("m-1", 1_000, 1_005, "in", "buyer", ("price", "urge_ship")),
        Message("p-1", 2_000, 2_005, "out", "bot", own=True),
        Message("x-1", 3_000, 3_005, "out", "bot"),
    )


@pytest.mark.parametrize(
    "fact",
    [
        Mark("m:1", "recall", 7, 8),
        Mark("m-1", "platform_spam", 7, 8),
        Mark("m-1", "ad_reported", 7, 8),
        Mark("m-1", "platform_no_reply_needed", 7, 8),
        Transfer(7, 8, "t:1"),
        SessionOpen(7, 8, "s-1"),
        SessionClose(7, 8, "s-1"),
    ],
)
def test_what_is_no_message_comes_back_as_it_was(fact: Fact | Mark) -> None:
    row = notice("shop", "c-1", fact, "hash of nothing")
    assert is_notice(row)
    snapshot = snapshot_of(History(messages=(row,)), 0, {})
    assert (*snapshot.facts, *snapshot.marks) == (fact,)


def test_a_message_is_no_notice() -> None:
    assert not is_notice(message())
    with pytest.raises(AssertionError):
        notice("shop", "c-1", Message("m", 1, 1, "in", "buyer"), "h")


def test_holds_come_back_with_their_template_and_state() -> None:
    sends = (
        send("hold:shop/c-1/m-1:0:aaa", "sent"),
        send("hold:shop/c-1/m-1:1:aaa", "unknown"),
        send("hold:shop/c-1/m-1:2:aaa", "skipped"),
        send("hold:shop/c-1/m-1:3:aaa", "cancelled"),
    )
    holds = snapshot_of(History(sends=sends), 0, {"aaa": "已收到"}).holds
    assert holds == (
        Hold("m-1", 0, "已收到", 20_000, "sent"),
        Hold("m-1", 1, "已收到", 20_000, "unknown"),
        Hold("m-1", 2, "已收到", 20_000, "failed"),
    )
    assert snapshot_of(History(sends=sends[:1]), 0, {}).holds[0].template == ""


def test_timers_that_are_done_are_not_asked_for_again() -> None:
    legs = (
        LegRow(TURN, "hold", 0, 1, "fired", opened_by="m-1", rule_id="r-1"),
        LegRow(TURN, "escalate", 0, 1, "skipped", opened_by="m-1", rule_id="r-1"),
        LegRow(TURN, "warn", 0, 1, "cancelled", opened_by="m-1", rule_id="r-1"),
        LegRow(TURN, "breach", 0, 1, opened_by="m-1", rule_id="r-1"),
    )
    done = snapshot_of(History(legs=legs), 0, {}).done
    assert done == (("hold", "m-1", "r-1"), ("escalate", "m-1", "r-1"))


def test_a_ledger_that_says_what_follows_has_no_differences() -> None:
    machine = Conversation(TERMS)
    machine.handle(Message("m-1", 1_000, 1_005, "in", "buyer"), TERMS)
    history = History(
        turns=(TurnRow(TURN, "shop", "c-1", 1, 1_000, "m-1", 1_000),),
        clocks=(ClockRow("shop", "c-1", "r-1", "m-1", 1_000, 31_000),),
    )
    found = reconcile(history, machine, 0)
    assert (found.turns, found.clocks, found.void_turns, found.void_clocks) == ([], [], [], [])


def test_what_is_missing_or_wrong_is_found_and_what_is_older_is_left_alone() -> None:
    machine = Conversation(TERMS)
    machine.handle(Message("m-1", 1_000, 1_005, "in", "buyer"), TERMS)
    ghost = TurnRow(turn_id("shop", "c-1", "m-0"), "shop", "c-1", 0, 900, "m-0", 900)
    ghost_clock = ClockRow("shop", "c-1", "r-0", "m-0", 900, 31_000)
    history = History(turns=(ghost,), clocks=(ghost_clock,))
    found = reconcile(history, machine, 0)
    assert [turn.id for turn in found.turns] == ["m-1"]
    assert [clock.key for clock in found.clocks] == [("r-1", "m-1")]
    assert (found.void_turns, found.void_clocks) == ([ghost], [ghost_clock])
    later = reconcile(history, machine, 950)
    assert (later.void_turns, later.void_clocks) == ([], [])
