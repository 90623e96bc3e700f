from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.timing.holding import Margin
from replygate.timing.latency import (
    AGE_MAX_S,
    LATENESS_MAX_MS,
    LATENESS_MIN_MS,
    SAMPLES_MAX,
    SEND_MAX_MS,
    SEND_MIN_MS,
    Recent,
    margin_of,
)


def recent(*took_ms: float, now_s: float = 0) -> Recent:
    found = Recent()
    for each in took_ms:
        found.note(each, now_s)
    return found


NOTHING = Recent()


@given(st.lists(st.integers(0, 20_000), max_size=400))
def test_99_of_100_stayed_within(took_ms: list[int]) -> None:
    p99_ms = recent(*took_ms).p99_ms(0)
    latest = took_ms[-SAMPLES_MAX:]
    longer = sum(each > p99_ms for each in latest)
    assert longer * 100 <= len(latest)
    if latest:
        assert p99_ms in latest
        assert sum(each >= p99_ms for each in latest) * 100 > len(latest), "and no more than that"


def test_an_old_time_is_forgotten() -> None:
    one = recent(9_000, now_s=0)
    one.note(100, AGE_MAX_S)
    assert one.p99_ms(AGE_MAX_S) == 9_000
    assert one.p99_ms(AGE_MAX_S + 1) == 100


@pytest.mark.parametrize(
    ("sends_ms", "send_p99_ms"),
    [(0, 1_500), (1_500, 1_500), (1_501, 2_000), (2_000, 2_000), (9_999, 10_000), (60_000, 10_000)],
)
def test_the_margin_moves_in_steps_between_its_bounds(sends_ms: float, send_p99_ms: int) -> None:
    margin = margin_of(recent(sends_ms), NOTHING, 0)
    assert margin == Margin(LATENESS_MIN_MS, send_p99_ms, send_p99_ms)
    assert SEND_MIN_MS <= margin.send_p99_ms <= SEND_MAX_MS


def test_late_timers_make_leads_longer() -> None:
    assert margin_of(NOTHING, recent(100), 0).lateness_ms == LATENESS_MIN_MS
    assert margin_of(NOTHING, recent(700), 0).lateness_ms == 1_000
    assert margin_of(NOTHING, recent(99_000), 0).lateness_ms == LATENESS_MAX_MS
