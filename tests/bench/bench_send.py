"""What the gate adds to a send in the process: judged, journalled, and written before and after.

CPU time, so that neither the platform nor the disk is waited for. The yardstick is judging alone.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import Figure, Result, Times, best_of, best_s, compared
from replygate.config import Store
from replygate.journal import Journal
from replygate.model import Draft
from replygate.runtime import ReplyGate
from shop import AT_ONCE, Instant, ask_all, at_once, buyer, opened, shop

TEXT = "您好，您的订单已经打包好了，今天下午快递员会来取件，预计后天可以送到，请您留意物流信息哦～"
TEXTS = 2_000


@dataclass(slots=True)
class Spent:
    """CPU time: of all threads, and of the loop's own."""

    process_s: float = 0.0
    loop_s: float = 0.0


@contextmanager
def spending() -> Iterator[Spent]:
    """The CPU time that is spent inside."""
    spent = Spent(time.process_time(), time.thread_time())
    yield spent
    spent.process_s = time.process_time() - spent.process_s
    spent.loop_s = time.thread_time() - spent.loop_s


def draft(number: int) -> Draft:
    return Draft(buyer(number), TEXT, store="shop")


async def time_rounds(folder: Path, store: Store, buyers: int, rounds: int) -> Times:
    """Every buyer asks and is answered, again and again: the CPU time of one question, one answer.

    In the last round they are answered one by one, each with a commit of its own.
    """
    url = f"sqlite:///{folder}/send.db"
    found = []
    async with opened(store, url, folder / "send.jsonl", Instant()) as gate:

        async def send(number: int) -> None:
            assert (await gate.send(draft(number))).state == "sent", "the platform takes all"

        for turn in range(rounds):
            with spending() as asking:
                await ask_all(gate, buyers, f"m-{turn}")
            with spending() as sending:
                await at_once(buyers, send)
            found.append(
                {
                    "ask": asking.process_s / buyers,
                    "send": sending.process_s / buyers,
                    "send, loop": sending.loop_s / buyers,
                }
            )
        return {**best_of(found), **await time_alone(gate, buyers, send)}


async def time_alone(gate: ReplyGate, buyers: int, send: Callable[[int], object]) -> Times:
    """Answers one by one."""
    await ask_all(gate, buyers, "m-last")
    with spending() as alone:
        for number in range(buyers):
            await gate.send(draft(number))
    return {"send alone": alone.process_s / buyers, "send alone, loop": alone.loop_s / buyers}


def time_parts(folder: Path, store: Store, rounds: int) -> Times:
    """Judging a text, and the three lines that an answer writes to the journal."""
    journal = Journal.open(folder / "parts.jsonl")
    drafts = [draft(number) for number in range(TEXTS)]
    cleared = store.gate.screen(drafts[0])
    names = {"conversation": "buyer-1", "send": "s" * 32, "origin": "bot", "agent": None}

    def judge() -> None:
        for one in drafts:
            store.gate.screen(one)

    def write() -> None:
        for _ in drafts:
            journal.emit(
                "reply.screened",
                store="shop",
                **names,
                action=cleared.action,
                text=TEXT,
                findings=cleared.findings,
                took_us=12,
            )
            journal.emit(
                "turn.closed",
                store="shop",
                conversation="buyer-1",
                turn="m-1",
                origin="bot",
                waited_ms=812,
            )
            journal.emit(
                "reply.sent",
                store="shop",
                **names,
                turn="m-1",
                text=TEXT,
                platform_id="p-1",
                took_ms=3,
            )
        journal.flush()

    best = best_s({"judge": judge, "journal": write}, rounds)
    journal.close()
    return {name: time_s / TEXTS for name, time_s in best.items()}


def measure(*, quick: bool) -> list[Result]:
    """The CPU time of a send against `architecture` budgets."""
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        folder = Path(name)
        store = shop(folder)
        parts = time_parts(folder, store, 3 if quick else 10)
        times = asyncio.run(time_rounds(folder, store, 300 if quick else 1_000, 2 if quick else 4))
    return [
        compared("send / judging its text", times["send"], parts["judge"]),
        compared("send / its journal lines", times["send"], parts["journal"]),
        Figure(f"CPU of a send, {AT_ONCE} at once", us(times["send"]), "us", 60),
        Figure("  of which in the loop's thread", us(times["send, loop"]), "us"),
        Figure("  of which judging", us(parts["judge"]), "us"),
        Figure("  of which journal, three lines", us(parts["journal"]), "us"),
        Figure("CPU of a send, one by one", us(times["send alone"]), "us"),
        Figure("  of which in the loop's thread (one by one)", us(times["send alone, loop"]), "us"),
        Figure(f"CPU of a buyer's message, {AT_ONCE} at once", us(times["ask"]), "us"),
    ]


def us(time_s: float) -> float:
    return round(time_s * 1e6, 1)
