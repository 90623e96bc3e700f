"""What stores cost before they judge a text: time to load, memory, and how a reload stalls a loop.

Needs /proc, so Linux.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from measure import Figure, Result
from replygate.config import load_store, load_stores
from stores import PLATFORMS, rss_mb, write_stores

ONE_PLATFORM = ("pdd",)
STORES, STORES_QUICK = 1_000, 200
MIXED = 300
RELOADS = 20
TICK_S = 0.001


def timed_load(folder: Path) -> tuple[float, object]:
    """Seconds to load a folder, and its stores."""
    began = time.perf_counter()
    stores = load_stores(folder)
    return time.perf_counter() - began, stores


async def longest_gap_s(work: Callable[[], None]) -> float:
    """How long the loop did not come round at worst while `work` was done in a thread."""
    thread = threading.Thread(target=work)
    longest, last = 0.0, time.perf_counter()
    # The thread may hold the interpreter before `start` comes back: that is a stall, too.
    thread.start()
    while True:
        working = thread.is_alive()
        await asyncio.sleep(TICK_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last - TICK_S), now
        if not working:
            return longest


async def reload_stall_s(store: Path) -> float:
    """The worst stall of several reloads of one store; the least of those, for others are busy."""
    return min([await longest_gap_s(lambda: load(store)) for _ in range(RELOADS)])


def load(store: Path) -> None:
    """Load and forget."""
    load_store(store)


def measure(*, quick: bool) -> list[Result]:
    """Loading and memory against their budgets."""
    count = STORES_QUICK if quick else STORES
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        folder = Path(name)
        first_s, first = timed_load(write_stores(folder / "first", 1, ONE_PLATFORM))
        many = write_stores(folder / "many", count + 1, ONE_PLATFORM)
        gc.collect()
        before_mb = rss_mb(os.getpid())
        _, stores = timed_load(many)
        gc.collect()
        beyond_mb = (rss_mb(os.getpid()) - before_mb) * STORES / count
        mixed_s, mixed = timed_load(write_stores(folder / "mixed", MIXED, PLATFORMS))
        stall_s = asyncio.run(reload_stall_s(many / "shop-0.toml"))
        del first, stores, mixed
    return [
        Figure("load the first store", round(first_s, 2), "s"),
        Figure(f"load {MIXED} stores of {len(PLATFORMS)} platforms", round(mixed_s, 2), "s"),
        Figure(f"memory of {STORES} stores beyond the first", round(beyond_mb, 1), "MiB", 60),
        Figure("stall of the loop while a store reloads", round(stall_s * 1e3, 1), "ms", 50),
    ]
