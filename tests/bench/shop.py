"""A store, a platform that answers at once, and buyers: what the benchmarks of the gate share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from replygate.clock import SystemClock
from replygate.config import Store, load_store
from replygate.events import Inbound
from replygate.model import Cleared, Receipt
from replygate.runtime import ReplyGate
from replygate.sidecar import collector

AT_ONCE = 200

# Deadlines of hours: nothing comes due while it is measured.
SHOP = """
id = "shop"
[holding]
texts = ["已收到，客服会尽快回复您", "收到您的消息了，请留意回复"]
[hours]
open = ["00:00-24:00"]
[[screening.rule]]
id = "brand"
action = "rewrite"
words = ["某宝", "某东"]
replace = "别处"
[[screening.rule]]
id = "own"
action = "block"
words = ["微信", "加我", "私下交易"]
[[deadline]]
id = "first"
name = "三小时"
due_s = 10800
counts = { human = "yes", bot = "yes", hold = "no", platform = "no" }
[[deadline]]
id = "second"
name = "六小时"
due_s = 21600
counts = { human = "yes", bot = "no", hold = "no", platform = "no" }
"""


class Instant:
    """A platform that takes everything at once and remembers nothing."""

    def __init__(self) -> None:
        self._ids = count()

    async def send(self, cleared: Cleared) -> Receipt:
        assert cleared.text is not None, "only what was cleared is sent"
        return Receipt(f"p-{next(self._ids)}", SystemClock().wall_ms())


def shop(folder: Path) -> Store:
    """The store, with two deadlines and a few words of its own."""
    path = folder / "shop.toml"
    path.write_text(SHOP, "utf-8")
    return load_store(path)


@asynccontextmanager
async def opened(
    store: Store, url: str, journal: Path, platform: Instant
) -> AsyncIterator[ReplyGate]:
    """A gate with its ledger and journal on files, as in production."""
    async with ReplyGate.open(stores=store, ledger=url, journal=journal, drain_s=0) as gate:
        gate.connect(store.id, platform)
        # As `replygate serve` does.
        collector.settle()
        yield gate
    collector.unsettle()


async def at_once(numbers: int, work: Callable[[int], Awaitable[object]]) -> None:
    """Do the work for each number, `AT_ONCE` at a time."""
    left = iter(range(numbers))

    async def worker() -> None:
        for number in left:
            await work(number)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, numbers)):
            group.create_task(worker())


async def ask_all(gate: ReplyGate, buyers: int, id_: str) -> None:
    """Each buyer asks once."""

    async def ask(number: int) -> None:
        received = await gate.received(Inbound("shop", buyer(number), id_, "请问今天能发货吗"))
        assert received.recorded, "the ledger works"

    await at_once(buyers, ask)


def buyer(number: int) -> str:
    return f"buyer-{number}"
