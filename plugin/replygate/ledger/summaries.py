"""What days come to, kept until a fact comes that changes it.

Whoever works a day out claims it first, reads the facts, and then puts what they come to. A fact
that is written in between takes the claim away, so that nothing outdated is ever put. The functions
run inside the caller's transaction; the triggers in that of every other write.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence

from replygate.ledger.lines import SummaryRow
from replygate.timing.calendar import DAY_MS

REACH_MS = DAY_MS
"""How far from its own day a fact can matter: the longest reply deadline of a platform is a day.

An answer later than this after the end of a question's day is no answer to it, and what happened
earlier than this before a day says nothing about it. So a day is closed when this has passed after
it, and a fact touches the days that lie within this of it.
"""

# The platforms' zone has had no summer time since 1991 (`timing.calendar`), so SQL can count days.
_ZONE_MS = 28_800_000
_EPOCH = dt.date(1970, 1, 1).toordinal()

# Time column and further condition of the facts that a summary counts. Of timers it counts those
# of holding replies and promises, on the day that the turn was asked.
_TIMED = {
    "message": "at_ms",
    "outbox": "intent_ms",
    "finding": "at_ms",
    "rating": "at_ms",
    "duty": "at_ms",
}


def _day(at_ms: str) -> str:
    return f"({at_ms} + {_ZONE_MS}) / {DAY_MS} + {_EPOCH}"


def _touch(table: str, event: str, row: str) -> str:
    at_ms = f"{row}.{_TIMED[table]}"
    name = f"{table}_{event.lower()}_{row.lower()}"
    days = f"day >= {_day(f'{at_ms} - {REACH_MS}')}"
    # Who came is there until he says otherwise, however many days later.
    if table != "duty":
        days += f" AND day <= {_day(f'{at_ms} + {REACH_MS}')}"
    return f"""CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN
        DELETE FROM summary WHERE store = {row}.store AND {days};
    END"""  # noqa: S608 - the names are ours


def _touch_leg(event: str, row: str) -> str:
    return f"""CREATE TRIGGER leg_{event.lower()} AFTER {event} ON leg
        WHEN {row}.kind IN ('hold', 'follow_up') BEGIN
        DELETE FROM summary WHERE (store, day) IN
            (SELECT store, {_day("asked_ms")} FROM turn WHERE turn_id = {row}.turn_id);
    END"""  # noqa: S608 - the names are ours


TRIGGERS = (
    *(_touch(table, "INSERT", "NEW") for table in _TIMED),
    *(_touch(table, "UPDATE", row) for table in _TIMED for row in ("OLD", "NEW")),
    *(_touch(table, "DELETE", "OLD") for table in _TIMED),
    _touch_leg("INSERT", "NEW"),
    _touch_leg("UPDATE", "NEW"),
)
"""Whoever writes a fact removes what is kept of the days that it may change."""


def day_of(at_ms: int) -> int:
    """The ordinal of an instant's local day, as the triggers count it."""
    return (at_ms + _ZONE_MS) // DAY_MS + _EPOCH


def select(
    connection: sqlite3.Connection, store: str, first: int, last: int
) -> tuple[SummaryRow, ...]:
    """A store's summaries and claims of these days (ordinals), both inclusive, by day."""
    rows = connection.execute(
        "SELECT * FROM summary WHERE store = ? AND day BETWEEN ? AND ? ORDER BY day",
        (store, first, last),
    )
    return tuple(SummaryRow(*row) for row in rows)


def claim(connection: sqlite3.Connection, store: str, days: Sequence[int], token: str) -> None:
    """Say that these days are being worked out; what was kept of them goes."""
    connection.executemany(
        "INSERT INTO summary VALUES (?,?,?,'',0,0)"
        " ON CONFLICT (store, day) DO UPDATE SET law = excluded.law, body = excluded.body",
        [(store, day, token) for day in days],
    )


def put(connection: sqlite3.Connection, rows: Iterable[SummaryRow], token: str) -> int:
    """Keep what days come to whose claim still stands; how many."""
    update = (
        "UPDATE summary SET law = ?, body = ?, from_ms = ?, until_ms = ?"
        " WHERE store = ? AND day = ? AND law = ?"
    )
    return sum(
        connection.execute(
            update,
            (row.law, row.body, row.from_ms, row.until_ms, row.store, row.day, token),
        ).rowcount
        for row in rows
    )
