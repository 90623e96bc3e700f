from __future__ import annotations

import pytest

from replygate.notify.backlog import AGE_MAX_S, SEEN_S, Backlog
from replygate.testing import VirtualClock

from .kit import notice


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def backlog(clock: VirtualClock) -> Backlog:
    return Backlog(clock, notices_max=5)


def kinds(backlog: Backlog) -> list[str]:
    return [each.kind for each in backlog.urgent()]


def test_the_most_urgent_comes_first(backlog: Backlog) -> None:
    for kind in ("warn", "breach", "escalate"):
        backlog.put(notice(kind))
    assert kinds(backlog) == ["escalate", "breach", "warn"]
    assert len(backlog) == 3


def test_the_same_is_not_told_twice_within_its_turn(backlog: Backlog, clock: VirtualClock) -> None:
    first = notice(turn="t", reason="waiting")
    backlog.put(first)
    backlog.put(notice(turn="t", reason="waiting"))
    backlog.remove([first])
    backlog.put(notice(turn="t", reason="waiting"))
    assert len(backlog) == 0
    backlog.put(notice(turn="t", reason="hold_failed"))
    backlog.put(notice(turn="t", reason="waiting", rule="another"))
    backlog.put(notice(turn="t-2", reason="waiting"))
    assert len(backlog) == 3


def test_what_has_no_turn_is_told_each_time(backlog: Backlog) -> None:
    for _ in range(2):
        backlog.put(notice("send", turn=None))
    assert len(backlog) == 2


def test_a_fault_is_told_again_after_an_hour(backlog: Backlog, clock: VirtualClock) -> None:
    for _ in range(3):
        backlog.put(notice("fault", event="gate.fault", turn=None, reason="x", due_ms=None))
    assert len(backlog) == 1
    clock.advance(SEEN_S + 1)
    now_ms = clock.wall_ms()
    backlog.put(notice("fault", event="gate.fault", turn=None, reason="x", at_ms=now_ms))
    assert kinds(backlog) == ["fault"]


def test_an_escalation_takes_the_place_of_its_warning(backlog: Backlog) -> None:
    about = ("shop", "c")
    backlog.put(notice("warn", about=about, turn="t"))
    backlog.put(notice("warn", about=about, turn="t", rule="another"))
    backlog.put(notice("escalate", about=about, turn="t"))
    assert [(each.kind, each.rule) for each in backlog.urgent()] == [
        ("escalate", "PDD-D-01"),
        ("warn", "another"),
    ]
    backlog.put(notice("breach", about=about, turn="t"))
    assert kinds(backlog) == ["breach", "warn"]


def test_an_answer_ends_the_hurry_and_nothing_else(backlog: Backlog) -> None:
    about = ("shop", "c")
    for kind in ("escalate", "violated", "breach"):
        backlog.put(notice(kind, about=about, rule=f"r-{kind}"))
    backlog.put(notice("escalate", about=("shop", "other")))
    backlog.answered(about)
    backlog.answered(("shop", "nobody"))
    assert sorted(kinds(backlog)) == ["breach", "escalate", "violated"]


def test_a_warning_whose_time_has_passed_is_dropped_and_counted(
    backlog: Backlog, clock: VirtualClock
) -> None:
    backlog.put(notice("warn"))
    backlog.put(notice("escalate"))
    clock.advance(11)
    assert kinds(backlog) == ["escalate"]
    assert backlog.take_lost() == {"too old": 1}
    assert backlog.take_lost() == {}


def test_what_nobody_took_for_half_an_hour_is_given_up(
    backlog: Backlog, clock: VirtualClock
) -> None:
    backlog.put(notice("violated"))
    clock.advance(AGE_MAX_S + 1)
    assert kinds(backlog) == []
    assert backlog.take_lost() == {"too old": 1}


def test_in_a_crowd_the_least_urgent_give_way_the_oldest_first(backlog: Backlog) -> None:
    soft = notice("escalate", hard=False)
    backlog.put(soft)
    warnings = [notice("warn") for _ in range(3)]
    for each in warnings:
        backlog.put(each)
    for _ in range(3):
        backlog.put(notice("violated"))
    assert len(backlog) == 5
    assert [each for each in backlog.urgent() if each.kind == "warn"] == warnings[2:]
    assert backlog.take_lost() == {"too many": 2}
    for _ in range(10):
        backlog.put(notice("violated"))
    assert kinds(backlog) == ["violated"] * 5


def test_what_is_gone_can_be_removed_again(backlog: Backlog) -> None:
    gone = notice()
    backlog.put(gone)
    backlog.remove([gone, gone])
    backlog.remove([gone])
    assert len(backlog) == 0
