"""An answer on its way to the buyer: screened, through the conversation's gate, sent once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from replygate.errors import LedgerError
from replygate.ledger import OutboxRow, SendState
from replygate.model import Draft, Receipt
from replygate.runtime.announce import tell_people
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.flight import Done, Flight
from replygate.runtime.outgoing import (
    Outgoing,
    Sent,
    SentState,
    finding_rows,
    outbox_row,
    screened,
    tell,
)
from replygate.runtime.platform import Port
from replygate.runtime.sends import SendIdReused
from replygate.runtime.transmit import transmit
from replygate.timing.events import Answered, Answering

BLOCKED = "blocked"

PATIENCE_S = 30.0
"""How long an answer waits for a platform that asks to wait; later answers wait behind it."""


async def answer(
    core: Core, conversation: Conversation, draft: Draft, send_id: str, port: Port
) -> Sent:
    """Screen and send one draft. The same `send_id` is sent once, whoever asks.

    Raises LedgerError where the ledger can not be written and the store wants nothing sent then.
    """
    store = conversation.served.store
    outgoing = screened(core, conversation, draft, store, send_id)
    if outgoing.cleared.text is None:
        return await blocked(core, conversation, outgoing)
    async with conversation.state:
        await conversation.load()
        # From here on no holding reply goes out: this answer goes first.
        conversation.tell(Answering(send_id, core.clock.wall_ms()))
    try:
        with conversation.answering():
            await conversation.door.acquire()
        try:
            return await _through_the_door(core, conversation, outgoing, port)
        finally:
            conversation.door.release()
    except BaseException:
        # However it ended, holding replies are free again.
        conversation.tell(Answered(send_id, core.clock.wall_ms()))
        raise


async def _through_the_door(
    core: Core, conversation: Conversation, outgoing: Outgoing, port: Port
) -> Sent:
    async with conversation.state:
        assert not conversation.uncommitted, "a buyer's message is committed before any send"
        flight = Flight(core, conversation, outgoing)
        try:
            if not await flight.begin():
                conversation.tell(Answered(outgoing.send_id, core.clock.wall_ms()))
                return await recorded_outcome(core, outgoing)
        except LedgerError:
            if outgoing.store.on_ledger_fault == "nothing":
                raise
        flight.take_off()
    until_s = core.clock.monotonic_s() + PATIENCE_S
    outcome = await transmit(
        port, outgoing.cleared, outgoing.client_id, until_s=until_s, clock=core.clock
    )
    async with conversation.state:
        flight.settle(outcome, answered(core, outgoing.send_id))
        return await flight.record()


def answered(core: Core, send_id: str) -> Done:
    """What the timing room is told when an answer is through."""
    return lambda _state: Answered(send_id, core.clock.wall_ms())


async def blocked(core: Core, conversation: Conversation, outgoing: Outgoing) -> Sent:
    """Nothing goes out: write why, and tell people at once, as the buyer still waits."""
    turn = conversation.machine.open_turn if conversation.loaded else None
    key = None if turn is None else turn.id
    turn_id = None if key is None else conversation.record.turn_id(key)
    row = replace(outbox_row(core, outgoing, "skipped", turn_id=turn_id), result=BLOCKED)
    findings = finding_rows(
        outgoing.store,
        row.conversation,
        row.send_id,
        row.intent_ms,
        outgoing.cleared.findings,
    )
    written = await core.faults.write(lambda: core.ledger.intend(row, findings))
    if written is False:
        return await recorded_outcome(core, outgoing)
    tell_blocked(core, conversation, outgoing, key)
    return Sent(outgoing.cleared, "skipped", error=BLOCKED, recorded=written is not None)


def tell_blocked(
    core: Core, conversation: Conversation, outgoing: Outgoing, turn: str | None
) -> None:
    """The gate kept a text back."""
    cleared = outgoing.cleared
    tell(
        core,
        outgoing,
        "reply.blocked",
        turn=turn,
        action=cleared.action,
        text=outgoing.draft.text,
        findings=cleared.findings,
    )
    if cleared.on_block != "silent":
        tell_people(core, conversation.key, "blocked", turn=turn)


async def recorded_outcome(core: Core, outgoing: Outgoing) -> Sent:
    """What came of the send of this id when it was first asked for. Raises SendIdReused."""
    row = await core.ledger.send(outgoing.send_id)
    assert row is not None, "the ledger knows this id"
    if not _is_same(row, outbox_row(core, outgoing, row.state, turn_id=row.turn_id)):
        raise SendIdReused
    receipt = Receipt(row.platform_id, row.intent_ms) if row.state == "sent" else None
    return Sent(outgoing.cleared, _STATES[row.state], receipt, row.result)


def _is_same(row: OutboxRow, now: OutboxRow) -> bool:
    """Whether a recorded send was of this message, as far as the ledger can tell.

    What goes out of a rewritten text may rotate, and rules may have changed since; then the texts
    can not be compared.
    """
    if (row.conversation, row.origin, row.agent) != (now.conversation, now.origin, now.agent):
        return False
    comparable = row.verdict == now.verdict != "rewrite"
    return row.text_hash == now.text_hash if comparable else True


_STATES: Mapping[SendState, SentState] = {
    "sent": "sent",
    "failed": "failed",
    "skipped": "skipped",
    "cancelled": "skipped",
    "armed": "skipped",
    "unknown": "unknown",
    "sending": "unknown",
}
