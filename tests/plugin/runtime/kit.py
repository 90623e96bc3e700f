"""What the tests of the room share: a store, a journal in a list, a gate on a virtual clock."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from replygate.config import Store, load_store
from replygate.events import Inbound
from replygate.journal import EVENTS
from replygate.ledger import InlineExecutor, OutboxRow, SqliteLedger
from replygate.model import Cleared, Draft, Origin, Receipt
from replygate.runtime import ReplyGate
from replygate.testing import FakePlatform, VirtualClock

SHOP = """
id = "shop"
[holding]
texts = ["已收到，客服会尽快回复您", "收到您的消息了，请留意回复"]
min_gap_s = 0
[hours]
open = ["00:00-24:00"]
[[screening.rule]]
id = "wechat"
action = "block"
words = ["微信"]
[[screening.rule]]
id = "jd"
action = "rewrite"
words = ["京东快递"]
replace = "合作快递"
[[deadline]]
id = "soft-30"
name = "30 秒"
due_s = 30
counts = { human = "yes", bot = "yes", hold = "no", platform = "no" }
"""


def shop(folder: Path, *keys: str) -> Store:
    """The test store, with these keys at the top of its file."""
    path = folder / "shop.toml"
    path.write_text("\n".join(keys) + SHOP, "utf-8")
    return load_store(path)


HOLD = "已收到，客服会尽快回复您"


class Pages:
    """A journal that can be read: it refuses what the real one would refuse."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        unknown = fields.keys() - EVENTS[event].keys()
        assert not unknown, f"{event} does not declare {unknown}"
        self.events.append((event, {"store": store, **fields}))

    def named(self, event: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.events if name == event]

    def reasons(self, event: str = "people.told") -> list[str]:
        return [fields["reason"] for fields in self.named(event)]


@contextmanager
def broken(gate: ReplyGate) -> Iterator[None]:
    """The disk is full: every write fails, reads work."""
    ledger = gate._core.ledger
    assert isinstance(ledger, SqliteLedger)

    def full() -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger._database, "writer", full)
        yield


class SlowPlatform:
    """Each send waits until the test lets it go; what the buyer saw is in `delivered`."""

    def __init__(self, clock: VirtualClock) -> None:
        self.delivered: list[str] = []
        self.waiting: list[str] = []
        self._clock = clock
        self._go = asyncio.Event()
        self._ids = itertools.count(1)

    def let_go(self) -> None:
        """Every send, under way or to come, goes through."""
        self._go.set()

    async def send(self, cleared: Cleared) -> Receipt:
        assert cleared.text is not None
        self.waiting.append(cleared.text)
        await self._go.wait()
        self.waiting.remove(cleared.text)
        self.delivered.append(cleared.text)
        return Receipt(f"slow-{next(self._ids)}", self._clock.wall_ms())


class World:
    """One gate on a virtual clock, its store, platform and journal."""

    def __init__(self, folder: Path, *keys: str) -> None:
        self.clock = VirtualClock()
        self.store = shop(folder, *keys)
        self.journal = Pages()
        self.platform = FakePlatform(self.clock)
        self.url = f"sqlite:///{folder}/ledger.db"

    @asynccontextmanager
    async def gate(self, *, drain_s: float = 0.0) -> AsyncIterator[ReplyGate]:
        async with ReplyGate.open(
            stores=self.store,
            ledger=self.url,
            journal=self.journal,
            clock=self.clock,
            executor=InlineExecutor,
            drain_s=drain_s,
        ) as gate:
            gate.connect("shop", self.platform)
            yield gate

    async def outbox(self, of: str = "c-1") -> list[OutboxRow]:
        """What the ledger says of the sends of a conversation, after the gate has closed."""
        ledger = await SqliteLedger.open(self.url, executor=InlineExecutor)
        try:
            return list(await ledger.sends("shop", of, 0))
        finally:
            await ledger.close()

    def asks(self, id_: str = "m-1", text: str = "多久发货", *, of: str = "c-1") -> Inbound:
        return Inbound("shop", of, id_, text, at_ms=self.clock.wall_ms())

    def says(self, text: str = "今天发", *, to: str = "c-1", origin: Origin = "bot") -> Draft:
        return Draft(to, text, store="shop", origin=origin)
