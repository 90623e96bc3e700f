"""Conversations that a person has taken over from the bot, and what that keeps back."""

from __future__ import annotations

from typing import Literal

from replygate.config import Store
from replygate.ledger import Decision, TakeoverRow
from replygate.model import Draft
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import ConversationKey, Core
from replygate.runtime.todo import tell_done

Why = Literal["asked", "reply"]
"""A take-over was asked for, or follows from a person's reply."""

BackWhy = Literal["asked", "expired"]

KEEPERS = frozenset({"human", "hold"})
"""Whose texts are never kept back: a person's, and the promise to a buyer who waits."""


def kept_back_by(core: Core, store: Store, draft: Draft) -> str | None:
    """The person because of whom this text does not go out now; None where it may."""
    if draft.origin in KEEPERS or store.people.bot_drafts == "pass":
        return None
    taken = takeover_of(core, (store.id, draft.conversation))
    return None if taken is None else taken.agent


def takeover_of(core: Core, key: ConversationKey) -> TakeoverRow | None:
    """Who has the conversation, if anybody has."""
    taken = core.takeovers.get(key)
    return None if taken is None or _is_over(core, taken) else taken


def takeovers_of(core: Core, store: str) -> list[TakeoverRow]:
    """What people have in a store."""
    own = (taken for (of, _), taken in core.takeovers.items() if of == store)
    return [taken for taken in own if not _is_over(core, taken)]


async def take_over(core: Core, conversation: Conversation, agent: str, why: Why) -> TakeoverRow:
    """From now on no text of the bot's begins to go out; one that is under way does.

    Taken over again, by the same person or another, it stays theirs for longer.
    """
    async with conversation.state:
        return await _take(core, conversation.key, agent, core.clock.wall_ms(), why)


async def spoke(core: Core, key: ConversationKey, agent: str | None, at_ms: int) -> None:
    """A person wrote to the buyer: it stays theirs, or becomes theirs where the store says so.

    The conversation's `state` must be held.
    """
    served = core.stores.get(key[0])
    if served is None:
        return
    people, taken = served.store.people, takeover_of(core, key)
    at_ms = min(at_ms, core.clock.wall_ms())
    if taken is not None:
        if at_ms > taken.last_ms:
            row = TakeoverRow(*key, taken.agent, taken.since_ms, at_ms)
            core.takeovers[key] = row
            await core.faults.write(lambda: core.ledger.take_over(row))
    elif people.takeover_on_reply and at_ms + people.takeover_s * 1_000 > core.clock.wall_ms():
        # What comes so late that it would be over already takes nothing over.
        await _take(core, key, agent or "human", at_ms, "reply")


async def hand_back(core: Core, conversation: Conversation) -> TakeoverRow | None:
    """The bot answers again; who had it, None where nobody had."""
    async with conversation.state:
        return await _give(core, conversation.key, "asked")


async def let_expire(core: Core, conversation: Conversation) -> None:
    """Hand back what nobody has any more."""
    async with conversation.state:
        taken = core.takeovers.get(conversation.key)
        if taken is not None and _is_over(core, taken):
            await _give(core, conversation.key, "expired")


def expired(core: Core) -> list[ConversationKey]:
    """What has been silent for too long."""
    return [key for key, taken in core.takeovers.items() if _is_over(core, taken)]


async def _take(core: Core, key: ConversationKey, agent: str, at_ms: int, why: Why) -> TakeoverRow:
    before = takeover_of(core, key)
    since_ms = at_ms if before is None or before.agent != agent else before.since_ms
    row = TakeoverRow(*key, agent, since_ms, at_ms)
    core.takeovers[key] = row
    await core.faults.write(lambda: core.ledger.take_over(row))
    if before is None or before.agent != agent:
        core.journal.emit(
            "conversation.taken", store=key[0], conversation=key[1], agent=agent, reason=why
        )
    return row


async def _give(core: Core, key: ConversationKey, why: BackWhy) -> TakeoverRow | None:
    taken = core.takeovers.pop(key, None)
    if taken is None:
        return None
    decision = Decision("dropped", core.clock.wall_ms(), taken.agent if why == "asked" else None)
    closed = await core.faults.write(lambda: core.ledger.hand_back(*key, decision))
    core.journal.emit(
        "conversation.returned", store=key[0], conversation=key[1], agent=taken.agent, reason=why
    )
    for task in closed or ():
        tell_done(core, task, decision)
    return taken


def _is_over(core: Core, taken: TakeoverRow) -> bool:
    served = core.stores.get(taken.store)
    if served is None:
        return False
    return core.clock.wall_ms() >= taken.last_ms + served.store.people.takeover_s * 1_000
