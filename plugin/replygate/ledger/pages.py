"""What reports read: a store's facts of a span of time, one page in each transaction.

A page is the rows, and where to go on; None at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from replygate.ledger.facts import DutyRow, FindingRow, RatingRow, TakeoverRow, TaskRow
from replygate.ledger.lines import (
    ConversationPage,
    FindingLine,
    LegLine,
    MessageLine,
    SendLine,
    SpanPage,
)
from replygate.ledger.queries import duty_page, rating_page

PAGE_ROWS = 1_000
CONVERSATION_ROWS_MAX = 2_000

Place = tuple[Any, ...]
"""Where a page ended: the last row's place in the order that the pages are read in."""

T_co = TypeVar("T_co", covariant=True)


class PageOf(Protocol[T_co]):
    """Reads the next rows of a store by time."""

    def __call__(
        self, connection: sqlite3.Connection, store: str, after: Place, until_ms: int
    ) -> tuple[tuple[T_co, ...], Place | None]:
        """The rows after that place whose time is before `until_ms`."""


LINES = """
SELECT conversation, id, direction, origin, agent, at_ms, received_ms, topic, rowid
  FROM message WHERE store = ? AND (at_ms, rowid) > (?, ?) AND at_ms < ?
  ORDER BY at_ms, rowid LIMIT ?
"""

SENDS = """
SELECT intent_ms, rowid, send_id, platform_id, origin, state, verdict FROM outbox
  WHERE store = ? AND (intent_ms, rowid) > (?, ?) AND intent_ms < ?
  ORDER BY intent_ms, rowid LIMIT ?
"""

# A finding names the message; where the gate sent it, the send, whose message is the platform's.
FINDINGS = """
SELECT finding.at_ms, finding.rowid, finding.*, coalesce(message.origin, outbox.origin),
    coalesce(message.agent, outbox.agent), message.text, outbox.verdict, message.id IS NOT NULL
  FROM finding
  LEFT JOIN outbox ON outbox.send_id = finding.message_id AND outbox.store = finding.store
  LEFT JOIN message ON message.store = finding.store
    AND message.conversation = finding.conversation
    AND message.id = coalesce(outbox.platform_id, finding.message_id)
  WHERE finding.store = ? AND (finding.at_ms, finding.rowid) > (?, ?) AND finding.at_ms < ?
  ORDER BY finding.at_ms, finding.rowid LIMIT ?
"""

TURNS = """
SELECT asked_ms, rowid FROM turn WHERE store = ? AND (asked_ms, rowid) > (?, ?) AND asked_ms < ?
  ORDER BY asked_ms, rowid LIMIT ?
"""

LEGS = """
SELECT turn.asked_ms, leg.turn_id, leg.kind, leg.state, leg.result, leg.opened_by
  FROM turn CROSS JOIN leg USING (turn_id)
  WHERE turn.store = ? AND (turn.asked_ms, turn.rowid) > (?, ?)
    AND (turn.asked_ms, turn.rowid) <= (?, ?) AND leg.kind IN ('hold', 'follow_up')
  ORDER BY turn.asked_ms, turn.rowid, leg.kind, leg.seq
"""


def line_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[MessageLine, ...], Place | None]:
    """The next messages, as reports need them."""
    rows = connection.execute(LINES, (store, *after, until_ms, PAGE_ROWS)).fetchall()
    place = (rows[-1][5], rows[-1][8]) if len(rows) == PAGE_ROWS else None
    return tuple(map(MessageLine._make, rows)), place


def send_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[SendLine, ...], Place | None]:
    """The next sends, by the time they were last asked for."""
    rows = connection.execute(SENDS, (store, *after, until_ms, PAGE_ROWS)).fetchall()
    return tuple(map(SendLine._make, rows)), _end(rows)


def finding_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[FindingLine, ...], Place | None]:
    """The next findings, each with what is known of its message."""
    rows = connection.execute(FINDINGS, (store, *after, until_ms, PAGE_ROWS)).fetchall()
    found = tuple(FindingLine(FindingRow(*row[2:12]), *row[12:]) for row in rows)
    return found, _end(rows)


