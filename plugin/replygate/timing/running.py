"""The clocks that run, rule by rule: an answer looks only at those that it changes.

Where a bot answers and nobody knows whether that counts, clocks run on for a day. A busy
conversation has hundreds of them, and every further message would look at each.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from replygate.model import Origin
from replygate.timing.clocks import Clock, ClockKey, counted
from replygate.timing.deadline import DeadlineRule


@dataclass(slots=True)
class Running:
    """The open clocks of one rule, oldest first. `doubted` were answered, and it may count."""

    rule: DeadlineRule
    fresh: dict[ClockKey, Clock] = field(default_factory=dict)
    doubted: dict[ClockKey, Clock] = field(default_factory=dict)

    def put(self, clock: Clock) -> None:
        """The clock as it stands."""
        key = clock.key
        if not clock.is_open:
            self.fresh.pop(key, None)
            self.doubted.pop(key, None)
        elif clock.answered_unknown_ms is None:
            self.fresh[key] = clock
        else:
            self.fresh.pop(key, None)
            self.doubted[key] = clock

    def answered_by(self, origin: Origin) -> list[Clock]:
        """The clocks that a message of this origin changes."""
        match counted(self.rule.counts, origin):
            case "yes":
                return [*self.fresh.values(), *self.doubted.values()]
            case "unknown":
                return list(self.fresh.values())
            case "no":
                return []

    def waits_in(self, turn: str) -> bool:
        """Whether a clock runs in this turn, the latest one, that no reply may have answered."""
        latest = next(reversed(self.fresh.values()), None)
        return latest is not None and latest.turn == turn
