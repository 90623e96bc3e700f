from __future__ import annotations

from replygate.ledger import Change, History, LegKey, LegRow, TurnRow
from replygate.runtime.record import VOID, Record, turn_id, turn_key
from replygate.timing.clocks import Clock
from replygate.timing.commands import (
    Escalate,
    Fired,
    Leg,
    OpenClock,
    OpenTurn,
    SendHold,
    SkipHold,
    VoidClock,
    VoidTurn,
)
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import LegKind
from replygate.timing.timeline import Turn

RULE = DeadlineRule("r-1", "30 s", "message", 30, "test")
TURN = turn_id("shop", "c-1", "m-1")


def turn(id_: str = "m-1", asked_ms: int = 1_000) -> Turn:
    return Turn(id_, asked_ms, asked_ms, "message")


def clock(turn_: str = "m-1") -> Clock:
    return Clock(RULE, "m-1", 1_000, 31_000, turn_)


def leg(
    kind: LegKind = "hold", due_ms: int = 21_000, *, turn_: str = "m-1", opened_by: str = "m-1"
) -> Leg:
    return Leg(kind, due_ms, turn_, opened_by, "r-1")


def record() -> Record:
    made = Record("shop", "c-1")
    made.note([OpenTurn(turn()), OpenClock(clock())], "current")
    return made


def test_turns_have_names_that_can_not_be_confused() -> None:
    names = {
        turn_id("shop", "a/b", "c"),
        turn_id("shop", "a", "b/c"),
        turn_id("shop", "a%2Fb", "c"),
    }
    assert len(names) == 3
    assert turn_key(turn_id("shop", "a/b", "transfer:c/d")) == "transfer:c/d"


def test_a_question_is_one_change() -> None:
    made = record()
    change = made.take({"hold": leg(), "warn": leg("warn", 15_000)})
    assert [row.turn_id for row in change.turns] == [TURN]
    assert [(row.rule_id, row.due_ms, row.edition) for row in change.clocks] == [
        ("r-1", 31_000, "current")
    ]
    assert [(row.kind, row.seq, row.due_ms) for row in change.legs] == [
        ("hold", 0, 21_000),
        ("warn", 0, 15_000),
    ]
    assert made.take({"hold": leg(), "warn": leg("warn", 15_000)}) == Change()


def test_a_timer_that_moves_keeps_its_row_and_one_that_comes_back_gets_another() -> None:
    made = record()
    made.take({"hold": leg()})
    moved = made.take({"hold": leg(due_ms=20_000)})
    assert [(row.seq, row.due_ms) for row in moved.legs] == [(0, 20_000)]
    assert made.take({}).cancel == (LegKey(TURN, "hold", 0),)
    assert [row.seq for row in made.take({"hold": leg()}).legs] == [1]


def test_a_timer_for_another_clock_is_another_row() -> None:
    made = record()
    made.take({"hold": leg()})
    change = made.take({"hold": leg(opened_by="m-2")})
    assert change.cancel == (LegKey(TURN, "hold", 0),)
    assert [(row.seq, row.opened_by) for row in change.legs] == [(1, "m-2")]


def test_timers_that_fired_are_done_known_to_the_ledger_or_not() -> None:
    made = record()
    made.take({"warn": leg("warn")})
    made.note([Fired(leg("warn")), Fired(leg("escalate")), Escalate("m-1", "waiting")], None)
    change = made.take({})
    assert [(row.kind, row.seq, row.state) for row in change.done] == [
        ("warn", 0, "fired"),
        ("escalate", 0, "fired"),
    ]
    assert change.cancel == ()


def test_a_hold_that_is_skipped_says_why() -> None:
    made = record()
    made.take({"hold": leg()})
    made.note([Fired(leg()), SkipHold("m-1", "r-1", 31_000, "min_gap")], None)
    assert [(row.state, row.result) for row in made.take({}).done] == [("skipped", "min_gap")]


