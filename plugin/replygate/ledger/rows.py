"""Facts into rows. Each function runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from replygate.ledger.facts import (
    TEXT_CHARS_MAX,
    Change,
    ClockRow,
    DutyRow,
    FindingRow,
    LegKey,
    LegRow,
    LegState,
    MessageFact,
    RatingRow,
    TurnRow,
)


def insert_message(connection: sqlite3.Connection, message: MessageFact) -> bool:
    """False where the message is known already; then nothing changes."""
    cursor = connection.execute(
        "INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (store, conversation, id) DO NOTHING",
        _message_values(message),
    )
    return cursor.rowcount == 1


def insert_own_message(connection: sqlite3.Connection, message: MessageFact) -> None:
    """A message that we sent: where its echo came first, origin and agent are set right."""
    connection.execute(
        "INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (store, conversation, id) DO UPDATE SET"
        " origin = excluded.origin, agent = excluded.agent",
        _message_values(message),
    )


def apply(connection: sqlite3.Connection, change: Change) -> frozenset[LegKey]:
    """Write what an event changes; the legs whose cancel holds."""
    for turn in change.turns:
        upsert_turn(connection, turn)
    for clock in change.clocks:
        upsert_clock(connection, clock)
    cancelled = frozenset(
        key for key in change.cancel if settle_leg(connection, key, "cancelled", None)
    )
    for leg in change.done:
        end_leg(connection, leg)
    for leg in change.legs:
        arm_leg(connection, leg)
    insert_findings(connection, change.findings)
    return cancelled


def upsert_turn(connection: sqlite3.Connection, turn: TurnRow) -> None:
    """Open, move or close a turn. Its place in the conversation never changes."""
    cursor = connection.execute(
        "INSERT INTO turn VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (turn_id) DO UPDATE SET asked_ms = excluded.asked_ms,"
        " asked_id = excluded.asked_id, last_buyer_ms = excluded.last_buyer_ms,"
        " closed_ms = excluded.closed_ms, closed_by = excluded.closed_by"
        " WHERE (turn.store, turn.conversation, turn.generation)"
        " = (excluded.store, excluded.conversation, excluded.generation)",
        (
            turn.turn_id,
            turn.store,
            turn.conversation,
            turn.generation,
            turn.asked_ms,
            turn.asked_id,
            turn.last_buyer_ms,
            turn.closed_ms,
            turn.closed_by,
        ),
    )
    assert cursor.rowcount == 1, f"turn {turn.turn_id} keeps its conversation and generation"


def upsert_clock(connection: sqlite3.Connection, clock: ClockRow) -> None:
    """Start, move or stop a clock."""
    connection.execute(
        "INSERT INTO clock VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (store, conversation, rule_id, opened_by) DO UPDATE SET"
        " opened_ms = excluded.opened_ms, due_ms = excluded.due_ms,"
        " stopped_ms = excluded.stopped_ms, stopped_by = excluded.stopped_by,"
        " edition = excluded.edition",
        (
            clock.store,
            clock.conversation,
            clock.rule_id,
            clock.opened_by,
            clock.opened_ms,
            clock.due_ms,
            clock.stopped_ms,
            clock.stopped_by,
            clock.edition,
        ),
    )


def arm_leg(connection: sqlite3.Connection, leg: LegRow) -> None:
    """Write a leg, or move one that is still armed. One that has left `armed` stays as it is."""
    connection.execute(
        "INSERT INTO leg VALUES (?,?,?,?,?,?,?,?)"
        " ON CONFLICT (turn_id, kind, seq) DO UPDATE SET due_ms = excluded.due_ms"
        " WHERE leg.state = 'armed'",
        _leg_values(leg),
    )


def end_leg(connection: sqlite3.Connection, leg: LegRow) -> None:
    """Write a leg that is done, armed before or not. One that has left `armed` stays as it is."""
    connection.execute(
        "INSERT INTO leg VALUES (?,?,?,?,?,?,?,?)"
        " ON CONFLICT (turn_id, kind, seq) DO UPDATE SET state = excluded.state,"
        " result = excluded.result WHERE leg.state = 'armed'",
        _leg_values(leg),
    )


def settle_leg(
    connection: sqlite3.Connection, key: LegKey, state: LegState, result: str | None
) -> bool:
    """The compare-and-swap from `armed`: True for exactly one caller."""
    assert state != "armed", "a leg does not come back"
    cursor = connection.execute(
        "UPDATE leg SET state = ?, result = ?"
        " WHERE turn_id = ? AND kind = ? AND seq = ? AND state = 'armed'",
        (state, result, key.turn_id, key.kind, key.seq),
    )
    return cursor.rowcount == 1


def insert_findings(connection: sqlite3.Connection, findings: Iterable[FindingRow]) -> None:
    """Write what rules matched."""
    for finding in findings:
        connection.execute(
            "INSERT INTO finding VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                finding.store,
                finding.conversation,
                finding.message_id,
                finding.at_ms,
                finding.rule_id,
                finding.action,
                finding.start,
                finding.stop,
                int(finding.evasion),
                finding.masked,
            ),
        )


def insert_rating(connection: sqlite3.Connection, rating: RatingRow) -> bool:
    """False where the rating is known already; then nothing changes."""
    cursor = connection.execute(
        "INSERT INTO rating VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (store, conversation, id) DO NOTHING",
        (
            rating.store,
            rating.conversation,
            rating.id,
            rating.at_ms,
            rating.received_ms,
            rating.agent,
            rating.score,
            rating.scale_max,
            rating.label,
            _stored(rating.reason),
            rating.source,
        ),
    )
    return cursor.rowcount == 1


def insert_duty(connection: sqlite3.Connection, duty: DutyRow) -> bool:
    """False where it is known already; then nothing changes."""
    cursor = connection.execute(
        "INSERT INTO duty VALUES (?,?,?,?,?) ON CONFLICT (store, agent, at_ms, online) DO NOTHING",
        (duty.store, duty.agent, duty.at_ms, duty.received_ms, int(duty.online)),
    )
    return cursor.rowcount == 1


def _leg_values(leg: LegRow) -> tuple[object, ...]:
    return (
        leg.turn_id,
        leg.kind,
        leg.seq,
        leg.due_ms,
        leg.state,
        leg.result,
        leg.opened_by,
        leg.rule_id,
    )


def _message_values(message: MessageFact) -> tuple[object, ...]:
    assert message.text_hash, "a message has a hash even where its text is not kept"
    return (
        message.store,
        message.conversation,
        message.id,
        message.direction,
        message.origin,
        message.agent,
        message.kind,
        message.at_ms,
        message.received_ms,
        message.topic,
        message.text_hash,
        _stored(message.text),
    )


def _stored(text: str | None) -> str | None:
    if text is None:
        return None
    # Half a surrogate pair comes out of broken JSON; SQLite takes whole characters only.
    return text[:TEXT_CHARS_MAX].encode("utf-8", "replace").decode("utf-8")
