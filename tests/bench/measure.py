"""Time pieces of work against each other within one run: on a shared machine only ratios hold.

A `Figure` is a plain number. It is worth comparing with its budget, and with the same machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

Work = Callable[[], object]
Times = Mapping[str, float]
"""What was timed, by name, in seconds."""


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A plain number in its unit. `budget` is the most that is allowed."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    def as_dict(self) -> dict[str, float | str | None]:
        """For the results file."""
        return asdict(self)


Result: TypeAlias = Ratio | Figure


def best_s(works: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """The best time of each work, in seconds. They take turns, so that a busy spell hits all."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def best_of(rounds: Iterable[Times]) -> dict[str, float]:
    """The best time of each name, where a round times itself."""
    best: dict[str, float] = {}
    for times in rounds:
        for name, time_s in times.items():
            best[name] = min(best.get(name, float("inf")), time_s)
    return best


def ratio(
    name: str, work: Work, yardstick: Work, *, per: int, rounds: int, budget: float | None = None
) -> Ratio:
    """Time `work` against `yardstick`; each call does `per` things, and times are for one."""
    best = best_s({"work": work, "yardstick": yardstick}, rounds)
    return compared(name, best["work"] / per, best["yardstick"] / per, budget=budget)


def compared(name: str, work_s: float, yardstick_s: float, *, budget: float | None = None) -> Ratio:
    """A ratio of two times for one thing, in seconds, that were taken before."""
    return Ratio(
        name=name,
        work_us=round(work_s * 1e6, 3),
        yardstick_us=round(yardstick_s * 1e6, 3),
        ratio=round(work_s / yardstick_s, 3),
        budget=budget,
    )


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    assert ordered, "a percentile needs values"
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
