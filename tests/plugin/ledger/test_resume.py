from __future__ import annotations

import sqlite3

from replygate.ledger import Change, outbox, resume, rows

from .samples import STORE, answer, leg, turn


def test_what_is_looked_at_in_one_go_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(resume.UNGUARDED_MAX + 1):
        rows.apply(connection, Change(turns=(turn(conversation=f"c-{number:04}"),)))
    found = resume.unguarded(connection, 0, 0, ("", ""))
    assert len(found) == resume.UNGUARDED_MAX
    assert resume.unguarded(connection, 0, 0, found[-1]) == (
        (STORE, f"c-{resume.UNGUARDED_MAX:04}"),
    )


def test_timers_come_in_their_order_and_share_their_names(connection: sqlite3.Connection) -> None:
    legs = (leg(due_ms=9_000), leg("warn", due_ms=5_000))
    rows.apply(connection, Change(turns=(turn(),), legs=legs))
    first, second = resume.armed(connection)
    assert (first.kind, second.kind) == ("warn", "hold")
    assert first.conversation is second.conversation


def test_a_flood_of_doubtful_sends_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(resume.UNKNOWN_MAX + 1):
        outbox.begin(connection, answer(f"s-{number}", 4_000 + number), ())
    outbox.close_left_behind(connection)
    found = resume.unknown(connection, 0)
    assert len(found) == resume.UNKNOWN_MAX
    assert found[0].send_id == "s-0"
