from __future__ import annotations

import pytest

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.metrics.days import Days, Hours
from replygate.timing.metrics.measure import Count, Mean, Share, longest_ms, measure_for, spread
from replygate.timing.metrics.rule import Value
from replygate.timing.metrics.tally import Tally
from replygate.timing.metrics.units import ELSEWHERE, Row

from .kit import DAY, RULES, ms, rule, window

DAYS = Days(DAY, DAY, PLATFORM_ZONE)
NOW_MS = ms("12:00")


def row(asked: str, strict_s: int | None, lenient_s: int | None, agent: str = "") -> Row:
    at_ms = ms(asked)
    answers = [
        None if wait is None else (at_ms + wait * 1000, agent, 0) for wait in (strict_s, lenient_s)
    ]
    return (at_ms, answers[0], answers[1], 0, 0, 0)


def share(*rows: Row, **fields: object) -> Tally:
    of = Share(rule("m", "message", **{"within_s": 60, **fields}), Hours(window(), DAYS), NOW_MS)
    of.each(rows)
    whole = Tally()
    for _, tally in of.tallies():
        whole.add(tally)
    return whole


@pytest.mark.parametrize(
    ("strict_s", "lenient_s", "asked", "expected"),
    [
        (60, 60, "10:00", Tally(1, 1, 1, 1)),
        (61, 60, "10:00", Tally(1, 0, 1, 1)),
        (61, 61, "10:00", Tally(1, 0, 1, 0)),
        (None, 10, "10:00", Tally(1, 0, 1, 1)),
        (None, None, "10:00", Tally(1, 0, 1, 0)),
        (None, None, "11:59", Tally()),  # waits 60 s
        (None, None, "11:58:59", Tally(1, 0, 1, 0)),
        (None, 10, "11:59", Tally(0, 0, 1, 1)),
    ],
)
@pytest.mark.parametrize("anchor", ["gate", "elapse"])
def test_a_wait_in_both_readings(
    strict_s: int | None, lenient_s: int | None, asked: str, expected: Tally, anchor: str
) -> None:
    # Under `elapse` each question has its own due time: the slower way comes to the same.
    always = window("00:00-24:00", mode=anchor)
    assert share(row(asked, strict_s, lenient_s), window=always) == expected


def test_part_of_a_longer_round_is_none_in_the_strict_reading() -> None:
    at_ms, _, lenient, session, day, talk = row("10:00", None, 10)
    one: Row = (at_ms, ELSEWHERE, lenient, session, day, talk)
    assert share(one) == Tally(0, 0, 1, 1)
    assert share(one, within_s=None) == Tally(0, 0, 1, 1)


def test_the_longest_wait() -> None:
    assert longest_ms(RULES["msg300"]) == 300_000
    assert longest_ms(RULES["under300"]) == 299_999
    assert longest_ms(RULES["same-day"]) is None
    assert longest_ms(RULES["elapse"]) is None


@pytest.mark.parametrize(("value", "kind"), [("share", Share), ("mean_s", Mean), ("count", Count)])
def test_the_measure_that_a_value_asks_for(value: Value, kind: type) -> None:
    of = rule("m", "message", value=value)
    assert type(measure_for(of, Hours(window(), DAYS), NOW_MS)) is kind


def test_what_never_comes_due_is_not_counted() -> None:
    closed = window("09:00-18:00", mode="elapse")
    never = type(closed)(mode="elapse", weekdays=((),) * 7)
    of = Share(rule("m", "message", within_s=60, window=never), Hours(never, DAYS), NOW_MS)
    of.each([row("10:00", 10, 10)])
    assert list(of.tallies()) == []


def test_an_agents_units_are_the_stores_too() -> None:
    assert list(spread({(0, "anna"): Tally(1), (0, ""): Tally(2)})) == [
        ((0, ""), Tally(1)),
        ((0, "anna"), Tally(1)),
        ((0, ""), Tally(2)),
    ]
