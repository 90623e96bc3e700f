"""A synchronous sender on the event loop's own thread: it can not wait for anything.

The loop stands still while it runs. So the intent is committed by blocking for one commit (with
all that waited before it), the text goes out in the caller's hands, and the memory knows of it
before the loop runs again: no holding reply can come between. What came of it is written by a task.
The conversation's send gate is not waited for: who holds it could not finish meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from uuid import uuid4

from replygate.errors import LedgerError
from replygate.model import Cleared, Draft, Receipt
from replygate.runtime.answers import BLOCKED, TAKEN_OVER, answered, blocked, kept_back
from replygate.runtime.conversation import Conversation
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import Core
from replygate.runtime.flight import Flight
from replygate.runtime.outgoing import Outgoing, Sent, screened
from replygate.runtime.takeover import kept_back_by, spoke
from replygate.runtime.transmit import Outcome, after_error


def send_now(
    core: Core, conversations: Conversations, draft: Draft, send: Callable[[Cleared], Receipt]
) -> Sent:
    """Screen a draft and send it by `send`, which blocks.

    Raises what `send` raises, when that is noted; LedgerError where the ledger can not be written
    and the store wants nothing sent then.
    """
    assert draft.store is not None, "the facade looked for its store"
    with ExitStack() as used:
        conversation = used.enter_context(conversations.using(draft.store, draft.conversation))
        store = conversation.served.store
        outgoing = screened(core, conversation, draft, store, uuid4().hex)
        keeper = kept_back_by(core, store, draft)
        if keeper is not None:
            work = _kept_back(core, conversation, outgoing, keeper, used.pop_all())
            core.tasks.start("kept back", work)
            return Sent(outgoing.cleared, "skipped", error=TAKEN_OVER + keeper, recorded=False)
        if outgoing.cleared.text is None:
            core.tasks.start("blocked", _blocked(core, conversation, outgoing, used.pop_all()))
            return Sent(outgoing.cleared, "skipped", error=BLOCKED, recorded=False)
        flight = Flight(core, conversation, outgoing)
        try:
            began = flight.begin_now()
            assert began, "an id of our own making is new"
        except LedgerError:
            if store.on_ledger_fault == "nothing":
                raise
        flight.take_off()
        outcome, error = _attempt(outgoing, send)
        core.lane(store).ended(probe=False, reached=outcome.state != "unknown")
        if conversation.loaded:
            flight.settle(outcome, answered(core, outgoing.send_id))
        elif outcome.receipt is not None:
            flight.tell_early(outcome.receipt)
        recording = _record(conversation, core, flight, outgoing, outcome, used.pop_all())
        core.tasks.start("sent", recording)
    if error is not None:
        raise error
    return Sent(outgoing.cleared, outcome.state, outcome.receipt, outcome.error, recorded=False)


def _attempt(
    outgoing: Outgoing, send: Callable[[Cleared], Receipt]
) -> tuple[Outcome, BaseException | None]:
    try:
        return Outcome("sent", send(outgoing.cleared)), None
    except Exception as error:  # noqa: BLE001 - it goes on to the caller when it is noted
        return after_error(error), error


async def _record(
    conversation: Conversation,
    core: Core,
    flight: Flight,
    outgoing: Outgoing,
    outcome: Outcome,
    used: ExitStack,
) -> None:
    with used:
        async with conversation.state:
            await conversation.load()
            if not flight.settled:
                flight.settle(outcome, answered(core, outgoing.send_id))
            await flight.record()
            if outgoing.draft.origin == "human" and outcome.state != "failed":
                key, agent = conversation.key, outgoing.draft.agent
                await spoke(core, key, agent, core.clock.wall_ms())


async def _blocked(
    core: Core, conversation: Conversation, outgoing: Outgoing, used: ExitStack
) -> None:
    with used:
        await blocked(core, conversation, outgoing)


async def _kept_back(
    core: Core, conversation: Conversation, outgoing: Outgoing, keeper: str, used: ExitStack
) -> None:
    with used:
        await kept_back(core, conversation, outgoing, keeper)
