"""How many messages a robot takes: a bucket of tokens that fills with time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `burst` messages at once, and `per_s` a second from then on.

    So no more than `burst + per_s * t` go out within any t seconds.
    """

    burst: int
    per_s: float


class Limiter:
    """Says when the next message may go. Times are seconds of one monotonic clock."""

    def __init__(self, budget: Budget, now_s: float) -> None:
        self._budget = budget
        self._tokens = float(budget.burst)
        self._at_s = now_s

    def wait_s(self, now_s: float) -> float:
        """How long from now until a message may go; 0 when it may."""
        self._fill(now_s)
        return max(0.0, (1 - self._tokens) / self._budget.per_s)

    def take(self, now_s: float) -> None:
        """A message goes now; `wait_s` must have said that it may."""
        self._fill(now_s)
        assert self._tokens > _ALMOST_ONE, "a message went out before its time"
        self._tokens -= 1

    def _fill(self, now_s: float) -> None:
        passed_s = max(0.0, now_s - self._at_s)
        self._at_s = now_s
        full = float(self._budget.burst)
        self._tokens = min(full, self._tokens + passed_s * self._budget.per_s)


# A clock that was asked to wait for the last tenth of a token may be a rounding error short of it.
_ALMOST_ONE = 1 - 1e-6
