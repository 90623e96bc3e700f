from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import pytest

from replygate.ledger import queries, resume, todo
from replygate.ledger.outbox import begin, close_left_behind, finish, select_send
from replygate.ledger.queries import CONVERSATION_MESSAGES_MAX, SENDS_MAX, WAITING_MAX
from replygate.ledger.removal import forget, remove_old
from replygate.ledger.rows import (
    apply,
    insert_duty,
    insert_message,
    insert_rating,
    settle_leg,
)

from .contract import ASKED, HOLD
from .people_contract import DROPPED
from .samples import BUYER, STORE, answer, duty, hold, message, rating, taken, turn

# Indexes of what is open only, and what is no table.
SMALL = re.compile(r"VALUES|INDEX (turn_open|clock_open|leg_armed)|^SCAN (CONSTANT ROW|\(subquery)")

Query = Callable[[sqlite3.Connection], object]

EVERYTHING: dict[str, Query] = {
    "message": lambda c: insert_message(c, message("m-new", 2_000)),
    "rating": lambda c: insert_rating(c, rating("g-new")),
    "duty": lambda c: insert_duty(c, duty(9_999)),
    "apply": lambda c: apply(c, ASKED),
    "settle": lambda c: settle_leg(c, HOLD, "skipped", None),
    "answer": lambda c: begin(c, answer("s-new"), ()),
    "hold": lambda c: begin(c, hold(), ()),
    "finish": lambda c: finish(c, "s-1", "sent", None, None),
    "left behind": close_left_behind,
    "one send": lambda c: select_send(c, "s-1"),
    "conversation": lambda c: queries.conversation_facts(c, STORE, BUYER),
    "history": lambda c: queries.history(c, STORE, BUYER, 1_000),
    "waiting": lambda c: queries.waiting(c, STORE),
    "armed": resume.armed,
    "open": lambda c: resume.open_since(c, 0),
    "unguarded": lambda c: resume.unguarded(c, 0, 0, ("", "")),
    "unknown": lambda c: resume.unknown(c, 0),
    "stores": queries.stores,
    "unfinished": lambda c: queries.unfinished(c, STORE),
    "take over": lambda c: todo.take_over(c, taken()),
    "hand back": lambda c: todo.hand_back(c, STORE, BUYER, DROPPED),
    "ask": lambda c: todo.ask_about(c, "s-1"),
    "tasks": lambda c: todo.open_tasks(c, STORE),
    "one task": lambda c: todo.select_task(c, STORE, "t-1"),
    "close task": lambda c: todo.close_task(c, "t-1", DROPPED),
    "close question": lambda c: todo.close_question(c, "s-1", "sent", None),
    "wipe texts": lambda c: todo.wipe_texts(c, 10_000),
    "sends": lambda c: queries.sends(c, STORE, BUYER, 0),
    "holds": lambda c: queries.hold_counts(c, STORE, 0),
    "page": lambda c: queries.message_page(c, STORE, (0, 0), 10_000),
    "ratings": lambda c: queries.rating_page(c, STORE, (0, 0), 10_000),
    "on duty": lambda c: queries.duty_page(c, STORE, (0, 0), 10_000),
    "forget": lambda c: forget(c, STORE, BUYER),
    "old": lambda c: remove_old(c, STORE, 10_000),
}


def plans(connection: sqlite3.Connection, name: str) -> list[str]:
    """How SQLite looks for what this asks."""
    apply(connection, ASKED)
    insert_message(connection, message())
    begin(connection, answer(), ())
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    EVERYTHING[name](connection)
    connection.set_trace_callback(None)
    assert statements
    return [
        row[3]
        for statement in statements
        if not statement.startswith("--")
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_question_reads_a_whole_table(connection: sqlite3.Connection, name: str) -> None:
    found = plans(connection, name)
    assert [plan for plan in found if plan.startswith("SCAN") and not SMALL.search(plan)] == []


@pytest.mark.parametrize("name", ["conversation", "history", "sends", "forget", "answer", "hold"])
def test_a_question_about_one_buyer_reads_no_whole_store(
    connection: sqlite3.Connection, name: str
) -> None:
    assert [plan for plan in plans(connection, name) if re.search(r"INDEX \w+_time", plan)] == []


def test_a_flood_of_messages_is_bounded(connection: sqlite3.Connection) -> None:
    apply(connection, ASKED)
    for number in range(CONVERSATION_MESSAGES_MAX + 10):
        insert_message(connection, message(f"m-{number}", 1_000 + number))
    found = queries.conversation_facts(connection, STORE, BUYER).messages
    assert [fact.id for fact in found] == [
        f"m-{number}" for number in range(10, CONVERSATION_MESSAGES_MAX + 10)
    ]


def test_a_flood_of_sends_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(SENDS_MAX + 1):
        begin(connection, answer(f"s-{number}", 4_000 + number), ())
    found = queries.sends(connection, STORE, BUYER, 0)
    assert len(found) == SENDS_MAX
    assert found[0].send_id == "s-1"


def test_a_crowd_of_buyers_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(WAITING_MAX + 1):
        opened = turn(asked_ms=1_000 + number, conversation=f"c-{number}")
        apply(connection, type(ASKED)(turns=(opened,)))
    found = queries.waiting(connection, STORE)
    assert len(found) == WAITING_MAX
    assert found[0].conversation == "c-0"
