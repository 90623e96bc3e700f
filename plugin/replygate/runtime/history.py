"""From the ledger's facts back to a conversation: what a restart, or a long silence, must restore.

Facts that are no messages (a transfer, a session, what the platform said of a message) stand among
the messages as notices of the platform, so that one table tells the whole story.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from replygate.ledger import ClockRow, History, LegRow, MessageFact, OutboxRow, TurnRow
from replygate.runtime.record import turn_key
from replygate.timing.clocks import Clock
from replygate.timing.commands import LegKey
from replygate.timing.events import (
    Excuse,
    Fact,
    Mark,
    Message,
    SessionClose,
    SessionOpen,
    Transfer,
)
from replygate.timing.timeline import Turn
from replygate.timing.turn import Conversation, Hold, HoldState, Snapshot

NOTICE = "notice:"
"""Starts the topic of a notice that is a fact of ours; what follows says of which kind."""

TOPIC_SEPARATOR = " "

_MARKS: tuple[Excuse, ...] = (
    "recall",
    "platform_spam",
    "ad_reported",
    "platform_no_reply_needed",
)

_HOLD_STATES: dict[str, HoldState] = {
    "sending": "sending",
    "sent": "sent",
    "unknown": "unknown",
    "failed": "failed",
    "skipped": "failed",
}


@dataclass(slots=True)
class Differences:
    """What must be written so that the ledger says what follows from its facts."""

    turns: list[Turn] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    void_turns: list[TurnRow] = field(default_factory=list)
    void_clocks: list[ClockRow] = field(default_factory=list)


def notice(store: str, conversation: str, event: Fact | Mark, text_hash: str) -> MessageFact:
    """How a fact that is no message stands in the ledger."""
    kind, name = _named(event)
    return MessageFact(
        store=store,
        conversation=conversation,
        id=name,
        direction="in",
        origin="platform",
        agent=None,
        kind="other",
        at_ms=event.at_ms,
        received_ms=event.received_ms,
        topic=NOTICE + kind,
        text_hash=text_hash,
    )


def _named(event: Fact | Mark) -> tuple[str, str]:
    match event:
        case Mark(message=message, excuse=excuse):
            return excuse, f"{excuse}:{message}"
        case Transfer():
            return "transfer", event.key
        case SessionOpen():
            return "session_open", event.key
        case SessionClose():
            return "session_close", event.key
        case Message():
            raise AssertionError("a message stands for itself")


def snapshot_of(history: History, floor_ms: int, templates: dict[str, str]) -> Snapshot:
    """The conversation as it was. `templates` are the holding texts by their hash."""
    own = {send.platform_id or send.send_id for send in history.sends}
    facts: list[Fact] = []
    marks: list[Mark] = []
    for row in history.messages:
        event = _event_of(row, own)
        if isinstance(event, Mark):
            marks.append(event)
        else:
            facts.append(event)
    return Snapshot(
        facts=tuple(facts),
        marks=tuple(marks),
        holds=tuple(_holds(history.sends, templates)),
        done=tuple(_done(history.legs)),
        floor_ms=floor_ms,
    )


def reconcile(history: History, machine: Conversation, floor_ms: int) -> Differences:
    """Where the ledger does not say what follows from its own facts.

    A crash between two writes, a fault, or other rules than before leave such traces.
    """
    turns = {turn.id: turn for turn in machine.turns}
    clocks = machine.clocks
    known = {turn_key(row.turn_id): row for row in history.turns}
    written = {(row.rule_id, row.opened_by): row for row in history.clocks}
    differences = Differences()
    for key, turn in turns.items():
        row = known.get(key)
        if row is None or (row.closed_ms, row.last_buyer_ms) != (
            turn.closed_ms,
            turn.last_asked_ms,
        ):
            differences.turns.append(turn)
    for clock_key, clock in clocks.items():
        wrote = written.get(clock_key)
        if wrote is None or (wrote.due_ms, wrote.stopped_ms) != (clock.due_ms, clock.stopped_ms):
            differences.clocks.append(clock)
    differences.void_turns = [
        row
        for key, row in known.items()
        if key not in turns and row.closed_ms is None and row.asked_ms >= floor_ms
    ]
    differences.void_clocks = [
        wrote
        for clock_key, wrote in written.items()
        if clock_key not in clocks and wrote.stopped_ms is None and wrote.opened_ms >= floor_ms
    ]
    return differences


def _event_of(row: MessageFact, own: set[str]) -> Fact | Mark:
    kind = (row.topic or "").removeprefix(NOTICE) if is_notice(row) else ""
    name = row.id.partition(":")[2]
    for excuse in _MARKS:
        if kind == excuse:
            return Mark(name, excuse, row.at_ms, row.received_ms)
    match kind:
        case "transfer":
            return Transfer(row.at_ms, row.received_ms, name)
        case "session_open":
            return SessionOpen(row.at_ms, row.received_ms, name)
        case "session_close":
            return SessionClose(row.at_ms, row.received_ms, name)
    topics = tuple(row.topic.split(TOPIC_SEPARATOR)) if row.topic else ()
    is_own = row.direction == "out" and row.id in own
    return Message(
        row.id, row.at_ms, row.received_ms, row.direction, row.origin, topics, own=is_own
    )


def is_notice(row: MessageFact) -> bool:
    """Whether the row is a fact that is no message."""
    return row.origin == "platform" and (row.topic or "").startswith(NOTICE)


def _holds(sends: Iterable[OutboxRow], templates: dict[str, str]) -> Iterable[Hold]:
    seqs: dict[str, int] = {}
    for send in sends:
        state = _HOLD_STATES.get(send.state)
        if send.leg_seq is None or state is None:
            continue
        assert send.turn_id is not None, "a leg belongs to a turn"
        turn = turn_key(send.turn_id)
        seq = seqs[turn] = seqs.get(turn, -1) + 1
        template = templates.get(send.send_id.rpartition(":")[2], "")
        yield Hold(turn, seq, template, send.intent_ms, state)


def _done(legs: Iterable[LegRow]) -> Iterable[LegKey]:
    for leg in legs:
        if leg.state in {"fired", "skipped"}:
            once_a_turn = leg.kind in {"warn", "escalate"}
            turn = turn_key(leg.turn_id)
            yield (leg.kind, turn if once_a_turn else leg.opened_by, leg.rule_id)
