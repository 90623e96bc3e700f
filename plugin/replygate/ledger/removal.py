"""Forgetting a buyer, and what is too old. Each function runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3

BATCH_ROWS = 500
"""Removed in one transaction, so that a buyer's message never waits long behind old ones."""

OF_CONVERSATION = (
    "DELETE FROM message WHERE store = ? AND conversation = ?",
    "DELETE FROM finding WHERE store = ? AND conversation = ?",
    "DELETE FROM rating WHERE store = ? AND conversation = ?",
    "DELETE FROM outbox WHERE store = ? AND conversation = ?",
    "DELETE FROM clock WHERE store = ? AND conversation = ?",
    "DELETE FROM turn WHERE store = ? AND conversation = ?",
    "DELETE FROM takeover WHERE store = ? AND conversation = ?",
    "DELETE FROM task WHERE store = ? AND conversation = ?",
)

# Summaries go with their facts, by the triggers. One index per table leads with store and time, so
# that finding nothing costs nothing.
OLD = (
    """DELETE FROM message WHERE rowid IN
        (SELECT rowid FROM message WHERE store = ? AND at_ms < ? LIMIT ?)""",
    """DELETE FROM finding WHERE rowid IN
        (SELECT rowid FROM finding WHERE store = ? AND at_ms < ? LIMIT ?)""",
    """DELETE FROM rating WHERE rowid IN
        (SELECT rowid FROM rating WHERE store = ? AND at_ms < ? LIMIT ?)""",
    """DELETE FROM duty WHERE rowid IN
        (SELECT rowid FROM duty WHERE store = ? AND at_ms < ? LIMIT ?)""",
    """DELETE FROM outbox WHERE rowid IN
        (SELECT rowid FROM outbox WHERE store = ? AND intent_ms < ? LIMIT ?)""",
    """DELETE FROM clock WHERE (store, conversation, rule_id, opened_by) IN
        (SELECT store, conversation, rule_id, opened_by FROM clock
            WHERE store = ? AND opened_ms < ? LIMIT ?)""",
    """DELETE FROM turn WHERE turn_id IN
        (SELECT turn_id FROM turn WHERE store = ? AND asked_ms < ? LIMIT ?)""",
    """DELETE FROM task WHERE rowid IN
        (SELECT rowid FROM task WHERE store = ? AND at_ms < ? LIMIT ?)""",
    """DELETE FROM takeover WHERE (store, conversation) IN
        (SELECT store, conversation FROM takeover WHERE store = ? AND last_ms < ? LIMIT ?)""",
)


def forget(connection: sqlite3.Connection, store: str, conversation: str) -> int:
    """Remove all rows of one conversation; legs go with their turns."""
    key = (store, conversation)
    return sum(connection.execute(statement, key).rowcount for statement in OF_CONVERSATION)


def remove_old(connection: sqlite3.Connection, store: str, older_than_ms: int) -> int:
    """Remove up to a batch from each table; 0 when nothing is left."""
    values = (store, older_than_ms, BATCH_ROWS)
    return sum(connection.execute(statement, values).rowcount for statement in OLD)
