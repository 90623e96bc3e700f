from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from replygate.report import wording
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.rule import Limit, PenaltyRule
from sample_report import ALL_DAY_RATE, BAD_RATINGS, FAST_RATE, MEAN_WAIT, figure, sample_report

DAY = dt.date(2026, 11, 20)
RATE = figure(ALL_DAY_RATE, 34, 41, DAY, DAY)


def of(**changes: object) -> Figure:
    return replace(RATE, **changes)  # type: ignore[arg-type] # a test names them


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        (of(), "met"),
        (of(met=False, high=0.7), "short"),
        (of(met=False, violated=True, high=0.45), "violated"),
        (of(met=False, violated=True, high=0.7), "violated"),
        (of(met=False, high=0.8), "unsettled"),
        (of(met=False, violated=True, high=0.95), "unsettled"),
        (of(boundary=True), "boundary"),
        (of(assessed=False, met=None), "unassessed"),
        (of(rate=None), "empty"),
        (of(rule=replace(ALL_DAY_RATE, target=None, gate=None)), "unlimited"),
    ],
)
def test_how_a_figure_stands(shown: Figure, standing: str) -> None:
    assert wording.standing(shown) == standing


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.829, "82.9%"), (1.0, "100.0%"), (0.9996, "99.9%"), (0.0, "0.0%"), (0.9994, "99.9%")],
)
def test_a_share_is_never_rounded_to_all(value: float, text: str) -> None:
    assert wording.percent(value) == text


def test_an_amount_has_its_unit() -> None:
    assert wording.amount(MEAN_WAIT, 36.44) == "36.4 秒"
    assert wording.amount(replace(ALL_DAY_RATE, value="count"), 41) == "41 位"
    assert wording.amount(replace(ALL_DAY_RATE, value="count"), 1_234_567.6) == "1234568 位"
    assert wording.amount(ALL_DAY_RATE, None) == "–"


def test_a_limit_says_what_is_right_of_a_target_and_what_is_wrong_of_a_gate() -> None:
    assert wording.target(FAST_RATE) == "≥ 90%"
    assert wording.gate(FAST_RATE) == "≤ 80%"
    assert wording.target(MEAN_WAIT) == "≤ 45 秒"
    assert wording.gate(MEAN_WAIT) == "–"
    assert wording.target(replace(FAST_RATE, target=Limit("<=", 0.855))) == "> 85.5%"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (of(room=3), "还能再慢 3 位买家"),
        (of(room=0), "一位也不能再慢"),
        (of(room=-2), "已超红线 2 位买家"),
        (of(room=3, met=False, high=0.79), "离红线还能再慢 3 位买家"),
        (of(room=-2, met=False, violated=True, high=0.9), "从严算已超红线 2 位买家"),
        (of(room=None), "–"),
        (replace(figure(BAD_RATINGS, 1, 40, DAY, DAY), room=1), "还能再多 1 个差评"),
        (replace(figure(MEAN_WAIT, 1, 40, DAY, DAY), room=-1), "离目标差 1 轮对话"),
    ],
)
def test_the_room_that_is_left(shown: Figure, text: str) -> None:
    assert wording.room(shown) == text


def test_readings_are_told_only_where_they_differ() -> None:
    assert wording.spread(RATE) is None
    assert wording.spread(of(low=0.8, high=0.95)) == "80.0% – 95.0%"
    assert wording.spread(of(low=None)) is None


def test_a_sample_and_a_pace() -> None:
    assert wording.sample(RATE) == "34/41 位买家"
    assert wording.sample(figure(MEAN_WAIT, 0, 60, DAY, DAY)) == "60 轮对话"
    assert wording.heading(RATE) is None
    assert wording.heading(of(heading_for=0.861)) == "照现在的走势，全天约 86.1%"
    week = of(rule=replace(ALL_DAY_RATE, period="week"), heading_for=0.861)
    assert wording.heading(week) == "照现在的走势，期末约 86.1%"


def test_a_source_is_dated_once() -> None:
    assert wording.source(ALL_DAY_RATE) == "拼多多商家客服规则 3.2（官方原文转载，2022-07-22）"
    own = replace(ALL_DAY_RATE, source="文章（2022-07-22）")
    assert wording.source(own) == "文章（2022-07-22）"
    assert wording.source(replace(ALL_DAY_RATE, as_of=None)).endswith("（官方原文转载）")


@pytest.mark.parametrize(
    ("waited_ms", "text"),
    [
        (999, "0 秒"),
        (59_999, "59 秒"),
        (60_000, "1 分 00 秒"),
        (5_403_000, "1 小时 30 分"),
        (180_000_000, "2 天 2 小时"),
    ],
)
def test_a_wait_as_people_say_it(waited_ms: int, text: str) -> None:
    assert wording.wait(waited_ms) == text


def test_what_a_penalty_comes_to() -> None:
    rule = PenaltyRule("X-1", "迟到", "规则")
    period = Period(DAY, DAY)
    assert wording.charge(Charge(rule, period, 0, None, None, None, unsure=False)) == "0 次"
    both = Charge(rule, period, 2, -20, (100, 500), "限流", unsure=True)
    assert wording.charge(both) == "最多 2 次，扣 20 分，罚款 100 至 500 元，限流（口径不明）"
    assert wording.charge(replace(both, fine=(100, 100), reached=None, unsure=False)) == (
        "2 次，扣 20 分，罚款 100 元"
    )
    # Ten thousand yuan a time add up.
    dear = Charge(rule, period, 36, -1_080_000, (3_600_000, 3_600_000), None, unsure=False)
    assert wording.charge(dear) == "36 次，扣 1080000 分，罚款 3600000 元"


def test_days_are_one_or_two() -> None:
    assert wording.days(Period(DAY, DAY)) == "11-20"
    assert wording.days(Period(dt.date(2026, 11, 16), DAY)) == "11-16 至 11-20"


def test_a_reader_is_warned() -> None:
    report = sample_report()
    old = "规则资料截至 2023-11-28，平台现在的要求可能已经变了。"
    assert wording.warnings(report) == [old]
    observing = replace(report, as_of=None, store=replace(report.store, mode="observe"))
    assert wording.warnings(observing) == ["本店现在只观察：消息都按原文发出。"]
    silent = replace(report, as_of=None, known_from=None)
    assert wording.warnings(silent) == ["还没有这家店的任何记录。"]
    late = replace(report, as_of=None, known_from=dt.date(2026, 10, 27))
    assert wording.warnings(late) == ["记录从 2026-10-27 开始，之前的空白不代表没有问题。"]
