"""What a durable fact costs: a buyer's message with its turn, clocks and legs, on a real file.

The yardstick is the disk itself: one page appended and forced out.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from measure import Figure, Result, Times, best_of, compared, percentile
from replygate.ledger import (
    Change,
    ClockRow,
    LegRow,
    MessageFact,
    SqliteLedger,
    TurnRow,
)
from replygate.ledger.facts import LegKind
from shop import Instant, ask_all, opened, shop

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


async def restore_s(folder: Path, conversations: int) -> float:
    """The time to read back what is open, for one conversation."""
    url = f"sqlite:///{folder}/restore.db"
    ledger = await SqliteLedger.open(url)
    await grouped_s(ledger, questions(), conversations // CALLERS)
    await ledger.close()
    ledger = await SqliteLedger.open(url)
    began = time.perf_counter()
    restored = await ledger.restore(0)
    took_s = time.perf_counter() - began
    await ledger.close()
    assert len(restored.conversations) == conversations, "each is open"
    return took_s / conversations


async def start_s(folder: Path, conversations: int) -> Times:
    """A gate's start beside so many buyers who wait: until it opens, and until it is ready."""
    store = shop(folder)
    url = f"sqlite:///{folder}/start.db"
    async with opened(store, url, folder / "before.jsonl", Instant()) as gate:
        await ask_all(gate, conversations, "m")
    began = time.perf_counter()
    async with opened(store, url, folder / "after.jsonl", Instant()) as gate:
        open_s = time.perf_counter() - began
        while not gate.ready.ok:  # noqa: ASYNC110 - the gate says no more than whether it is
            await asyncio.sleep(LOOK_S)
        ready_s = time.perf_counter() - began
        assert len(await gate.waiting(store.id)) > 0, "they still wait"
    return {"open": open_s, "ready": ready_s}


def measure(*, quick: bool) -> list[Result]:
    """Durable writes against the disk, and what a start costs."""
    open_turns = 1_000 if quick else 10_000
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        folder = Path(name)
        times = asyncio.run(time_writes(folder, 1 if quick else 5, 5 if quick else 20))
        restored_s = asyncio.run(restore_s(folder, open_turns))
        start = asyncio.run(start_s(folder, open_turns))
    one_s, grouped = times["one"], times["grouped"]
    return [
        compared("message, one by one / page on the disk", one_s, times["append"]),
        compared(f"message, {CALLERS} at once / one by one", grouped, one_s),
        Figure("messages a second, one by one", round(1 / one_s), "/s"),
        Figure(f"messages a second, {CALLERS} at once", round(1 / grouped), "/s"),
        Figure("read an open conversation back", round(restored_s * 1e6, 1), "us"),
        Figure(f"start with {open_turns:,} open turns, timers armed", ms(start["open"]), "ms"),
        Figure(f"start with {open_turns:,} open turns, all ready", ms(start["ready"]), "ms"),
        Figure("start, for each open turn", round(start["ready"] / open_turns * 1e6, 1), "us"),
    ]


def ms(time_s: float) -> float:
    return round(time_s * 1e3, 1)
