"""The tables, and how an older file becomes a newer one.

A table's columns stand in the order of its fact's fields: rows are written and read by position.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence

from replygate.errors import LedgerError
from replygate.ledger.summaries import TRIGGERS

APPLICATION_ID = 0x52475431
"""Marks our files, so that another program's database is never changed."""

HASH_KEY_BYTES = 32

Migration = tuple[str, ...]

# WITHOUT ROWID where rows are small and found by their key; texts are too big for that.
# Partial indexes hold only what is still open, which is little at any time.
FIRST: Migration = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE message (
        store TEXT NOT NULL, conversation TEXT NOT NULL, id TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
        origin TEXT NOT NULL, agent TEXT, kind TEXT NOT NULL,
        at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
        topic TEXT, text_hash TEXT NOT NULL, text TEXT,
        PRIMARY KEY (store, conversation, id)) STRICT""",
    "CREATE INDEX message_time ON message (store, at_ms)",
    "CREATE INDEX message_conversation ON message (store, conversation, at_ms)",
    """CREATE TABLE turn (
        turn_id TEXT PRIMARY KEY, store TEXT NOT NULL, conversation TEXT NOT NULL,
        generation INTEGER NOT NULL, asked_ms INTEGER NOT NULL, asked_id TEXT,
        last_buyer_ms INTEGER NOT NULL, closed_ms INTEGER, closed_by TEXT,
        UNIQUE (store, conversation, generation)) STRICT""",
    "CREATE INDEX turn_time ON turn (store, asked_ms)",
    "CREATE INDEX turn_open ON turn (store, asked_ms) WHERE closed_ms IS NULL",
    """CREATE TABLE clock (
        store TEXT NOT NULL, conversation TEXT NOT NULL, rule_id TEXT NOT NULL,
        opened_by TEXT NOT NULL, opened_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
        stopped_ms INTEGER, stopped_by TEXT, edition TEXT,
        PRIMARY KEY (store, conversation, rule_id, opened_by)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX clock_time ON clock (store, opened_ms)",
    "CREATE INDEX clock_open ON clock (store, conversation, due_ms) WHERE stopped_ms IS NULL",
    """CREATE TABLE leg (
        turn_id TEXT NOT NULL REFERENCES turn ON DELETE CASCADE,
        kind TEXT NOT NULL, seq INTEGER NOT NULL, due_ms INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('armed', 'fired', 'skipped', 'cancelled')),
        result TEXT, opened_by TEXT NOT NULL, rule_id TEXT NOT NULL,
        PRIMARY KEY (turn_id, kind, seq)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX leg_armed ON leg (turn_id) WHERE state = 'armed'",
    """CREATE TABLE outbox (
        send_id TEXT PRIMARY KEY, store TEXT NOT NULL, conversation TEXT NOT NULL, turn_id TEXT,
        origin TEXT NOT NULL, agent TEXT, state TEXT NOT NULL CHECK (state IN
            ('armed', 'sending', 'sent', 'unknown', 'failed', 'skipped', 'cancelled')),
        intent_ms INTEGER NOT NULL, client_id TEXT, platform_id TEXT, result TEXT, verdict TEXT,
        leg_seq INTEGER, text_hash TEXT) STRICT""",
    # One send per leg, even if all code were wrong. A blocked text's row leaves room for the next.
    """CREATE UNIQUE INDEX outbox_leg ON outbox (turn_id, leg_seq)
        WHERE leg_seq IS NOT NULL AND state IN ('sending', 'sent', 'unknown', 'failed')""",
    "CREATE INDEX outbox_time ON outbox (store, intent_ms)",
    "CREATE INDEX outbox_conversation ON outbox (store, conversation, intent_ms)",
    "CREATE INDEX outbox_armed ON outbox (state) WHERE state = 'armed'",
    "CREATE INDEX outbox_sending ON outbox (intent_ms) WHERE state = 'sending'",
    "CREATE INDEX outbox_unknown ON outbox (intent_ms) WHERE state = 'unknown'",
    """CREATE TABLE finding (
        store TEXT NOT NULL, conversation TEXT NOT NULL, message_id TEXT NOT NULL,
        at_ms INTEGER NOT NULL, rule_id TEXT NOT NULL, action TEXT NOT NULL,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, evasion INTEGER NOT NULL,
        masked TEXT) STRICT""",
    "CREATE INDEX finding_time ON finding (store, at_ms)",
    "CREATE INDEX finding_message ON finding (store, conversation, message_id)",
    """CREATE TABLE rating (
        store TEXT NOT NULL, conversation TEXT NOT NULL, id TEXT NOT NULL,
        at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, agent TEXT,
        score REAL, scale_max REAL, label TEXT, reason TEXT, source TEXT,
        PRIMARY KEY (store, conversation, id)) STRICT""",
    "CREATE INDEX rating_time ON rating (store, at_ms)",
    """CREATE TABLE duty (
        store TEXT NOT NULL, agent TEXT NOT NULL,
        at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
        online INTEGER NOT NULL CHECK (online IN (0, 1)),
        PRIMARY KEY (store, agent, at_ms, online)) STRICT""",
    "CREATE INDEX duty_time ON duty (store, at_ms)",
)

SECOND: Migration = (
    # What a day comes to from one instant to another, for reports; a fact that touches the day
    # removes the row. `law` is a hash of the rules it was computed by.
    """CREATE TABLE summary (
        store TEXT NOT NULL, day INTEGER NOT NULL, law TEXT NOT NULL, body TEXT NOT NULL,
        from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
        PRIMARY KEY (store, day)) STRICT, WITHOUT ROWID""",
    # Who has taken a conversation over from the bot, since when, and when that person last did
    # something there.
    """CREATE TABLE takeover (
        store TEXT NOT NULL, conversation TEXT NOT NULL, agent TEXT NOT NULL,
        since_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
        PRIMARY KEY (store, conversation)) STRICT, WITHOUT ROWID""",
    # What a person has to decide or look after. `text` is kept only while the task is open.
    """CREATE TABLE task (
        task_id TEXT PRIMARY KEY, store TEXT NOT NULL, conversation TEXT NOT NULL,
        kind TEXT NOT NULL, at_ms INTEGER NOT NULL, send_id TEXT NOT NULL, turn_id TEXT,
        origin TEXT NOT NULL, agent TEXT, reason TEXT, text TEXT,
        done_ms INTEGER, done_by TEXT, outcome TEXT) STRICT""",
    # One task for each send that needs one.
    "CREATE UNIQUE INDEX task_send ON task (send_id, kind)",
    "CREATE INDEX task_text ON task (at_ms) WHERE text IS NOT NULL",
    "CREATE INDEX task_open ON task (store, at_ms) WHERE done_ms IS NULL",
    "CREATE INDEX task_time ON task (store, at_ms)",
    "CREATE INDEX task_conversation ON task (store, conversation)",
    *TRIGGERS,
)

MIGRATIONS: tuple[Migration, ...] = (FIRST, SECOND)
"""Migration N brings a file from version N-1 to N. Only ever added to, never edited."""


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the file to the newest version, each step in its own transaction.

    Raises LedgerError where the file is another program's, or of a newer replygate. The
    connection is in autocommit mode; nothing is written where the version is right.
    """
    version = _version(connection)
    if version > len(migrations):
        message = (
            f"it has version {version}, this replygate knows version {len(migrations)} at most;"
            " a newer replygate has written it"
        )
        raise LedgerError(message)
    for number in range(version + 1, len(migrations) + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < number:
                for statement in migrations[number - 1]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def check_version(
    connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """For readers, who change nothing: LedgerError unless the file has the newest version."""
    version = _version(connection)
    if version != len(migrations):
        message = f"it has version {version}, this replygate reads version {len(migrations)}"
        raise LedgerError(message)


def hash_key(connection: sqlite3.Connection) -> bytes:
    """The ledger's own key for hashes of texts, made when it is first asked for."""
    select = "SELECT value FROM meta WHERE name = 'hash_key'"
    row = connection.execute(select).fetchone()
    if row is None:
        key = secrets.token_bytes(HASH_KEY_BYTES)
        connection.execute("INSERT INTO meta VALUES ('hash_key', ?)", (key,))
        row = connection.execute(select).fetchone()
    assert len(row[0]) == HASH_KEY_BYTES, "the key is whole"
    return bytes(row[0])


def _version(connection: sqlite3.Connection) -> int:
    """The file's version, 0 for an empty one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        message = "it is the database of another program"
        raise LedgerError(message)
    return int(version)
