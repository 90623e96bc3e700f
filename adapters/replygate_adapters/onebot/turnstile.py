"""One text of the bot through the gate: judged, in its conversation's order, sent or kept back."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from cachetools import TTLCache

from replygate.config.schema import BlockAs
from replygate.errors import PlatformRefused, ReplygateError
from replygate.model import Cleared, Draft, Edit, Receipt
from replygate.runtime import ReplyGate
from replygate.runtime.platform import Port
from replygate.screening.gate import FAULT
from replygate_adapters.onebot.actions import Outgoing, outgoing
from replygate_adapters.onebot.answers import (
    KEPT_BACK,
    NOT_JUDGED,
    NOT_SENT,
    Answer,
    failed,
    receipt_of,
    seemingly_sent,
)
from replygate_adapters.onebot.frames import dumps
from replygate_adapters.onebot.intake import Intake
from replygate_adapters.onebot.pieces import Unreadable, edits_of

REPEATS_MAX: Final = 1_000

REPEAT_S: Final = 30.0
"""A text that was kept back and comes again so soon is a retry: nobody is told twice."""

_NO_TEXT: Final = re.compile("[\ud800-\udfff]")

Carry = Callable[[Mapping[str, Any] | None], Awaitable[object]]
"""Takes the action to the implementation, with other parameters or None for "as it came"; gives
the answer's JSON. Raises a PlatformError. What is answered reaches the bot by itself."""


class Turnstile:
    """Every text of one store's bot goes through here."""

    def __init__(self, gate: ReplyGate, store: str, block_as: BlockAs, intake: Intake) -> None:
        self._gate = gate
        self._store = store
        self._block_as = block_as
        self._intake = intake
        self._last: dict[str, asyncio.Event] = {}
        self._kept_back: TTLCache[bytes, str] = TTLCache(REPEATS_MAX, REPEAT_S)

    async def send(
        self, action: str, params: Mapping[str, Any], text: Outgoing, carry: Carry
    ) -> Answer | None:
        """Judge and send; what to tell the bot, None where the implementation tells it.

        Texts of one conversation go in the order of the calls. Raises nothing of the gate's: what
        could not be judged is kept back.
        """
        if _NO_TEXT.search(text.text) or _NO_TEXT.search(text.conversation):
            return failed(NOT_JUDGED, "the text is no Unicode: a surrogate stands alone")
        async with self._turn_of(text.conversation):
            reason = self._kept_back.get(_name(action, params)) if self._kept_back else None
            if reason is not None:
                return self._told(reason)
            await self._intake.recorded(text.conversation)
            return await self._send(action, params, text, carry)

    async def _send(
        self, action: str, params: Mapping[str, Any], text: Outgoing, carry: Carry
    ) -> Answer | None:
        answered = False

        async def send(cleared: Cleared, _client_id: str) -> Receipt:
            nonlocal answered
            answer = await carry(changed(action, text, cleared))
            answered = True
            return receipt_of(answer, self._gate.now_ms())

        draft = Draft(text.conversation, text.text, store=self._store, origin="bot", kind=text.kind)
        try:
            sent = await self._gate.send_by(Port(send), draft)
        except ReplygateError as error:
            return failed(NOT_SENT, f"replygate: {error}")
        match sent.state:
            case "skipped" if sent.cleared.text is not None:
                # A person has the conversation; later the same text may go out.
                return self._told(f"replygate kept it back: {sent.error}")
            case "skipped":
                reason = why(sent.cleared)
                if all(found.rule != FAULT for found in sent.cleared.findings):
                    self._kept_back[_name(action, params)] = reason
                return self._told(reason)
            case "failed" if not answered:
                return failed(NOT_SENT, f"replygate: {sent.error}")
            case _:
                return None

    def _told(self, reason: str) -> Answer:
        return seemingly_sent() if self._block_as == "ok" else failed(KEPT_BACK, reason)

    @asynccontextmanager
    async def _turn_of(self, conversation: str) -> AsyncIterator[None]:
        """Wait for whoever came before in this conversation."""
        before, mine = self._last.get(conversation), asyncio.Event()
        self._last[conversation] = mine
        try:
            if before is not None:
                await before.wait()
            yield
        finally:
            mine.set()
            if self._last.get(conversation) is mine:
                del self._last[conversation]


def _name(action: str, params: Mapping[str, Any]) -> bytes:
    """Short, however much stands in the parameters: a picture may."""
    return hashlib.sha256(f"{action} {dumps(params)}".encode()).digest()


def changed(action: str, text: Outgoing, cleared: Cleared) -> dict[str, Any] | None:
    """The parameters that hold what was cleared; None where it is what came.

    Raises PlatformRefused where they would hold anything else.
    """
    assert cleared.text is not None, "what was blocked is not sent"
    if cleared.text == text.text:
        return None
    # What the gate sends in the bot's place is no edit of the bot's own text.
    whole = (Edit(0, len(text.text), cleared.text),)
    try:
        edits = edits_of(cleared) if cleared.draft.text == text.text else whole
        params = text.rewritten(edits)
        again = outgoing(action, params)
    except Unreadable as error:
        raise PlatformRefused(f"the rewritten message can not be sent: {error}") from error
    if again is None or again.text != cleared.text:
        raise PlatformRefused("the rewritten message would not say what was cleared")
    return params


def why(cleared: Cleared) -> str:
    """Why a text was kept back, for whoever reads the bot's log; without the text."""
    rules = dict.fromkeys(found.rule for found in cleared.findings if found.action == "block")
    reasons = dict.fromkeys(found.why for found in cleared.findings if found.action == "block")
    named = f" ({', '.join(rules)})" if rules else ""
    return f"replygate kept it back{named}: {'; '.join(reasons) or 'it could not be judged'}"
