"""Rows into facts. Each function runs inside a transaction, so that its answers fit together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

from replygate.ledger.facts import (
    ClockRow,
    ConversationFacts,
    DutyRow,
    History,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TurnRow,
)

CONVERSATION_MESSAGES_MAX = 50
WAITING_MAX = 1_000
UNFINISHED_MAX = 200
SENDS_MAX = 200
HISTORY_MESSAGES_MAX = 2_000
PAGE_ROWS = 1_000

Place = tuple[int, int]
"""Where a page ended: the last one's time and row number."""

T_co = TypeVar("T_co", covariant=True)


class PageOf(Protocol[T_co]):
    """Reads the next facts of a store by time, and where to go on; None at the end."""

    def __call__(
        self, connection: sqlite3.Connection, store: str, after: Place, until_ms: int
    ) -> tuple[tuple[T_co, ...], Place | None]:
        """The facts after that place whose `at_ms` is before `until_ms`."""


MESSAGE_PAGE = """
SELECT at_ms, rowid, * FROM message WHERE store = ? AND (at_ms, rowid) > (?, ?) AND at_ms < ?
  ORDER BY at_ms, rowid LIMIT ?
"""
RATING_PAGE = """
SELECT at_ms, rowid, * FROM rating WHERE store = ? AND (at_ms, rowid) > (?, ?) AND at_ms < ?
  ORDER BY at_ms, rowid LIMIT ?
"""
DUTY_PAGE = """
SELECT at_ms, rowid, * FROM duty WHERE store = ? AND (at_ms, rowid) > (?, ?) AND at_ms < ?
  ORDER BY at_ms, rowid LIMIT ?
"""

UNFINISHED = """
SELECT conversation, min(since_ms) AS first_ms FROM (
  SELECT conversation, asked_ms AS since_ms FROM turn WHERE store = :store AND closed_ms IS NULL
  UNION ALL SELECT conversation, asked_ms FROM turn
    WHERE store = :store AND turn_id IN
      (SELECT turn_id FROM leg WHERE state = 'armed' AND kind = 'follow_up')
  UNION ALL SELECT conversation, at_ms FROM task WHERE store = :store AND done_ms IS NULL
  UNION ALL SELECT conversation, since_ms FROM takeover WHERE store = :store
) GROUP BY conversation ORDER BY first_ms, conversation LIMIT :limit
"""

# From store to store along an index; DISTINCT would read it from end to end.
NEXT_STORE = (
    "SELECT min(store) FROM message WHERE store > ?",
    "SELECT min(store) FROM turn WHERE store > ?",
    "SELECT min(store) FROM clock WHERE store > ?",
    "SELECT min(store) FROM outbox WHERE store > ?",
    "SELECT min(store) FROM finding WHERE store > ?",
    "SELECT min(store) FROM rating WHERE store > ?",
    "SELECT min(store) FROM duty WHERE store > ?",
    "SELECT min(store) FROM task WHERE store > ?",
    "SELECT min(store) FROM takeover WHERE store > ?",
)


def conversation_facts(
    connection: sqlite3.Connection, store: str, conversation: str
) -> ConversationFacts:
    """What must be known to carry on with one conversation."""
    key = (store, conversation)
    latest = connection.execute(
        "SELECT * FROM turn WHERE store = ? AND conversation = ? ORDER BY generation DESC LIMIT 1",
        key,
    ).fetchone()
    turn = TurnRow(*latest) if latest else None
    clocks = connection.execute(
        "SELECT * FROM clock WHERE store = ? AND conversation = ? AND stopped_ms IS NULL"
        " ORDER BY due_ms",
        key,
    )
    legs = connection.execute(
        "SELECT leg.* FROM turn CROSS JOIN leg USING (turn_id)"
        " WHERE store = ? AND conversation = ? AND leg.state = 'armed' ORDER BY due_ms",
        key,
    )
    return ConversationFacts(
        store,
        conversation,
        turn,
        tuple(ClockRow(*row) for row in clocks),
        tuple(LegRow(*row) for row in legs),
        _messages_of_turn(connection, turn) if turn else (),
        _last_store_ms(connection, store, conversation),
    )


def history(
    connection: sqlite3.Connection, store: str, conversation: str, since_ms: int
) -> History:
    """What happened in one conversation since then, and in its turn that is still open."""
    key = (store, conversation)
    opened = connection.execute(
        "SELECT asked_ms FROM turn WHERE store = ? AND conversation = ? AND closed_ms IS NULL"
        " ORDER BY generation DESC LIMIT 1",
        key,
    ).fetchone()
    if opened:
        since_ms = min(since_ms, opened[0])
    since = (*key, since_ms)
    # The plus keeps SQLite off the index by time, which would read every turn of the store.
    turns = connection.execute(
        "SELECT * FROM turn WHERE store = ? AND conversation = ? AND +asked_ms >= ?"
        " ORDER BY generation",
        since,
    )
    clocks = connection.execute(
        "SELECT * FROM clock WHERE store = ? AND conversation = ?"
        " AND (+opened_ms >= ? OR stopped_ms IS NULL)",
        since,
    )
    legs = connection.execute(
        "SELECT leg.* FROM turn CROSS JOIN leg USING (turn_id)"
        " WHERE store = ? AND conversation = ? AND +asked_ms >= ? ORDER BY kind, seq",
        since,
    )
    messages = connection.execute(
        "SELECT * FROM message WHERE store = ? AND conversation = ? AND at_ms >= ?"
        " ORDER BY at_ms DESC, rowid DESC LIMIT ?",
        (*since, HISTORY_MESSAGES_MAX),
    ).fetchall()
    return History(
        tuple(TurnRow(*row) for row in turns),
        tuple(ClockRow(*row) for row in clocks),
        tuple(LegRow(*row) for row in legs),
        tuple(MessageFact(*row) for row in reversed(messages)),
        sends(connection, store, conversation, since_ms),
    )


