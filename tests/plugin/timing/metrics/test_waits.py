from __future__ import annotations

import datetime as dt
import random

import pytest

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.metrics.talk import Facts, Line, Talk
from replygate.timing.metrics.waits import BUCKETS_S, SLOWEST, UNANSWERED, SlowTalk, Waits, waits

from .kit import DAY, ONE_DAY, ms, random_lines, talks

NOW_MS = ms("9/00:00")


def of_day(text: str, now: str = "9/00:00") -> Waits:
    return waits(Facts(talks(text)), DAY, DAY, now_ms=ms(now))[DAY]


def brief(of: Waits) -> dict[int, dict[int, int]]:
    """The hours and buckets that are not empty."""
    return {
        hour: {bucket: number for bucket, number in enumerate(buckets) if number}
        for hour, buckets in enumerate(of.by_hour)
        if any(buckets)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A q@10:00 h@10:00:10", {10: {0: 1}}),  # 10 s, included
        ("A q@10:00 h@10:00:10.001", {10: {1: 1}}),
        ("A q@10:59:59 h@11:03", {10: {4: 1}}),  # 181 s, in the hour it was asked
        ("A q@10:00 h@11:00", {10: {7: 1}}),  # an hour
        ("A q@10:00 h@11:00:01", {10: {8: 1}}),  # longer
        ("A q@10:00", {10: {UNANSWERED: 1}}),
        ("A q@10:00 o@10:00:05 h@10:02", {10: {3: 1}}),  # a hold is no answer: 120 s
        ("A q@10:00 p@10:00:05 b@10:00:20", {10: {1: 1}}),  # the bot: 20 s
        ("A q@10:00 u@10:00:20", {10: {1: 1}}),
        ("A q@10:00 q@10:01 h@10:02 q@11:00 h@11:01", {10: {3: 1}, 11: {2: 1}}),
        ("A q!recall@10:00", {}),
        ("A q@-1/23:59 q@00:01 h@00:02", {}),  # one round, of yesterday
        ("A q@23:59 h@1/00:10", {23: {6: 1}}),  # 660 s
    ],
)
def test_waits_by_the_hour(text: str, expected: dict[int, dict[int, int]]) -> None:
    assert brief(of_day(text)) == expected


def test_who_has_not_asked_yet_does_not_wait() -> None:
    assert brief(of_day("A q@10:00", "10:00")) == {}
    assert brief(of_day("A q@10:00", "10:00:01")) == {10: {UNANSWERED: 1}}


def test_the_slowest_first_and_each_conversation_once() -> None:
    found = of_day(
        "A q@10:00 h=anna@10:05 q@11:00 h=bo@11:10 ; B q@12:00 ; C q@09:00 ; D q@09:00 h@09:01"
    )
    assert found.slowest == [
        SlowTalk("C-2", ms("09:00"), None, ""),
        SlowTalk("B-1", ms("12:00"), None, ""),
        SlowTalk("A-0", ms("11:00"), 600_000, "bo"),
        SlowTalk("D-3", ms("09:00"), 60_000, ""),
    ]


def test_days_add_up() -> None:
    facts = Facts(talks("A q@10:00 h@10:01 q@1/10:00 h@1/10:02 ; B q@10:00 h@10:00:30"))
    days = waits(facts, DAY, DAY + ONE_DAY, now_ms=NOW_MS)
    both = Waits()
    both.add(days[DAY])
    both.add(days[DAY + ONE_DAY])
    assert brief(both) == {10: {1: 1, 2: 1, 3: 1}}
    assert [(slow.conversation, slow.wait_ms) for slow in both.slowest] == [
        ("A-0", 120_000),
        ("B-1", 30_000),
    ]


def test_only_the_slowest_stay() -> None:
    text = " ; ".join(f"c q@10:00 h@10:{minute:02}" for minute in range(1, 31))
    found = of_day(text)
    assert len(found.slowest) == SLOWEST
    assert found.slowest[0].wait_ms == 30 * 60_000
    found.add(of_day("Z q@10:00 h@10:29:30"))
    assert [slow.conversation for slow in found.slowest][:2] == ["c-29", "Z-0"]
    assert len(found.slowest) == SLOWEST


def naive(lines: list[Line], days: list[dt.date]) -> dict[tuple[dt.date, int, int], int]:
    """Ask of every question whether somebody waits already, and who answers."""
    found: dict[tuple[dt.date, int, int], int] = {}
    waits_since: int | None = None
    for i, line in enumerate(lines):
        if line.what == "answer" and line.origin in {"human", "bot", "unknown"}:
            waits_since = None
        if line.what != "question" or line.excuses or waits_since is not None:
            continue
        waits_since = line.at_ms
        answers = [
            other.at_ms
            for other in lines[i + 1 :]
            if other.what == "answer" and other.origin in {"human", "bot", "unknown"}
        ]
        local = dt.datetime.fromtimestamp(line.at_ms / 1000, PLATFORM_ZONE)
        if local.date() in days:
            bucket = UNANSWERED
            if answers:
                bucket = sum(answers[0] - line.at_ms > edge * 1000 for edge in BUCKETS_S)
            key = (local.date(), local.hour, bucket)
            found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(60))
def test_against_a_naive_count(seed: int) -> None:
    lines = random_lines(random.Random(seed))  # noqa: S311  # the same for ever
    days = [DAY, DAY + ONE_DAY]
    found = waits(Facts([Talk("c", lines)]), days[0], days[1], now_ms=NOW_MS)
    flat = {
        (day, hour, bucket): number
        for day, of in found.items()
        for hour, buckets in brief(of).items()
        for bucket, number in buckets.items()
    }
    assert flat == naive(lines, days)
