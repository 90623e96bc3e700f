"""Shifts end, people come and go, and take-overs run out: what must happen then."""

from __future__ import annotations

import asyncio

from replygate.config import Store
from replygate.errors import LedgerError
from replygate.runtime import takeover
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import Core
from replygate.runtime.handover import Unfinished, handover, tell_handover
from replygate.runtime.texts import TEXT_KEPT_MS
from replygate.timing.duty import EXTEND_MAX_MS, Spell, Wait, ended, goes_on, planned

LOOK_S = 15.0

LOOK_BACK_MS = 300_000
"""What ended so shortly before the start is looked at: told twice rather than never."""

FORGET_TEXTS_S = 600.0


async def watch(core: Core, conversations: Conversations) -> None:
    """Look again and again which shifts have ended, and which take-overs are over."""
    looked_ms = core.clock.wall_ms() - LOOK_BACK_MS
    await _go_on(core, looked_ms)
    wiped_s = core.clock.monotonic_s() - FORGET_TEXTS_S
    while True:
        await asyncio.sleep(LOOK_S)
        now_ms = core.clock.wall_ms()
        for store in [served.store for served in core.stores.values()]:
            await _look(core, store, looked_ms, now_ms)
            # Hundreds of stores in one go would keep timers waiting.
            await asyncio.sleep(0)
        looked_ms = max(looked_ms, now_ms)
        await _let_expire(core, conversations)
        if core.clock.monotonic_s() - wiped_s >= FORGET_TEXTS_S and not core.faults.down:
            wiped_s = core.clock.monotonic_s()
            await _wipe_texts(core, now_ms)


async def came_or_left(core: Core, store: Store, agent: str, *, online: bool) -> None:
    """Who comes is told what is open (TM-P-04); what is left by who goes, the others are told."""
    open_ = await _open(core, store.id)
    there = core.duty.on_duty(store, core.clock.wall_ms())
    if online:
        others: tuple[str, ...] = ()
    elif there:
        # The others are at work on the rest.
        open_ = tuple(one for one in open_ if one.agent == agent)
        others = (agent,)
    else:
        others = (agent,)
    if open_:
        tell_handover(core, store.id, open_, of=others, to=(agent,) if online else there)


async def _go_on(core: Core, now_ms: int) -> None:
    """Shifts that went on in the process before still do, while the same buyers wait."""
    for store in [served.store for served in core.stores.values()]:
        for spell in ended(store.shifts, now_ms - EXTEND_MAX_MS, now_ms):
            if spell.shift.extend and goes_on(spell, await _waits(core, store.id), now_ms):
                core.duty.extend(store.id, spell)


async def _look(core: Core, store: Store, after_ms: int, now_ms: int) -> None:
    over = core.duty.extended(store.id)
    if not store.shifts and not over:
        return
    for spell in (*over, *ended(store.shifts, after_ms, now_ms)):
        waits = await _waits(core, store.id) if spell.shift.extend else []
        if spell.shift in store.shifts and goes_on(spell, waits, now_ms):
            core.duty.extend(store.id, spell)
        else:
            core.duty.end(store.id, spell)
            await _end(core, store, spell, now_ms)


async def _end(core: Core, store: Store, spell: Spell, now_ms: int) -> None:
    core.journal.emit(
        "shift.ended",
        store=store.id,
        shift=spell.shift.name,
        agents=list(spell.shift.agents),
        late_ms=now_ms - spell.end_ms,
    )
    still = {agent for other in planned(store.shifts, now_ms) for agent in other.shift.agents}
    gone = [agent for agent in spell.shift.agents if agent not in still]
    if not gone:
        return
    open_ = await _open(core, store.id)
    if open_:
        there = core.duty.on_duty(store, now_ms)
        tell_handover(core, store.id, open_, of=gone, to=there)


async def _waits(core: Core, store: str) -> list[Wait]:
    return [
        Wait(one.waiting_ms, one.agent)
        for one in await _open(core, store)
        if one.waiting_ms is not None
    ]


async def _open(core: Core, store: str) -> tuple[Unfinished, ...]:
    if core.faults.down:
        return ()
    try:
        return await handover(core, store)
    except LedgerError as error:
        core.faults.note(error)
        return ()


async def _let_expire(core: Core, conversations: Conversations) -> None:
    for key in takeover.expired(core):
        with conversations.using(*key) as conversation:
            await takeover.let_expire(core, conversation)


async def _wipe_texts(core: Core, now_ms: int) -> None:
    try:
        await core.ledger.wipe_texts(now_ms - TEXT_KEPT_MS)
    except LedgerError as error:
        core.faults.note(error)
