from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from replygate.timing.calendar import DAY_S, Interval, Window
from replygate.timing.clocks import Clock, open_clock
from replygate.timing.commands import SkipReason
from replygate.timing.events import CLOSING
from replygate.timing.holding import (
    Chosen,
    HoldingPolicy,
    HoldingTexts,
    Margin,
    Need,
    Quota,
    choose,
    follow_up_due_ms,
    hold_due_ms,
    lead_ms,
    render,
)
from talk import HOLD_TEXTS, MORNING_MS, ms, rule

HOUR_S = 3600
FIRST, SECOND = HOLD_TEXTS
POLICY = HoldingPolicy(HOLD_TEXTS)
FIVE_A_DAY = Quota(messages=5, window_s=DAY_S, keep=3)
NEED = Need(now_ms=ms(160), clock_due_ms=ms(180), asked_ms=ms(0))
NO_MARGIN = Margin()


def clock(due_s: int | None, opened: float = 0, window: Window | None = None) -> Clock:
    judged_by = rule("R", due_s, window=window)
    made = open_clock(judged_by, opened_by="a", opened_ms=ms(opened), turn="a")
    assert made is not None
    return made


def fires_at(clock: Clock, policy: HoldingPolicy = POLICY, margin: Margin = NO_MARGIN) -> float:
    return (hold_due_ms(clock, policy, margin, 0) - MORNING_MS) / 1000


@pytest.mark.parametrize(
    ("due_s", "second"), [(3, 0), (12, 6), (15, 9), (30, 20), (60, 40), (120, 100), (3600, 3580)]
)
def test_when_a_hold_goes_out(due_s: int, second: float) -> None:
    assert fires_at(clock(due_s)) == second


def test_a_lead_that_the_store_sets() -> None:
    assert fires_at(clock(180), dataclasses.replace(POLICY, lead_s=3.5)) == 176.5


def test_never_later_than_a_send_takes() -> None:
    slow = Margin(lateness_ms=150, send_p99_ms=8_000, retry_ms=8_000)
    assert slow.total_ms == 16_150
    assert lead_ms(clock(30), POLICY, slow) == 16_150
    assert lead_ms(clock(30), dataclasses.replace(POLICY, lead_s=2), slow) == 16_150
    assert lead_ms(clock(180), POLICY, slow) == 20_000


def test_the_lead_of_what_elapses_is_of_its_length_and_not_of_the_night() -> None:
    from_ten = Window((Interval(10 * HOUR_S, 18 * HOUR_S),), mode="elapse")
    assert fires_at(clock(30, opened=10 * HOUR_S, window=from_ten)) == 24 * HOUR_S + 20
    assert fires_at(clock(None)) == 14 * HOUR_S - 20


def test_jitter_is_earlier_and_small_and_never_before_the_question() -> None:
    assert hold_due_ms(clock(180), POLICY, NO_MARGIN, 2000) == ms(158)
    assert hold_due_ms(clock(3), POLICY, NO_MARGIN, 2000) == ms(0)
    with pytest.raises(AssertionError):
        hold_due_ms(clock(180), POLICY, NO_MARGIN, 2001)


def test_a_promise_is_due_before_the_next_deadline() -> None:
    def due(*clocks: Clock) -> float:
        return (follow_up_due_ms(ms(158), clocks, POLICY, NO_MARGIN) - MORNING_MS) / 1000

    assert due() == 458
    assert due(clock(180)) == 458, "that is the one the hold went out for"
    assert due(clock(180), clock(300), clock(240)) == 220
    assert due(clock(3600)) == 458


def chosen(need: Need, policy: HoldingPolicy = POLICY) -> str:
    result = choose(need, policy)
    assert isinstance(result, Chosen)
    return result.text


@pytest.mark.parametrize(
    ("need", "policy", "reason"),
    [
        ({"now_ms": ms(240.001)}, {}, "too_late"),
        ({"in_turn": 1}, {}, "max_per_turn"),
        ({"holds_ms": [ms(-n * HOUR_S) for n in range(1, 7)]}, {}, "max_per_day"),
        ({"holds_ms": [ms(100.001)]}, {}, "min_gap"),
        ({"since_asked": 2}, {"quota": FIVE_A_DAY}, "quota"),
        ({"asked_ms": ms(160 - DAY_S)}, {"quota": FIVE_A_DAY}, "quota"),
        ({"asked_ms": None}, {"quota": FIVE_A_DAY}, "quota"),
        ({"topics": (CLOSING,)}, {}, "not_needed"),
        ({}, {"texts": ()}, "no_text"),
        ({}, {"texts": ("{buyer}您好",)}, "no_text"),
        ({}, {"duty": Window((Interval(0, HOUR_S),))}, "no_text"),
    ],
)
def test_why_none_goes_out(
    need: dict[str, Any], policy: dict[str, Any], reason: SkipReason
) -> None:
    changed = {**dataclasses.asdict(NEED), **need}
    refused = Need(**changed)
    by = HoldingPolicy(**{"texts": HOLD_TEXTS, **policy})
    assert choose(refused, by) == reason


@pytest.mark.parametrize(
    "need",
    [
        {"now_ms": ms(240)},
        {"holds_ms": [ms(100)]},
        {"holds_ms": [ms(-n * HOUR_S) for n in range(1, 6)]},
        {"holds_ms": [ms(-n * HOUR_S) for n in range(11, 17)]},
        {"asked_ms": ms(160.001 - DAY_S), "since_asked": 1},
    ],
)
def test_just_enough(need: dict[str, Any]) -> None:
    allowed = Need(**{**dataclasses.asdict(NEED), **need})
    assert chosen(allowed, dataclasses.replace(POLICY, quota=FIVE_A_DAY)) == FIRST


