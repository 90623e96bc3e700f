"""What adds up: the counts of one metric on one local day, for a store or one of its agents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

TallyKey = tuple[str, dt.date, str]
"""Metric id, local day, and agent; agent `""` is the whole store."""


@dataclass(slots=True)
class Tally:
    """Counts in two readings: in `strict` what sources leave open does not count, in `lenient` it
    does.

    `strict_good` of `units` are in time in the one, `lenient_good` of `lenient_units` in the
    other: a reply that may not count ends a round in one reading only, and a question that waits
    for another one is in no unit yet. `wait_ms` is the sum over `waits` of them (means only).
    """

    units: int = 0
    strict_good: int = 0
    lenient_units: int = 0
    lenient_good: int = 0
    strict_wait_ms: int = 0
    strict_waits: int = 0
    lenient_wait_ms: int = 0
    lenient_waits: int = 0

    def numbers(self) -> tuple[int, ...]:
        """The counts in their order."""
        return (
            self.units,
            self.strict_good,
            self.lenient_units,
            self.lenient_good,
            self.strict_wait_ms,
            self.strict_waits,
            self.lenient_wait_ms,
            self.lenient_waits,
        )

    def add(self, other: Tally) -> None:
        """Put another tally on top."""
        self.units += other.units
        self.strict_good += other.strict_good
        self.lenient_units += other.lenient_units
        self.lenient_good += other.lenient_good
        self.strict_wait_ms += other.strict_wait_ms
        self.strict_waits += other.strict_waits
        self.lenient_wait_ms += other.lenient_wait_ms
        self.lenient_waits += other.lenient_waits


def total(
    tallies: Mapping[TallyKey, Tally], metric: str, first: dt.date, last: dt.date, agent: str = ""
) -> Tally:
    """A metric's tallies of the days from `first` to `last` (both included), added up."""
    result = Tally()
    for number in range(first.toordinal(), last.toordinal() + 1):
        of_day = tallies.get((metric, dt.date.fromordinal(number), agent))
        if of_day is not None:
            result.add(of_day)
    return result
