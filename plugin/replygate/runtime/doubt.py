"""Sends that may be out: their platform is asked, where it can say what it shows the buyer.

People were asked at once, and an echo may still come. What the platform shows settles it before.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from replygate.errors import LedgerError
from replygate.ledger import Decision, OutboxRow
from replygate.model import Past, Shown
from replygate.runtime.announce import announce
from replygate.runtime.conversation import Conversation
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import Core
from replygate.runtime.echo import ECHO_WINDOW_MS, NOT_SENT_SAYS, echo_hash
from replygate.runtime.platform import LookBack
from replygate.runtime.todo import message_of_row
from replygate.timing.events import Message

LOOK_S = 5.0
"""How often it is looked whether there are any."""

ASK_AGAIN_S = (0.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""The pauses between the questions about one send; after them it is people's alone."""

ASK_TIMEOUT_S = 10.0

SURE_AFTER_MS = 60_000
"""A platform that does not show a send so long after it was begun will not."""

SINCE_MS = 86_400_000
"""Of older sends nobody asks any more: people had a day."""


@dataclass(slots=True)
class _Question:
    next_s: float
    asked: int = 0


class Doubts:
    """Asks about each send a few times, with growing pauses."""

    def __init__(self, core: Core, conversations: Conversations) -> None:
        self._core = core
        self._conversations = conversations
        self._questions: dict[str, _Question] = {}

    async def watch(self) -> None:
        """Ask, for as long as the process lives; first for what the last one left."""
        while True:
            await asyncio.sleep(LOOK_S)
            can_say = any(port.look_back for port in self._core.ports.values())
            if self._core.faults.down or not can_say:
                continue
            try:
                await self._look()
            except LedgerError as error:
                self._core.faults.note(error)

    async def _look(self) -> None:
        core = self._core
        rows = await core.ledger.unknown_sends(core.clock.wall_ms() - SINCE_MS)
        doubtful = {row.send_id for row in rows}
        self._questions = {
            send_id: each for send_id, each in self._questions.items() if send_id in doubtful
        }
        for row in rows:
            port = core.ports.get(row.store)
            if port is None or port.look_back is None or not self._is_due(row.send_id):
                continue
            await self._ask(row, port.look_back)

    def _is_due(self, send_id: str) -> bool:
        now_s = self._core.clock.monotonic_s()
        question = self._questions.setdefault(send_id, _Question(now_s))
        if question.asked >= len(ASK_AGAIN_S) or now_s < question.next_s:
            return False
        question.asked += 1
        if question.asked < len(ASK_AGAIN_S):
            question.next_s = now_s + ASK_AGAIN_S[question.asked]
        return True

    async def _ask(self, row: OutboxRow, look_back: LookBack) -> None:
        core = self._core
        try:
            async with asyncio.timeout(ASK_TIMEOUT_S):
                past = await look_back(row.conversation, row.intent_ms - ECHO_WINDOW_MS)
        except Exception as error:  # noqa: BLE001 - a platform is other people's code
            reason = f"the platform's look_back: {error!r}"
            core.journal.emit("task.failed", store=row.store, task="look back", reason=reason)
            return
        # What it returns may be anything.
        given: object = past
        if not isinstance(given, Past):
            reason = f"the platform's look_back returned {given!r}, expected a Past"
            core.journal.emit("task.failed", store=row.store, task="look back", reason=reason)
            return
        with self._conversations.using(row.store, row.conversation) as conversation:
            async with conversation.state:
                await conversation.load()
                await self._settle(conversation, row, past)

    async def _settle(self, conversation: Conversation, row: OutboxRow, past: Past) -> None:
        core = self._core
        # An echo may have come meanwhile, or a person may have said what became of it.
        stands = await core.ledger.send(row.send_id)
        if stands is None or stands.state != "unknown":
            return
        known = await core.ledger.history(*conversation.key, row.intent_ms - ECHO_WINDOW_MS)
        others = {each.id for each in known.messages}
        shown = next((each for each in past.messages if _is_it(core, row, each, others)), None)
        if shown is not None:
            await _was_sent(core, conversation, row, shown)
        elif past.complete and core.clock.wall_ms() - row.intent_ms >= SURE_AFTER_MS:
            await _was_not_sent(core, conversation, row)


def _is_it(core: Core, row: OutboxRow, shown: Shown, others: set[str]) -> bool:
    if shown.client_id is not None and row.client_id is not None:
        return shown.client_id == row.client_id
    if shown.id in others:
        # That one is accounted for.
        return False
    is_near = abs(shown.at_ms - row.intent_ms) <= ECHO_WINDOW_MS
    return is_near and echo_hash(core.ledger, shown.text) == row.text_hash


async def _was_sent(core: Core, conversation: Conversation, row: OutboxRow, shown: Shown) -> None:
    """The platform shows it: this is the receipt that was lost."""
    now_ms = core.clock.wall_ms()
    own = conversation.echoes.of(row.send_id)
    if own is not None:
        own.row = replace(own.row, state="sent", platform_id=shown.id)
    message = message_of_row(row, shown.id, shown.at_ms, now_ms)
    commands = conversation.tell(
        Message(message.id, message.at_ms, now_ms, "out", row.origin, own=True)
    )
    change = conversation.take()
    decision = Decision("sent", now_ms)
    await core.faults.write(
        lambda: core.ledger.finish(
            row.send_id,
            "sent",
            platform_id=shown.id,
            message=message,
            change=change,
            settled=decision,
        )
    )
    announce(core, conversation.key, commands)
    _tell(core, row, "reply.sent", platform_id=shown.id)


async def _was_not_sent(core: Core, conversation: Conversation, row: OutboxRow) -> None:
    """The platform shows all, and not this. A hold's turn may get another one."""
    own = conversation.echoes.of(row.send_id)
    result = NOT_SENT_SAYS + "the platform"
    if own is not None:
        own.row = replace(own.row, state="failed", result=result)
    decision = Decision("not_sent", core.clock.wall_ms())
    await core.faults.write(
        lambda: core.ledger.finish(row.send_id, "failed", result=result, settled=decision)
    )
    _tell(core, row, "reply.failed", reason=result)
    if row.leg_seq is not None:
        await conversation.load_again()


def _tell(core: Core, row: OutboxRow, event: str, **fields: object) -> None:
    core.journal.emit(
        event,
        store=row.store,
        conversation=row.conversation,
        send=row.send_id,
        origin=row.origin,
        agent=row.agent,
        **fields,
    )