def waiting(connection: sqlite3.Connection, store: str) -> tuple[ConversationFacts, ...]:
    """Conversations with an open turn, longest waiting first."""
    rows = connection.execute(
        "SELECT conversation FROM turn WHERE store = ? AND closed_ms IS NULL"
        " GROUP BY conversation ORDER BY min(asked_ms) LIMIT ?",
        (store, WAITING_MAX),
    ).fetchall()
    return tuple(conversation_facts(connection, store, conversation) for (conversation,) in rows)


def unfinished(connection: sqlite3.Connection, store: str) -> tuple[ConversationFacts, ...]:
    """A store's conversations that somebody must go on with, the longest waiting first.

    A buyer waits, was promised something, or a person has it or must decide something there.
    """
    values = {"store": store, "limit": UNFINISHED_MAX}
    rows = connection.execute(UNFINISHED, values).fetchall()
    return tuple(conversation_facts(connection, store, conversation) for conversation, _ in rows)


def sends(
    connection: sqlite3.Connection, store: str, conversation: str, since_ms: int
) -> tuple[OutboxRow, ...]:
    """A conversation's latest sends, oldest first."""
    rows = connection.execute(
        "SELECT * FROM outbox WHERE store = ? AND conversation = ? AND intent_ms >= ?"
        " ORDER BY intent_ms DESC, rowid DESC LIMIT ?",
        (store, conversation, since_ms, SENDS_MAX),
    ).fetchall()
    return tuple(OutboxRow(*row) for row in reversed(rows))


def hold_counts(connection: sqlite3.Connection, store: str, since_ms: int) -> dict[str, int]:
    """Per conversation, holds that went out or may have: a doubtful one counts against the cap."""
    rows = connection.execute(
        "SELECT conversation, count(*) FROM outbox WHERE store = ? AND intent_ms >= ?"
        " AND origin = 'hold' AND state IN ('sending', 'sent', 'unknown') GROUP BY conversation",
        (store, since_ms),
    )
    return dict(rows.fetchall())


def message_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[MessageFact, ...], Place | None]:
    """The next messages; see `PageOf`."""
    rows, place = _page(connection, MESSAGE_PAGE, (store, *after, until_ms, PAGE_ROWS))
    return tuple(MessageFact(*row[2:]) for row in rows), place


def rating_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[RatingRow, ...], Place | None]:
    """The next ratings; see `PageOf`."""
    rows, place = _page(connection, RATING_PAGE, (store, *after, until_ms, PAGE_ROWS))
    return tuple(RatingRow(*row[2:]) for row in rows), place


def duty_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[DutyRow, ...], Place | None]:
    """The next comings and goings; see `PageOf`."""
    rows, place = _page(connection, DUTY_PAGE, (store, *after, until_ms, PAGE_ROWS))
    facts = tuple(
        DutyRow(of, agent, at_ms, received_ms, online=bool(online))
        for _, _, of, agent, at_ms, received_ms, online in rows
    )
    return facts, place


def stores(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Every store with facts."""
    return tuple(sorted({store for table in NEXT_STORE for store in _each(connection, table)}))


def _page(
    connection: sqlite3.Connection, select: str, values: tuple[object, ...]
) -> tuple[list[tuple[Any, ...]], Place | None]:
    rows = connection.execute(select, values).fetchall()
    return rows, rows[-1][:2] if len(rows) == PAGE_ROWS else None


def _each(connection: sqlite3.Connection, next_store: str) -> Iterator[str]:
    store: str | None = ""
    while True:
        (store,) = connection.execute(next_store, (store,)).fetchone()
        if store is None:
            return
        yield store


def _messages_of_turn(connection: sqlite3.Connection, turn: TurnRow) -> tuple[MessageFact, ...]:
    rows = connection.execute(
        "SELECT * FROM message WHERE store = ? AND conversation = ? AND at_ms >= ?"
        " ORDER BY at_ms DESC, rowid DESC LIMIT ?",
        (turn.store, turn.conversation, turn.asked_ms, CONVERSATION_MESSAGES_MAX),
    ).fetchall()
    return tuple(MessageFact(*row) for row in reversed(rows))


def _last_store_ms(connection: sqlite3.Connection, store: str, conversation: str) -> int | None:
    row = connection.execute(
        "SELECT at_ms FROM message WHERE store = ? AND conversation = ?"
        " AND direction = 'out' AND origin <> 'platform' ORDER BY at_ms DESC LIMIT 1",
        (store, conversation),
    ).fetchone()
    return row[0] if row else None
