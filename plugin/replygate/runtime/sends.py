"""A send that is asked for twice is made once: who comes later gets the same outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from cachetools import TTLCache

from replygate.clock import Clock
from replygate.errors import ReplygateError
from replygate.runtime.outgoing import Sent
from replygate.runtime.tasks import Tasks

OUTCOMES_MAX = 20_000

OUTCOMES_S = 3_600.0
"""How long an outcome is remembered here; the ledger knows it for longer."""

Work = Callable[[str], Coroutine[Any, Any, Sent]]
"""Sends under the id that it is given."""


class SendIdReused(ReplygateError):
    """A send id was used before, for another message. Nothing was sent now."""

    def __init__(self) -> None:
        super().__init__("this send id was used for another message; each needs its own")


class Sends:
    """The sends under way and the latest outcomes, by (store, send id)."""

    def __init__(self, tasks: Tasks, clock: Clock) -> None:
        self._tasks = tasks
        self._running: dict[str, asyncio.Task[Sent]] = {}
        self._outcomes: TTLCache[str, Sent] = TTLCache(
            OUTCOMES_MAX, OUTCOMES_S, timer=clock.monotonic_s
        )

    def __len__(self) -> int:
        return len(self._running)

    async def once(self, store: str, send_id: str | None, work: Work) -> Sent:
        """Do the work, or wait for whoever does it, or remember what came of it.

        It goes on to its end where the caller is cancelled. Raises what the work raises; then
        nothing was sent, and another try may send.
        """
        if send_id is None:
            return await self._tasks.finish("send", work(uuid4().hex))
        name = f"{store}:{send_id}"
        known: Sent | None = self._outcomes.get(name)
        if known is not None:
            return known
        running = self._running.get(name)
        if running is None:
            running = self._running[name] = self._tasks.hold("send", self._work(name, work))
        return await self._tasks.wait(running)

    async def _work(self, name: str, work: Work) -> Sent:
        try:
            outcome = await work(name)
            self._outcomes[name] = outcome
            return outcome
        finally:
            del self._running[name]
