"""What a durable fact costs: a buyer's message with its turn, clocks and legs, on a real file.

The yardstick is the disk itself: one page appended and forced out.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from measure import Figure, Result, Times, best_of, compared, percentile
from replygate.clock import SystemClock
from replygate.ledger import (
    Change,
    ClockRow,
    LegRow,
    MessageFact,
    SqliteLedger,
    TurnRow,
)
from replygate.ledger.facts import LegKind
from shop import Instant, at_once, buyer, opened, shop

CALLERS = 200
PAGE_BYTES = 4_096
LOOK_S = 0.01
ASKED_MS = 1_780_000_000_000
LEGS: tuple[LegKind, ...] = ("warn", "hold", "escalate", "breach")
RULES = ("PDD-D-01", "PDD-D-04")

Question = tuple[MessageFact, Change]


def questions() -> Iterator[Question]:
    """Buyers' messages, each of a conversation of its own, with all that one opens."""
    for number in count():
        name = f"buyer-{number}"
        turn = TurnRow(f"shop/{name}/m", "shop", name, 1, ASKED_MS, "m", ASKED_MS)
        message = MessageFact(
            "shop", name, "m", "in", "buyer", None, "text", ASKED_MS, ASKED_MS, None, "0" * 32
        )
        clocks = tuple(
            ClockRow("shop", name, rule, "m", ASKED_MS, ASKED_MS + 180_000) for rule in RULES
        )
        legs = tuple(LegRow(turn.turn_id, kind, 0, ASKED_MS + 160_000) for kind in LEGS)
        yield message, Change(turns=(turn,), clocks=clocks, legs=legs)


def append_s(folder: Path, rounds: int) -> float:
    """The usual time to append one page to a file and have it on the disk."""
    times = []
    page = os.urandom(PAGE_BYTES)
    with (folder / "pages").open("ab", buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(page)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return percentile(times, 50)


async def one_by_one_s(ledger: SqliteLedger, asked: Iterator[Question], rounds: int) -> float:
    """The usual time of one write that nobody shares a commit with."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ledger.record_inbound(*next(asked))
        times.append(time.perf_counter() - began)
    return percentile(times, 50)


async def grouped_s(ledger: SqliteLedger, asked: Iterator[Question], each: int) -> float:
    """The time of one write where `CALLERS` write at once, each its next when one is durable."""

    async def caller() -> None:
        for _ in range(each):
            assert await ledger.record_inbound(*next(asked)), "each is new"

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CALLERS):
            group.create_task(caller())
    return (time.perf_counter() - began) / (CALLERS * each)


async def time_writes(folder: Path, rounds: int, each: int) -> Times:
    """Disk, single and grouped writes by turns."""
    ledger = await SqliteLedger.open(f"sqlite:///{folder}/writes.db")
    asked = questions()
    found = [
        {
            "append": append_s(folder, 100),
            "one": await one_by_one_s(ledger, asked, 100),
            "grouped": await grouped_s(ledger, asked, each),
        }
        for _ in range(rounds)
    ]
    await ledger.close()
    return best_of(found)


def waiting(number: int, now_ms: int) -> Question:
    """A buyer who waits in the shop of `shop.py`, with all that the gate writes of it."""
    name = buyer(number)
    turn = TurnRow(f"shop/{name}/m", "shop", name, 1, now_ms, "m", now_ms)
    message = MessageFact(
        "shop", name, "m", "in", "buyer", None, "text", now_ms, now_ms, None, "0" * 32
    )
    clocks = tuple(
        ClockRow("shop", name, rule, "m", now_ms, now_ms + due_s * 1_000)
        for rule, due_s in (("first", 10_800), ("second", 21_600))
    )
    legs = tuple(
        # Not all at one time, and none while it is measured.
        LegRow(turn.turn_id, kind, 0, now_ms + 5_000_000 + number * 10, "armed", None, "m", "first")
        for kind in LEGS
    )
    return message, Change(turns=(turn,), clocks=clocks, legs=legs)


async def fill(url: str, open_turns: int) -> None:
    """Write so many buyers who wait."""
    ledger = await SqliteLedger.open(url)
    now_ms = SystemClock().wall_ms()
    await at_once(open_turns, lambda number: ledger.record_inbound(*waiting(number, now_ms)))
    await ledger.close()


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


async def start(folder: Path, open_turns: int) -> dict[str, float]:
    """A gate's start beside so many buyers who wait: until it opens, and until it is ready.

    `bytes` is what that takes in memory.
    """
    store = shop(folder)
    url = f"sqlite:///{folder}/start.db"
    await fill(url, open_turns)
    gc.collect()
    before_bytes = resident_bytes()
    began = time.perf_counter()
    async with opened(store, url, folder / "start.jsonl", Instant()) as gate:
        open_s = time.perf_counter() - began
        assert len(gate._core.wheel) == len(LEGS) * open_turns, "every timer is set"
        while not gate.ready.ok:  # noqa: ASYNC110 - the gate says no more than whether it is
            await asyncio.sleep(LOOK_S)
        ready_s = time.perf_counter() - began
        grown_bytes = resident_bytes() - before_bytes
    return {"open": open_s, "ready": ready_s, "bytes": grown_bytes}


def measure(*, quick: bool) -> list[Result]:
    """Durable writes against the disk, and what a start costs."""
    open_turns = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        folder = Path(name)
        times = asyncio.run(time_writes(folder, 1 if quick else 5, 5 if quick else 20))
        started = asyncio.run(start(folder, open_turns))
    one_s, grouped = times["one"], times["grouped"]
    return [
        compared("message, one by one / page on the disk", one_s, times["append"]),
        compared(f"message, {CALLERS} at once / one by one", grouped, one_s),
        Figure("messages a second, one by one", round(1 / one_s), "/s"),
        Figure(f"messages a second, {CALLERS} at once", round(1 / grouped), "/s"),
        Figure(f"start with {open_turns:,} open turns, timers set", ms(started["open"]), "ms"),
        Figure(f"start with {open_turns:,} open turns, ready", ms(started["ready"]), "ms"),
        Figure("start, for each open turn", us(started["ready"] / open_turns), "us"),
        Figure("memory, for each timer", round(started["bytes"] / open_turns / len(LEGS)), "B"),
    ]


def ms(time_s: float) -> float:
    return round(time_s * 1e3, 1)


def us(time_s: float) -> float:
    return round(time_s * 1e6, 1)
