"""What a process carries on with, and what would slip through. Inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from typing import Any

from replygate.ledger.facts import OutboxRow
from replygate.ledger.lines import ArmedLeg, Place

UNGUARDED_MAX = 200
"""Looked at in one go: each must be loaded."""

UNKNOWN_MAX = 1_000

# With the turn's row it is one look for each leg; CROSS JOIN keeps SQLite from reading all turns.
ARMED = """
SELECT turn.store, turn.conversation, leg.kind, leg.due_ms
  FROM leg CROSS JOIN turn USING (turn_id) WHERE leg.state = 'armed'
"""

OPEN = """
SELECT store, conversation FROM turn WHERE closed_ms IS NULL AND last_buyer_ms >= :since_ms
UNION SELECT store, conversation FROM clock WHERE stopped_ms IS NULL AND opened_ms >= :since_ms
"""

# A deadline that has passed and of which people were told has no timer any more, and needs none.
# Left alone, SQLite would go through all turns by their names, and not through those that are open.
UNGUARDED = """
SELECT store, conversation FROM turn INDEXED BY turn_open
  WHERE closed_ms IS NULL AND last_buyer_ms >= :since_ms
    AND (store, conversation) > (:store, :conversation)
    AND NOT EXISTS (SELECT 1 FROM leg WHERE leg.turn_id = turn.turn_id)
UNION SELECT store, conversation FROM clock
  WHERE stopped_ms IS NULL AND due_ms > :now_ms
    AND (store, conversation) > (:store, :conversation)
    AND NOT EXISTS (SELECT 1 FROM turn CROSS JOIN leg USING (turn_id)
      WHERE turn.store = clock.store AND turn.conversation = clock.conversation
        AND leg.state = 'armed')
ORDER BY store, conversation LIMIT :limit
"""


def armed(connection: sqlite3.Connection) -> tuple[ArmedLeg, ...]:
    """Every timer that is to fire, the earliest first."""
    # Many rows of few names: each is kept once.
    names: dict[str, Any] = {}
    same = names.setdefault
    legs = [
        ArmedLeg(same(store, store), same(conversation, conversation), same(kind, kind), due_ms)
        for store, conversation, kind, due_ms in connection.execute(ARMED)
    ]
    legs.sort(key=lambda leg: leg.due_ms)
    return tuple(legs)


def open_since(connection: sqlite3.Connection, since_ms: int) -> tuple[Place, ...]:
    """Conversations in which somebody waits, or a deadline runs, that began since then."""
    return tuple(connection.execute(OPEN, {"since_ms": since_ms}).fetchall())


def unguarded(
    connection: sqlite3.Connection, since_ms: int, now_ms: int, after: Place
) -> tuple[Place, ...]:
    """Conversations behind this one, in order, in which somebody waits and no timer is set."""
    values = {
        "since_ms": since_ms,
        "now_ms": now_ms,
        "store": after[0],
        "conversation": after[1],
        "limit": UNGUARDED_MAX,
    }
    return tuple(connection.execute(UNGUARDED, values).fetchall())


def unknown(connection: sqlite3.Connection, since_ms: int) -> tuple[OutboxRow, ...]:
    """Sends that may be out, oldest first."""
    rows = connection.execute(
        "SELECT * FROM outbox WHERE state = 'unknown' AND intent_ms >= ?"
        " ORDER BY intent_ms LIMIT ?",
        (since_ms, UNKNOWN_MAX),
    )
    return tuple(OutboxRow(*row) for row in rows)
