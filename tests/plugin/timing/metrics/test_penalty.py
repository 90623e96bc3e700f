"""What it costs, by hand: the comments are the arithmetic."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from replygate.timing.metrics.assess import figure
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.penalty import Found, Misses, charges, misses
from replygate.timing.metrics.period import period_of
from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule
from replygate.timing.metrics.tally import Tally

from .kit import DAY, ONE_DAY, ms, rule

RATE = rule("RATE", "user_day", gate=Limit("<", 0.5), min_sample=100)


def penalty(**fields: object) -> PenaltyRule:
    return PenaltyRule("P", "P", "a test", **fields)  # type: ignore[arg-type]  # a row's keywords


def judged(
    of: MetricRule, day: dt.date, good: int, units: int, lenient: int | None = None
) -> Figure:
    tally = Tally(units, good, units, good if lenient is None else lenient)
    return figure(of, period_of(of.period, day), tally, now_ms=ms("1/00:00"))


def charge(
    of: PenaltyRule,
    figures: list[Figure] | None = None,
    missed: Misses | None = None,
    found: Found | None = None,
) -> Charge:
    (result,) = charges([of], figures or [], day=DAY, missed=missed or {}, found=found or {})
    return result


def ago(days: int) -> dt.date:
    return DAY - days * ONE_DAY


# PDD-X-02: 10 points for each long silence, over 30 days.
SILENCE = penalty(on_deadlines=("D-06", "D-07"), points=-10)


@pytest.mark.parametrize(
    ("missed", "times", "points", "unsure"),
    [
        ({}, 0, 0, False),
        ({("D-06", DAY): (1, 1)}, 1, -10, False),
        ({("D-06", DAY): (3, 3), ("D-06", ago(29)): (2, 2)}, 5, -50, False),
        ({("D-06", ago(30)): (2, 2)}, 0, 0, False),  # 31 days back
        ({("D-06", DAY): (2, 2), ("D-07", DAY): (2, 2)}, 2, -20, False),  # the same two
        ({("D-06", DAY): (2, 2), ("D-07", DAY): (3, 3)}, 3, -30, False),  # one of the three
        ({("D-06", DAY): (2, 2), ("D-07", ago(1)): (3, 3)}, 5, -50, False),
        ({("D-06", DAY): (4, 1)}, 4, -40, True),  # a bot's answers: 3 of 4 hang on them
        ({("OTHER", DAY): (4, 4)}, 0, 0, False),
    ],
)
def test_points_for_deadlines(missed: Misses, times: int, points: float, unsure: bool) -> None:
    result = charge(SILENCE, missed=missed)
    assert (result.times, result.points, result.unsure) == (times, points, unsure)
    assert result.period == Period(ago(29), DAY)


# PDD-X-05: a day of 100 users and more below 50 % costs 1000 yuan.
FINED = penalty(on_metrics=("RATE",), fine=(1000, 1000), period="day")


@pytest.mark.parametrize(
    ("good", "units", "lenient", "fine", "unsure"),
    [
        (0, 99, None, 0, False),  # no sample
        (499, 1000, None, 1000, False),  # 49.9 %
        (500, 1000, None, 0, False),  # 50 %
        (49, 100, None, 1000, False),
        (40, 100, 60, 1000, True),  # 40 to 60 %
        (40, 100, 49, 1000, False),  # below 50 % either way
    ],
)
def test_a_fine_for_a_day(
    good: int, units: int, lenient: int | None, fine: float, unsure: bool
) -> None:
    result = charge(FINED, [judged(RATE, DAY, good, units, lenient)])
    assert (result.fine, result.points, result.unsure) == ((fine, fine), None, unsure)


def test_a_fine_of_yesterday_is_no_fine_of_today() -> None:
    assert charge(FINED, [judged(RATE, ago(1), 0, 1000)]).times == 0


# JD-X-03: 2 points each; from 25 on a fine of 6000.
JD = penalty(on_metrics=("RATE",), points=2, cap=25, cap_says="6000 yuan")


@pytest.mark.parametrize(
    ("days", "points", "reached"),
    [
        (0, 0, None),
        (1, 2, None),  # 1 * 2
        (12, 24, None),  # 12 * 2 = 24 < 25
        (13, 26, "6000 yuan"),  # 13 * 2 = 26 >= 25
        (30, 60, "6000 yuan"),
        (40, 60, "6000 yuan"),  # ten of them are more than 30 days ago
    ],
)
def test_a_running_total(days: int, points: float, reached: str | None) -> None:
    figures = [judged(RATE, ago(number), 10, 100) for number in range(days)]
    result = charge(JD, figures)
    assert (result.points, result.reached) == (points, reached)
    assert not result.unsure


def test_doubt_that_changes_the_total_is_told() -> None:
    figures = [judged(RATE, ago(number), 10, 100, 90) for number in range(3)]
    assert charge(JD, figures).unsure


# XHS-M-03: each metric at most once a month.
def test_once_per_period_and_metric() -> None:
    other = dataclasses.replace(RATE, id="OTHER")
    xhs = penalty(
        on_metrics=("RATE", "OTHER"), points=5, period="month", once_per_period=True, says="lesson"
    )
    figures = [judged(RATE, ago(number), 10, 100) for number in range(20)]
    assert charge(xhs, figures).points == 5, "once, whatever happened"
    result = charge(xhs, [*figures, judged(other, DAY, 10, 100)])
    assert (result.times, result.points, result.reached) == (2, 10, "lesson")
    assert result.period == Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    last_month = [judged(RATE, dt.date(2026, 10, 31), 10, 100)]
    assert charge(xhs, last_month).times == 0, "a new month starts anew"


# KS-X: by natural week, on the gate of 70 % or its own.
WEEKLY = rule("WEEK", "user_day", period="week", gate=Limit("<", 0.7, disputed=True))


def test_a_natural_week() -> None:
    kuaishou = penalty(on_metrics=("WEEK",), fine=(100, 300), says="warning", period="week")
    # DAY is a Friday: its week runs from the 16th to the 22nd, and counts as it stands.
    result = charge(kuaishou, [judged(WEEKLY, DAY, 6, 10), judged(WEEKLY, ago(7), 6, 10)])
    assert (result.times, result.fine, result.reached) == (1, (100, 300), "warning")
    assert not result.unsure
    result = charge(kuaishou, [judged(WEEKLY, DAY, 7, 10)])
    assert (result.times, result.unsure) == (1, True), "exactly 70 %: sources differ (C6)"
    assert charge(kuaishou, [judged(WEEKLY, DAY, 8, 10)]).reached is None


def test_a_gate_of_its_own() -> None:
    plain = rule("PLAIN", "user_day")
    own = penalty(on_metrics=("PLAIN",), gate=Limit("<", 0.3), min_sample=10, fine=(500, 1000))
    assert charge(own, [judged(plain, DAY, 2, 10)]).fine == (500, 1000), "20 %"
    assert charge(own, [judged(plain, DAY, 2, 9)]).times == 0, "too few"
    more = dataclasses.replace(own, min_inclusive=False)
    assert charge(more, [judged(plain, DAY, 2, 10)]).times == 0, "more than ten are wanted"
    assert charge(own, [judged(plain, DAY, 3, 10)]).times == 0, "30 % is not below"
    assert charge(dataclasses.replace(own, gate=None), [judged(plain, DAY, 0, 10)]).times == 0


# OUT-DY-07: 3, 10, 15 conversations of a natural week.
TIERS = penalty(
    on_findings=("tone", "PDD-F-09"),
    tiers=((10, "100 yuan"), (3, "warning"), (15, "200 yuan")),
    period="week",
)


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        (0, None),
        (2, None),
        (3, "warning"),
        (9, "warning"),
        (10, "100 yuan"),
        (14, "100 yuan"),
        (15, "200 yuan"),
        (99, "200 yuan"),
    ],
)
def test_tiers(found: int, reached: str | None) -> None:
    result = charge(TIERS, found={(("tone.sarcasm",), DAY): found, (("tone",), ago(7)): 50})
    assert (result.times, result.reached, result.points) == (found, reached, None)


@pytest.mark.parametrize(
    ("screening", "counts"),
    [
        ("PDD-F-09", True),
        ("PDD-F-09.qq", True),
        ("PDD-F-091", False),
        ("tone.scolding", True),
        ("tones", False),
        ("insult", False),
    ],
)
def test_findings_by_prefix(screening: str, counts: bool) -> None:
    assert charge(TIERS, found={((screening,), DAY): 1}).times == counts


def test_a_message_in_which_two_rules_matched_is_one() -> None:
    found: Found = {(("tone.cold", "tone.sarcasm"), DAY): 2, (("contact.url", "tone.cold"), DAY): 1}
    assert charge(TIERS, found=found).times == 3


def test_no_more_than_so_many_points() -> None:
    # OUT-DY-02: 3 points each, 15 at most: 6 * 3 = 18.
    most = penalty(on_findings=("tone",), points=-3, at_most=15)
    assert charge(most, found={(("tone",), DAY): 4}).points == -12
    assert charge(most, found={(("tone",), DAY): 6}).points == -15
    assert charge(dataclasses.replace(most, points=3), found={(("tone",), DAY): 6}).points == 15


def test_a_penalty_holds_from_its_day_on() -> None:
    dated = dataclasses.replace(SILENCE, effective_from=ago(1))
    assert charge(dated, missed={("D-06", ago(1)): (1, 1), ("D-06", ago(2)): (1, 1)}).times == 1
    over = dataclasses.replace(SILENCE, effective_to=DAY)
    assert charges([over], [], day=DAY, missed={}, found={}) == []


def test_means_and_counts_are_judged_too() -> None:
    slow = rule("SLOW", "round", value="mean_s", gate=Limit(">", 90))
    tally = Tally(1, 0, 1, 0, 91_000, 1, 91_000, 1)
    one = Period(DAY, DAY)
    each = penalty(on_metrics=("SLOW", "MANY"), points=1)
    assert charge(each, [figure(slow, one, tally, now_ms=0)]).points == 1, "91 s > 90 s"
    many = rule("MANY", "message", value="count", gate=Limit(">", 3))
    assert charge(each, [figure(many, one, Tally(4, 0, 4), now_ms=0)]).points == 1, "4 > 3"
    assert charge(each, [figure(many, one, Tally(3, 0, 3), now_ms=0)]).points == 0
    assert charge(each, [figure(slow, one, Tally(), now_ms=0)]).points == 0, "no wait"


def test_misses_are_units_that_were_not_in_time() -> None:
    tallies = {
        ("D", DAY, ""): Tally(10, 7, 11, 9),
        ("D", DAY, "anna"): Tally(5, 0, 5, 0),
        ("M", DAY, ""): Tally(5, 0, 5, 0),
    }
    # 10 - 7 and 11 - 9; the agent's are among the store's.
    assert misses(tallies, [rule("D", "message")]) == {("D", DAY): (3, 2)}
