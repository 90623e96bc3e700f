"""What sends and timers really take: the latest ones count, and what is old is forgotten."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from replygate.timing.holding import Margin

SAMPLES_MAX = 200

AGE_MAX_S = 3_600.0
"""A bad hour is forgotten after it."""

STEP_MS = 500
"""Margins move in steps, so that timers do not move with each send."""

SEND_MIN_MS, SEND_MAX_MS = 1_500, 10_000
"""No lead reckons with a send shorter than this; a longer one has no answer at all."""

LATENESS_MIN_MS, LATENESS_MAX_MS = 150, 5_000


class Recent:
    """The latest durations of something, in ms."""

    __slots__ = ("_ordered", "_samples")

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def note(self, took_ms: float, now_s: float) -> None:
        """One more, at this moment (seconds on any scale that only grows)."""
        if len(self._samples) == SAMPLES_MAX:
            self._drop()
        self._samples.append((now_s, took_ms))
        insort(self._ordered, took_ms)

    def p99_ms(self, now_s: float) -> float:
        """What 99 of 100 of those of the last hour stayed within; 0 where there are none."""
        while self._samples and self._samples[0][0] < now_s - AGE_MAX_S:
            self._drop()
        ordered = self._ordered
        # The smallest that is not exceeded by more than one in a hundred.
        return ordered[-(len(ordered) // 100) - 1] if ordered else 0.0

    def _drop(self) -> None:
        _, took_ms = self._samples.popleft()
        del self._ordered[bisect_left(self._ordered, took_ms)]


def margin_of(sends: Recent, lateness: Recent, now_s: float) -> Margin:
    """The least lead that these measurements allow, one retry included; never below the floors."""
    send_ms = _stepped(sends.p99_ms(now_s), SEND_MIN_MS, SEND_MAX_MS)
    late_ms = _stepped(lateness.p99_ms(now_s), LATENESS_MIN_MS, LATENESS_MAX_MS)
    return Margin(lateness_ms=late_ms, send_p99_ms=send_ms, retry_ms=send_ms)


def _stepped(measured_ms: float, least_ms: int, most_ms: int) -> int:
    if measured_ms <= least_ms:
        return least_ms
    return min(-int(-measured_ms // STEP_MS) * STEP_MS, most_ms)
