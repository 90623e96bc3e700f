"""The state machine of sends. Each function runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from replygate.ledger import todo
from replygate.ledger.facts import (
    Decision,
    FindingRow,
    LegKey,
    OutboxRow,
    Release,
    SendState,
    TaskOutcome,
    TaskRow,
)
from replygate.ledger.rows import insert_findings, settle_leg

MOVES: Mapping[SendState, tuple[SendState, ...]] = {
    "sent": ("sending", "unknown"),
    "failed": ("sending", "unknown"),
    "unknown": ("sending",),
    "skipped": ("armed", "sending"),
    "cancelled": ("armed",),
}
"""From which states a send may come to each. Only `begin` leads to `sending`."""

NOT_SENT = "the process ended before it was sent"
NOT_KNOWN = "the process ended while it was being sent"
NO_ANSWER = "no answer came"

NEVER_MS = 2**63 - 1

# `>` and not `>=` for messages: where a platform's stamps are whole seconds, an answer and the
# buyer's next question often share one, and the open turn says which came last.
HOLD_MAY_GO = """
SELECT 1 FROM leg JOIN turn USING (turn_id)
WHERE leg.turn_id = :turn_id AND leg.kind = 'hold' AND leg.seq = :leg_seq AND leg.state = 'armed'
  AND turn.store = :store AND turn.conversation = :conversation AND turn.closed_ms IS NULL
  AND NOT EXISTS (SELECT 1 FROM turn AS later
    WHERE later.store = turn.store AND later.conversation = turn.conversation
      AND later.generation > turn.generation)
  AND NOT EXISTS (SELECT 1 FROM message
    WHERE message.store = turn.store AND message.conversation = turn.conversation
      AND message.direction = 'out' AND message.origin <> 'platform'
      AND message.at_ms > turn.last_buyer_ms)
  AND NOT EXISTS (SELECT 1 FROM outbox
    WHERE outbox.store = turn.store AND outbox.conversation = turn.conversation
      AND (outbox.state = 'sending'
        OR outbox.state = 'unknown' AND outbox.intent_ms > turn.last_buyer_ms))
"""


def intend(
    connection: sqlite3.Connection,
    row: OutboxRow,
    findings: Sequence[FindingRow],
    task: TaskRow | None = None,
) -> bool:
    """Write a send that waits or was kept back, and the task for people. False: the id is known."""
    assert row.state in {"armed", "skipped"}, f"{row.state} is no beginning"
    cursor = connection.execute(
        "INSERT INTO outbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (send_id) DO NOTHING",
        _values(row, row.state),
    )
    if cursor.rowcount == 1:
        insert_findings(connection, findings)
        if task is not None:
            todo.open_task(connection, task)
    return cursor.rowcount == 1


def begin(
    connection: sqlite3.Connection,
    row: OutboxRow,
    findings: Sequence[FindingRow],
    release: Release | None = None,
) -> bool:
    """The compare-and-swap to `sending`; of a hold with its leg, of a release with its task."""
    state = _state(connection, row.send_id)
    if state not in {None, "armed"}:
        return False
    if release is not None and not todo.close_task(connection, release.task_id, release.decision):
        return False
    if row.leg_seq is not None:
        if not _hold_may_go(connection, row):
            return False
        assert row.turn_id is not None, "a leg belongs to a turn"
        key = LegKey(row.turn_id, "hold", row.leg_seq)
        fired = settle_leg(connection, key, "fired", "sending")
        assert fired, "the leg was armed in this transaction"
    connection.execute(
        "INSERT INTO outbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (send_id) DO UPDATE SET state = excluded.state,"
        " intent_ms = excluded.intent_ms, client_id = excluded.client_id,"
        " verdict = excluded.verdict, text_hash = excluded.text_hash",
        _values(row, "sending"),
    )
    insert_findings(connection, findings)
    return True


def finish(
    connection: sqlite3.Connection,
    send_id: str,
    state: SendState,
    platform_id: str | None,
    result: str | None,
    settled: Decision | None = None,
) -> bool:
    """Write what came of a send, in its leg too. False where the move is not allowed.

    One that may be out is a task for people, until it is settled: by a person as `settled` says,
    else by the platform's late word.
    """
    assert state in MOVES, f"{state} is no end"
    before = _state(connection, send_id)
    if before not in MOVES[state]:
        return False
    connection.execute(
        "UPDATE outbox SET state = ?, platform_id = coalesce(?, platform_id), result = ?"
        " WHERE send_id = ?",
        (state, platform_id, result, send_id),
    )
    if state == "unknown":
        todo.ask_about(connection, send_id)
    elif before == "unknown":
        outcome: TaskOutcome = "sent" if state == "sent" else "not_sent"
        todo.close_question(connection, send_id, outcome, settled)
    if before == "armed":
        return True
    connection.execute(
        "UPDATE leg SET result = ? WHERE state = 'fired' AND (turn_id, kind, seq) ="
        " (SELECT turn_id, 'hold', leg_seq FROM outbox WHERE send_id = ?)",
        (state, send_id),
    )
    return True


def park(connection: sqlite3.Connection, older_than_ms: int, why: str) -> tuple[OutboxRow, ...]:
    """Move sends that never finished to `unknown`: they may be out, so nobody tries again."""
    rows = connection.execute(
        "SELECT send_id FROM outbox WHERE state = 'sending' AND intent_ms < ? ORDER BY intent_ms",
        (older_than_ms,),
    ).fetchall()
    for (send_id,) in rows:
        parked = finish(connection, send_id, "unknown", None, why)
        assert parked, "it was sending in this transaction"
    found = (select_send(connection, send_id) for (send_id,) in rows)
    return tuple(row for row in found if row is not None)


def close_left_behind(connection: sqlite3.Connection) -> tuple[OutboxRow, ...]:
    """Close what a process that is gone left open: what it began may be out, the rest is not.

    The answer holds what may be out.
    """
    parked = park(connection, older_than_ms=NEVER_MS, why=NOT_KNOWN)
    connection.execute(
        "UPDATE outbox SET state = 'skipped', result = ? WHERE state = 'armed'", (NOT_SENT,)
    )
    return parked


def select_send(connection: sqlite3.Connection, send_id: str) -> OutboxRow | None:
    """One send."""
    row = connection.execute("SELECT * FROM outbox WHERE send_id = ?", (send_id,)).fetchone()
    return OutboxRow(*row) if row else None


def _hold_may_go(connection: sqlite3.Connection, row: OutboxRow) -> bool:
    values = {
        "turn_id": row.turn_id,
        "leg_seq": row.leg_seq,
        "store": row.store,
        "conversation": row.conversation,
    }
    return connection.execute(HOLD_MAY_GO, values).fetchone() is not None


def _state(connection: sqlite3.Connection, send_id: str) -> SendState | None:
    row = connection.execute("SELECT state FROM outbox WHERE send_id = ?", (send_id,)).fetchone()
    return row[0] if row else None


def _values(row: OutboxRow, state: SendState) -> tuple[object, ...]:
    return (
        row.send_id,
        row.store,
        row.conversation,
        row.turn_id,
        row.origin,
        row.agent,
        state,
        row.intent_ms,
        row.client_id,
        row.platform_id,
        row.result,
        row.verdict,
        row.leg_seq,
        row.text_hash,
    )
