"""What runs beside the conversations: taking up what a restart left, and keeping house."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from replygate.errors import LedgerError
from replygate.ledger import ConversationFacts, OutboxRow, Restored
from replygate.runtime.announce import announce, tell_people
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import ConversationKey, Core
from replygate.timing.events import Refresh
from replygate.timing.facts import RETAIN_MS

OVERDUE_PER_S = 20
"""Overdue timers after a restart fire at this rate: never a burst."""

JANITOR_S = 30.0

STALE_SEND_MS = 300_000
"""A send that has not ended by then never will: longer than every patience and timeout."""

RETAIN_EVERY_S = 3_600.0

RETENTION_MS = 90 * 86_400_000

FLUSH_S = 0.2


@dataclass(slots=True)
class Spread:
    """Hands out times for what is overdue, one after the other."""

    next_ms: int

    def slot(self, now_ms: int) -> int:
        """The next free time."""
        slot_ms = max(self.next_ms, now_ms)
        self.next_ms = slot_ms + 1000 // OVERDUE_PER_S
        return slot_ms


async def restore(core: Core) -> Restored:
    """Read what the last process left, and arm the timers that are not due yet.

    Sends that it had begun may be out: they are unknown now, and people are told of each.
    """
    now_ms = core.clock.wall_ms()
    restored = await core.ledger.restore(now_ms - RETAIN_MS)
    tell_unknown(core, restored.unknown)
    for facts in restored.conversations:
        for leg in facts.legs if facts.store in core.stores else ():
            if leg.due_ms > now_ms:
                core.wheel.arm((facts.store, facts.conversation, leg.kind), leg.due_ms)
    return restored


async def catch_up(
    core: Core, conversations: Conversations, left: Iterable[ConversationFacts]
) -> None:
    """Take up every conversation in which something is open, the most urgent first.

    What is overdue fires one after the other; the timing room skips what is too old and tells
    people. A turn without its timers gets them.
    """
    spread = Spread(core.clock.wall_ms())
    urgent = sorted(left, key=_due_ms)
    for facts in urgent:
        if facts.store in core.stores:
            await _take_up(conversations, (facts.store, facts.conversation), spread)


def _due_ms(facts: ConversationFacts) -> int:
    leg = facts.next_leg
    return facts.turn.asked_ms if leg is None and facts.turn else leg.due_ms if leg else 0


async def _take_up(conversations: Conversations, key: ConversationKey, spread: Spread) -> None:
    with conversations.using(*key) as conversation:
        async with conversation.state:
            await conversation.load(overdue=spread.slot)
            await conversation.write()


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
    """Park sends that never ended, let go of idle conversations, remove what is too old."""
    retained_s = core.clock.monotonic_s()
    while True:
        await asyncio.sleep(JANITOR_S)
        conversations.drop_idle()
        if core.faults.down:
            continue
        try:
            stale = await core.ledger.stale_sending(core.clock.wall_ms() - STALE_SEND_MS)
            tell_unknown(core, stale)
            if core.clock.monotonic_s() - retained_s >= RETAIN_EVERY_S:
                retained_s = core.clock.monotonic_s()
                for store in await core.ledger.stores():
                    await core.ledger.retain(store, core.clock.wall_ms() - RETENTION_MS)
        except LedgerError as error:
            core.faults.note(error)


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
