"""When a platform gives no answer any more: fewer sends are tried until it does again.

Pure: times come in, monotonic seconds. A send that may be out is never repeated because of it; what
is held back here was never tried.
"""

from __future__ import annotations

from typing import Literal

FAILURES_MAX = 5
"""So many sends without any answer, one after another, and the platform counts as down."""

FIRST_PAUSE_S = 2.0

LONGEST_PAUSE_S = 15.0

LOOK_S = 0.2
"""How soon to look again while one send finds out whether the platform is back."""

Turned = Literal["down", "up"]


class Breaker:
    """One store's view of its platform.

    While it is down one send at a time is let through after a pause, which doubles each time it
    gets no answer either; such a probe is a send like any other.
    """

    __slots__ = ("_failures", "_pause_s", "_probing", "_until_s")

    def __init__(self) -> None:
        self._failures = 0
        self._pause_s = 0.0
        self._until_s: float | None = None
        self._probing = False

    @property
    def down(self) -> bool:
        """Whether the platform gives no answers."""
        return self._until_s is not None

    @property
    def pause_s(self) -> float:
        """How long nothing is tried, the latest time."""
        return self._pause_s

    def wait_s(self, now_s: float, *, last_chance: bool = False) -> float:
        """How long a send must wait before it may be tried; 0: now.

        With `last_chance` it does not wait for the end of a pause, only for another probe.
        """
        if self._until_s is None:
            return 0.0
        if self._probing:
            return LOOK_S
        return 0.0 if last_chance else max(0.0, self._until_s - now_s)

    def began(self) -> bool:
        """A send goes to the network; whether it is a probe, which `ended` must be told."""
        assert not (self.down and self._probing), "one probe at a time"
        self._probing = self.down
        return self._probing

    def ended(self, now_s: float, *, probe: bool, reached: bool | None) -> Turned | None:
        """What came of it: an answer, whatever it said; none; or None where nobody can tell."""
        if probe:
            self._probing = False
        if reached is None:
            return None
        if reached:
            was_down = self.down
            self._failures, self._pause_s, self._until_s = 0, 0.0, None
            return "up" if was_down else None
        if self.down:
            # What began before it went down says nothing new.
            if probe:
                self._pause(now_s)
            return None
        self._failures += 1
        if self._failures < FAILURES_MAX:
            return None
        self._pause(now_s)
        return "down"

    def _pause(self, now_s: float) -> None:
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        self._until_s = now_s + self._pause_s
