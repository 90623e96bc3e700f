"""A message that did not go through the gate: our own echo, or somebody else's answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from replygate.config import Store
from replygate.events import Outbound
from replygate.ledger import Change, Decision, MessageFact
from replygate.model import Cleared, Draft
from replygate.runtime.announce import announce, tell_people
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.echo import OwnSend, echo_hash
from replygate.runtime.intake import Times, conversation_times
from replygate.runtime.outgoing import finding_rows, kept_text
from replygate.runtime.takeover import spoke
from replygate.runtime.todo import message_of_row
from replygate.timing.events import Message


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of a message that went out elsewhere.

    `own`: it was the echo of a send of ours. `cleared` is the verdict on anybody else's text.
    `recall_left_s`: the whole seconds left to recall a text that breaks a rule; None where it
    breaks none, or the platform's profile does not say how long that is possible.
    """

    new: bool
    own: bool = False
    cleared: Cleared | None = None
    recorded: bool = True
    recall_left_s: int | None = None


async def sent_elsewhere(core: Core, conversation: Conversation, event: Outbound) -> Observed:
    """Somebody else answered: the clock stops, and the text is screened after the fact."""
    arrived_ms = core.clock.wall_ms()
    text_hash = core.ledger.text_hash(event.text)
    async with conversation.state:
        await conversation.load()
        when = conversation_times(core, conversation, event, arrived_ms)
        own = conversation.echoes.find(
            event.id,
            echo_hash(core.ledger, event.text),
            _stamp_ms(event, when),
            when.received_ms,
            ids_agree=event.store in core.ids_agree,
        )
        if own is None:
            return await _foreign(core, conversation, event, when, text_hash)
        if event.id is not None and event.id == own.row.platform_id:
            core.ids_agree.add(event.store)
        return await _echo(core, conversation, event, own, when)


def _stamp_ms(event: Outbound, when: Times) -> int:
    """The platform's own stamp, by which a second report is known, however wrong our clock is."""
    return when.at_ms if event.at_ms is None else event.at_ms


async def _echo(
    core: Core, conversation: Conversation, event: Outbound, own: OwnSend, when: Times
) -> Observed:
    """Our own message came back. Where its receipt was lost, this is the receipt."""
    if own.echo_id is not None or own.state == "sent":
        new = own.echo_id is None
        # An echo that came without an id may come again with one.
        known = own.echo_id if own.echo_named else None
        own.echo_id = known or event.id or own.row.send_id
        own.echo_ms = own.echo_ms or _stamp_ms(event, when)
        return Observed(new=new, own=True)
    own.echo_id = event.id or own.row.send_id
    own.echo_ms = _stamp_ms(event, when)
    if own.state == "sending":
        # Its sender is still waiting for the platform, and will look here.
        return Observed(new=True, own=True)
    was_settled = own.state == "failed"
    own.row = replace(own.row, state="sent", platform_id=event.id)
    row = own.row
    message = replace(
        message_of_row(row, own.echo_id, when.at_ms, when.received_ms),
        kind=event.kind,
        text=kept_text(conversation.served.store, event.text),
    )
    commands = conversation.tell(
        Message(message.id, when.at_ms, when.received_ms, "out", row.origin, own=True)
    )
    change = conversation.take()
    settled = Decision("sent", when.received_ms)
    if was_settled:
        # A person said that it is not out, and was wrong.
        written = await core.faults.write(_store_message(core, message, change))
    else:
        written = await core.faults.write(
            lambda: core.ledger.finish(
                row.send_id,
                "sent",
                platform_id=event.id,
                message=message,
                change=change,
                settled=settled,
            )
        )
    core.journal.emit(
        "reply.sent",
        store=event.store,
        conversation=event.conversation,
        send=row.send_id,
        origin=row.origin,
        agent=row.agent,
        text=event.text,
        platform_id=event.id,
    )
    announce(core, conversation.key, commands)
    return Observed(new=True, own=True, recorded=written is not None)


async def _foreign(
    core: Core, conversation: Conversation, event: Outbound, when: Times, text_hash: str
) -> Observed:
    store = conversation.served.store
    message_id = event.id or f"sent:{_stamp_ms(event, when)}:{text_hash[:12]}"
    draft = Draft(
        event.conversation,
        event.text,
        store=event.store,
        origin=event.origin,
        agent=event.agent,
        kind=event.kind,
    )
    cleared = store.gate.screen(draft, conversation.recall.memory)
    row = MessageFact(
        store=event.store,
        conversation=event.conversation,
        id=message_id,
        direction="out",
        origin=event.origin,
        agent=event.agent,
        kind=event.kind,
        at_ms=when.at_ms,
        received_ms=when.received_ms,
        topic=None,
        text_hash=text_hash,
        text=kept_text(store, event.text),
    )
    commands = conversation.tell(
        Message(message_id, when.at_ms, when.received_ms, "out", event.origin)
    )
    findings = finding_rows(store, event.conversation, message_id, when.at_ms, cleared.findings)
    change = replace(conversation.take(), findings=findings)
    written = await core.faults.write(_store_message(core, row, change))
    announce(core, conversation.key, commands)
    violated = (cleared.would or cleared.action) != "pass"
    left_s = _recall_left_s(core, store, when) if violated else None
    if written is not False:
        conversation.recall.said(event.text, event.origin)
        if event.origin == "human":
            await spoke(core, conversation.key, event.agent, when.at_ms)
        if violated:
            _tell_violation(core, conversation, event, message_id, cleared, left_s)
    return Observed(
        written is not False, cleared=cleared, recorded=written is not None, recall_left_s=left_s
    )


def _recall_left_s(core: Core, store: Store, when: Times) -> int | None:
    """How long the platform still lets people recall it (DY-D-03); None where nobody knows."""
    if store.profile is None or store.profile.recall_s is None:
        return None
    age_ms = max(0, core.clock.wall_ms() - when.at_ms)
    return max(0, store.profile.recall_s * 1_000 - age_ms) // 1_000


def _store_message(
    core: Core, row: MessageFact, change: Change
) -> Callable[[], Coroutine[Any, Any, bool]]:
    async def write() -> bool:
        is_new = await core.ledger.record_store_message(row, change)
        if not is_new and change != Change():
            await core.ledger.record_change(change)
        return is_new

    return write


def _tell_violation(
    core: Core,
    conversation: Conversation,
    event: Outbound,
    message_id: str,
    cleared: Cleared,
    recall_left_s: int | None,
) -> None:
    """What is out is out: people can still recall it, where the platform lets them."""
    left = {} if recall_left_s is None else {"recall_left_s": recall_left_s}
    core.journal.emit(
        "reply.violated",
        store=event.store,
        conversation=event.conversation,
        id=message_id,
        origin=event.origin,
        agent=event.agent,
        action=cleared.would or cleared.action,
        text=event.text,
        findings=cleared.findings,
        **left,
    )
    tell_people(core, conversation.key, "violated")
