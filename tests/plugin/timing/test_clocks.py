from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from replygate.model import Origin
from replygate.timing.calendar import Interval, Window
from replygate.timing.clocks import (
    Clock,
    answer,
    counted,
    in_force,
    length_s,
    open_clock,
    part_ms,
)
from replygate.timing.deadline import Counted, Counts, DeadlineRule
from talk import ANYONE, HUMAN_ONLY, ms, rule

HOUR_S = 3600
TEN_TO_SIX = (Interval(10 * HOUR_S, 18 * HOUR_S),)


def opened(judged_by: DeadlineRule, second: float = 0, *, session: float | None = None) -> Clock:
    clock = open_clock(
        judged_by,
        opened_by="a",
        opened_ms=ms(second),
        turn="a",
        session_ms=None if session is None else ms(session),
    )
    assert clock is not None
    return clock


def answered(clock: Clock, second: float, origin: Origin = "human") -> Clock:
    return answer(clock, by="x", at_ms=ms(second), origin=origin)


@pytest.mark.parametrize(
    ("inclusive", "second", "met"),
    [
        (True, 3599, True),
        (True, 3600, True),
        (True, 3600.001, False),
        (True, 3601, False),
        (False, 3599.999, True),
        (False, 3600, False),
    ],
)
def test_the_last_second(second: float, *, inclusive: bool, met: bool) -> None:
    clock = answered(opened(rule("PDD-D-01", 3600, inclusive=inclusive)), second)
    assert clock.met_strictly is met


def test_midnight_is_the_next_day_even_where_deadlines_are_inclusive() -> None:
    midnight_s = 14 * HOUR_S
    clock = opened(rule("R", None))
    assert clock.due_ms == ms(midnight_s)
    assert answered(clock, midnight_s - 0.001).met_strictly
    assert answered(clock, midnight_s).met_strictly is False


def test_a_question_outside_the_window_opens_no_clock() -> None:
    judged_by = rule("R", 180, window=Window(TEN_TO_SIX))
    assert open_clock(judged_by, opened_by="a", opened_ms=ms(-1), turn="a") is None
    assert opened(judged_by, 0).due_ms == ms(180)


def test_an_anchor_on_the_session_judges_the_session() -> None:
    judged_by = rule("R", 30, window=Window(TEN_TO_SIX, anchor="session"))
    early = ms(-240)
    clock = open_clock(judged_by, opened_by="a", opened_ms=ms(60), turn="a", session_ms=early)
    assert clock is None
    assert opened(judged_by, 8 * HOUR_S + 60, session=8 * HOUR_S - 60).due_ms
    assert opened(judged_by, 60).due_ms == ms(90), "no session is known: the message decides"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("human", "yes"),
        ("bot", "unknown"),
        ("hold", "unknown"),
        ("platform", "no"),
        ("unknown", "unknown"),
    ],
)
def test_which_origin_counts(origin: Origin, expected: Counted) -> None:
    assert counted(Counts(), origin) == expected


def test_a_buyer_answers_nobody() -> None:
    with pytest.raises(AssertionError):
        counted(Counts(), "buyer")


def test_the_first_reply_that_counts_stops_the_clock() -> None:
    stopped = answered(opened(rule("R")), 30)
    assert (stopped.stopped_ms, stopped.stopped_by) == (ms(30), "x")
    assert answered(stopped, 40) is stopped


def test_a_reply_that_does_not_count_changes_nothing() -> None:
    clock = opened(rule("R", counts=HUMAN_ONLY))
    assert answered(clock, 30, "bot") is clock


def test_a_reply_that_may_count_is_recorded_once_and_both_readings_stand() -> None:
    doubted = answered(opened(rule("R", 180, counts=Counts())), 30, "bot")
    assert doubted.is_open
    assert answered(doubted, 40, "hold") is doubted
    late = answered(doubted, 200)
    assert late.met_strictly is False
    assert late.met_leniently is True


def test_nobody_answered_at_all() -> None:
    clock = opened(rule("R", counts=ANYONE))
    assert clock.met_strictly is None
    assert clock.met_leniently is None


def test_a_reply_before_the_question_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(AssertionError):
        answered(opened(rule("R")), -1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, True),
        (dt.date(2026, 11, 20), None, True),
        (dt.date(2026, 11, 21), None, False),
        (None, dt.date(2026, 11, 20), False),
        (None, dt.date(2026, 11, 21), True),
    ],
)
def test_the_edition_of_the_day_of_the_question(
    start: dt.date | None, end: dt.date | None, *, expected: bool
) -> None:
    dated = replace(rule("R"), effective_from=start, effective_to=end)
    assert in_force(dated, ms(0)) is expected
    assert in_force(dated, ms(13.99 * HOUR_S)) is expected


def test_half_of_the_time_is_half_of_what_elapses() -> None:
    nights_off = Window(TEN_TO_SIX, mode="elapse")
    evening = opened(rule("R", 60, window=nights_off), 10 * HOUR_S)
    assert evening.due_ms == ms(24 * HOUR_S + 60)
    assert part_ms(evening, 0.5) == ms(24 * HOUR_S + 30)
    assert length_s(evening) == 60
    same_day = opened(rule("R", None))
    assert part_ms(same_day, 0.5) == ms(7 * HOUR_S)
    assert length_s(same_day) == 14 * HOUR_S
