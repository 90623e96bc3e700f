"""What runs beside the conversations: keeping house, and going on under other terms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from replygate.errors import LedgerError
from replygate.ledger import OutboxRow
from replygate.runtime.announce import announce, tell_people
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import ConversationKey, Core
from replygate.runtime.resume import FIRST, guard, nothing_needless, set_again
from replygate.timing.calendar import DAY_MS
from replygate.timing.events import Refresh

JANITOR_S = 30.0

STALE_SEND_MS = 300_000
"""A send that has not ended by then never will: longer than every patience and timeout."""

RETAIN_EVERY_S = 3_600.0

RECONCILE_S = 300.0
"""How often the timers are held against the ledger's; after a fault of it at once."""

KEEP_DAYS = 90
"""For stores that are in service no more."""

FLUSH_S = 0.2


async def refresh(
    core: Core, conversations: Conversations, keys: Iterable[ConversationKey]
) -> None:
    """Open conversations go on under the terms that hold now."""
    for key in keys:
        if key[0] not in core.stores:
            continue
        with conversations.using(*key) as conversation:
            async with conversation.state:
                await conversation.load()
                commands = conversation.tell(Refresh(core.clock.wall_ms()))
                await conversation.write()
            announce(core, key, commands)


async def janitor(core: Core, conversations: Conversations) -> None:
    """Park sends that never ended, let go of idle conversations, remove what is too old.

    Whoever waits has timers; if not, gets them.
    """
    retained_s = reconciled_s = core.clock.monotonic_s()
    place, needless = FIRST, nothing_needless(core)
    while True:
        await asyncio.sleep(JANITOR_S)
        if conversations.drop_idle():
            reconciled_s = -RECONCILE_S
        if core.faults.down:
            reconciled_s = -RECONCILE_S
            continue
        now_s = core.clock.monotonic_s()
        try:
            stale = await core.ledger.stale_sending(core.clock.wall_ms() - STALE_SEND_MS)
            tell_unknown(core, stale)
            place = await guard(core, conversations, place, needless)
            if now_s - reconciled_s >= RECONCILE_S:
                await set_again(core, conversations)
                reconciled_s = now_s
            if now_s - retained_s >= RETAIN_EVERY_S:
                retained_s = now_s
                await retain(core)
        except LedgerError as error:
            core.faults.note(error)


async def retain(core: Core) -> None:
    """Remove what is older than its store keeps it."""
    for store in await core.ledger.stores():
        served = core.stores.get(store)
        days = KEEP_DAYS if served is None else served.store.keep_days
        await core.ledger.retain(store, core.clock.wall_ms() - days * DAY_MS)


async def flush(flush_now: Callable[[], None]) -> None:
    """Have the journal on disk soon, without a write for each line."""
    while True:
        await asyncio.sleep(FLUSH_S)
        flush_now()


def tell_unknown(core: Core, sends: Iterable[OutboxRow]) -> None:
    """These may be out, and nobody knows: people must look."""
    for send in sends:
        core.journal.emit(
            "reply.unknown",
            store=send.store,
            conversation=send.conversation,
            send=send.send_id,
            origin=send.origin,
            agent=send.agent,
            reason=send.result,
        )
        tell_people(core, (send.store, send.conversation), "send_unknown")
