from __future__ import annotations

import sqlite3

import pytest

from replygate.ledger import pages
from replygate.ledger.facts import Change
from replygate.ledger.rows import apply, insert_message

from .samples import STORE, leg, message, turn


def test_timers_of_more_turns_than_a_page(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_ROWS", 2)
    for number in range(5):
        of = turn(conversation=f"c-{number}", asked_ms=1_000 + number // 4)
        # Every second turn has no timer that is read.
        legs = (leg("warn" if number % 2 else "hold", of=of),)
        apply(connection, Change(turns=(of,), legs=legs))
    place: pages.Place | None = (0, 0)
    found = []
    while place is not None:
        page, place = pages.leg_page(connection, STORE, place, 9_000)
        found += [one.turn_id for one in page]
    assert found == [turn(conversation=f"c-{number}").turn_id for number in (0, 2, 4)]


@pytest.mark.parametrize(
    ("select", "index"),
    [
        (pages.LINES, "message_time"),
        (pages.SENDS, "outbox_time"),
        (pages.FINDINGS, "finding_time"),
        (pages.TURNS, "turn_time"),
    ],
)
def test_a_page_is_found_by_its_index(
    connection: sqlite3.Connection, select: str, index: str
) -> None:
    insert_message(connection, message())
    plan = connection.execute(f"EXPLAIN QUERY PLAN {select}", (STORE, 0, 0, 9, 10)).fetchall()
    told = " ".join(step[-1] for step in plan)
    assert index in told
    assert "SCAN" not in told
    assert "TEMP B-TREE" not in told
