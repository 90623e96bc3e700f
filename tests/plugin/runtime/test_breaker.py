from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.runtime.breaker import (
    FAILURES_MAX,
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    LOOK_S,
    Breaker,
)


def tried(breaker: Breaker, now_s: float, *, reached: bool | None) -> str | None:
    return breaker.ended(now_s, probe=breaker.began(), reached=reached)


def broken() -> Breaker:
    breaker = Breaker()
    turns = [tried(breaker, 0, reached=False) for _ in range(FAILURES_MAX)]
    assert turns == [*[None] * (FAILURES_MAX - 1), "down"]
    return breaker


def test_so_many_failures_in_succession_and_it_is_down() -> None:
    assert broken().down
    breaker = Breaker()
    for _ in range(3):
        for _ in range(FAILURES_MAX - 1):
            assert tried(breaker, 0, reached=False) is None
        assert tried(breaker, 0, reached=None) is None, "that says nothing"
        assert tried(breaker, 0, reached=True) is None
    assert not breaker.down


def test_a_probe_after_each_pause_which_doubles() -> None:
    breaker, now_s, pauses = broken(), 0.0, []
    for _ in range(7):
        pauses.append(breaker.pause_s)
        assert breaker.wait_s(now_s) == breaker.pause_s
        now_s += breaker.pause_s
        assert breaker.wait_s(now_s) == 0
        assert tried(breaker, now_s, reached=False) is None
    assert pauses == [FIRST_PAUSE_S, 4, 8, *[LONGEST_PAUSE_S] * 4]
    assert tried(breaker, now_s, reached=True) == "up"
    assert not breaker.down
    assert breaker.wait_s(now_s) == 0


def test_one_probe_at_a_time() -> None:
    breaker = broken()
    probe = breaker.began()
    assert probe
    assert breaker.wait_s(1_000) == breaker.wait_s(1_000, last_chance=True) == LOOK_S
    with pytest.raises(AssertionError, match="one probe"):
        breaker.began()
    assert breaker.ended(0, probe=True, reached=None) is None
    assert breaker.wait_s(1_000) == 0, "a probe of which nobody knows leaves room for the next"


def test_the_last_chance_does_not_wait() -> None:
    assert broken().wait_s(0, last_chance=True) == 0


def test_what_began_before_tells_only_of_answers() -> None:
    breaker = broken()
    assert breaker.ended(1, probe=False, reached=False) is None
    assert breaker.wait_s(1) == FIRST_PAUSE_S - 1, "no longer pause"
    assert breaker.ended(1, probe=False, reached=True) == "up"
    assert not breaker.down


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([True, False, None])), max_size=60))
def test_it_never_stays_shut(happened: list[tuple[float, bool | None]]) -> None:
    breaker, now_s = Breaker(), 0.0
    for passed_s, reached in happened:
        now_s += passed_s
        if breaker.wait_s(now_s) == 0:
            tried(breaker, now_s, reached=reached)
        assert breaker.wait_s(now_s) <= LONGEST_PAUSE_S
        assert breaker.wait_s(now_s + LONGEST_PAUSE_S) == 0
