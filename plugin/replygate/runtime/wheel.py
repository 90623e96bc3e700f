"""One timer for everything: a bucket wheel over wall-clock times.

A task or a `call_later` per conversation costs a large shop seconds of garbage collection; here a
pending timer is two dictionary entries, and the event loop knows one call only.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from replygate.clock import Clock

TICK_US = 50_000

DRIFT_MAX_US = 500_000
"""Wall and monotonic time that part by more than this: the machine slept, or its clock was set."""

COMPARE_US = 1_000_000

FIRES_PER_TURN = 200
"""More keys than this in one turn of the loop would keep everything else waiting."""

Key = TypeVar("Key", bound=Hashable)


class Wheel(Generic[Key]):
    """Calls `fire(key)` when a key's wall-clock time has come: never early, at most a tick late.

    `jumped` hears of a jump of the wall clock, in milliseconds, after which all was placed anew.
    Belongs to the loop it was made in. `arm`, `cancel` and arming again cost the same however
    many are pending. A key has one time; arming it again moves it. `late` hears, each time that
    a key is fired, how many microseconds after its time that is.
    """

    def __init__(
        self, clock: Clock, fire: Callable[[Key], None], jumped: Callable[[int], None]
    ) -> None:
        self._clock = clock
        self._fire = fire
        self._jumped = jumped
        self._loop = asyncio.get_running_loop()
        self._offset_us = self._drift_us()
        self._due_ms: dict[Key, int] = {}
        self._buckets: dict[int, dict[Key, None]] = {}
        self._ticks: list[int] = []
        self._call: asyncio.TimerHandle | None = None
        self._call_us = 0
        self._closed = False
        self.late: Callable[[int], None] | None = None

    def __len__(self) -> int:
        return len(self._due_ms)

    def __iter__(self) -> Iterator[Key]:
        return iter(list(self._due_ms))

    def due_ms(self, key: Key) -> int | None:
        """When the key is due (Unix ms), if it is armed."""
        return self._due_ms.get(key)

    def due_before(self, until_ms: int) -> list[Key]:
        """The keys that are due before then."""
        return [key for key, due_ms in self._due_ms.items() if due_ms < until_ms]

    def arm(self, key: Key, due_ms: int) -> None:
        """Fire the key at `due_ms` (Unix ms), in place of any earlier wish; at once if past."""
        assert not self._closed, "a stopped wheel arms nothing"
        if not self._due_ms:
            # With nothing to wait for, nobody looked whether the clock was set.
            self._offset_us = self._drift_us()
        self.cancel(key)
        self._due_ms[key] = due_ms
        tick = self._place(key, due_ms)
        self._wake_by(tick * TICK_US)

    def cancel(self, key: Key) -> bool:
        """Take the key back; False where it is not armed."""
        due_ms = self._due_ms.pop(key, None)
        if due_ms is None:
            return False
        # The bucket may become empty: its tick is dropped when it comes to the top of the heap.
        del self._buckets[self._tick(due_ms)][key]
        return True

    def stop(self) -> None:
        """Fire nothing any more."""
        self._closed = True
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _place(self, key: Key, due_ms: int) -> int:
        tick = self._tick(due_ms)
        bucket = self._buckets.get(tick)
        if bucket is None:
            bucket = self._buckets[tick] = {}
            heapq.heappush(self._ticks, tick)
        bucket[key] = None
        return tick

    def _tick(self, due_ms: int) -> int:
        """The first tick that is not before the time: nothing fires early."""
        return -((self._offset_us - due_ms * 1000) // TICK_US)

    def _now_us(self) -> int:
        return int(self._clock.monotonic_s() * 1_000_000)

    def _drift_us(self) -> int:
        return self._clock.wall_ms() * 1000 - self._now_us()

    def _wake_by(self, at_us: int) -> None:
        """Have the loop call when `at_us` (monotonic) comes, in a second at the latest."""
        now_us = self._now_us()
        at_us = min(max(at_us, now_us), now_us + COMPARE_US)
        if self._call is not None:
            if self._call_us <= at_us:
                return
            self._call.cancel()
        self._call_us = at_us
        wait_s = (at_us - now_us) / 1_000_000
        self._call = self._loop.call_at(self._loop.time() + wait_s, self._turn)

    def _turn(self) -> None:
        self._call = None
        if self._closed:
            return
        drift_us = self._drift_us() - self._offset_us
        if abs(drift_us) > DRIFT_MAX_US:
            self._anchor()
            self._jumped(drift_us // 1000)
        self._fire_due()
        if self._ticks and not self._closed:
            self._wake_by(self._ticks[0] * TICK_US)

    def _anchor(self) -> None:
        """Place every key again, by the wall clock as it stands now."""
        self._offset_us = self._drift_us()
        self._buckets.clear()
        self._ticks.clear()
        for key, due_ms in self._due_ms.items():
            self._place(key, due_ms)

    def _fire_due(self) -> None:
        """Fire what is due, a slice at most."""
        left = FIRES_PER_TURN
        while self._ticks and left and not self._closed:
            tick = self._ticks[0]
            bucket = self._buckets[tick]
            if not bucket:
                heapq.heappop(self._ticks)
                del self._buckets[tick]
                continue
            if tick * TICK_US > self._now_us():
                return
            left -= 1
            key = next(iter(bucket))
            del bucket[key]
            due_ms = self._due_ms.pop(key)
            if self.late is not None:
                self.late(self._offset_us + self._now_us() - due_ms * 1000)
            self._fire(key)
