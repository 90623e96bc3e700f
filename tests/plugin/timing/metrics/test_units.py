from __future__ import annotations

import pytest

from replygate.timing.calendar import PLATFORM_ZONE, Window
from replygate.timing.deadline import Counts
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.days import Days, Hours
from replygate.timing.metrics.reading import Matched, Reading, counted_by_origin, match, read
from replygate.timing.metrics.units import (
    ELSEWHERE,
    Row,
    Sieve,
    agent_of,
    messages,
    rounds,
    user_days,
)

from .kit import DAY, ONE_DAY, ms, talks, window

DAYS = Days(DAY, DAY + ONE_DAY, PLATFORM_ZONE)


def taken(script: str, *, bounded: bool = False) -> tuple[Reading, Matched]:
    reading = read(talks(script), ALL_EXCUSES, 600_000, DAYS)
    return reading, match(reading, counted_by_origin(Counts()), bounded=bounded)


def rows(script: str, *, bounded: bool = False) -> list[Row]:
    reading, matched = taken(script, bounded=bounded)
    return messages(list(range(len(reading.asked))), reading, matched)


def sieve(of: Window | None = None, topic: str | None = None) -> Sieve:
    return Sieve(topic, Hours(of or Window(), DAYS), DAYS)


@pytest.mark.parametrize(
    ("of", "topic", "kept", "earlier"),
    [
        (None, None, [1, 2, 3, 4], [0, 1, 2, 3, 4]),
        (None, "size", [2], [0, 2]),
        (window("09:00-12:00"), None, [1, 2], [0, 1, 2]),
        (window("09:00-12:00"), "size", [2], [0, 2]),
        (window("09:00-12:00", anchor="session"), None, [1, 2, 3], [0, 1, 2, 3]),
    ],
)
def test_a_sieve(of: Window | None, topic: str | None, kept: list[int], earlier: list[int]) -> None:
    reading, _ = taken("A q#size@-1/10:00 q@11:58 q#size@11:59 q@12:01 q@13:00 q@2/10:00")
    assert sieve(of, topic).kept(reading) == kept
    assert sieve(of, topic).kept(reading, earlier=True) == earlier


def test_rounds_of_both_readings() -> None:
    found = rounds(
        rows("A q@10:00 b@10:01 q@10:02 q@10:03 h@10:04 q@10:05 ; B q@10:06"), bounded=False
    )
    assert [(row[0], row[1] is ELSEWHERE) for row in found] == [
        (ms("10:00"), False),
        (ms("10:02"), True),
        (ms("10:05"), False),
        (ms("10:06"), False),
    ]


def test_a_round_may_end_with_its_session() -> None:
    script = "A q@10:00 q@11:00"
    assert len(rounds(rows(script), bounded=False)) == 1
    assert len(rounds(rows(script, bounded=True), bounded=True)) == 2


def test_the_days_of_users() -> None:
    found = list(user_days(rows("A q@10:00 q@11:00 q@1/10:00 ; B q@1/10:00")))
    assert [len(unit) for unit in found] == [2, 1, 1]
    assert list(user_days([])) == []


def test_sessions_wait_from_their_first_question_or_their_start() -> None:
    reading, matched = taken("A S@10:00 q@10:01 q@10:02 E@10:03 q@10:04 ; B q@-1/23:59 q@00:01")
    for from_start, first in ((False, "10:01"), (True, "10:00")):
        found = list(sieve().sessions(reading, matched, from_start=from_start))
        assert [[row[0] for row in unit] for unit in found] == [
            [ms(first), ms("10:02")],
            [ms("10:04")],
        ], "the last one began the day before"


def test_transfers_and_what_follows() -> None:
    reading, matched = taken("A q@10:00 T@10:01 q@10:02 T@10:03 q@10:04 q@11:00 ; B q@10:05")
    found = list(sieve().transfers(reading, matched))
    assert [[row[0] for row in unit] for unit in found] == [
        [ms("10:01"), ms("10:02")],
        [ms("10:03"), ms("10:04")],
    ], "after an hour another session has begun"
    assert list(sieve(topic="size").transfers(reading, matched)) == []


def test_sessions_that_were_handed_over() -> None:
    reading, matched = taken("A q@10:00 T@10:01 q@10:02 T@10:03 q@10:04 q@11:00 ; B q@10:05")
    found = list(sieve().transfers(reading, matched, once=True))
    assert [[row[0] for row in unit] for unit in found] == [[ms("10:01"), ms("10:02"), ms("10:04")]]


def test_a_transfer_before_the_first_question_is_of_its_session() -> None:
    reading, matched = taken("A T@10:00 q@10:01 T@10:02 ; B T@10:00 T@10:01 ; C T@-1/10:00 T@10:00")
    found = list(sieve().transfers(reading, matched, once=True))
    assert [[row[0] for row in unit] for unit in found] == [
        [ms("10:00"), ms("10:01")],
        [ms("10:00")],
    ], "C was handed over the day before"


def test_the_window_of_a_transfer() -> None:
    reading, matched = taken("A q@11:59 T@12:01 ; B T@12:01 ; C T@-1/11:00 T@3/11:00")
    by_message = sieve(window("09:00-12:00")).transfers(reading, matched)
    assert list(by_message) == []
    by_session = sieve(window("09:00-12:00", anchor="session")).transfers(reading, matched)
    assert [unit[0][0] for unit in by_session] == [ms("12:01")], "where one runs"


def test_whose_unit_it_is() -> None:
    anna, robot = (2, "anna", 0), (1, "robot", 0)
    assert agent_of(anna, robot) == "anna"
    assert agent_of(None, robot) == "robot"
    assert agent_of(ELSEWHERE, robot) == "robot"
    assert agent_of(ELSEWHERE, None) == agent_of(None, None) == ""
