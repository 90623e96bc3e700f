"""Going on after a restart, and finding what slipped through.

A start reads which timers are to fire and sets them; a conversation is loaded when its timer fires
or somebody writes. All others are looked over one by one beside it, slowly, for the rules may be
others than those that the last process served by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from cachetools import TTLCache

from replygate.ledger import ArmedLeg, Restored
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import ConversationKey, Core, TimerKey
from replygate.timing.facts import RETAIN_MS
from replygate.timing.holding import GRACE_MS

OVERDUE_PER_S = 20
"""Overdue conversations fire at this rate after a restart: never a burst."""

TOO_LATE_PER_S = 100
"""The same where no holding reply can be in time any more, and people are told at most."""

LOOKED_OVER_PER_S = 200
"""Conversations that are loaded only to see that all is right: about a quarter of a core."""

FIRST: ConversationKey = ("", "")

NEEDLESS_S = 3_600.0

NEEDLESS_MAX = 100_000

Needless = TTLCache[ConversationKey, bool]
"""Conversations that were looked at and need no timer: a question at night, an answer in doubt of
which people were told. Whatever happens in one sets its timers itself."""


def nothing_needless(core: Core) -> Needless:
    """Where `guard` remembers them."""
    return TTLCache(NEEDLESS_MAX, NEEDLESS_S, timer=core.clock.monotonic_s)


class Spread:
    """Hands out times for what is overdue, one after the other."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._next_ms = core.clock.wall_ms()

    def slot(self, now_ms: int, per_s: int = OVERDUE_PER_S) -> int:
        """The next free time."""
        slot_ms = max(self._next_ms, now_ms)
        self._next_ms = slot_ms + 1000 // per_s
        return slot_ms

    def overdue(self, key: TimerKey, now_ms: int) -> int:
        """When an overdue timer fires: in its own time where it has one."""
        set_ms = self._core.wheel.due_ms(key)
        return self.slot(now_ms) if set_ms is None else set_ms


async def restore(core: Core) -> Restored:
    """Read what the last process left, and set the timers that are not due yet.

    Sends that it had begun may be out: they are unknown now.
    """
    now_ms = core.clock.wall_ms()
    restored = await core.ledger.restore(now_ms - RETAIN_MS)
    core.takeovers.update({(row.store, row.conversation): row for row in restored.takeovers})
    core.duty.restore(restored.duty)
    for leg in restored.legs:
        if leg.due_ms > now_ms and leg.store in core.stores:
            core.wheel.arm((leg.store, leg.conversation, leg.kind), leg.due_ms)
    return restored


async def catch_up(core: Core, conversations: Conversations, restored: Restored) -> None:
    """Every timer is set when this is done: what is overdue fires one after the other.

    The timing room skips what is too old and tells people. A turn without its timers gets them.
    """
    set_overdue(core, restored.legs)
    needless = nothing_needless(core)
    after = await guard(core, conversations, FIRST, needless)
    while after != FIRST:
        after = await guard(core, conversations, after, needless)


async def look_over(core: Core, conversations: Conversations, restored: Restored) -> None:
    """Load every conversation in which something is open once, the most urgent first."""
    due_ms: dict[ConversationKey, int] = {}
    for leg in restored.legs:
        due_ms.setdefault((leg.store, leg.conversation), leg.due_ms)
    left = dict.fromkeys(restored.conversations) | dict.fromkeys(due_ms)
    await _take_up(core, conversations, sorted(left, key=lambda key: due_ms.get(key, 0)))


def set_overdue(core: Core, legs: Iterable[ArmedLeg]) -> None:
    """Have overdue timers fire one conversation after the other, those first that may be in time.

    One that is set already keeps its time.
    """
    now_ms, spread = core.clock.wall_ms(), Spread(core)
    overdue: dict[ConversationKey, list[ArmedLeg]] = {}
    for leg in legs:
        if leg.due_ms <= now_ms and leg.store in core.stores:
            overdue.setdefault((leg.store, leg.conversation), []).append(leg)
    hopeful = {
        key
        for key, late in overdue.items()
        if any(leg.kind == "hold" and leg.due_ms + GRACE_MS > now_ms for leg in late)
    }
    for key in sorted(overdue, key=lambda key: key not in hopeful):
        slot_ms = spread.slot(now_ms, OVERDUE_PER_S if key in hopeful else TOO_LATE_PER_S)
        for leg in overdue[key]:
            if core.wheel.due_ms((*key, leg.kind)) is None:
                core.wheel.arm((*key, leg.kind), slot_ms)


async def set_again(core: Core, conversations: Conversations) -> None:
    """Set the timers that the ledger has and this process has not.

    A timer that fires while the ledger can not be read finds nothing to do.
    """
    now_ms = core.clock.wall_ms()
    lost = [
        leg
        for leg in await core.ledger.armed_legs()
        if leg.store in core.stores
        and core.wheel.due_ms((leg.store, leg.conversation, leg.kind)) is None
        and not conversations.knows((leg.store, leg.conversation))
    ]
    for leg in lost:
        if leg.due_ms > now_ms:
            core.wheel.arm((leg.store, leg.conversation, leg.kind), leg.due_ms)
    set_overdue(core, lost)


async def guard(
    core: Core, conversations: Conversations, after: ConversationKey, needless: Needless
) -> ConversationKey:
    """Give timers to the next conversations that should have some; where to go on."""
    now_ms = core.clock.wall_ms()
    found = await core.ledger.unguarded(now_ms - RETAIN_MS, now_ms, after)
    fresh = [key for key in found if key not in needless]
    for key in await _take_up(core, conversations, fresh):
        needless[key] = True
    return found[-1] if found else FIRST


async def _take_up(
    core: Core, conversations: Conversations, keys: Iterable[ConversationKey]
) -> list[ConversationKey]:
    """Load these, write what the ledger lacks, and let go of them again.

    Which of them need no timer.
    """
    needless: list[ConversationKey] = []
    spread = Spread(core)
    for key in keys:
        if key[0] not in core.stores or conversations.knows(key):
            continue
        with conversations.using(*key) as conversation:
            async with conversation.state:
                await conversation.load(overdue=spread.overdue)
                if await conversation.write() and not conversation.machine.legs:
                    needless.append(key)
        conversations.let_go(key)
        await asyncio.sleep(1 / LOOKED_OVER_PER_S)
    return needless
