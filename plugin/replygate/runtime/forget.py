"""A buyer is forgotten: nothing of the conversation is left, on the disk or in memory."""

from __future__ import annotations

from typing import get_args

from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.timing.events import LegKind


async def forget(core: Core, conversation: Conversation) -> int:
    """Remove all of it, once what is on its way has ended; how many rows went.

    Raises LedgerError: then ask again. Rows may be gone whose place could not be overwritten.
    """
    key = conversation.key
    async with conversation.door, conversation.state:
        for task in await core.ledger.tasks(key[0]):
            if task.conversation == key[1]:
                core.texts.drop(task.task_id)
        core.takeovers.pop(key, None)
        for kind in get_args(LegKind):
            core.wheel.cancel((*key, kind))
        conversation.forget()
        count = await core.ledger.forget(*key)
    # Not by whom it was: even the hash of the name would lead to what the journal says.
    core.journal.emit("buyer.forgotten", store=key[0], rows=count)
    return count
