from __future__ import annotations

import datetime as dt
import random

from replygate.report.kept import RECEIVED, Day, to_body
from replygate.report.summary import DaySummary
from replygate.report.sums import Sums
from replygate.timing.metrics.tally import Tally

FIRST = dt.date(2026, 11, 1)


def day(chance: random.Random) -> Day:
    tallies = {(name, ""): Tally(*(chance.randrange(9) for _ in range(8))) for name in "ab"}
    return Day(to_body(DaySummary(tallies=tallies, received=chance.randrange(99)), ["a", "b"]))


def test_a_stretch_is_the_sum_of_its_days() -> None:
    chance = random.Random(5)  # noqa: S311 - the same days in every run
    days = [day(chance) for _ in range(10)]
    sums = Sums(FIRST, days)
    for start in range(-3, 12):
        for length in range(1, 6):
            first = FIRST + dt.timedelta(days=start)
            last = first + dt.timedelta(days=length - 1)
            within = days[max(start, 0) : max(start + length, 0)]
            assert sums.number(RECEIVED, first, last) == sum(
                one.numbers[RECEIVED] for one in within
            )
            for place in (0, 1):
                expected = Tally()
                for one in within:
                    expected.add(one.tally(place))
                assert sums.tally(place, first, last) == expected
