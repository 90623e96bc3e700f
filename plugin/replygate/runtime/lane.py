"""A store's way to its platform: a few sends at once, the most urgent first.

Each store has its own, so that a platform that stalls keeps no other store waiting.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from replygate.clock import Clock
from replygate.runtime.breaker import Breaker, Turned
from replygate.timing.latency import Recent

CONCURRENCY = 8
"""Sends of one store that are on their way at once, where nothing else is said."""

LOOK_S = 0.2
"""How soon a send that waits in line notices that somebody else goes first."""

LAST_CHANCE_S = 3.0
"""A holding reply that is due so soon is tried although the platform seems to be down."""


@dataclass(slots=True, order=True)
class _Ticket:
    """A place in line: whoever must be out first goes first, then whoever came first."""

    until_s: float
    number: int
    granted: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    gone: bool = field(default=False, compare=False)


class Lane:
    """The sends of one store. `turned` hears when its platform goes down and comes back."""

    def __init__(
        self, clock: Clock, turned: Callable[[Turned], None], concurrency: int = CONCURRENCY
    ) -> None:
        assert concurrency > 0, "somebody must be able to send"
        self.concurrency = concurrency
        self.breaker = Breaker()
        self.took = Recent()
        self._clock = clock
        self._turned = turned
        self._under_way = 0
        self._line: list[_Ticket] = []
        self._numbers = itertools.count()

    async def enter(self, until_s: float, give_way: asyncio.Event | None = None) -> bool:
        """Wait for a place on the way; `leave` ends it.

        False where none came before `until_s` (monotonic) or `give_way` was set.
        """
        ticket = _Ticket(until_s, next(self._numbers))
        heapq.heappush(self._line, ticket)
        self._advance()
        entered = False
        try:
            entered = await self._wait(ticket, give_way)
            return entered
        finally:
            if not entered:
                self._withdraw(ticket)

    def leave(self) -> None:
        """The place is free again."""
        self._under_way -= 1
        assert self._under_way >= 0, "whoever leaves has entered"
        self._advance()

    def may_try_s(self, until_s: float, *, hold: bool) -> float:
        """How long to wait for a platform that is down; 0: try now."""
        now_s = self._clock.monotonic_s()
        left_s = until_s - now_s
        wait_s = self.breaker.wait_s(now_s, last_chance=hold and left_s <= LAST_CHANCE_S)
        return min(wait_s, left_s - LAST_CHANCE_S) if hold and left_s > LAST_CHANCE_S else wait_s

    def ended(self, *, probe: bool, reached: bool | None, took_s: float | None = None) -> None:
        """Whether the platform gave an answer to a send, and after which time."""
        now_s = self._clock.monotonic_s()
        if reached and took_s is not None:
            self.took.note(took_s * 1_000, now_s)
        turned = self.breaker.ended(now_s, probe=probe, reached=reached)
        if turned is not None:
            self._turned(turned)

    async def _wait(self, ticket: _Ticket, give_way: asyncio.Event | None) -> bool:
        while not ticket.granted.is_set():
            left_s = ticket.until_s - self._clock.monotonic_s()
            if left_s <= 0 or (give_way is not None and give_way.is_set()):
                return False
            try:
                async with asyncio.timeout(left_s if give_way is None else min(LOOK_S, left_s)):
                    await ticket.granted.wait()
            except TimeoutError:
                continue
        return True

    def _withdraw(self, ticket: _Ticket) -> None:
        if ticket.granted.is_set():
            self.leave()
        ticket.gone = True

    def _advance(self) -> None:
        while self._line and self._under_way < self.concurrency:
            ticket = heapq.heappop(self._line)
            if not ticket.gone:
                self._under_way += 1
                ticket.granted.set()
