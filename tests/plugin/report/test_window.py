from __future__ import annotations

import datetime as dt

import pytest

from replygate.config import load_store
from replygate.report.window import WrongWindow, read_window

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("today", "2026-11-20"),
        ("7d", "2026-11-14/2026-11-20"),
        ("30d", "2026-10-22/2026-11-20"),
        ("2026-11-01/2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-20/2026-11-20", "2026-11-20"),
        ("2026-11-03", "2026-11-03"),
    ],
)
def test_a_range(text: str, told: str) -> None:
    assert str(read_window(text, TODAY, ())) == told


def test_the_period_is_the_longest_that_today_is_judged_in() -> None:
    douyin = read_window("period", TODAY, load_store("demo-douyin").metrics)
    assert douyin.last == TODAY
    assert douyin.first < TODAY
    assert str(read_window("period", TODAY, ())) == "2026-11-20"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("week", "'week' is no range of days; expected today, period, 7d"),
        ("todya", "did you mean today?"),
        ("", "'' is no range of days"),
        ("2026-11-20/", "is no range of days"),
        ("2026-13-01", "is no range of days"),
        ("20261101/20261115", "is no range of days"),
        ("2026-11-15/2026-11-01", "2026-11-15 is after 2026-11-01"),
        ("2026-11-01/2026-11-21", "2026-11-21 is after today, 2026-11-20"),
        ("2024-11-01/2026-11-20", "at most 400"),
    ],
)
def test_what_is_no_range(text: str, why: str) -> None:
    with pytest.raises(WrongWindow, match=why.replace("?", r"\?")):
        read_window(text, TODAY, ())
