from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from replygate.ledger import Change, FindingRow, LegRow, MessageFact, rows

from .samples import BUYER, STORE, duty, finding, leg, message, rating, reply, turn


def everything(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    select = f"SELECT * FROM {table}"  # noqa: S608 - the tests name their tables
    return connection.execute(select).fetchall()


def test_a_message_comes_back_as_it_went_in(connection: sqlite3.Connection) -> None:
    full = replace(message(), agent="agent-7", topic="shipping", kind="image")
    assert rows.insert_message(connection, full)
    assert [MessageFact(*row) for row in everything(connection, "message")] == [full]  # type: ignore[arg-type]  # a row's types are the table's


def test_our_own_message_sets_its_echo_right(connection: sqlite3.Connection) -> None:
    rows.insert_message(connection, reply(origin="unknown"))
    rows.insert_own_message(connection, replace(reply(origin="hold"), agent="agent-7", at_ms=1))
    (row,) = everything(connection, "message")
    assert row == tuple(
        getattr(replace(reply(origin="hold"), agent="agent-7"), name)
        for name in MessageFact.__slots__
    )


def test_a_finding_comes_back_as_it_went_in(connection: sqlite3.Connection) -> None:
    rows.apply(connection, Change(findings=(finding("m-1"), finding("m-2"))))
    found = [FindingRow(*row) for row in everything(connection, "finding")]  # type: ignore[arg-type]  # a row's types are the table's
    assert found == [finding("m-1"), finding("m-2")]


def test_cancelling_comes_before_arming(connection: sqlite3.Connection) -> None:
    rows.apply(connection, Change(turns=(turn(),), legs=(leg("warn"),)))
    change = Change(cancel=(leg("warn").key, leg().key), legs=(leg(),))
    assert rows.apply(connection, change) == {leg("warn").key}
    found = {LegRow(*row).kind: LegRow(*row).state for row in everything(connection, "leg")}  # type: ignore[arg-type]  # a row's types are the table's
    assert found == {"warn": "cancelled", "hold": "armed"}


def test_a_leg_does_not_come_back(connection: sqlite3.Connection) -> None:
    with pytest.raises(AssertionError, match="does not come back"):
        rows.settle_leg(connection, leg().key, "armed", None)


def test_a_message_has_a_hash(connection: sqlite3.Connection) -> None:
    with pytest.raises(AssertionError, match="hash"):
        rows.insert_message(connection, replace(message(), text_hash=""))


def test_a_turns_place_is_its_own(connection: sqlite3.Connection) -> None:
    rows.upsert_turn(connection, turn())
    with pytest.raises(sqlite3.IntegrityError):
        rows.upsert_turn(connection, replace(turn(), turn_id="another"))
    assert everything(connection, "turn")[0][:3] == (turn().turn_id, STORE, BUYER)


def test_a_rating_and_a_coming_are_rows_once(connection: sqlite3.Connection) -> None:
    assert rows.insert_rating(connection, rating())
    assert not rows.insert_rating(connection, replace(rating(), reason=None))
    assert rows.insert_duty(connection, duty(online=False))
    assert not rows.insert_duty(connection, duty(online=False))
    assert everything(connection, "rating") == [
        (STORE, BUYER, "g-1", 6_000, 6_050, "agent-7", 4.5, 5.0, "satisfied", "回复很快", "invited")
    ]
    assert everything(connection, "duty") == [(STORE, "agent-7", 500, 550, 0)]
