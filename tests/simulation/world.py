"""One run: the world outside, the processes of the gate one after the other, and their ends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from replygate.config import Store
from replygate.errors import LedgerError
from replygate.journal import EVENTS
from replygate.runtime import ReplyGate, lifetime
from replygate.runtime.wheel import Wheel

from .disk import Disk, DiskExecutor
from .market import Market
from .rules import check_ledger, check_waits
from .shops import PROMISES, store
from .truth import TAIL, Truth
from .virtual import US_PER_S, Killed, MachineClock, ProcessLoop, Spins, Time

LATE_MS = 52
"""A tick, and the rounding of a millisecond at both ends."""


class Pages:
    """A process's journal: part of the trace. Of a dead process nothing is heard any more."""

    def __init__(self, truth: Truth, time: Time, disk: Disk) -> None:
        self.dead = False
        self._truth = truth
        self._time = time
        self._disk = disk

    def emit(self, event: str, *, store: str | None = None, **fields: Any) -> None:
        if self.dead:
            return
        unknown = fields.keys() - EVENTS[event].keys()
        assert not unknown, f"{event} does not declare {unknown}"
        truth = self._truth
        fields.pop("took_us", None)
        fields.pop("version", None)
        findings = fields.pop("findings", None)
        said = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
        said = said.replace(str(self._disk.path.parent), "")
        truth.note(f"{event} {store or ''} {said} {len(findings) if findings else ''}")
        truth.counts[event] += 1
        given_up = event == "ledger.fault" and "given up" in fields["reason"]
        if event == "task.failed" or (given_up and not self._disk.broken):
            truth.broken(f"{event}: {fields}")
        if event in {"ledger.fault", "ledger.recovered", "process.started"}:
            truth.ledger_down = event == "ledger.fault"
        if event == "reply.unknown":
            truth.unknown_told.add(fields["send"])
        if store is not None and "conversation" in fields:
            talk = truth.talk(store, fields["conversation"])
            if event in {"people.told", "deadline.missed", "hold.skipped"}:
                talk.told_people_us.append(self._time.now_us)
            if event == "reply.sent" and fields["origin"] == "hold" and PROMISES in fields["text"]:
                talk.holds_sent_us.append(self._time.now_us)
            # Who dies before he could write that it was sent asks people about it instead.
            in_doubt = event == "reply.unknown" and fields["origin"] == "hold"
            if in_doubt or event in {"promise.kept", "promise.broken"}:
                talk.promises_us.append(self._time.now_us)


class Process:
    """One life of the gate, from opening to its end, be it drained or dead."""

    def __init__(self, world: World, number: int) -> None:
        self.number = number
        self.loop = ProcessLoop(world.time)
        self.journal = Pages(world.truth, world.time, world.disk)
        self.gate: ReplyGate | None = None
        self.executors: list[DiskExecutor] = []
        self.leaving = False
        self._world = world
        self._held: dict[asyncio.Task[Any], None] = {}
        self._leave: asyncio.Event | None = None

    def run(self) -> None:
        """Live. Raises Killed."""
        self.loop.set_exception_handler(self._failed)
        asyncio.set_event_loop(None)
        self.loop.run_until_complete(self._life())
        self.loop.close()

    def bury(self) -> None:
        """The process was killed."""
        self.journal.dead = True
        for executor in self.executors:
            executor.dead = True
        self._world.disk.let_go()
        self.loop.bury()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """A caller of the gate in this process."""
        task = self.loop.create_task(work)
        self._held[task] = None
        task.add_done_callback(self._done)

    def leave(self) -> None:
        """Drain and end."""
        if self._leave is not None:
            self.leaving = True
            self._leave.set()

    async def _life(self) -> None:
        world = self._world
        self._leave = asyncio.Event()
        opening: AbstractAsyncContextManager[ReplyGate] = ReplyGate.open(
            stores=list(world.stores.values()),
            ledger=f"sqlite:///{world.disk.path}",
            journal=self.journal,
            clock=world.clock,
            executor=self._executor,
            drain_s=world.drain_s,
        )
        gate = await opening.__aenter__()
        for name, market in world.markets.items():
            if name in world.stores:
                gate.connect(name, market.connection(self.number))
        self.gate = gate
        world.on_start()
        await self._leave.wait()
        await opening.__aexit__(None, None, None)
        while self._held:
            await asyncio.wait(self._held)

    def _executor(self) -> DiskExecutor:
        world = self._world
        made = DiskExecutor(world.time, world.chance, world.disk_slow_s)
        self.executors.append(made)
        return made

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._held.pop(task, None)
        if not task.cancelled() and task.exception() is not None:
            self._world.truth.broken(f"a caller got {task.exception()!r}")

    def _failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._world.truth.broken(f"the loop complains: {context}")


