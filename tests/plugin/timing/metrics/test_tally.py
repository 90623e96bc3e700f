from __future__ import annotations

import dataclasses

from replygate.timing.metrics.tally import Tally, total

from .kit import DAY, ONE_DAY

NUMBERS = Tally(*range(1, 9))


def test_every_count_adds_up() -> None:
    tally = Tally(*[10] * 8)
    tally.add(NUMBERS)
    assert dataclasses.astuple(tally) == (11, 12, 13, 14, 15, 16, 17, 18)
    assert dataclasses.astuple(NUMBERS) == (1, 2, 3, 4, 5, 6, 7, 8), "left as it was"


def test_the_days_of_a_period_are_both_included() -> None:
    tallies = {("m", DAY + number * ONE_DAY, ""): Tally(units=10**number) for number in range(4)}
    tallies["m", DAY, "anna"] = Tally(units=7)
    tallies["other", DAY, ""] = Tally(units=5)
    assert total(tallies, "m", DAY + ONE_DAY, DAY + 2 * ONE_DAY).units == 110
    assert total(tallies, "m", DAY, DAY, "anna").units == 7
    assert total(tallies, "m", DAY - ONE_DAY, DAY - ONE_DAY) == Tally()
