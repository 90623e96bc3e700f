"""Judging, by hand (`assess.txt`)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from typing import get_args

import pytest

from replygate.timing.metrics.assess import exact, figure, samples_enough, wrong
from replygate.timing.metrics.figure import Figure, Period
from replygate.timing.metrics.rule import Comparison, Limit, MetricRule
from replygate.timing.metrics.tally import Tally

from .kit import DAY, ONE_DAY, ms, rule, table

ONE = Period(DAY, DAY)
OVER_MS = ms("1/00:00")


def limit(text: str) -> Limit | None:
    """`<0.7`, and `<0.7?` where sources differ on whether exactly 0.7 is wrong."""
    if text == "-":
        return None
    op = text[:2] if text[1] == "=" else text[:1]
    assert op in get_args(Comparison), text
    disputed = text.endswith("?")
    return Limit(
        "<=" if op == "<=" else ">=" if op == ">=" else "<" if op == "<" else ">",
        float(text[len(op) :].rstrip("?")),
        disputed,
    )


def share(good: int, units: int, lenient: tuple[int, int] | None = None) -> Tally:
    other = lenient or (good, units)
    return Tally(units=units, strict_good=good, lenient_good=other[0], lenient_units=other[1])


def mean(seconds: float, waits: int) -> Tally:
    each = round(seconds * 1000)
    return Tally(
        units=waits,
        strict_wait_ms=each,
        strict_waits=waits,
        lenient_units=waits,
        lenient_wait_ms=each,
        lenient_waits=waits,
    )


def judge(of: MetricRule, tally: Tally) -> Figure:
    return figure(of, ONE, tally, now_ms=OVER_MS)


def verdict(of: Figure) -> str:
    words = {True: "ok", False: "missed", None: "-"}[of.met]
    words += {True: " violated", False: "", None: ""}[of.violated]
    return words + (" edge" if of.boundary else "") + ("" if of.assessed else " few")


TABLES = table("assess.txt")


@pytest.mark.parametrize("row", TABLES["shares"], ids=" ".join)
def test_shares_by_hand(row: list[str]) -> None:
    gate, target, sample, parts, told, room = row
    good, units = map(int, parts.split("/"))
    of = rule("m", "message", gate=limit(gate), target=limit(target))
    if sample != "-":
        inclusive = sample.startswith(">=")
        number = int(sample.lstrip(">="))
        of = dataclasses.replace(of, min_sample=number, min_inclusive=inclusive)
    found = judge(of, share(good, units))
    assert verdict(found) == told
    assert str(found.room) == room
    assert (found.numerator, found.denominator) == (good, units)
    assert found.rate == (good / units if units else None)


@pytest.mark.parametrize("row", TABLES["means"], ids=" ".join)
def test_means_by_hand(row: list[str]) -> None:
    gate, unanswered, parts, told, room = row
    seconds, waits = parts.split("/")
    weight = None if unanswered == "-" else int(unanswered)
    of = rule("m", "round", value="mean_s", gate=limit(gate), unanswered_s=weight)
    found = judge(of, mean(float(seconds), int(waits)))
    assert verdict(found) == told
    assert str(found.room) == room
    assert found.rate is None
    assert (found.numerator, found.denominator) == (round(float(seconds)), int(waits))


@pytest.mark.parametrize("row", TABLES["counts"], ids=" ".join)
def test_counts_by_hand(row: list[str]) -> None:
    gate, number, told, room = row
    of = rule("m", "user_day", value="count", gate=limit(gate))
    found = judge(of, Tally(units=int(number), lenient_units=int(number)))
    assert verdict(found) == told
    assert str(found.room) == room
    assert (found.numerator, found.rate, found.value_s) == (int(number), None, None)


def test_the_readings_bound_the_figure() -> None:
    found = judge(rule("m", "message"), share(1, 4, (3, 4)))
    assert (found.rate, found.low, found.high) == (0.25, 0.25, 0.75)
    # A bot that ends rounds can make things worse: 1 of 2, or 1 of 4.
    found = judge(rule("m", "round"), share(1, 2, (1, 4)))
    assert (found.rate, found.low, found.high) == (0.5, 0.25, 0.5)
    # All wait for a person; where a bot counts, one was answered.
    found = judge(rule("m", "round", gate=Limit("<", 0.5)), share(0, 0, (1, 1)))
    assert (found.rate, found.low, found.high) == (None, 1.0, 1.0)
    assert (found.assessed, found.violated, found.met, found.room) == (False, False, None, None)


def test_a_mean_has_readings_too() -> None:
    tally = Tally(1, 0, 1, 0, 60_000, 1, 10_000, 1)
    found = judge(rule("m", "round", value="mean_s"), tally)
    assert (found.value_s, found.low, found.high) == (60.0, 10.0, 60.0)


def test_what_nobody_can_count_has_no_figure() -> None:
    found = judge(rule("m", "external", value="count", target=Limit("<", 5)), Tally())
    assert (found.low, found.assessed, found.met, found.room) == (None, False, None, None)


@pytest.mark.parametrize("row", TABLES["heading"], ids=" ".join)
def test_where_the_pace_leads(row: list[str]) -> None:
    value, now, whole, part, hours, told = row
    of = rule("m", "round", value=value)
    make: Callable[[int, int], Tally] = mean if value == "mean_s" else share
    numbers = [[int(number) for number in text.split("/")] for text in (whole, part)]
    tallies = [make(first, second) for first, second in numbers]
    found = figure(
        of,
        ONE,
        tallies[0],
        now_ms=ms(now),
        last_part=tallies[1],
        last_part_ms=int(hours) * 3_600_000,
    )
    if told == "None":
        assert found.heading_for is None
    else:
        assert found.heading_for is not None
        assert f"{found.heading_for:.9f}".startswith(told.rstrip("…"))


def test_a_period_that_is_over_heads_nowhere() -> None:
    of = rule("m", "round")
    assert figure(of, ONE, share(1, 2), now_ms=OVER_MS, last_part=share(1, 1)).heading_for is None
    assert figure(of, ONE, share(1, 2), now_ms=OVER_MS - 1).heading_for is None
    week = Period(DAY, DAY + 6 * ONE_DAY)
    found = figure(of, week, share(1, 2), now_ms=ms("6/00:00"), last_part=share(0, 2))
    assert found.heading_for == 0.25, "one more day: 1 of 4"


@pytest.mark.parametrize("op", get_args(Comparison))
@pytest.mark.parametrize("disputed", [False, True])
def test_room_is_the_last_miss_that_can_be_borne(op: Comparison, disputed: bool) -> None:
    chance = random.Random(op)  # noqa: S311  # the same for ever
    for _ in range(200):
        units = chance.randrange(1, 200)
        good = chance.randrange(units + 1)
        bound = Limit(op, chance.randrange(101) / 100, disputed)
        room = judge(rule("m", "message", gate=bound), share(good, units)).room
        assert room is not None
        step = -1 if op in {"<", "<="} else 1
        at_room = (good + step * room, units)
        one_more = (good + step * (room + 1), units)
        assert not wrong(bound, at_room)
        assert wrong(bound, one_more)


def test_a_limit_is_what_somebody_wrote() -> None:
    assert exact(0.7) == (7, 10)
    assert exact(1000) == (1000, 1)
    assert wrong(Limit(">", 0.1), (10**11 + 1, 10**12))
    assert not wrong(Limit(">", 0.1), (1, 10))


def test_samples() -> None:
    assert samples_enough(100, 100, inclusive=True)
    assert not samples_enough(100, 100, inclusive=False)
    assert samples_enough(0, 0, inclusive=True)


def test_a_period_reads_as_its_days() -> None:
    assert str(ONE) == "2026-11-20"
    assert str(Period(dt.date(2026, 11, 16), DAY)) == "2026-11-16/2026-11-20"
