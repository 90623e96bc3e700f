from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from replygate.ledger import Decision, todo
from replygate.ledger.outbox import intend

from .samples import STORE, answer, taken, task


def opened(connection: sqlite3.Connection, number: int) -> None:
    row = replace(answer(f"s-{number}"), state="skipped")
    intend(connection, row, (), task(f"t-{number}", number, send_id=f"s-{number}"))


def test_a_flood_of_tasks_is_bounded(connection: sqlite3.Connection) -> None:
    for number in range(todo.TASKS_MAX + 1):
        opened(connection, number)
    found = todo.open_tasks(connection, STORE)
    assert len(found) == todo.TASKS_MAX
    assert found[0].task_id == "t-0"


def test_people_are_asked_once_for_a_send(connection: sqlite3.Connection) -> None:
    opened(connection, 1)
    assert not todo.open_task(connection, task("t-2", send_id="s-1"))
    assert todo.open_task(connection, task("t-3", send_id="s-1", kind="draft"))


def test_a_task_says_what_its_send_says(connection: sqlite3.Connection) -> None:
    with pytest.raises(AssertionError, match="what the send says"):
        todo.close_question(connection, "s-1", "sent", Decision("not_sent", 1, "a"))


def test_take_overs_stand_once_a_conversation(connection: sqlite3.Connection) -> None:
    todo.take_over(connection, taken())
    todo.take_over(connection, taken("xiao-li"))
    assert todo.takeovers(connection) == (taken("xiao-li"),)