def leg_page(
    connection: sqlite3.Connection, store: str, after: Place, until_ms: int
) -> tuple[tuple[LegLine, ...], Place | None]:
    """The timers of holds and promises, by the time their turns were asked."""
    turns = connection.execute(TURNS, (store, *after, until_ms, PAGE_ROWS)).fetchall()
    if not turns:
        return (), None
    rows = connection.execute(LEGS, (store, *after, *turns[-1])).fetchall()
    return tuple(map(LegLine._make, rows)), _end(turns)


KINDS: Mapping[str, PageOf[Any]] = {
    "lines": line_page,
    "sends": send_page,
    "findings": finding_page,
    "legs": leg_page,
    "ratings": rating_page,
    "duty": duty_page,
}
"""The kinds of facts of a span, by their place in `SpanPage`."""

Places = Mapping[str, Place]
"""Where each kind goes on; a kind that is read to its end has none."""


def span_page(
    connection: sqlite3.Connection, store: str, after: Places, until_ms: int, *, first: bool
) -> tuple[SpanPage, Places]:
    """The next facts of every kind, one page of each."""
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(KINDS, ())
    places: dict[str, Place] = {}
    for kind, place in after.items():
        found[kind], end = KINDS[kind](connection, store, place, until_ms)
        if end is not None:
            places[kind] = end
    if first:
        found["duty"] = (*duty_before(connection, store, after["duty"][0]), *found["duty"])
    return SpanPage(**found), places


# From agent to agent along the key, for an agent's last word may be years of others' words back.
DUTY_BEFORE = """
WITH RECURSIVE known (agent) AS (
    SELECT min(agent) FROM duty WHERE store = ?1
    UNION ALL SELECT (SELECT min(agent) FROM duty WHERE store = ?1 AND agent > known.agent)
      FROM known WHERE known.agent IS NOT NULL)
SELECT duty.* FROM known CROSS JOIN duty ON duty.store = ?1 AND duty.agent = known.agent
  AND duty.at_ms =
    (SELECT max(at_ms) FROM duty WHERE store = ?1 AND agent = known.agent AND at_ms < ?2)
"""


def duty_before(connection: sqlite3.Connection, store: str, at_ms: int) -> tuple[DutyRow, ...]:
    """The last that each agent said of coming and going before an instant."""
    rows = connection.execute(DUTY_BEFORE, (store, at_ms))
    return tuple(
        DutyRow(of, agent, when_ms, received_ms, online=bool(online))
        for of, agent, when_ms, received_ms, online in rows
    )


def of_conversation(
    connection: sqlite3.Connection, store: str, conversation: str
) -> ConversationPage:
    """What else than its turns is known of a conversation, oldest first."""
    key = (store, conversation, CONVERSATION_ROWS_MAX)
    findings = connection.execute(
        "SELECT * FROM finding WHERE store = ? AND conversation = ?"
        " ORDER BY at_ms DESC, rowid DESC LIMIT ?",
        key,
    ).fetchall()
    ratings = connection.execute(
        "SELECT * FROM rating WHERE store = ? AND conversation = ?"
        " ORDER BY at_ms DESC, rowid DESC LIMIT ?",
        key,
    ).fetchall()
    tasks = connection.execute(
        "SELECT * FROM task WHERE store = ? AND conversation = ?"
        " ORDER BY at_ms DESC, rowid DESC LIMIT ?",
        key,
    ).fetchall()
    takeover = connection.execute(
        "SELECT * FROM takeover WHERE store = ? AND conversation = ?", (store, conversation)
    ).fetchone()
    return ConversationPage(
        findings=tuple(FindingRow(*row) for row in reversed(findings)),
        ratings=tuple(RatingRow(*row) for row in reversed(ratings)),
        tasks=tuple(TaskRow(*row) for row in reversed(tasks)),
        takeover=TakeoverRow(*takeover) if takeover else None,
    )


def first_ms(connection: sqlite3.Connection, store: str) -> int | None:
    """When the oldest message of a store was written."""
    select = "SELECT min(at_ms) FROM message WHERE store = ?"
    first: int | None = connection.execute(select, (store,)).fetchone()[0]
    return first


def _end(rows: list[tuple[Any, ...]]) -> Place | None:
    return rows[-1][:2] if len(rows) == PAGE_ROWS else None
