"""The selling platforms: they take, stall, refuse, answer late, lose answers and echo."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.model import Cleared, Origin, Receipt

from .rules import check_delivery, check_request
from .truth import Request, Truth
from .virtual import Time

Heard = Callable[[Request, str | None, int, Origin], None]
"""An echo: of what, under which id, with which stamp, said to be whose."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How one platform behaves. Numbers are chances, but for `slow_s` and `ahead_ms`."""

    dedupes: bool = False
    trouble: float = 0.2
    slow_s: float = 0.6
    ids: float = 0.9
    echoes: float = 0.6
    echo_ids: float = 0.5
    ahead_ms: int = 0
    """How far its clock is ahead of true time."""

    @classmethod
    def drawn(cls, chance: random.Random) -> Habits:
        return cls(
            dedupes=chance.random() < 0.3,
            trouble=chance.choice((0.0, 0.1, 0.3, 0.6)),
            slow_s=chance.choice((0.1, 0.6, 2.0)),
            ids=chance.choice((1.0, 1.0, 0.5, 0.0)),
            echoes=chance.choice((0.0, 0.6, 1.0)),
            echo_ids=chance.choice((0.0, 0.5, 1.0)),
            ahead_ms=chance.choice((0, 0, 0, -800, 1_500)),
        )


class Market:
    """The platform of one store: what the gate sends by, and what the buyers see."""

    def __init__(
        self, store: str, habits: Habits, time: Time, truth: Truth, chance: random.Random
    ) -> None:
        self.store = store
        self.dedupes = habits.dedupes
        self.habits = habits
        self.process = 0
        self.calm = False
        self.heard: Heard | None = None
        self._time = time
        self._truth = truth
        self._chance = chance
        self._ids = 0
        self._taken: dict[str, tuple[str | None, int]] = {}

    def stamp_ms(self) -> int:
        """The time on its clock."""
        return self._time.true_ms() + self.habits.ahead_ms

    def connection(self, process: int) -> Connection:
        """A way for one process to send by."""
        return Connection(self, process)

    async def take(self, cleared: Cleared, client_id: str, process: int) -> Receipt:
        """One send, with whatever comes of it."""
        chance = self._chance
        request = self._request(cleared, client_id, process)
        check_request(self._truth, request, self.dedupes)
        trouble = not self.calm and chance.random() < self.habits.trouble
        fate = chance.choice(_TROUBLES) if trouble else "take"
        self._truth.note(f"request {request.store} {request.text} {client_id[:6]} {fate}")
        self._truth.counts[f"platform {fate}"] += 1
        wait_s = chance.random() * self.habits.slow_s
        if fate == "late":
            wait_s = chance.uniform(8.0, 12.0)
        if fate in {"take", "late", "drop", "rubbish", "stall"}:
            self._time.after(wait_s * chance.random(), lambda: self._deliver(request))
        if fate in {"stall", "stall before"}:
            wait_s = 60.0
        try:
            await self._wait(wait_s)
        except asyncio.CancelledError:
            request.fate = "lost"
            raise
        return self._answer(request, fate)

    def take_now(self, cleared: Cleared, client_id: str, process: int) -> Receipt:
        """One send by a caller that blocks."""
        request = self._request(cleared, client_id, process)
        check_request(self._truth, request, self.dedupes)
        fate = self._chance.choice(("take", "take", "refuse", "drop"))
        self._truth.note(f"request {request.store} {request.text} now {fate}")
        if fate != "refuse":
            self._deliver(request)
        return self._answer(request, fate)

    def _request(self, cleared: Cleared, client_id: str, process: int) -> Request:
        draft = cleared.draft
        assert cleared.text is not None, "a blocked text never goes out"
        talk = self._truth.talk(self.store, draft.conversation)
        request = Request(
            self.store,
            draft.conversation,
            cleared.text,
            draft.origin == "hold",
            client_id,
            self._time.now_us,
            process,
        )
        request.unrecorded = self._truth.ledger_down
        request.repeat = any(other.client_id == client_id for other in talk.requests)
        talk.requests.append(request)
        return request

    async def _wait(self, seconds: float) -> None:
        gone = asyncio.get_running_loop().create_future()

        def back() -> None:
            if not gone.done() and not gone.get_loop().is_closed():
                gone.set_result(None)

        self._time.after(seconds, back)
        await gone

    def _answer(self, request: Request, fate: str) -> Receipt:
        chance = self._chance
        match fate:
            case "refuse":
                request.fate = "no"
                raise PlatformRefused("no")
            case "busy":
                request.fate = "no"
                raise PlatformBusy("later", retry_after_s=chance.choice((0.0, 1.0, 5.0, 60.0)))
            case "drop" | "drop before" | "stall" | "stall before":
                request.fate = "lost"
                error = chance.choice((SendUncertain("no answer"), ConnectionResetError("gone")))
                raise error
            case "rubbish":
                request.fate = "lost"
                return None  # type: ignore[return-value] # other people's code
        request.fate = "taken"
        message_id, at_ms = self._taken[request.client_id]
        request.at_ms = at_ms
        return Receipt(message_id, at_ms)

    def _deliver(self, request: Request) -> None:
        if request.client_id in self._taken and self.dedupes:
            return
        self._ids += 1
        has_id = self._chance.random() < self.habits.ids
        message_id = f"{self.store}-{self._ids}" if has_id else None
        request.delivered_us = self._time.now_us
        request.at_ms = self.stamp_ms()
        self._taken[request.client_id] = (message_id, request.at_ms)
        self._truth.note(f"delivered {request.store} {request.text}")
        check_delivery(self._truth, request)
        if self._chance.random() < self.habits.echoes:
            for _ in range(self._chance.choice((1, 1, 2))):
                self._echo(request, message_id)

    def _echo(self, request: Request, message_id: str | None) -> None:
        chance = self._chance
        known = message_id if chance.random() < self.habits.echo_ids else None
        label: Origin = chance.choice(("unknown", "unknown", "human", "bot"))
        heard, stamp_ms = self.heard, request.at_ms
        assert heard is not None, "the world listens"
        delay_s = chance.choice((0.0, chance.random(), chance.uniform(0.0, 20.0)))
        self._time.after(delay_s, lambda: heard(request, known, stamp_ms, label))


_TROUBLES = (
    "refuse", "busy", "busy", "drop", "drop before", "rubbish", "stall", "stall before", "late",
)  # fmt: skip


class Connection:
    """What a process is given: a `Platform`, and a plain function for who can not await."""

    def __init__(self, market: Market, process: int) -> None:
        self._market = market
        self._process = process
        self.dedupes = market.dedupes

    async def send(self, cleared: Cleared, *, client_id: str = "") -> Receipt:
        return await self._market.take(cleared, client_id, self._process)

    def send_now(self, cleared: Cleared) -> Receipt:
        market = self._market
        market._ids += 1
        return market.take_now(cleared, f"now {market._ids}", self._process)
