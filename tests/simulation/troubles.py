"""What befalls the process and its machine, by the seed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .shops import drawn
from .virtual import US_PER_S
from .world import World

KILL_STEPS_MAX = 4_000

JUMPS_S = (-40.0, -5.0, -0.7, 0.7, 5.0, 40.0, 150.0)

ANCHOR_S = 1.2
"""How long a wheel may take to see that the wall clock was set."""

RESUME_S = 3.0
"""How long after the end of a fault what was put off may still be on its way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each trouble comes in a run, at most."""

    kills: int = 0
    restarts: int = 0
    pauses: int = 0
    jumps: int = 0
    faults: int = 0
    reloads: int = 0


class Troubles:
    """Makes them happen, and keeps record of when."""

    def __init__(self, world: World, plan: Plan, span_s: float) -> None:
        self._world = world
        self._chance = world.chance
        self._kills = plan.kills
        self._span_s = span_s
        world.started.append(self._doom)
        for count, trouble in (
            (plan.restarts, self._restart),
            (plan.pauses, self._pause),
            (plan.jumps, self._jump),
            (plan.faults, self._fault),
            (plan.reloads, self._reload),
        ):
            for _ in range(count):
                world.time.after(self._chance.random() * span_s, trouble)

    def _doom(self) -> None:
        """This process dies at one of its steps, sooner rather than later."""
        world = self._world
        if self._kills and world.process and world.time.now_us < self._span_s * US_PER_S:
            self._kills -= 1
            loop = world.process.loop
            steps = math.exp(self._chance.random() * math.log(KILL_STEPS_MAX))
            loop.kill_at = loop.steps + round(steps)

    def _restart(self) -> None:
        if self._world.process is not None:
            self._world.truth.counts["restarts"] += 1
            self._world.truth.note("leave")
            self._world.process.leave()

    def _pause(self) -> None:
        world = self._world
        if world.process is not None:
            seconds = self._chance.choice((0.2, 3.0, 30.0, 100.0)) * self._chance.random()
            self._count("pauses", seconds)
            world.process.loop.stop_for(seconds)

    def _jump(self) -> None:
        """The wall clock is set, and set right again some time later."""
        world = self._world
        if world.clock.wrong_us:
            return
        by_us = round(self._chance.choice(JUMPS_S) * US_PER_S)

        def set_clock(by_us: int) -> None:
            self._count("jumps", ANCHOR_S)
            world.clock.wrong_us += by_us

        set_clock(by_us)
        world.time.after(self._chance.random() * 200.0, lambda: set_clock(-by_us))

    def _fault(self) -> None:
        world = self._world
        seconds = self._chance.choice((1.0, 10.0, 60.0)) * self._chance.random()
        self._count("faults", seconds + RESUME_S)
        world.disk.broken = True

        def mend() -> None:
            world.disk.broken = False

        world.time.after(seconds, mend)

    def _reload(self) -> None:
        """Some stores come back with other deadlines."""
        world = self._world
        for name in world.stores:
            if self._chance.random() < 0.5:
                world.stores[name] = world.dress(name, drawn(self._chance))
        process, gate = world.process, world.gate
        if process is not None and gate is not None:
            self._count("reloads", 0.0)
            process.start(gate.reload(list(world.stores.values())))

    def _count(self, what: str, seconds: float) -> None:
        world = self._world
        now_us = world.time.now_us
        world.truth.counts[what] += 1
        world.truth.note(f"{what} {seconds:.3f}")
        world.truth.disturbed(now_us, now_us + round(seconds * US_PER_S))
