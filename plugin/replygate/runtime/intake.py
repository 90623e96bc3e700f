"""What happened elsewhere and reaches the gate: buyers' messages, the platform's words, echoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replygate.config import Store
from replygate.events import Inbound, Marked, Outbound, Session, Transferred
from replygate.ledger import Change, MessageFact
from replygate.runtime.announce import announce
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.history import TOPIC_SEPARATOR, notice
from replygate.runtime.outgoing import kept_text
from replygate.runtime.stamps import not_ahead
from replygate.runtime.workflow import attend
from replygate.screening.closing import is_closing
from replygate.timing.clocks import Clock
from replygate.timing.commands import Command, OpenClock
from replygate.timing.deadline import Severity
from replygate.timing.events import (
    CLOSING,
    Fact,
    Mark,
    Message,
    SessionClose,
    SessionOpen,
    Transfer,
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock that an event opened: by `due_ms` (Unix ms) the store must have answered."""

    rule: str
    name: str
    due_ms: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an event. `new` is False for a repeat, which changes nothing.

    `recorded` is False where the ledger could not take it yet; it is kept in memory till then.
    """

    new: bool
    deadlines: tuple[Deadline, ...] = ()
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened and when we saw it, Unix ms."""

    at_ms: int
    received_ms: int


def times(core: Core, at_ms: int | None, received_ms: int | None, *, latest_ms: int = 0) -> Times:
    """An event's times; what it does not say is now. `latest_ms` is of what is known before it."""
    seen_ms = core.clock.wall_ms() if received_ms is None else received_ms
    at_ms = seen_ms if at_ms is None else at_ms
    return Times(not_ahead(at_ms, seen_ms, latest_ms), seen_ms)


def conversation_times(
    core: Core,
    conversation: Conversation,
    event: Inbound | Outbound | Marked | Transferred | Session,
    arrived_ms: int,
) -> Times:
    """An event's times, among what is known of its conversation, which must be loaded.

    `arrived_ms` is when it reached us, before it waited for anything: an answer that overtook it
    here comes after it all the same.
    """
    latest_ms = conversation.machine.latest_ms
    received_ms = arrived_ms if event.received_ms is None else event.received_ms
    return times(core, event.at_ms, received_ms, latest_ms=latest_ms)


async def inbound(core: Core, conversation: Conversation, event: Inbound) -> Received:
    """A message came in: written, with the turn, clocks and timers that it opens, then told."""
    arrived_ms = core.clock.wall_ms()
    store = conversation.served.store
    topics = topics_of(store, event)
    async with conversation.state:
        await conversation.load()
        when = conversation_times(core, conversation, event, arrived_ms)
        row = MessageFact(
            store=event.store,
            conversation=event.conversation,
            id=event.id,
            direction="in",
            origin=event.origin,
            agent=event.agent,
            kind=event.kind,
            at_ms=when.at_ms,
            received_ms=when.received_ms,
            topic=TOPIC_SEPARATOR.join(topics) or None,
            text_hash=core.ledger.text_hash(event.text),
            text=kept_text(store, event.text),
        )
        fact = Message(event.id, when.at_ms, when.received_ms, "in", event.origin, topics)
        received, commands = await _learn(core, conversation, fact, row)
        if received.new and event.origin == "buyer":
            conversation.recall.heard()
            conversation.buyer = conversation.buyer.told(event, store.gate)
    tell_received(core, event, new=received.new)
    announce(core, conversation.key, commands)
    if received.new and event.origin == "buyer":
        attend(core, conversation, event, topics)
    return received


def topics_of(store: Store, event: Inbound) -> tuple[str, ...]:
    """What a message is about: what the event says, and what is found in a buyer's text."""
    if event.origin != "buyer":
        return event.topics
    topics = store.topics.of(event.text).union(event.topics)
    if is_closing(event.text):
        topics |= {CLOSING}
    return tuple(sorted(topics))


def tell_received(core: Core, event: Inbound, *, new: bool) -> None:
    """A message came in, or came again."""
    when = times(core, event.at_ms, event.received_ms)
    core.journal.emit(
        "message.received",
        store=event.store,
        conversation=event.conversation,
        id=event.id,
        origin=event.origin,
        kind=event.kind,
        text=event.text,
        late_ms=when.received_ms - when.at_ms,
        new=new,
    )


async def told(
    core: Core, conversation: Conversation, event: Marked | Transferred | Session
) -> Received:
    """The platform said something that changes who waits."""
    arrived_ms = core.clock.wall_ms()
    async with conversation.state:
        await conversation.load()
        fact = platform_fact(event, conversation_times(core, conversation, event, arrived_ms))
        row = notice(event.store, event.conversation, fact, core.ledger.text_hash(""))
        received, commands = await _learn(core, conversation, fact, row)
    announce(core, conversation.key, commands)
    return received


async def _learn(
    core: Core, conversation: Conversation, fact: Fact | Mark, row: MessageFact
) -> tuple[Received, list[Command]]:
    conversation.uncommitted += 1
    try:
        commands = conversation.tell(fact)
        change = conversation.take()
        ledger = core.ledger

        async def write() -> bool:
            is_new = await ledger.record_inbound(row, change)
            if not is_new and change != Change():
                # A repeat that said more than the first report did.
                await ledger.record_change(change)
            return is_new

        written = await core.faults.write(write)
    finally:
        conversation.uncommitted -= 1
    clocks = [command.clock for command in commands if isinstance(command, OpenClock)]
    if written is False:
        clocks = [clock for clock in conversation.machine.open_clocks if clock.opened_by == row.id]
    received = Received(written is not False, deadlines(clocks), recorded=written is not None)
    return received, commands


def deadlines(clocks: Sequence[Clock]) -> tuple[Deadline, ...]:
    """Clocks for people, the earliest first."""
    return tuple(
        Deadline(clock.rule.id, clock.rule.name, clock.due_ms, clock.rule.severity)
        for clock in sorted(clocks, key=lambda clock: (clock.due_ms, clock.rule.id))
    )


def platform_fact(
    event: Marked | Transferred | Session, when: Times
) -> Mark | Transfer | SessionOpen | SessionClose:
    """What the timing room is told of the platform's word."""
    match event:
        case Marked():
            return Mark(event.message, event.excuse, when.at_ms, when.received_ms)
        case Transferred():
            return Transfer(when.at_ms, when.received_ms, event.id)
        case Session(state="open"):
            return SessionOpen(when.at_ms, when.received_ms, event.id)
        case Session():
            return SessionClose(when.at_ms, when.received_ms, event.id)
