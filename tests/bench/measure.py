"""Time pieces of work against each other within one run: on a shared machine only ratios hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How often the yardstick's time the work takes. `budget` is the most that is allowed."""

    name: str
    work_us: float
    yardstick_us: float
    ratio: float
    budget: float | None

    def as_dict(self) -> dict[str, float | str | None]:
        """For the results file."""
        return asdict(self)


def best_s(works: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """The best time of each work, in seconds. They take turns, so that a busy spell hits all."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def ratio(
    name: str, work: Work, yardstick: Work, *, per: int, rounds: int, budget: float | None = None
) -> Ratio:
    """Time `work` against `yardstick`; each call does `per` things, and times are for one."""
    best = best_s({"work": work, "yardstick": yardstick}, rounds)
    return Ratio(
        name=name,
        work_us=round(best["work"] / per * 1e6, 3),
        yardstick_us=round(best["yardstick"] / per * 1e6, 3),
        ratio=round(best["work"] / best["yardstick"], 3),
        budget=budget,
    )
