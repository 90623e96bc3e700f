from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from command_line import STORE
from recorded import Told, asks, says
from replygate.cli.columns import width_of
from replygate.cli.replay_text import SHOWN_MAX, outcome, summary
from replygate.config import Store, load_store
from replygate.runtime.parse import parse_event
from replygate.runtime.replay import Report, Span, replay
from replygate.timing.clocks import Clock
from replygate.timing.deadline import DeadlineRule

SHOP = (
    STORE + '\n[[deadline]]\nid = "own"\nname = "半分钟"\ndue_s = 30\n'
    'counts = { bot = "unknown", hold = "unknown" }\n'
)
WHERE = {"store": "corner-shop"}


@pytest.fixture
def shop(tmp_path: Path) -> Store:
    path = tmp_path / "shop.toml"
    path.write_text(SHOP, "utf-8")
    return load_store(path)


def told(shop: Store, day: list[Told], span: Span | None = None, width: int = 100) -> list[str]:
    events = [parse_event(one) for one in day]
    span = span or Span()
    return list(summary(shop, replay(shop, events, span), span, width))


def test_the_whole_of_a_small_day(shop: Store) -> None:
    day = [
        asks("10:00:00", **WHERE),
        says("10:00:10", "human", "小米手环有货", **WHERE),
        asks("11:00:00", **WHERE),
        says("11:00:31", "bot", "加微信", **WHERE),
        asks("12:00:00", conversation="c\n2", **WHERE),
        says("12:00:45", "human", "您好", conversation="c\n2", **WHERE),
    ]
    assert told(shop, day) == [
        "corner-shop (corner-shop)  2026-11-20",
        "  回复 replies        3：放行 pass 1，改写 rewrite 1，拦截 block 1",
        "  买家等待 turns      3：店铺先答 answered 1，先发安抚 held 2，无人回复 unanswered 0",
        "  时限 deadlines      3：达标 met 1，口径不明 unclear 2，超时 missed 0",
        "  安抚回复 holds      2",
        "  后续 follow-ups     2：已回复 answered 2，已上报 escalated 0",
        "",
        "拦截与改写 blocked and rewritten (2)",
        "  11-20 10:00:10  c-1  REWRITE 已改写  brand「小米手环」  小米手环有货 → 本店手环有货",
        "  11-20 11:00:31  c-1  BLOCK 已拦截  chat「微信」  加微信",
        "",
        "安抚回复 holding replies (2)",
        "  11-20 11:00:20  c-1  own  已收到您的消息，客服会尽快回复您～",
        "  11-20 12:00:20  c⏎2  own  已收到您的消息，客服会尽快回复您～",
    ]


def test_deadlines_that_were_missed(shop: Store) -> None:
    # Seen too late for any holding reply: one is answered late, one never.
    day = [
        asks("10:00:00", seen="10:05:00", **WHERE),
        says("10:04:00", "human", seen="10:05:00", **WHERE),
        asks("10:01:00", seen="10:05:00", conversation="c-2", **WHERE),
    ]
    lines = told(shop, day)
    assert lines[3] == "  时限 deadlines      2：达标 met 0，口径不明 unclear 0，超时 missed 2"
    assert lines[-3:] == [
        "超时 missed deadlines (2)",
        "  11-20 10:00:30  c-1  own 半分钟 (soft)  晚 late by 210 s",
        "  11-20 10:01:30  c-2  own 半分钟 (soft)  无人回复 no reply",
    ]


def test_no_line_is_wider_than_asked_and_no_list_endless(shop: Store) -> None:
    day = [
        one
        for minute in range(SHOWN_MAX + 15)
        for one in (
            asks(f"10:{minute:02}:00", conversation=f"c-{minute}", **WHERE),
            says(f"10:{minute:02}:50", "bot", "加微信" * 50, conversation=f"c-{minute}", **WHERE),
        )
    ]
    lines = told(shop, day, width=60)
    examples = [line for line in lines if "BLOCK" in line]
    assert len(examples) == SHOWN_MAX
    assert lines.count("  … 另有 and 15 more; --json") == 2
    assert all(width_of(line) <= 60 for line in lines[7:])


def test_the_days_that_were_asked_for(shop: Store) -> None:
    day = [asks("10:00:00", **WHERE)]
    some = Span(dt.date(2026, 11, 19), dt.date(2026, 11, 22))
    assert told(shop, day, some)[0].endswith("2026-11-19 – 2026-11-22")
    assert told(shop, [])[0].endswith("没有事件 no events")
    assert len(told(shop, [])) == 6


@pytest.mark.parametrize(
    ("stopped_s", "unknown_s", "expected"),
    [
        (30, None, "met"),
        (31, None, "missed"),
        (None, 30, "unclear"),
        (31, 30, "unclear"),
        (None, 31, "missed"),
        (None, None, "missed"),
    ],
)
def test_how_a_deadline_ended(stopped_s: int | None, unknown_s: int | None, expected: str) -> None:
    rule = DeadlineRule("r", "r", "turn", 30, "test")
    stopped = None if stopped_s is None else stopped_s * 1000
    unknown = None if unknown_s is None else unknown_s * 1000
    assert outcome(Clock(rule, "m", 0, 30_000, "m", stopped, "a", unknown, "b")) == expected


def test_a_report_of_nothing_is_six_lines(shop: Store) -> None:
    assert len(list(summary(shop, Report(), Span(), 80))) == 6
