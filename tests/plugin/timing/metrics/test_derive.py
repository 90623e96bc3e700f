from __future__ import annotations

import dataclasses

import pytest

from replygate.timing.deadline import DeadlineRule, Opens
from replygate.timing.metrics.derive import metric_of
from replygate.timing.metrics.rule import MetricRule, Unit

from .kit import DAY, HUMAN_ONLY, window

DEADLINE = DeadlineRule(
    "JD-D-01",
    "30 seconds",
    "session",
    30,
    "a source",
    window("09:00-18:00"),
    inclusive=False,
    severity="soft",
    topic="quality",
    counts=HUMAN_ONLY,
    effective_from=DAY,
    reliability="third-party",
    as_of=DAY,
    quote="30 s",
    note="a note",
    conflicts=("OUT-JD-01",),
)


@pytest.mark.parametrize(
    ("opens", "unit"),
    [
        ("message", "message"),
        ("turn", "round"),
        ("session", "session"),
        ("transfer", "transfer"),
    ],
)
def test_what_opens_the_clock_is_what_is_counted(opens: Opens, unit: Unit) -> None:
    found = metric_of(dataclasses.replace(DEADLINE, opens=opens))
    assert (found.unit, found.answered, found.value) == (unit, "first", "share")
    assert found.since == ("session" if opens == "session" else "question"), "as the clock does"


def test_a_users_day_wants_every_answer() -> None:
    found = metric_of(DEADLINE, "user_day")
    assert (found.unit, found.answered) == ("user_day", "all")


def test_everything_else_is_taken_over() -> None:
    found = metric_of(DEADLINE)
    names = {field.name for field in dataclasses.fields(MetricRule)}
    shared = names & {field.name for field in dataclasses.fields(DeadlineRule)}
    assert {name: getattr(found, name) for name in shared} == {
        name: getattr(DEADLINE, name) for name in shared
    }
    assert found.within_s == DEADLINE.due_s
    assert (found.target, found.gate, found.period) == (None, None, "day")
