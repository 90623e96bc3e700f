"""Time, as the product sees it: one monotonic clock inside, wall time at the edges only."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time: the machine, or the test kit's `VirtualClock`."""

    def monotonic_s(self) -> float:
        """Seconds that never run backwards; the origin means nothing."""

    def wall_ms(self) -> int:
        """Unix time in milliseconds; may jump."""


class SystemClock:
    """The machine's own clock."""

    def monotonic_s(self) -> float:
        """Seconds that never run backwards; the origin means nothing."""
        return time.monotonic()

    def wall_ms(self) -> int:
        """Unix time in milliseconds; may jump."""
        return time.time_ns() // 1_000_000
