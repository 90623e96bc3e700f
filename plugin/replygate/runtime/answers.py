"""An answer on its way to the buyer: screened, through the conversation's gate, sent once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from replygate.errors import LedgerError
from replygate.ledger import OutboxRow, Release, SendState, TaskRow
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
from replygate.runtime.takeover import kept_back_by, spoke
from replygate.runtime.todo import already, kept, task_of, tell_asked
from replygate.runtime.transmit import transmit
from replygate.timing.events import Answered, Answering

BLOCKED = "blocked"

TAKEN_OVER = "taken over by "
"""Begins the result of a bot's text that came while a person had the conversation."""

Require = Callable[[], Awaitable[None]]
"""Raises where a send may not go out any more."""

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
    keeper = kept_back_by(core, store, draft)
    if keeper is not None:
        return await kept_back(core, conversation, outgoing, keeper)
    if outgoing.cleared.text is None:
        return await blocked(core, conversation, outgoing)
    return await go(core, conversation, outgoing, port)


async def go(
    core: Core,
    conversation: Conversation,
    outgoing: Outgoing,
    port: Port,
    release: Release | None = None,
    require: Require | None = None,
) -> Sent:
    """Send what was cleared, when it is its turn. With `release` it ends a task of people's.

    `require` is asked behind the door, and raises where it may not go out any more. Raises
    LedgerError as `answer` does; TaskError where the task was decided meanwhile.
    """
    send_id = outgoing.send_id
    async with conversation.state:
        await conversation.load()
        # From here on no holding reply goes out: this answer goes first.
        conversation.tell(Answering(send_id, core.clock.wall_ms()))
    try:
        with conversation.answering():
            await conversation.door.acquire()
        try:
            return await _through_the_door(core, conversation, outgoing, port, release, require)
        finally:
            conversation.door.release()
    except BaseException:
        # However it ended, holding replies are free again.
        conversation.tell(Answered(send_id, core.clock.wall_ms()))
        raise


async def _through_the_door(
    core: Core,
    conversation: Conversation,
    outgoing: Outgoing,
    port: Port,
    release: Release | None,
    require: Require | None,
) -> Sent:
    async with conversation.state:
        assert not conversation.uncommitted, "a buyer's message is committed before any send"
        # A person may have taken it over while it waited for the door.
        keeper = None if release else kept_back_by(core, outgoing.store, outgoing.draft)
        if keeper is not None:
            conversation.tell(Answered(outgoing.send_id, core.clock.wall_ms()))
            return await kept_back(core, conversation, outgoing, keeper)
        if require is not None:
            await require()
        flight = Flight(core, conversation, outgoing)
        try:
            if not await flight.begin(release):
                if release is not None:
                    raise already(await task_of(core, outgoing.store.id, release.task_id))
                conversation.tell(Answered(outgoing.send_id, core.clock.wall_ms()))
                return await recorded_outcome(core, outgoing)
        except LedgerError:
            # A release that is not recorded could go out twice.
            if release is not None or outgoing.store.on_ledger_fault == "nothing":
                raise
        flight.take_off()
        if release is not None:
            _tell_released(core, outgoing, release)
    until_s = core.clock.monotonic_s() + PATIENCE_S
    outcome = await transmit(
        port,
        outgoing.cleared,
        outgoing.client_id,
        until_s=until_s,
        clock=core.clock,
        lane=core.lane(outgoing.store),
    )
    async with conversation.state:
        flight.settle(outcome, answered(core, outgoing.send_id))
        sent = await flight.record()
        if outgoing.draft.origin == "human" and outcome.state != "failed":
            key, agent = conversation.key, outgoing.draft.agent
            await spoke(core, key, agent, core.clock.wall_ms())
        return sent


def _tell_released(core: Core, outgoing: Outgoing, release: Release) -> None:
    tell(
        core,
        outgoing,
        "reply.released",
        by=release.decision.by,
        task=release.task_id,
        text=outgoing.text,
        findings=outgoing.cleared.findings,
    )


def answered(core: Core, send_id: str) -> Done:
    """What the timing room is told when an answer is through."""
    return lambda _state: Answered(send_id, core.clock.wall_ms())


async def blocked(core: Core, conversation: Conversation, outgoing: Outgoing) -> Sent:
    """Nothing goes out: write why, and tell people at once, as the buyer still waits."""
    row = _skipped(core, conversation, outgoing, BLOCKED)
    reason = " ".join(dict.fromkeys(each.rule for each in outgoing.cleared.findings))
    asks = outgoing.cleared.on_block != "silent"
    task = kept(core, outgoing, row, "blocked", outgoing.draft.text, reason) if asks else None
    written = await _intend(core, outgoing, row, task)
    if written is False:
        return await recorded_outcome(core, outgoing)
    tell_blocked(core, conversation, outgoing, _open_turn(conversation))
    if task is not None:
        tell_asked(core, task)
    return Sent(outgoing.cleared, "skipped", error=BLOCKED, recorded=written is not None)


async def kept_back(
    core: Core, conversation: Conversation, outgoing: Outgoing, keeper: str
) -> Sent:
    """A person has the conversation: the bot's text waits for that person, or is dropped.

    It never goes out by itself later: it was written for another moment.
    """
    if outgoing.cleared.text is None and outgoing.store.people.bot_drafts == "hold":
        return await blocked(core, conversation, outgoing)
    why = TAKEN_OVER + keeper
    row = _skipped(core, conversation, outgoing, why)
    task = None
    if outgoing.cleared.text is not None and outgoing.store.people.bot_drafts == "hold":
        task = kept(core, outgoing, row, "draft", outgoing.text, why)
    written = await _intend(core, outgoing, row, task)
    if written is False:
        return await recorded_outcome(core, outgoing)
    turn = _open_turn(conversation)
    tell(core, outgoing, "reply.kept", turn=turn, by=keeper, text=outgoing.draft.text)
    if task is not None:
        tell_asked(core, task)
    return Sent(outgoing.cleared, "skipped", error=why, recorded=written is not None)


def _open_turn(conversation: Conversation) -> str | None:
    turn = conversation.machine.open_turn if conversation.loaded else None
    return None if turn is None else turn.id


def _skipped(core: Core, conversation: Conversation, outgoing: Outgoing, why: str) -> OutboxRow:
    turn = _open_turn(conversation)
    turn_id = None if turn is None else conversation.record.turn_id(turn)
    return replace(outbox_row(core, outgoing, "skipped", turn_id=turn_id), result=why)


async def _intend(
    core: Core, outgoing: Outgoing, row: OutboxRow, task: TaskRow | None
) -> bool | None:
    """Write what does not go out, and what people are asked; False where the id is known."""
    findings = finding_rows(
        outgoing.store, row.conversation, row.send_id, row.intent_ms, outgoing.cleared.findings
    )
    return await core.faults.write(lambda: core.ledger.intend(row, findings, task=task))


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
