"""Long runs: seed after seed, with a table at the end and the failing seed where there is one."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from pathlib import Path
from time import monotonic

from .seed import Result, run_seed

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it

TELL_EVERY_S = 10.0

ROWS = (
    ("turns", ("turn.opened",)),
    ("buyers' messages", ("questions",)),
    ("answers given to the network", ("answers",)),
    ("holding replies given to the network", ("holds",)),
    ("seen by buyers", ("delivered",)),
    ("outcome unknown, people told", ("reply.unknown",)),
    ("timers that ran out", ("fires",)),
    ("processes killed", ("kills",)),
    ("processes drained", ("process.drained",)),
    ("pauses", ("pauses",)),
    ("jumps of the clock", ("jumps",)),
    ("times the disk broke", ("faults",)),
    ("reloads", ("reloads",)),
)


def main(argv: Sequence[str] | None = None) -> int:
    """0: every invariant held. 1: one did not; the seed and how to replay it are told."""
    arguments = _parser().parse_args(argv)
    if arguments.replay is not None:
        return _replay(arguments.replay)
    first, last = arguments.seeds
    until_s = monotonic() + arguments.minutes * 60 if arguments.minutes else float("inf")
    began_s, told_s = monotonic(), monotonic()
    total, results = Counter[str](), 0
    virtual_s, late_ms = 0.0, 0
    for result in _run(first, last, until_s, arguments.jobs):
        results += 1
        total += result.counts
        virtual_s += result.virtual_s
        late_ms = max(late_ms, result.late_ms_max)
        if result.problems:
            _tell_failure(result)
            return 1
        if monotonic() - told_s > TELL_EVERY_S:
            told_s = monotonic()
            print(f"{results} seeds, {virtual_s / 3600:.0f} virtual hours", file=sys.stderr)
    _tell(results, total, virtual_s, late_ms, monotonic() - began_s)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulation", description="Run the gate among simulated buyers, bots and faults."
    )
    parser.add_argument(
        "--seeds", type=_range, default=(1, 300), metavar="FROM:TO", help="both inclusive"
    )
    parser.add_argument("--minutes", type=float, help="stop after this time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--replay", type=int, metavar="SEED", help="print the trace of one seed")
    return parser


def _range(text: str) -> tuple[int, int | None]:
    first, _, last = text.partition(":")
    return int(first), int(last) if last else None


def _run(first: int, last: int | None, until_s: float, jobs: int) -> Iterator[Result]:
    """Results as they come; what is under way when one has failed is not waited for."""
    seeds = iter(range(first, last + 1)) if last is not None else count(first)
    with ProcessPoolExecutor(jobs) as pool:
        running: set[Future[Result]] = set()
        try:
            while True:
                while len(running) < 2 * jobs and monotonic() < until_s:
                    seed = next(seeds, None)
                    if seed is None:
                        break
                    running.add(pool.submit(_one, seed))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    yield each.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _one(seed: int, tail: int | None = 60) -> Result:
    folder = MEMORY_DISK if MEMORY_DISK.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as made:
        return run_seed(seed, Path(made), tail=tail)


def _replay(seed: int) -> int:
    result = _one(seed, None)
    print(result.tail)
    for problem in result.problems:
        print(problem, file=sys.stderr)
    return 1 if result.problems else 0


def _tell_failure(result: Result) -> None:
    print(result.tail)
    print(f"\nseed {result.seed} broke:", file=sys.stderr)
    for problem in result.problems:
        print(f"  {problem}", file=sys.stderr)
    print(f"its whole trace: tests/simulation/run.py --replay {result.seed}", file=sys.stderr)


def _tell(seeds: int, total: Counter[str], virtual_s: float, late_ms: int, took_s: float) -> None:
    print("| what | how much |\n|---|---|")
    print(f"| seeds | {seeds:,} |")
    print(f"| virtual hours | {virtual_s / 3600:,.0f} |")
    for name, counted in ROWS:
        print(f"| {name} | {sum(total[each] for each in counted):,} |")
    print(f"| latest timer, where nothing held the process up | {late_ms} ms |")
    print(f"| time it took | {took_s / 60:.1f} min |")
