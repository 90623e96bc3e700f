from __future__ import annotations

import pytest

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.deadline import Counts
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.days import Days
from replygate.timing.metrics.reading import Reading, counted_by_origin, match, near, read

from .kit import ANYONE, DAY, HUMAN_ONLY, ms, talks

DAYS = Days(DAY, DAY, PLATFORM_ZONE)


def reading(script: str) -> Reading:
    return read(talks(script), ALL_EXCUSES, 600_000, DAYS)


@pytest.mark.parametrize(
    ("script", "sessions"),
    [
        ("A q@10:00 q@10:10", [0, 0]),  # 600 s of silence
        ("A q@10:00 q@10:10:01", [0, 1]),
        ("A q@10:00 h@10:05 q@10:15", [0, 0]),  # the store broke it
        ("A q@10:00 q!recall@10:05 q@10:10:01", [0, 1]),  # what was recalled did not
        ("A S@10:00 q@10:00 q@12:00", [0, 0]),  # a named one knows none
        ("A q@10:00 E@10:01 q@10:02", [0, 1]),
        ("A S@10:00 q@10:00 S@10:00:30 q@10:01", [0, 1]),  # two named ones
        ("A q@10:00 S@10:01 q@12:00", [0, 0]),  # the word came late
        ("A q@10:00 S@10:01:00.001 q@12:00", [0, 1]),
        ("A q@10:00 ; B q@10:00", [0, 1]),
    ],
)
def test_sessions(script: str, sessions: list[int]) -> None:
    assert [asked[1] for asked in reading(script).asked] == sessions


def test_what_is_read() -> None:
    found = reading("A q#size@-1/10:00 h=anna@10:01 T@10:02 q@10:03 ; B b@10:04 q!recall@10:05")
    assert found.asked == [
        (ms("-1/10:00"), 0, ("size",), -1, 0),
        (ms("10:03"), 0, (), 0, 0),
    ]
    assert found.said == [
        (1, 0, ms("10:01"), "human", "anna", 0),
        (2, 1, ms("10:04"), "bot", "", -1),
    ]
    assert found.moved == [(ms("10:02"), 0, 1)]
    assert found.ends == [(2, 1, 1), (2, 2, 1)]


def seconds(answers: object) -> list[object]:
    assert isinstance(answers, list)
    return [None if answer is None else (answer[0] - ms("10:00")) // 1000 for answer in answers]


@pytest.mark.parametrize(
    ("counts", "strict", "lenient"),
    [
        (Counts(), [20, None, None], [10, 30, None]),
        (HUMAN_ONLY, [20, None, None], [20, None, None]),
        (ANYONE, [10, 30, None], [10, 30, None]),
    ],
)
def test_what_answers(counts: Counts, strict: list[object], lenient: list[object]) -> None:
    found = reading("A q@10:00 b@10:00:10 h@10:00:20 q@10:00:25 b@10:00:30 q@10:00:40 ; B h@10:01")
    matched = match(found, counted_by_origin(counts), bounded=False)
    assert seconds(matched.strict) == strict
    assert seconds(matched.lenient) == lenient


def test_an_answer_in_another_session() -> None:
    found = reading("A T@10:00 q@10:00 q@11:00 h@11:01")
    counted = counted_by_origin(HUMAN_ONLY)
    assert seconds(match(found, counted, bounded=False).strict) == [3660, 3660]
    bounded = match(found, counted, bounded=True)
    assert seconds(bounded.strict) == seconds(bounded.lenient) == [None, 3660]
    assert bounded.moved_strict == [None]


def test_what_answers_a_transfer() -> None:
    matched = match(
        reading("A T@10:00 b@10:00:10 T@10:00:15 h@10:00:20 T@10:00:30 ; B h@10:01 T@10:02"),
        counted_by_origin(Counts()),
        bounded=False,
    )
    assert seconds(matched.moved_strict) == [20, 20, None, None]
    assert seconds(matched.moved_lenient) == [10, 20, None, None]


def test_of_an_unknown_origin_nobody_can_say() -> None:
    assert counted_by_origin(ANYONE)["unknown"] == "unknown"
    assert "buyer" not in counted_by_origin(ANYONE)


def test_conversations_that_have_nothing_to_do_with_the_days() -> None:
    some = talks("A q@-1/10:00 ; B q@1/00:00 ; C q@-1/10:00 h@10:00 ; D q@23:59 h@1/10:00")
    assert [talk.conversation for talk in near(some, DAYS)] == ["C-2", "D-3"]
