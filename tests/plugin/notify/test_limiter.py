from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.notify.limiter import Budget, Limiter

BUDGET = Budget(burst=3, per_s=0.5)


def test_the_first_go_at_once_and_the_next_when_it_is_time() -> None:
    limiter = Limiter(BUDGET, 100.0)
    for _ in range(3):
        assert limiter.wait_s(100.0) == 0
        limiter.take(100.0)
    assert limiter.wait_s(100.0) == 2.0
    assert limiter.wait_s(101.5) == pytest.approx(0.5)
    limiter.take(102.0)


def test_a_message_before_its_time_is_a_mistake() -> None:
    limiter = Limiter(Budget(1, 1.0), 0.0)
    limiter.take(0.0)
    with pytest.raises(AssertionError):
        limiter.take(0.5)


def test_more_than_the_burst_is_never_saved_up() -> None:
    limiter = Limiter(BUDGET, 0.0)
    for _ in range(3):
        limiter.take(1_000.0)
    assert limiter.wait_s(1_000.0) == 2.0


@given(st.lists(st.floats(0, 20), min_size=1, max_size=200), st.floats(1, 60))
def test_no_span_holds_more_than_the_budget(pauses: list[float], span_s: float) -> None:
    limiter = Limiter(BUDGET, 0.0)
    now_s, sent = 0.0, []
    for pause in pauses:
        now_s += pause
        now_s += limiter.wait_s(now_s) * (1 + 1e-9)
        limiter.take(now_s)
        sent.append(now_s)
    for first in sent:
        within = sum(first <= at < first + span_s for at in sent)
        assert within <= BUDGET.burst + BUDGET.per_s * span_s + 1e-6 + 1
