"""Legs and sends against a model that is too simple to be wrong."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from replygate.ledger import Change, SendState, TurnRow, outbox, rows
from replygate.ledger.schema import migrate

from .samples import answer, hold, leg, message, reply, turn

SEQS = st.integers(0, 2)
SEND_IDS = st.sampled_from(["s-1", "s-2", "s-3"])
ENDS: st.SearchStrategy[SendState] = st.sampled_from(["sent", "failed", "unknown", "skipped"])


class Sends(RuleBasedStateMachine):
    """One conversation: buyer, bot, holds, cancels, a janitor and restarts, in any order."""

    @initialize()
    def start(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(self.connection)
        self.now_ms = 1_000
        self.turn = turn()
        self.hold_of: dict[str, tuple[str, int]] = {}
        self.began: dict[tuple[str, int], int] = {}
        self.cancelled: set[tuple[str, int]] = set()
        self.armed: set[tuple[str, int]] = set()
        self.states: dict[str, SendState] = {}
        self.intents: dict[str, int] = {}
        self.spoken_ms = 0
        rows.upsert_turn(self.connection, self.turn)

    def teardown(self) -> None:
        self.connection.close()

    def later(self) -> int:
        self.now_ms += 1_000
        return self.now_ms

    def move(self, changed: TurnRow) -> None:
        self.turn = changed
        rows.upsert_turn(self.connection, changed)

    @rule()
    def buyer_writes(self) -> None:
        now_ms = self.later()
        rows.insert_message(self.connection, message(f"m-{now_ms}", now_ms))
        if self.turn.closed_ms is None:
            self.move(replace(self.turn, last_buyer_ms=now_ms))
        else:
            self.move(turn(self.turn.generation + 1, now_ms))

    @rule(closes=st.booleans())
    def store_speaks(self, *, closes: bool) -> None:
        now_ms = self.later()
        self.spoken_ms = now_ms
        rows.insert_message(self.connection, reply(f"r-{now_ms}", now_ms))
        if closes:
            self.move(replace(self.turn, closed_ms=now_ms))

    @rule(seq=SEQS)
    def arm(self, seq: int) -> None:
        rows.arm_leg(self.connection, leg(seq=seq, of=self.turn))
        key = (self.turn.turn_id, seq)
        if key not in self.cancelled and key not in self.began:
            self.armed.add(key)

    @rule(seq=SEQS)
    def cancel(self, seq: int) -> None:
        key = (self.turn.turn_id, seq)
        held = rows.apply(self.connection, Change(cancel=(leg(seq=seq, of=self.turn).key,)))
        assert bool(held) == (key in self.armed)
        if held:
            self.armed.remove(key)
            self.cancelled.add(key)

    @rule(seq=SEQS, generation=st.integers(1, 3))
    def hold_comes_due(self, seq: int, generation: int) -> None:
        of = turn(min(generation, self.turn.generation))
        row = hold(f"h-{self.later()}", self.now_ms, seq=seq, of=of)
        key = (of.turn_id, seq)
        doubtful = (
            state == "sending"
            or (state == "unknown" and self.intents[send_id] > self.turn.last_buyer_ms)
            for send_id, state in self.states.items()
        )
        expected = (
            key in self.armed
            and of.turn_id == self.turn.turn_id
            and self.turn.closed_ms is None
            and self.spoken_ms <= self.turn.last_buyer_ms
            and not any(doubtful)
        )
        assert outbox.begin(self.connection, row, ()) == expected
        if expected:
            self.armed.remove(key)
            self.began[key] = self.began.get(key, 0) + 1
            self.hold_of[row.send_id] = key
            self.states[row.send_id], self.intents[row.send_id] = "sending", self.now_ms

    @rule(send_id=SEND_IDS)
    def intend(self, send_id: str) -> None:
        row = answer(send_id, self.later())
        assert outbox.intend(self.connection, row, ()) == (send_id not in self.states)
        self.states.setdefault(send_id, "armed")

    @rule(send_id=SEND_IDS)
    def bot_answers(self, send_id: str) -> None:
        row = answer(send_id, self.later())
        expected = self.states.get(send_id, "armed") == "armed"
        assert outbox.begin(self.connection, row, ()) == expected
        if expected:
            self.states[send_id], self.intents[send_id] = "sending", self.now_ms

    @rule(data=st.data(), end=ENDS)
    def result_comes(self, data: st.DataObject, end: SendState) -> None:
        send_id = data.draw(st.sampled_from(["s-1", "s-2", "s-3", *self.hold_of]))
        before = self.states.get(send_id)
        expected = {
            None: False,
            "armed": end == "skipped",
            "sending": True,
            "unknown": end in {"sent", "failed"},
        }.get(before, False)
        assert outbox.finish(self.connection, send_id, end, None, None) == expected
        if expected:
            self.states[send_id] = end

    @rule(age_ms=st.integers(0, 3_000))
    def janitor(self, age_ms: int) -> None:
        limit_ms = self.now_ms - age_ms
        stale = {
            send_id
            for send_id, state in self.states.items()
            if state == "sending" and self.intents[send_id] < limit_ms
        }
        parked = outbox.park(self.connection, limit_ms, "stale")
        assert {row.send_id for row in parked} == stale
        self.states |= dict.fromkeys(stale, "unknown")

    @rule()
    def restart(self) -> None:
        outbox.close_left_behind(self.connection)
        after: dict[SendState, SendState] = {"sending": "unknown", "armed": "skipped"}
        self.states = {send_id: after.get(state, state) for send_id, state in self.states.items()}

    @invariant()
    def no_leg_is_sent_twice_or_after_its_cancel(self) -> None:
        assert all(count == 1 for count in self.began.values())
        assert not self.cancelled & self.began.keys()

    @invariant()
    def the_ledger_says_the_same(self) -> None:
        found = self.connection.execute("SELECT send_id, state FROM outbox").fetchall()
        assert dict(found) == self.states
        results = self.connection.execute(
            "SELECT turn_id, seq, result FROM leg WHERE state = 'fired'"
        ).fetchall()
        assert {(turn_id, seq): result for turn_id, seq, result in results} == {
            key: self.states[send_id] for send_id, key in self.hold_of.items()
        }


TestSends = Sends.TestCase
TestSends.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_leg_has_one_send_even_if_all_code_were_wrong(connection: sqlite3.Connection) -> None:
    rows.apply(connection, Change(turns=(turn(),), legs=(leg(),)))
    assert outbox.begin(connection, hold("h-1"), ())
    connection.execute("UPDATE leg SET state = 'armed'")
    connection.execute("UPDATE outbox SET state = 'sent'")
    with pytest.raises(sqlite3.IntegrityError, match=r"outbox\.turn_id, outbox\.leg_seq"):
        outbox.begin(connection, hold("h-2"), ())


def test_a_send_begins_with_intend_or_begin(connection: sqlite3.Connection) -> None:
    with pytest.raises(AssertionError, match="no beginning"):
        outbox.intend(connection, replace(answer(), state="sent"), ())
    with pytest.raises(AssertionError, match="no end"):
        outbox.finish(connection, "s-1", "armed", None, None)
