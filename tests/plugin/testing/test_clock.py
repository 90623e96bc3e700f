from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.clock import Clock
from replygate.testing import VirtualClock
from replygate.testing.clock import MAX_CALLS_AT_ONE_INSTANT
from replygate.timing.calendar import PLATFORM_ZONE

times_s = st.floats(min_value=0, max_value=100, allow_nan=False)


def test_is_a_clock_that_starts_in_shanghai_working_hours() -> None:
    clock: Clock = VirtualClock()
    assert clock.monotonic_s() == 0.0
    start = dt.datetime.fromtimestamp(clock.wall_ms() / 1000, PLATFORM_ZONE)
    assert start.isoformat() == "2026-11-20T10:15:00+08:00"
    assert VirtualClock(start_wall_ms=1_000).wall_ms() == 1_000


def test_time_stands_still_until_advanced() -> None:
    clock = VirtualClock(start_wall_ms=0)
    assert (clock.monotonic_s(), clock.wall_ms()) == (0.0, 0)
    clock.advance(1.5)
    assert (clock.monotonic_s(), clock.wall_ms()) == (1.5, 1_500)


def test_small_steps_add_up() -> None:
    clock = VirtualClock(start_wall_ms=0)
    for _ in range(10):
        clock.advance(0.1)
    assert (clock.monotonic_s(), clock.wall_ms()) == (1.0, 1_000)


def test_jump_wall_leaves_monotonic_time_alone() -> None:
    clock = VirtualClock(start_wall_ms=10_000)
    called: list[float] = []
    clock.call_at(5, lambda: called.append(clock.monotonic_s()))
    clock.jump_wall(60)
    assert (clock.monotonic_s(), clock.wall_ms(), called) == (0.0, 70_000, [])
    clock.jump_wall(-65)
    clock.advance(1)
    assert (clock.monotonic_s(), clock.wall_ms(), called) == (1.0, 6_000, [])


def test_parts_of_a_millisecond_add_up() -> None:
    clock = VirtualClock(start_wall_ms=0)
    clock.jump_wall(0.0006)
    clock.advance(0.0006)
    assert clock.wall_ms() == 1


def test_calls_come_in_due_order_and_first_scheduled_first() -> None:
    clock = VirtualClock()
    called: list[str] = []
    for when_s, name in [(3, "c"), (1, "a"), (2, "b1"), (2, "b2")]:
        clock.call_at(when_s, lambda name=name: called.append(name))  # type: ignore[misc]  # the default argument binds the loop's name
    clock.advance(2)
    assert called == ["a", "b1", "b2"]
    clock.advance(0.999)
    assert called == ["a", "b1", "b2"]
    clock.advance(0.001)
    assert called == ["a", "b1", "b2", "c"]


@given(due=st.lists(times_s, max_size=20), steps=st.lists(times_s, max_size=10))
def test_nothing_is_early_and_nothing_is_forgotten(due: list[float], steps: list[float]) -> None:
    clock = VirtualClock()
    called: list[float] = []

    def expect(when_s: float) -> None:
        def callback() -> None:
            assert clock.monotonic_s() >= when_s
            assert clock.monotonic_s() - when_s < 1e-6
            called.append(when_s)

        clock.call_at(when_s, callback)

    for when_s in due:
        expect(when_s)
    for step_s in steps:
        clock.advance(step_s)
    now_s = clock.monotonic_s()
    assert called == sorted(called)
    assert all(when_s in called for when_s in due if when_s < now_s - 1e-6)
    assert all(when_s <= now_s for when_s in called)
    clock.advance(101)
    assert sorted(called) == sorted(due)


def test_a_sum_of_floats_is_due_when_its_parts_have_passed() -> None:
    clock = VirtualClock()
    seen: list[float] = []
    clock.call_at(0.1 + 0.2, lambda: seen.append(clock.monotonic_s()))
    clock.advance(0.1)
    clock.advance(0.2)
    assert seen == [0.1 + 0.2]


def test_a_callback_may_schedule_more_within_the_same_advance() -> None:
    clock = VirtualClock()
    called: list[float] = []

    def every_second() -> None:
        called.append(clock.monotonic_s())
        clock.call_at(clock.monotonic_s() + 1, every_second)

    clock.call_at(1, every_second)
    clock.advance(3.5)
    assert called == [1, 2, 3]
    clock.advance(0.5)
    assert called == [1, 2, 3, 4]


def test_what_is_already_due_comes_with_the_next_advance_at_the_present_time() -> None:
    clock = VirtualClock()
    clock.advance(10)
    called: list[float] = []
    clock.call_at(4, lambda: called.append(clock.monotonic_s()))
    assert called == []
    clock.advance(0)
    assert called == [10]


def test_a_cancelled_call_never_comes() -> None:
    clock = VirtualClock()
    called: list[str] = []
    keep = clock.call_at(1, lambda: called.append("kept"))
    drop = clock.call_at(1, lambda: called.append("dropped"))
    drop.cancel()
    drop.cancel()
    clock.advance(2)
    keep.cancel()
    assert called == ["kept"]
    assert keep.when_s == 1


def test_a_callback_may_cancel_the_one_after_it() -> None:
    clock = VirtualClock()
    called: list[str] = []
    second = clock.call_at(2, lambda: called.append("second"))
    clock.call_at(1, second.cancel)
    clock.advance(5)
    assert called == []


def test_an_exception_comes_out_and_the_rest_still_waits() -> None:
    clock = VirtualClock()
    called: list[float] = []

    def fail() -> None:
        raise LookupError("from the callback")

    clock.call_at(1, fail)
    clock.call_at(2, lambda: called.append(clock.monotonic_s()))
    with pytest.raises(LookupError, match="from the callback"):
        clock.advance(3)
    assert (clock.monotonic_s(), called) == (1, [])
    clock.advance(2)
    assert (clock.monotonic_s(), called) == (3, [2])


@pytest.mark.parametrize("seconds", [-0.001, float("nan")])
def test_time_does_not_run_backwards(seconds: float) -> None:
    with pytest.raises(AssertionError, match="can not run backwards"):
        VirtualClock().advance(seconds)


def test_a_callback_does_not_advance_its_clock() -> None:
    clock = VirtualClock()
    clock.call_at(1, lambda: clock.advance(1))
    with pytest.raises(AssertionError, match="must not advance"):
        clock.advance(2)


def test_a_callback_that_schedules_itself_for_now_is_reported_not_run_for_ever() -> None:
    clock = VirtualClock()
    calls = 0

    def again() -> None:
        nonlocal calls
        calls += 1
        clock.call_at(clock.monotonic_s(), again)

    clock.call_at(1, again)
    with pytest.raises(AssertionError, match="schedules itself again and again"):
        clock.advance(2)
    assert calls == MAX_CALLS_AT_ONE_INSTANT
