"""Virtual time: one agenda for the world outside, and an event loop that lives on it and can die.

The world (buyers, bots, platforms) is callbacks on the agenda; the gate runs on the loop. A process
that is killed takes its loop with it, and the world goes on.
"""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable
from typing import Any

START_WALL_US = 1_795_140_900_000_000
"""2026-11-20 10:15:00 in Asia/Shanghai: a Friday, in working hours."""

US_PER_S = 1_000_000

NEVER_US = 10**18


class Time:
    """True time in microseconds since the start, and what is to happen when."""

    def __init__(self) -> None:
        self.now_us = 0
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0

    def true_ms(self) -> int:
        """Unix time as it really is."""
        return (START_WALL_US + self.now_us) // 1000

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Have the world do something, in the order of the times, then of the calls."""
        self._order += 1
        at_us = self.now_us + max(0, round(seconds * US_PER_S))
        heapq.heappush(self._agenda, (at_us, self._order, call))

    def step(self, limit_us: int) -> None:
        """Go on to the next thing on the agenda and do it, or to the limit."""
        if not self._agenda or self._agenda[0][0] > limit_us:
            assert limit_us < NEVER_US, "everybody waits, and nothing will ever happen"
            self.now_us = max(self.now_us, limit_us)
            return
        at_us, _, call = heapq.heappop(self._agenda)
        self.now_us = max(self.now_us, at_us)
        call()

    def pass_until(self, limit_us: int) -> None:
        """Let time pass where no process runs, or where it is stopped."""
        while self.now_us < limit_us:
            self.step(limit_us)


class MachineClock:
    """The clocks of the machine that the gate runs on: a `replygate.clock.Clock`."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.wrong_us = 0

    def monotonic_s(self) -> float:
        return self._time.now_us / US_PER_S

    def wall_ms(self) -> int:
        return (START_WALL_US + self._time.now_us + self.wrong_us) // 1000


class Killed(BaseException):
    """The process is gone, between two steps of its loop."""


class Spins(BaseException):
    """The process does one thing after the other and no time passes."""


SPIN_STEPS = 50_000
"""A whole day's catching up takes some thousands at one instant."""


class _Selector(selectors.BaseSelector):
    """Instead of waiting it lets virtual time pass."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._keys: dict[Any, selectors.SelectorKey] = {}
        self.stopped_until_us = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        time = self._time
        if time.now_us < self.stopped_until_us:
            time.pass_until(self.stopped_until_us)
        elif timeout is None or timeout > 0:
            time.step(
                NEVER_US if timeout is None else time.now_us + max(1, round(timeout * US_PER_S))
            )
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._keys.setdefault(fileobj, selectors.SelectorKey(fileobj, -1, events, data))

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def get_map(self) -> Any:
        return self._keys


class ProcessLoop(asyncio.SelectorEventLoop):
    """The loop of one process. `kill_at` is the number of the step that is its last."""

    def __init__(self, time: Time) -> None:
        self._doors = _Selector(time)
        super().__init__(self._doors)
        self._time = time
        self._clock_resolution = 1e-6
        self.steps = 0
        self.kill_at: int | None = None
        self._instant = (0, 0)

    def time(self) -> float:
        return self._time.now_us / US_PER_S

    def stop_for(self, seconds: float) -> None:
        """SIGSTOP: nothing of this process runs for a while; the world goes on."""
        until_us = self._time.now_us + round(seconds * US_PER_S)
        self._doors.stopped_until_us = until_us

    def call_soon_threadsafe(  # type: ignore[override] # typeshed's way to say it is long
        self, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        # There is one thread only, and a wake-up through a socket costs more than the step.
        return self.call_soon(callback, *args, context=context)

    def _run_once(self) -> None:
        ready: Any = self._ready  # type: ignore[attr-defined] # the only place to see each step
        if self.kill_at is not None and self.steps + len(ready) >= self.kill_at:
            for _ in range(self.steps + len(ready) - self.kill_at):
                ready.pop()
            self.kill_at = None
            super()._run_once()  # type: ignore[misc]
            raise Killed
        self.steps += len(ready)
        super()._run_once()  # type: ignore[misc]
        since_us, steps = self._instant
        if self._time.now_us != since_us:
            self._instant = (self._time.now_us, self.steps)
        elif self.steps - steps > SPIN_STEPS:
            raise Spins

    def bury(self) -> None:
        """Take apart what the dead process left, without a word from it."""
        self.set_exception_handler(lambda _loop, _context: None)
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined] # it was killed
            coroutine = task.get_coro()
            try:
                coroutine.close()
            except (RuntimeError, AssertionError, ValueError):
                # What it does at its end, it does to a process that is not there any more.
                continue
        self.close()