def test_no_text_is_repeated_while_another_is_left() -> None:
    three = dataclasses.replace(POLICY, texts=("一", "二", "三"))
    used: list[str] = []
    for _ in range(7):
        used.append(chosen(dataclasses.replace(NEED, used=list(used)), three))
    assert used == ["一", "二", "三", "一", "二", "三", "一"]


def test_rotation_goes_by_the_template_and_passes_over_what_it_can_not_fill() -> None:
    texts = ("{buyer}，收到", "订单{order}收到", "收到")
    policy = dataclasses.replace(POLICY, texts=texts)
    named = dataclasses.replace(NEED, buyer="小陈")
    assert choose(named, policy) == Chosen("{buyer}，收到", "小陈，收到")
    assert chosen(dataclasses.replace(named, used=["{buyer}，收到"]), policy) == "收到"


def test_only_thanks_gets_a_closing_phrase_where_the_platform_wants_the_last_word() -> None:
    polite = dataclasses.replace(POLICY, closers=("不客气，祝您生活愉快", "不客气"))
    thanks = dataclasses.replace(NEED, topics=(CLOSING, "thanks"))
    assert chosen(thanks, polite) == "不客气，祝您生活愉快"
    assert chosen(dataclasses.replace(thanks, used=["不客气，祝您生活愉快"]), polite) == "不客气"
    assert chosen(NEED, polite) == FIRST


SHIP = HoldingTexts(("发货的事已记下",), topics=("urge_ship", "invoice"))
NIGHT = HoldingTexts(("夜里也收到了",), hours=Window((Interval(22 * HOUR_S, 24 * HOUR_S),)))
MORNING = HoldingTexts(("上午好，已收到",), hours=Window((Interval(8 * HOUR_S, 12 * HOUR_S),)))
LATE_SHIP = HoldingTexts(("{wait}起处理发货",), topics=("urge_ship",), off_duty=True)
NAMED = HoldingTexts(("{buyer}，已收到",), topics=("invoice",))


@pytest.mark.parametrize(
    ("topics", "special", "expected"),
    [
        (("urge_ship",), (SHIP, MORNING), "发货的事已记下"),
        (("invoice", "thanks"), (SHIP,), "发货的事已记下"),
        ((), (SHIP, MORNING), "上午好，已收到"),
        ((), (SHIP, NIGHT), FIRST),
        (("urge_ship",), (LATE_SHIP,), FIRST),
        (("invoice",), (NAMED, SHIP), "发货的事已记下"),
    ],
)
def test_the_first_texts_that_fit_question_and_hour(
    topics: tuple[str, ...], special: tuple[HoldingTexts, ...], expected: str
) -> None:
    policy = dataclasses.replace(POLICY, special=special)
    assert chosen(dataclasses.replace(NEED, topics=topics), policy) == expected


def test_off_duty_a_topic_has_texts_of_its_own() -> None:
    shut = Window((Interval(14 * HOUR_S, 18 * HOUR_S),))
    policy = dataclasses.replace(
        POLICY, duty=shut, off_duty_texts=("下班了",), special=(SHIP, LATE_SHIP)
    )
    assert chosen(dataclasses.replace(NEED, topics=("urge_ship",)), policy) == "14:00起处理发货"
    assert chosen(dataclasses.replace(NEED, topics=("invoice",)), policy) == "下班了"


@pytest.mark.parametrize(
    ("hours", "override", "wait"),
    [
        (Interval(14 * HOUR_S, 18 * HOUR_S), None, "14:00"),
        (Interval(9 * HOUR_S, 9 * HOUR_S + 60), None, "明天09:00"),
        (Interval(9 * HOUR_S, 9 * HOUR_S + 60), 21, "11月22日09:00"),
    ],
)
def test_off_duty_the_text_says_when_somebody_is_back(
    hours: Interval, override: int | None, wait: str
) -> None:
    closed = () if override is None else ((dt.date(2026, 11, override), ()),)
    policy = dataclasses.replace(
        POLICY, duty=Window((hours,), overrides=closed), off_duty_texts=("客服{wait}上线后回复您",)
    )
    assert chosen(NEED, policy) == f"客服{wait}上线后回复您"


def test_a_store_that_does_not_open_again_says_no_time() -> None:
    days = [dt.date(2026, 11, 20) + dt.timedelta(days=n) for n in range(20)]
    closed = tuple((day, ()) for day in days)
    shut = Window((Interval(9 * HOUR_S, 10 * HOUR_S),), overrides=closed)
    policy = dataclasses.replace(POLICY, duty=shut, off_duty_texts=("{wait}回复您", "已收到"))
    assert chosen(NEED, policy) == "已收到"


def test_on_duty_the_wait_is_what_the_follow_up_promises() -> None:
    policy = dataclasses.replace(POLICY, texts=("{wait}内回复您",), follow_up_s=200)
    assert chosen(NEED, policy) == "4分钟内回复您"


def test_a_name_is_filled_in_once() -> None:
    assert render("{buyer}: {order} {wait}", buyer="{order}", order="{wait}", wait="{buyer}") == (
        "{order}: {wait} {buyer}"
    )
    assert render("{buyer}{buyer}!", buyer="甲") == "甲甲!"
    assert render("没有变量") == "没有变量"
