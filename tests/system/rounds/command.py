"""Round after round: a load, a kill or a stop in the middle of it, and what became of it all."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .buyers import Crowd
from .gate import Gate, gate
from .judge import Tally, judge, words_of
from .market import Market, market

KILLS = (1, 1, 2, 3)
IN_VAIN = 0.3
"""How often a start is killed before it serves, or soon after."""

STOP_S = (0.5, 8.0)
LONG_STOP_EVERY = 10
LONG_STOP_S = 70.0
"""Every so many rounds a stop is longer than any holding reply may be late."""

STALE = 4
"""Buyers whose questions come to a stopped process, and from long ago."""

SETTLE_S = 40.0
THROUGH_S = 180.0
JOURNAL_S = 0.3
"""After this the journal's lines are in its file."""

COLUMNS = (
    "round", "what", "questions taken in", "answers given", "answers seen", "holding replies seen",
    "doubles", "lost in silence", "wrong", "unknown, told", "only people told", "crossed",
    "late holding replies", "latest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """One round and what befell it."""

    number: int
    what: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Load:
    """How many buyers come in a round, and in how many seconds."""

    buyers: int
    span_s: float


def main(argv: Sequence[str] | None = None) -> int:
    """0: nothing was doubled, lost or wrong. 1: something was; each case has its line."""
    arguments = _parser().parse_args(argv)
    kinds = [arguments.only] if arguments.only else ["kill", "stop"]
    load = Load(arguments.buyers, arguments.seconds)
    problems: list[str] = []
    for kind in kinds:
        done = asyncio.run(_series(kind, arguments.rounds, arguments.seed, load))
        print("\n".join(table(done)) + "\n")
        problems += [line for each in done for line in each.tally.problems]
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rounds", description="Kill and stop the real process under load."
    )
    parser.add_argument("--rounds", type=int, default=20, help="of each kind")
    parser.add_argument("--only", choices=("kill", "stop"), help="one kind only")
    parser.add_argument("--buyers", type=int, default=60, help="in each round")
    parser.add_argument("--seconds", type=float, default=4.0, help="in which they come")
    parser.add_argument("--seed", type=int, default=20261122, help="of what is drawn")
    return parser


async def _series(kind: str, count: int, seed: int, load: Load) -> list[Round]:
    with tempfile.TemporaryDirectory() as made:
        done: list[Round] = []
        async for each in rounds(kind, count, Path(made), seed=seed, load=load):
            done.append(each)
            print("; ".join(_cells(each)), file=sys.stderr)
        return done


async def rounds(
    kind: str, count: int, folder: Path, *, seed: int, load: Load
) -> AsyncIterator[Round]:
    """Rounds of one kind, all on one ledger."""
    chance = random.Random(seed)  # noqa: S311 - the same load in every run
    async with market(chance) as platforms, gate(folder, platforms) as running:
        for number in range(1, count + 1):
            crowd = Crowd(f"{kind}-{number}", running, platforms, chance)
            trouble = _kills if kind == "kill" else _stop
            async with asyncio.timeout(THROUGH_S), asyncio.TaskGroup() as group:
                group.create_task(crowd.come(load.buyers, load.span_s))
                befell = group.create_task(trouble(number, crowd, running, chance, load.span_s))
            tally = await _settled(crowd, running, platforms)
            yield Round(number, befell.result(), tally)


async def _kills(
    _number: int, _crowd: Crowd, running: Gate, chance: random.Random, span_s: float
) -> str:
    times = chance.choice(KILLS)
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0.1, span_s) / times)
        await running.kill()
        if chance.random() < IN_VAIN:
            await running.start_in_vain(chance)
        await running.start()
    return f"killed {times}x"


async def _stop(
    number: int, crowd: Crowd, running: Gate, chance: random.Random, span_s: float
) -> str:
    seconds = LONG_STOP_S if number % LONG_STOP_EVERY == 0 else chance.uniform(*STOP_S)
    await asyncio.sleep(chance.uniform(0.3, span_s))
    async with asyncio.TaskGroup() as group:
        group.create_task(running.stop_for(seconds))
        for _ in range(STALE):
            group.create_task(crowd.visit("stale", seconds * chance.random()))
    return f"stopped {seconds:.1f} s"


async def _settled(crowd: Crowd, running: Gate, platforms: Market) -> Tally:
    """Count it when all is over; or when it takes too long."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    until_s = loop.time() + SETTLE_S
    keys = [buyer.key for buyer in crowd.buyers]
    while True:
        await asyncio.sleep(JOURNAL_S)
        if (not platforms.busy and not _pending(running.ledger)) or loop.time() > until_s:
            lines = running.process.journal.read_text("utf-8").splitlines()
            words = words_of(running.ledger, map(json.loads, lines), keys)
            tally = judge(crowd.buyers, platforms.seen, words)
            if not tally.lost or loop.time() > until_s:
                return tally


def _pending(ledger: Path) -> int:
    with sqlite3.connect(ledger) as connection:
        [[armed]] = connection.execute(
            "SELECT count(*) FROM leg WHERE kind = 'hold' AND state = 'armed'"
        ).fetchall()
        [[sending]] = connection.execute(
            "SELECT count(*) FROM outbox WHERE state IN ('armed', 'sending')"
        ).fetchall()
    connection.close()
    return int(armed + sending)


def table(done: Sequence[Round]) -> list[str]:
    """The rounds as lines of Markdown, and their sum."""
    total = Tally()
    for each in done:
        total.add(each.tally)
    rows = [_cells(each) for each in done]
    rows.append(["all", f"{len(done)} rounds", *_counts(total)])
    return [
        f"| {' | '.join(COLUMNS)} |",
        "|" + "---|" * len(COLUMNS),
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _cells(each: Round) -> list[str]:
    return [str(each.number), each.what, *_counts(each.tally)]


def _counts(tally: Tally) -> list[str]:
    numbers = (
        tally.taken, tally.given, tally.answered, tally.holds, len(tally.doubles),
        len(tally.lost), len(tally.wrong), tally.unknown, tally.only_told, tally.crossed,
        tally.late,
    )  # fmt: skip
    latest = f"{tally.latest_ms / 1_000:.1f} s" if tally.late else "-"
    return [*(f"{number:,}" for number in numbers), latest]
