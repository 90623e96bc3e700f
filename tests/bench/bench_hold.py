"""How late a holding reply reaches its platform, by the whole way: timer, ledger, gate, ledger.

Many buyers wait, and their holds come due at a steady rate. Each also has its other timers.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from measure import Figure, Result, percentile
from replygate.clock import SystemClock
from replygate.config import Store
from replygate.events import Inbound
from replygate.model import Cleared, Receipt
from replygate.timing.deadline import DeadlineRule
from shop import Instant, at_once, buyer, opened, shop

DUE_S = 60
HOLD_S = 40
"""A minute's deadline is held 20 s before it ends."""

LEAD_MS = 5_000
ASK_MS = 5
"""The first hold comes due when all have asked, on a busy machine too: so long, and for each."""

HOLDS_PER_S = 200
PATIENCE_S = 60


class Watched(Instant):
    """Remembers when each buyer was written to."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self.at_ms: dict[str, float] = {}
        self.done = asyncio.Event()
        self._expected = expected

    async def send(self, cleared: Cleared) -> Receipt:
        self.at_ms[cleared.draft.conversation] = time.time_ns() / 1e6
        if len(self.at_ms) == self._expected:
            self.done.set()
        return await super().send(cleared)


def minute(store: Store) -> Store:
    """The store with one deadline, of a minute."""
    rule: DeadlineRule = replace(store.deadlines[0], due_s=DUE_S)
    return replace(store, deadlines=(rule,))


async def lateness_ms(folder: Path, holds: int) -> list[float]:
    """How late each hold was at the platform, by the time its timer was set to. None is early."""
    platform = Watched(holds)
    store = minute(shop(folder))
    url = f"sqlite:///{folder}/hold.db"
    async with opened(store, url, folder / "hold.jsonl", platform) as gate:
        first_ms = SystemClock().wall_ms() + LEAD_MS + holds * ASK_MS - HOLD_S * 1_000

        async def ask(number: int) -> None:
            at_ms = first_ms + number * 1_000 // HOLDS_PER_S
            await gate.received(Inbound("shop", buyer(number), "m", "在吗", at_ms=at_ms))

        await at_once(holds, ask)
        assert not platform.at_ms, "all have asked before the first is due"
        wheel = gate._core.wheel
        due_ms = {name: wheel.due_ms(("shop", name, "hold")) for name in map(buyer, range(holds))}
        async with asyncio.timeout(PATIENCE_S):
            await platform.done.wait()
    late = []
    for name, due in due_ms.items():
        assert due is not None, "each has its timer"
        late.append(platform.at_ms[name] - due)
    assert min(late) >= 0, f"held {-min(late):g} ms too early"
    return late


def measure(*, quick: bool) -> list[Result]:
    """Lateness by the whole way; the wheel's part is in `bench_wheel`."""
    seconds = 2 if quick else 5
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        late = asyncio.run(lateness_ms(Path(name), HOLDS_PER_S * seconds))
    told = f"hold at the platform, {HOLDS_PER_S} a second"
    return [
        Figure(f"{told}, p50 late", round(percentile(late, 50), 1), "ms"),
        Figure(f"{told}, p99 late", round(percentile(late, 99), 1), "ms"),
        Figure(f"{told}, worst", round(max(late), 1), "ms"),
    ]
