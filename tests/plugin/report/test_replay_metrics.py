from __future__ import annotations

import datetime as dt
from pathlib import Path

from replygate.events import Event, Inbound, Outbound
from replygate.report.replay_metrics import metrics_json, replay_figures
from replygate.runtime.replay import Span

from .shop import TODAY, ms, shop

YESTERDAY = TODAY - dt.timedelta(days=1)


def talk(name: str, asked_ms: int, wait_s: int) -> list[Event]:
    return [
        Inbound("shop", name, "q", "在吗", at_ms=asked_ms),
        Outbound("shop", name, "在的", "a", origin="human", at_ms=asked_ms + wait_s * 1000),
    ]


def test_the_format_of_replay(tmp_path: Path) -> None:
    store = shop(tmp_path)
    events = [*talk("c-1", ms("10:00"), 3_600), *talk("c-2", ms("10:00"), 3_601)]
    told = metrics_json(replay_figures(store, events, Span()))
    assert told["PDD-M-01"] == {
        "name": "当日有效回复率",
        "period": "2026-11-20",
        "numerator": 1,
        "denominator": 2,
        "rate": 0.5,
        "low": 0.5,
        "high": 0.5,
        "value_s": None,
        "assessed": False,
        "threshold": 0.5,
        "met": None,
        "violated": False,
        "boundary": False,
        "unit": "user_day",
    }
    assert {"PDD-X-05", "PDD-D-01", "ours"} <= told.keys()
    external = {rule.id for rule in store.metrics if rule.unit == "external"}
    assert external
    assert not external & told.keys()
    assert {rule.id for rule in store.metrics} - external <= told.keys()


def test_several_periods_stand_one_by_one(tmp_path: Path) -> None:
    events = [*talk("c-1", ms("10:00", YESTERDAY), 60), *talk("c-2", ms("10:00"), 9_000)]
    told = metrics_json(replay_figures(shop(tmp_path), events, Span()))["PDD-M-01"]
    assert (told["period"], told["rate"]) == ("2026-11-20", 0.0)
    assert [(one["period"], one["rate"]) for one in told["periods"]] == [
        ("2026-11-19", 1.0),
        ("2026-11-20", 0.0),
    ]


def test_the_span_bounds_what_is_reported(tmp_path: Path) -> None:
    store = shop(tmp_path)
    events = [*talk("c-1", ms("23:59", YESTERDAY), 90), *talk("c-2", ms("10:00"), 60)]
    today = replay_figures(store, events, Span(since=TODAY))["PDD-M-03"]
    assert [(str(one.period), one.denominator) for one in today] == [("2026-11-20", 1)]
    before = replay_figures(store, events, Span(until=YESTERDAY))["ours"]
    # The answer came after the span, and in time.
    assert [(one.numerator, one.denominator) for one in before] == [(1, 1)]


def test_a_half_month_is_one_period(tmp_path: Path) -> None:
    store = shop(tmp_path, platform="douyin")
    rule = next(one for one in store.metrics if one.period == "half_month")
    events = [*talk("c-1", ms("10:00", YESTERDAY), 60), *talk("c-2", ms("10:00"), 60)]
    (figure,) = replay_figures(store, events, Span())[rule.id]
    assert str(figure.period) == "2026-11-16/2026-11-30"


def test_a_rolling_metric_has_one_period_for_each_day(tmp_path: Path) -> None:
    store = shop(tmp_path, platform="kuaishou")
    rolling = [
        one for one in store.metrics if one.period == "rolling_30" and one.unit != "external"
    ]
    events = [*talk("c-1", ms("10:00", YESTERDAY), 60), *talk("c-2", ms("10:00"), 60)]
    figures = replay_figures(store, events, Span())
    assert rolling
    for rule in rolling:
        assert len(figures[rule.id]) == 2


def test_a_rolling_metric_that_lags_shows_the_recorded_days(tmp_path: Path) -> None:
    # XHS-M-01 of a day is told on the next one (T-7 to T-1): a recording of one day has its figure.
    store = shop(tmp_path, platform="xiaohongshu")
    events = talk("c-1", ms("10:00"), 180)
    (figure,) = replay_figures(store, events, Span())["XHS-M-01"]
    assert str(figure.period) == "2026-11-14/2026-11-20"
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_no_events_no_metrics(tmp_path: Path) -> None:
    assert metrics_json(replay_figures(shop(tmp_path), [], Span())) == {}