class World:
    """What all parts of a run share."""

    def __init__(self, seed: int, folder: Path, *, tail: int | None = TAIL) -> None:
        self.seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - the same run for the same seed
        self.time = Time()
        self.clock = MachineClock(self.time)
        self.truth = Truth(self.time, tail)
        self.disk = Disk(folder / f"ledger-{seed}.db", self.chance)
        self.disk_slow_s = 0.05
        self.drain_s = 10.0
        self.stores: dict[str, Store] = {}
        self.markets: dict[str, Market] = {}
        self.process: Process | None = None
        self.started: list[Callable[[], None]] = []
        self.over = False
        self.processes = 0

    @property
    def gate(self) -> ReplyGate | None:
        """The gate, while it takes anything in."""
        process = self.process
        return None if process is None or process.leaving else process.gate

    def dress(self, name: str, kind: Store) -> Store:
        """The store of this name, as one of this kind."""
        return store(int(name[1:]), kind)

    def on_start(self) -> None:
        for call in self.started:
            call()

    def end(self) -> None:
        """The run is over: the last process drains."""
        self.over = True
        if self.process is not None:
            self.process.leave()

    def live(self) -> None:
        """Processes, one after the other, until the run is over; then the last look."""
        with self.disk.mounted(), mock.patch.object(lifetime, "Wheel", self._wheel()):
            while not self.over or self.process is not None:
                self._one_life()
                if self.truth.problems:
                    return
        check_ledger(self.truth, self.disk.path)
        check_waits(self.truth, self.time.now_us)

    def _one_life(self) -> None:
        self.processes += 1
        process = self.process = Process(self, self.processes)
        try:
            process.run()
            self.truth.note("the process has ended")
        except Killed:
            self.truth.note("the process is killed")
            self.truth.counts["kills"] += 1
            process.bury()
        except Spins:
            self.truth.broken("the process works without end, and no time passes")
            process.bury()
        except LedgerError as error:
            # A disk that is broken from the start: whoever runs the process tries again.
            self.truth.note(f"it does not start: {error.__cause__}")
            process.bury()
        self.process = None
        if not self.over:
            down_s = self.chance.choice((0.1, 2.0, 20.0, 90.0)) * self.chance.random()
            began_us = self.time.now_us
            self.time.pass_until(began_us + round(down_s * US_PER_S))
            self.truth.disturbed(began_us, self.time.now_us)

    def _wheel(self) -> type[Wheel[Any]]:
        """The gate's wheel, with an eye on when it fires."""
        world = self

        class Watched(Wheel[Any]):
            def __init__(self, clock: Any, fire: Any, jumped: Any) -> None:
                self.dues: dict[Any, int] = {}

                def watched(key: Any) -> None:
                    world.look_at_fire(key, self.dues.pop(key))
                    fire(key)

                super().__init__(clock, watched, jumped)

            def arm(self, key: Any, due_ms: int) -> None:
                self.dues[key] = max(due_ms, world.clock.wall_ms())
                super().arm(key, due_ms)

        return Watched

    def look_at_fire(self, key: Any, due_ms: int) -> None:
        """Never early, and late by a tick at most, or by what held the whole process up."""
        late_ms = self.clock.wall_ms() - due_ms
        self.truth.counts["fires"] += 1
        if late_ms < 0:
            self.truth.broken(f"{key} fires {-late_ms} ms early")
        now_us = self.time.now_us
        since_us = now_us - max(late_ms, 0) * 1000 - 1_200_000
        if self.truth.is_disturbed(since_us, now_us):
            return
        self.truth.late_ms_max = max(self.truth.late_ms_max, late_ms)
        if late_ms > LATE_MS:
            self.truth.broken(f"{key} fires {late_ms} ms late")
