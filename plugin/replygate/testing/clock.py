"""A clock that moves only when a test says so."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

START_WALL_MS = 1_795_140_900_000
"""2026-11-20 10:15:00 in Asia/Shanghai: a Friday, in working hours."""

MAX_CALLS_AT_ONE_INSTANT = 10_000
"""So many callbacks without time moving can only be callbacks that arm themselves for ever."""

_US_PER_S = 1_000_000


@dataclass(eq=False, slots=True)
class ScheduledCall:
    """A callback that waits for its time. `when_s` is on the clock's monotonic scale.

    `callback` is None once it was called or cancelled.
    """

    when_s: float
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        """Never call it. Does nothing when it was called or cancelled before."""
        self.callback = None


class VirtualClock:
    """Time in a test: it stands still until `advance`, and then passes at once.

    A `replygate.clock.Clock`. Monotonic time starts at 0 s, wall time at `start_wall_ms` (Unix
    milliseconds). Time is counted in whole microseconds, so ten steps of 0.1 s are one second.
    """

    def __init__(self, start_wall_ms: int = START_WALL_MS) -> None:
        self._passed_us = 0
        self._now_s = 0.0
        self._wall_offset_us = start_wall_ms * 1000
        self._waiting: list[tuple[int, float, int, ScheduledCall]] = []
        self._orders = 0
        self._advancing = False

    def monotonic_s(self) -> float:
        """Seconds since the clock was made; only `advance` moves them."""
        return self._now_s

    def wall_ms(self) -> int:
        """Unix time in milliseconds; moved by `advance` and by `jump_wall`."""
        return (self._wall_offset_us + self._passed_us) // 1000

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, 0 or more, and call what falls due, in due order.

        Each callback sees the time it was due at, and may schedule more. What it raises comes out
        of here; the clock then stands at that callback's time, and the rest still waits.
        """
        assert seconds >= 0, f"time can not run backwards: advance({seconds:g})"
        assert not self._advancing, "a callback must not advance the clock that called it"
        end_us = self._passed_us + round(seconds * _US_PER_S)
        self._advancing = True
        try:
            self._call_until(end_us)
        finally:
            self._advancing = False
        self._move_to(end_us)

    def jump_wall(self, seconds: float) -> None:
        """Set the wall clock forward, or back when negative. No time passes; nothing falls due."""
        self._wall_offset_us += round(seconds * _US_PER_S)

    def call_at(self, monotonic_s: float, callback: Callable[[], None]) -> ScheduledCall:
        """Call `callback` when `monotonic_s` is reached, never earlier.

        Callbacks for one moment are called in the order they were scheduled. A time that has
        passed already is due in the next `advance`, also in `advance(0)`.
        """
        self._orders += 1
        call = ScheduledCall(monotonic_s, callback)
        due_us = round(monotonic_s * _US_PER_S)
        heapq.heappush(self._waiting, (due_us, monotonic_s, self._orders, call))
        return call

    def _call_until(self, end_us: int) -> None:
        calls_now = 0
        while self._waiting and self._waiting[0][0] <= end_us:
            due_us, _, _, call = heapq.heappop(self._waiting)
            calls_now = 0 if due_us > self._passed_us else calls_now + 1
            assert calls_now < MAX_CALLS_AT_ONE_INSTANT, (
                f"{calls_now} callbacks at {self._now_s:g} s and no time passing: "
                "one of them schedules itself again and again"
            )
            callback, call.callback = call.callback, None
            if callback is not None:
                self._move_to(due_us, call.when_s)
                callback()

    def _move_to(self, passed_us: int, at_least_s: float = 0.0) -> None:
        # 0.1 + 0.2 is more than 0.3: a callback that asks for the time must not find itself early.
        self._passed_us = max(self._passed_us, passed_us)
        self._now_s = max(self._now_s, self._passed_us / _US_PER_S, at_least_s)
