from __future__ import annotations

import sqlite3

from replygate.ledger import Change, rows
from replygate.ledger.removal import BATCH_ROWS, forget, remove_old

from .samples import BUYER, STORE, clock, leg, message, turn


def test_a_batch_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(BATCH_ROWS + 1):
        rows.insert_message(connection, message(f"m-{number}"))
    assert remove_old(connection, STORE, 2_000) == BATCH_ROWS
    assert remove_old(connection, STORE, 2_000) == 1
    assert remove_old(connection, STORE, 2_000) == 0


def test_legs_go_with_their_turn(connection: sqlite3.Connection) -> None:
    for generation, asked_ms in ((1, 1_000), (2, 5_000)):
        opened = turn(generation, asked_ms)
        change = Change(turns=(opened,), legs=(leg(of=opened),), clocks=(clock(),))
        rows.apply(connection, change)
    assert remove_old(connection, STORE, 5_000) == 2
    left = connection.execute("SELECT turn_id FROM leg").fetchall()
    assert left == [(turn(2).turn_id,)]
    assert forget(connection, STORE, BUYER) == 1
    assert connection.execute("SELECT * FROM leg").fetchall() == []
