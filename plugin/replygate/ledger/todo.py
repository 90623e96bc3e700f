"""What people have taken over and what they must decide. Runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3

from replygate.ledger.facts import Decision, DutyRow, TakeoverRow, TaskOutcome, TaskRow

TASKS_MAX = 1_000

INSERT_TASK = """
INSERT INTO task VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (send_id, kind) DO NOTHING
"""

# A task's name stands in addresses, and a send's may hold anything.
INSERT_UNKNOWN = """
INSERT INTO task SELECT lower(hex(randomblob(16))), store, conversation, 'unknown', intent_ms,
  send_id, turn_id, origin, agent, result, NULL, NULL, NULL, NULL FROM outbox WHERE send_id = ?
ON CONFLICT (send_id, kind) DO NOTHING
"""

LATEST_DUTY = """
SELECT store, agent, at_ms, received_ms, online, max(at_ms) FROM duty WHERE at_ms >= ?
  GROUP BY store, agent
"""


def take_over(connection: sqlite3.Connection, row: TakeoverRow) -> None:
    """Write who has the conversation now."""
    connection.execute(
        "INSERT INTO takeover VALUES (?,?,?,?,?) ON CONFLICT (store, conversation) DO UPDATE SET"
        " agent = excluded.agent, since_ms = excluded.since_ms, last_ms = excluded.last_ms",
        (row.store, row.conversation, row.agent, row.since_ms, row.last_ms),
    )


def hand_back(
    connection: sqlite3.Connection, store: str, conversation: str, decision: Decision
) -> tuple[TaskRow, ...]:
    """Nobody has the conversation any more; the drafts that were kept for a person are closed."""
    key = (store, conversation)
    connection.execute("DELETE FROM takeover WHERE store = ? AND conversation = ?", key)
    kept = connection.execute(
        "SELECT * FROM task WHERE store = ? AND conversation = ? AND kind = 'draft'"
        " AND done_ms IS NULL ORDER BY at_ms",
        key,
    ).fetchall()
    rows = tuple(TaskRow(*row) for row in kept)
    for row in rows:
        close_task(connection, row.task_id, decision)
    return rows


def takeovers(connection: sqlite3.Connection) -> tuple[TakeoverRow, ...]:
    """Every conversation that a person has."""
    return tuple(TakeoverRow(*row) for row in connection.execute("SELECT * FROM takeover"))


def latest_duty(connection: sqlite3.Connection, since_ms: int) -> tuple[DutyRow, ...]:
    """The last that is known of each agent since then."""
    rows = connection.execute(LATEST_DUTY, (since_ms,))
    return tuple(
        DutyRow(store, agent, at_ms, received_ms, online=bool(online))
        for store, agent, at_ms, received_ms, online, _ in rows
    )


def open_task(connection: sqlite3.Connection, task: TaskRow) -> bool:
    """Ask people for something; False where they were asked before."""
    cursor = connection.execute(
        INSERT_TASK,
        (
            task.task_id,
            task.store,
            task.conversation,
            task.kind,
            task.at_ms,
            task.send_id,
            task.turn_id,
            task.origin,
            task.agent,
            task.reason,
            _whole(task.text),
            task.done_ms,
            task.done_by,
            task.outcome,
        ),
    )
    return cursor.rowcount == 1


def ask_about(connection: sqlite3.Connection, send_id: str) -> None:
    """A send may be out: somebody must look."""
    connection.execute(INSERT_UNKNOWN, (send_id,))


def close_task(connection: sqlite3.Connection, task_id: str, decision: Decision) -> bool:
    """It was decided, and its text is not needed any more. True for exactly one caller."""
    cursor = connection.execute(
        "UPDATE task SET done_ms = ?, done_by = ?, outcome = ?, text = NULL"
        " WHERE task_id = ? AND done_ms IS NULL",
        (decision.at_ms, decision.by, decision.outcome, task_id),
    )
    return cursor.rowcount == 1


def close_question(
    connection: sqlite3.Connection,
    send_id: str,
    outcome: TaskOutcome,
    decision: Decision | None,
) -> None:
    """It is known now what came of a send that might have been out."""
    assert decision is None or decision.outcome == outcome, "the task says what the send says"
    at_ms, by = (None, None) if decision is None else (decision.at_ms, decision.by)
    connection.execute(
        "UPDATE task SET done_ms = coalesce(?, at_ms), done_by = ?, outcome = ?"
        " WHERE send_id = ? AND kind = 'unknown' AND done_ms IS NULL",
        (at_ms, by, outcome, send_id),
    )


def open_tasks(connection: sqlite3.Connection, store: str) -> tuple[TaskRow, ...]:
    """What people must decide in a store, the oldest first."""
    rows = connection.execute(
        "SELECT * FROM task WHERE store = ? AND done_ms IS NULL ORDER BY at_ms, rowid LIMIT ?",
        (store, TASKS_MAX),
    )
    return tuple(TaskRow(*row) for row in rows)


def select_task(connection: sqlite3.Connection, store: str, task_id: str) -> TaskRow | None:
    """One task of a store."""
    row = connection.execute(
        "SELECT * FROM task WHERE task_id = ? AND store = ?", (task_id, store)
    ).fetchone()
    return TaskRow(*row) if row else None


def wipe_texts(connection: sqlite3.Connection, older_than_ms: int) -> int:
    """Let go of the texts of tasks that nobody looked after; how many there were."""
    cursor = connection.execute(
        "UPDATE task SET text = NULL WHERE text IS NOT NULL AND at_ms < ?", (older_than_ms,)
    )
    return cursor.rowcount


def _whole(text: str | None) -> str | None:
    # Half a surrogate pair comes out of broken JSON; SQLite takes whole characters only. Such a
    # text can not be sent as it was, so it is not kept.
    try:
        (text or "").encode("utf-8")
    except UnicodeEncodeError:
        return None
    return text
