"""One seed, from the first buyer to the last look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from .actors import Actors, Bot
from .market import Habits, Market
from .shops import drawn, store
from .troubles import Plan, Troubles
from .truth import TAIL
from .world import World

VISITS = 25

TAIL_S = 900.0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a seed."""

    seed: int
    problems: tuple[str, ...]
    digest: str
    tail: str
    counts: Counter[str]
    virtual_s: float
    took_s: float
    late_ms_max: int


def run_seed(
    seed: int,
    folder: Path,
    *,
    stores: int | None = None,
    visits: int | None = None,
    tail: int | None = TAIL,
) -> Result:
    """Run a seed to its end, or to its first broken invariant."""
    began_s = perf_counter()
    world = World(seed, folder, tail=tail)
    chance = world.chance
    actors = Actors(world)
    stores = stores or chance.choice((1, 5, 10, 20))

    for number in range(1, stores + 1):
        one = store(number, drawn(chance))
        world.stores[one.id] = one
        bot = Bot(answers=chance.choice((0.0, 0.6, 0.9)), racing=chance.choice((0.1, 0.7)))
        market = Market(one.id, Habits.drawn(chance), world.time, world.truth, chance)
        actors.open_shop(market, bot)
    span_s = chance.choice((20.0, 300.0, 900.0))
    for number in range(visits or VISITS):
        of = f"s{chance.randrange(stores) + 1}"
        world.time.after(chance.random() * span_s, partial(actors.visit, of, number))
    plan = Plan(
        kills=chance.choice((0, 0, 2, 8)),
        restarts=chance.choice((0, 0, 1)),
        pauses=chance.choice((0, 0, 3)),
        jumps=chance.choice((0, 0, 2)),
        faults=chance.choice((0, 0, 2)),
        reloads=chance.choice((0, 0, 2)),
    )
    Troubles(world, plan, span_s)
    world.time.after(span_s + TAIL_S, world.end)
    world.live()
    truth = world.truth
    return Result(
        seed,
        tuple(truth.problems),
        truth.digest,
        truth.tail,
        truth.counts,
        world.time.now_us / 1e6,
        perf_counter() - began_s,
        truth.late_ms_max,
    )
