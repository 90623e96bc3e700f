"""Run the benchmarks: `python tests/bench/run.py [--quick] [wheel ledger …]`.

Writes `bench-results/<bench>.json` and shows what changed against the file that was there.
Exits 0 when everything ran; budgets are shown, not enforced, for a busy machine proves nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from measure import Ratio, Result

HERE = Path(__file__).parent
RESULTS = HERE.parent.parent / "bench-results"
PREFIX = "bench_"

Known = dict[str, float]
"""What the last run found, by name."""


def main() -> int:
    """Run every `bench_*.py` of this folder, or those that are named."""
    benches = sorted(path.stem.removeprefix(PREFIX) for path in HERE.glob(f"{PREFIX}*.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under a minute")
    parser.add_argument("bench", nargs="*", help=f"only these of {', '.join(benches)}")
    asked = parser.parse_args()
    unknown = sorted(set(asked.bench) - set(benches))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; known are {', '.join(benches)}")
    if len(asked.bench) == 1:
        run(asked.bench[0], quick=asked.quick)
        return 0
    # Each in a process of its own: what one leaves in memory would slow the next one's garbage
    # collection.
    flags = ["--quick"] if asked.quick else []
    for bench in asked.bench or benches:
        subprocess.run([sys.executable, __file__, *flags, bench], check=True)
    return 0


def run(bench: str, *, quick: bool) -> None:
    """Run one benchmark, show what it found and write it down."""
    results = importlib.import_module(PREFIX + bench).measure(quick=quick)
    file = RESULTS / f"{bench}.json"
    known = last_time(file)
    print(f"{bench}:")
    for result in results:
        print(line(result, known.get(result.name)), flush=True)
    RESULTS.mkdir(exist_ok=True)
    file.write_text(as_json(results, quick=quick), "utf-8")


def last_time(file: Path) -> Known:
    """What the file of the last run says; nothing where there is none."""
    if not file.exists():
        return {}
    before = json.loads(file.read_text("utf-8"))
    return {
        **{entry["name"]: entry["ratio"] for entry in before["ratios"]},
        **{entry["name"]: entry["value"] for entry in before.get("figures", ())},
    }


def line(result: Result, before: float | None) -> str:
    """One result for people."""
    budget = "" if result.budget is None else f"(budget {result.budget:g})"
    last = "" if before is None else f"  last time {before:,.2f}"
    if isinstance(result, Ratio):
        told = (
            f"{result.ratio:12,.2f} times     {budget:15}"
            f"{result.work_us:12,.2f} us{result.yardstick_us:12,.2f} us"
        )
    else:
        told = f"{result.value:12,.2f} {result.unit:9} {budget:15}"
    return f"  {result.name:58}{told}{last}".rstrip()


def as_json(results: Sequence[Result], *, quick: bool) -> str:
    """The results file."""
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "quick": quick,
        "ratios": [result.as_dict() for result in results if isinstance(result, Ratio)],
        "figures": [result.as_dict() for result in results if not isinstance(result, Ratio)],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