def send_hold() -> SendHold:
    return SendHold("m-1", 0, "r-1", 31_000, "t", "t", 21_000)


def test_the_leg_of_a_hold_stays_armed_for_begin() -> None:
    made = record()
    made.take({"hold": leg()})
    made.note([Fired(leg()), send_hold()], None)
    change = made.take({})
    assert made.sending() == LegKey(TURN, "hold", 0)
    assert (change.done, change.cancel) == ((), ())
    assert [row.key for row in change.legs] == [made.sending()]
    made.begun()
    assert made.take({}) == Change()


def test_a_hold_for_a_clock_whose_leg_was_not_armed_gets_one() -> None:
    made = record()
    made.take({"hold": leg()})
    lost, sent = leg(), leg(opened_by="m-2")
    skipped = SkipHold("m-1", "r-1", 31_000, "too_late")
    made.note([Fired(lost), skipped, Fired(sent), send_hold()], None)
    change = made.take({})
    assert [(row.seq, row.state) for row in change.done] == [(0, "skipped")]
    assert [(row.seq, row.state) for row in change.legs] == [(1, "armed")]
    assert made.sending() == LegKey(TURN, "hold", 1)


def test_a_hold_that_did_not_begin_is_given_up() -> None:
    made = record()
    made.take({"hold": leg()})
    made.note([Fired(leg()), send_hold()], None)
    made.give_up("overtaken")
    assert [(row.seq, row.state, row.result) for row in made.take({}).done] == [
        (0, "skipped", "overtaken")
    ]


def test_what_never_was_is_closed() -> None:
    made = record()
    made.take({})
    made.note([VoidClock(clock()), VoidTurn(turn())], None)
    change = made.take({})
    assert [(row.closed_ms, row.closed_by) for row in change.turns] == [(1_000, VOID)]
    assert [(row.stopped_ms, row.stopped_by) for row in change.clocks] == [(1_000, VOID)]


def test_turns_stand_in_the_order_in_which_they_were_asked() -> None:
    made = Record("shop", "c-1")
    for id_, asked_ms in (("m-2", 5_000), ("m-3", 5_000), ("m-1", 1_000)):
        made.turn(turn(id_, asked_ms))
    generations = {turn_key(row.turn_id): row.generation for row in made.take({}).turns}
    assert sorted(generations, key=lambda key: generations[key]) == ["m-1", "m-2", "m-3"]


def test_it_goes_on_where_the_ledger_stands() -> None:
    row = TurnRow(TURN, "shop", "c-1", 7, 1_000, "m-1", 1_000)
    armed = LegRow(TURN, "hold", 4, 21_000, opened_by="m-1", rule_id="r-1")
    known = History(turns=(row,), legs=(armed, LegRow(TURN, "warn", 2, 15_000, "fired")))
    made = Record("shop", "c-1", known)
    made.turn(turn())
    change = made.take({"hold": leg(), "warn": leg("warn", 16_000)})
    assert [row.generation for row in change.turns] == [7]
    assert [(row.kind, row.seq) for row in change.legs] == [("warn", 3)]


def test_a_timer_of_no_known_turn_lives_in_memory_only() -> None:
    made = Record("shop", "c-1")
    assert made.take({"follow_up": leg("follow_up", turn_="")}) == Change()
    made.note([Fired(leg("follow_up", turn_=""))], None)
    assert made.take({}) == Change()


def test_a_promise_whose_question_was_taken_back_has_the_timer_of_that_question() -> None:
    made = record()
    made.take({})
    made.note([VoidTurn(turn())], None)
    promise = leg("follow_up", turn_="", opened_by="h-1")
    change = made.take({"follow_up": promise})
    assert [(row.turn_id, row.kind, row.opened_by) for row in change.legs] == [
        (TURN, "follow_up", "h-1")
    ]
    assert made.take({"follow_up": promise}) == Change()
    made.note([Fired(promise)], None)
    assert [(row.turn_id, row.state) for row in made.take({}).done] == [(TURN, "fired")]
