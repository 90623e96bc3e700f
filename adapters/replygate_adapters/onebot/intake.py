"""Events on their way to the gate: written down beside the bot, never in its way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from cachetools import LRUCache, TTLCache

from replygate.events import Event, Inbound, Outbound
from replygate.runtime import ReplyGate
from replygate.runtime.tasks import Tasks
from replygate_adapters.onebot.events import canonical
from replygate_adapters.onebot.saying import Route, route_of

PENDING_MAX: Final = 1_000
"""Events that wait for the ledger; then nothing more is read from the implementation."""

SEEN_MAX: Final = 10_000

SEEN_S: Final = 600.0
"""How long an event is known that comes over a second connection, too."""

ROUTES_MAX: Final = 100_000
"""Conversations whose way back is remembered."""

NAME_CHARS: Final = 256

_GROUPS: Final = ("group:", "guild:")

_NO_TEXT: Final = re.compile("[\ud800-\udfff]")


class Intake:
    """What one store's implementation tells, in order."""

    def __init__(self, gate: ReplyGate, store: str, tasks: Tasks, *, groups: bool) -> None:
        self._gate = gate
        self._store = store
        self._tasks = tasks
        self._groups = groups
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._seen: TTLCache[tuple[str, str, str], None] = TTLCache(SEEN_MAX, SEEN_S)
        self._routes: LRUCache[str, Route] = LRUCache(ROUTES_MAX)
        self._places = asyncio.Semaphore(PENDING_MAX)

    async def take(self, value: Mapping[str, Any]) -> None:
        """Begin to record an event; comes back at once while the ledger keeps up."""
        event = self._read(value)
        if event is None:
            return
        conversation = getattr(event, "conversation", "")
        if isinstance(event, Inbound):
            self._routes[conversation] = route_of(value)
        if self._is_known(event):
            return
        await self._places.acquire()
        task = self._tasks.start(
            "onebot event", self._record(event, self._pending.get(conversation))
        )
        self._pending[conversation] = task
        task.add_done_callback(lambda done: self._done(conversation, done))

    async def recorded(self, conversation: str) -> None:
        """Wait until what came before of this conversation is written down, or has failed."""
        pending = self._pending.get(conversation)
        if pending is not None:
            await asyncio.wait([pending])

    def route(self, conversation: str) -> Route | None:
        """How this conversation's buyer was last heard; None where that is not known."""
        found: Route | None = self._routes.get(conversation)
        return found

    def _read(self, value: Mapping[str, Any]) -> Event | None:
        event = canonical(value, self._store, now_ms=self._gate.now_ms())
        if event is None:
            return None
        conversation = getattr(event, "conversation", "")
        if len(conversation) > NAME_CHARS or _NO_TEXT.search(conversation):
            return None
        if conversation.startswith(_GROUPS) and not self._groups:
            return None
        if isinstance(event, Inbound | Outbound) and _NO_TEXT.search(event.text):
            # The ledger writes UTF-8, which has no lone surrogate.
            return replace(event, text=_NO_TEXT.sub("\ufffd", event.text))
        return event

    def _is_known(self, event: Event) -> bool:
        """Whether the same came before, over another connection."""
        if not isinstance(event, Inbound | Outbound) or event.id is None:
            return False
        key = (type(event).__name__, event.conversation, event.id)
        known = key in self._seen
        self._seen[key] = None
        return known

    async def _record(self, event: Event, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        await self._gate.received(event)

    def _done(self, conversation: str, task: asyncio.Task[None]) -> None:
        self._places.release()
        if self._pending.get(conversation) is task:
            del self._pending[conversation]
