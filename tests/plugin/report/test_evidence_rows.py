from __future__ import annotations

from dataclasses import replace

import pytest

from recorded import ms
from replygate.ledger import (
    ClockRow,
    FindingRow,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TakeoverRow,
    TaskRow,
)
from replygate.ledger.facts import Direction
from replygate.model import Origin
from replygate.report.evidence import Evidence
from replygate.report.evidence_rows import evidence_rows, gaps
from replygate.runtime.history import NOTICE
from sample_report import sample_report

STORE = sample_report().store
KEY = ("demo-pdd", "c-1")
LATER_MS = ms("2026-11-21 12:00:00")

NOTHING = Evidence(*KEY, (), (), (), (), (), (), (), (), (), None, truncated=False)


def message(
    name: str, time: str, origin: Origin = "buyer", text: str | None = "在吗"
) -> MessageFact:
    direction: Direction = "in" if origin == "buyer" else "out"
    at_ms = ms(time)
    return MessageFact(
        *KEY, name, direction, origin, None, "text", at_ms, at_ms + 500, None, "hash", text
    )


def told(evidence: Evidence) -> list[tuple[str, str, str | None]]:
    return [(row.who, row.what, row.text) for row in evidence_rows(STORE, evidence, LATER_MS)]


def test_rows_stand_in_the_order_of_time() -> None:
    evidence = replace(
        NOTHING,
        messages=(message("m-2", "10:01:00", "human", "在的"), message("m-1", "10:00:00")),
        notices=(replace(message("t", "10:00:30", "platform"), topic=f"{NOTICE}transfer"),),
        ratings=(
            RatingRow(*KEY, "r", ms("10:02:00"), ms("10:02:00"), "小李", 4, 5, "satisfied", "快"),
        ),
    )
    assert told(evidence) == [
        ("买家", "来信", "在吗"),
        ("平台", "转人工", None),
        ("人工", "发出", "在的"),
        ("买家", "评价 4/5，满意，评价 小李", "快"),
    ]


def test_what_a_rule_matched_stands_with_its_message() -> None:
    hit = FindingRow(
        *KEY, "m-1", ms("10:00:00"), "chat", "block", 0, 2, evasion=False, masked="微信"
    )
    evidence = replace(NOTHING, messages=(message("m-1", "10:00:00", "bot"),), findings=(hit,))
    assert told(evidence)[0][1] == "发出；命中 chat（拦截）「微信」"
    untold = replace(evidence, findings=(replace(hit, masked=None),))
    assert told(untold)[0][1] == "发出；命中 chat（拦截）"


def test_a_blocked_text_stands_as_such_and_a_sent_one_once() -> None:
    send = OutboxRow("s-1", *KEY, None, "bot", None, "skipped", ms("10:00:00"), verdict="block")
    hit = FindingRow(*KEY, "s-1", ms("10:00:00"), "chat", "block", 0, 2, evasion=False)
    blocked = replace(NOTHING, sends=(send,), findings=(hit,))
    assert told(blocked) == [("机器人", "被拦截，没有发出；命中 chat（拦截）", None)]
    assert told(replace(NOTHING, sends=(replace(send, state="sent", verdict="pass"),))) == []


def test_what_people_had_to_decide_and_who_has_the_conversation() -> None:
    task = TaskRow("t", *KEY, "unknown", ms("10:00:00"), "s-1", None, "bot", None, None)
    done = replace(task, done_ms=ms("10:05:00"), done_by="小李", outcome="not_sent")
    settled = replace(task, kind="blocked", done_ms=ms("10:06:00"), outcome="answered")
    evidence = replace(
        NOTHING,
        tasks=(task, done, settled),
        takeover=TakeoverRow(*KEY, "小王", ms("10:01:00"), ms("10:02:00")),
    )
    assert [one[:2] for one in told(evidence)] == [
        ("待办", "请核对消息是否已发出"),
        ("待办", "请核对消息是否已发出"),
        ("待办", "有回复被拦截，请人工处理"),
        ("人工 小王", "接管会话"),
        ("人工 小李", "待办完成：确认没有发出"),
        ("平台", "待办完成：已另行回复"),
    ]


def test_a_clock_is_in_time_late_over_or_running() -> None:
    clock = ClockRow(*KEY, "PDD-D-03", "m-1", ms("10:00:00"), ms("10:05:00"))
    name = "5分钟回复 PDD-D-03"
    begun = f"{name} 开始，应在 11-20 10:05:00 前回复"

    def says(clock: ClockRow, now: str = "2026-11-21 12:00:00") -> list[str]:
        rows = evidence_rows(STORE, replace(NOTHING, clocks=(clock,)), ms(now))
        return [row.what for row in rows]

    in_time = replace(clock, stopped_ms=ms("10:04:00"))
    assert says(in_time) == [begun, f"{name} 停止，用时 4 分 00 秒，按时"]
    late = replace(clock, stopped_ms=ms("10:05:30"))
    assert says(late) == [begun, f"{name} 停止，用时 5 分 30 秒，超时 30 秒"]
    assert says(clock) == [begun, f"{name} 到期，没有肯定算数的回复"]
    assert says(clock, "10:01:00") == [begun]
    assert says(replace(clock, rule_id="gone"))[0].startswith("gone 开始")


def test_only_timers_that_did_something_are_listed() -> None:
    leg = LegRow("t-1", "hold", 0, ms("10:04:00"), "fired", "sent", "m-1", "PDD-D-03")
    evidence = replace(NOTHING, legs=(leg, replace(leg, seq=1, state="cancelled")))
    assert told(evidence) == [("定时", "安抚回复（5分钟回复 PDD-D-03） 已执行：sent", None)]


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_not_kept_is_said(kept: bool) -> None:
    text = "在吗" if kept else None
    evidence = replace(NOTHING, messages=(message("m-1", "10:00:00", text=text),))
    said = " ".join(gaps(STORE, evidence))
    assert ("已打码" in said) == kept
    setting = f"1 条消息没有保存内容：本店的隐私设置 privacy.log_text 是 “{STORE.log_text}”"
    assert (setting in said) == (not kept)


def test_doubts_are_said() -> None:
    send = OutboxRow("s-1", *KEY, None, "bot", None, "unknown", ms("10:00:00"))
    hit = FindingRow(*KEY, "s-1", ms("10:00:00"), "chat", "block", 0, 2, evasion=False)
    evidence = replace(NOTHING, sends=(send,), findings=(hit,), truncated=True)
    assert [gap.split("：")[0][:8] for gap in gaps(STORE, evidence)] == [
        "1 处命中没有保",
        "有消息不知是否发",
        "这个会话的记录太",
    ]
    assert gaps(STORE, NOTHING) == []
