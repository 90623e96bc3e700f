"""The load: buyers who ask, bots who answer or not, people who answer past the gate."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any, Literal

from .gate import Gate
from .market import DUE_S, LEAD_S, STORES, Key, Market, Seen, now_ms

Kind = Literal["silent", "bot", "forgetful", "racing", "console", "stale"]
"""Who answers a buyer.

`silent`: nobody. `bot`: one that asks again with the same key until it knows what became of it.
`forgetful`: one that asks once, and dies with the gate. `racing`: a bot in the very moment when the
holding reply is due. `console`: a person, on the platform's own page. `stale`: nobody, and the
gate hears of the question when no holding reply can help any more.
"""

MIX: dict[Kind, int] = {"silent": 30, "bot": 25, "forgetful": 10, "racing": 20, "console": 15}

HOLD_DUE_MS = (DUE_S - LEAD_S) * 1_000
"""A holding reply goes out so long after its question, or up to two seconds earlier."""

STALE_MS = (DUE_S + 70) * 1_000

ECHOED = 0.3
"""How often the platform tells of our own messages."""


@dataclass(slots=True)
class Given:
    """A draft that the gate was given, and what it said became of it; None: it never said."""

    text: str
    result: dict[str, Any] | None = None
    result_ms: int = 0


@dataclass(slots=True)
class Buyer:
    """One conversation with one question. `taken_ms` is when the gate first said that it has it.

    `elsewhere` is a person's answer, `told_ms` when the gate said that it knows of it.
    """

    key: Key
    kind: Kind
    asked_ms: int = 0
    taken_ms: int | None = None
    given: list[Given] = field(default_factory=list)
    elsewhere: Seen | None = None
    told_ms: int | None = None
    mistaken: list[str] = field(default_factory=list)
    """Our own messages that the gate took for somebody else's."""

    @property
    def answered_ms(self) -> int | None:
        """When the gate knew that somebody had answered."""
        known = [given.result_ms for given in self.given if (given.result or {}).get("receipt")]
        known += [] if self.told_ms is None else [self.told_ms]
        return min(known, default=None)


class Crowd:
    """The buyers of one round."""

    def __init__(self, name: str, gate: Gate, market: Market, chance: random.Random) -> None:
        self.buyers: list[Buyer] = []
        self._name = name
        self._gate = gate
        self._market = market
        self._chance = chance

    async def come(self, count: int, span_s: float) -> None:
        """So many buyers, each at some moment of the span; until all of them are through."""
        kinds = self._chance.choices(list(MIX), list(MIX.values()), k=count)
        async with asyncio.TaskGroup() as group:
            for kind in kinds:
                group.create_task(self.visit(kind, self._chance.random() * span_s))

    async def visit(self, kind: Kind, wait_s: float) -> None:
        """One buyer, from the question to the last word."""
        chance = self._chance
        buyer = Buyer((chance.choice(STORES), f"{self._name}-{len(self.buyers)}"), kind)
        self.buyers.append(buyer)
        await asyncio.sleep(wait_s)
        await self._asks(buyer)
        match kind:
            case "bot":
                await asyncio.sleep(chance.uniform(0.0, 4.0))
                await self._answers(buyer)
            case "forgetful":
                await asyncio.sleep(chance.uniform(0.0, 1.5))
                await self._answers(buyer, once=True)
            case "racing":
                due_ms = buyer.asked_ms + HOLD_DUE_MS * chance.random()
                await asyncio.sleep(max(0.0, due_ms - now_ms()) / 1_000)
                await self._answers(buyer)
            case "console":
                await asyncio.sleep(chance.uniform(0.0, 3.0))
                await self._answers_elsewhere(buyer)
        await self._echoes(buyer)

    async def _asks(self, buyer: Buyer) -> None:
        buyer.asked_ms = now_ms() - (STALE_MS if buyer.kind == "stale" else 0)
        store, conversation = buyer.key
        question = {
            "type": "message",
            "id": "m-1",
            "conversation": conversation,
            "direction": "in",
            "text": "这件多久能到",
            "at": _iso(buyer.asked_ms),
        }
        await self._gate.ask(store, "inbound", question)
        buyer.taken_ms = now_ms()

    async def _answers(self, buyer: Buyer, *, once: bool = False) -> None:
        store, conversation = buyer.key
        given = Given(f"{conversation} 的包裹明天到")
        buyer.given.append(given)
        body = {"conversation": conversation, "text": given.text}
        ask = self._gate.ask_once if once else self._gate.ask
        given.result = await ask(store, "outbound", body, key=f"answer-{conversation}")
        given.result_ms = now_ms()
        assert given.result is None or given.result["action"] == "pass", given.result

    async def _answers_elsewhere(self, buyer: Buyer) -> None:
        store, conversation = buyer.key
        text = f"{conversation} 的包裹已经发出"
        body = {"store": store, "conversation": conversation, "text": text}
        sent_ms = now_ms()
        message_id = self._market.deliver({**body, "origin": "human", "client_id": text}, sent_ms)
        buyer.elsewhere = self._market.seen[buyer.key][-1]
        await asyncio.sleep(self._chance.random())
        told = {"conversation": conversation, "text": text, "id": message_id, "origin": "human"}
        await self._gate.ask(store, "sent", {**told, "at": _iso(sent_ms)})
        buyer.told_ms = now_ms()

    async def _echoes(self, buyer: Buyer) -> None:
        """The platform tells of some of our own messages."""
        await asyncio.sleep(self._chance.random() * 3)
        store, conversation = buyer.key
        for seen in list(self._market.seen[buyer.key]):
            if seen == buyer.elsewhere or self._chance.random() > ECHOED:
                continue
            body = {"conversation": conversation, "text": seen.text, "id": seen.id}
            told = await self._gate.ask(store, "sent", {**body, "at": _iso(seen.at_ms)})
            if not told["own"]:
                buyer.mistaken.append(seen.text)


def _iso(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1_000, dt.UTC).isoformat(timespec="milliseconds")
