"""Run the benchmarks: `python tests/bench/run.py [--quick]`.

Writes `bench-results/<bench>.json` and shows what changed against the file that was there.
Exits 0 when everything ran; budgets are shown, not enforced, for a busy machine proves nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE.parent.parent / "bench-results"


def main() -> int:
    """Run every `bench_*.py` of this folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under a minute")
    quick = parser.parse_args().quick
    sys.path.insert(0, str(HERE))
    RESULTS.mkdir(exist_ok=True)
    for path in sorted(HERE.glob("bench_*.py")):
        results = importlib.import_module(path.stem).measure(quick=quick)
        file = RESULTS / f"{path.stem.removeprefix('bench_')}.json"
        before = json.loads(file.read_text("utf-8"))["ratios"] if file.exists() else []
        known = {entry["name"]: entry["ratio"] for entry in before}
        for result in results:
            budget = f" (budget {result.budget:g})" if result.budget else ""
            last = f"  last time {known[result.name]:.2f}" if result.name in known else ""
            print(
                f"{result.name:40} {result.ratio:7.2f}{budget:14}"
                f"{result.work_us:10.2f} us{result.yardstick_us:10.2f} us{last}"
            )
        report = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "quick": quick,
            "ratios": [result.as_dict() for result in results],
        }
        file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
