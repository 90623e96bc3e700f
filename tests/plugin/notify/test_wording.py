from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.config.schema_notify import NoticeKind
from replygate.notify.wording import NAME_CHARS, duration, line, plain

from .kit import NOW_MS, notice


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 秒"),
        (9.99, "9 秒"),
        (60, "1 分"),
        (200, "3 分 20 秒"),
        (7_500, "2 小时 5 分"),
        (86_400, "1 天"),
        (100_000, "1 天 3 小时"),
    ],
)
def test_how_long(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("小店", "小店"),
        ("user_123_a", "user_123_a"),
        ("_hidden_", "＿hidden＿"),
        ("**粗**", "＊＊粗＊＊"),
        ("[点我](https://bad.example)", "［点我］（https：//bad.example）"),
        ('<at user_id="all"></at>', '＜at user_id="all"＞＜/at＞'),
        ("<@all>\n# 标题", "＜＠all＞ ＃ 标题"),
        ("a\u202eb\u200bc\x00d", "a b c d"),
        ("\ud800", "?"),
        ("长" * 100, "长" * (NAME_CHARS - 1) + "…"),
    ],
)
def test_a_hostile_name_is_only_a_name(name: str, shown: str) -> None:
    assert plain(name) == shown


@given(st.text())
def test_no_name_brings_markup_or_lines(name: str) -> None:
    shown = plain(name)
    assert not set(shown) & set("*`#[]()<>!|~@\\\n\r\t")
    assert "://" not in shown
    assert len(shown) <= NAME_CHARS
    assert shown.isprintable() or not name.isprintable()


def test_a_line_says_how_urgent_whose_whom_and_why() -> None:
    told = notice(conversation="c-1")
    assert line(told, NOW_MS) == "还剩 10 秒｜示例小店（拼多多）｜会话 c-1｜3 分钟回复"
    assert line(told, NOW_MS + 15_000).startswith("已超时 5 秒｜")


def test_a_line_leaves_out_what_is_not_known() -> None:
    told = notice(platform="", conversation=None, rule=None, rule_name=None, due_ms=None, shop="店")
    assert line(told, NOW_MS) == "店"
    assert line(notice(rule="R-1", rule_name=None), NOW_MS).endswith("｜R-1")


def test_time_to_recall_runs_out() -> None:
    told = notice("violated", due_ms=None, said={"recall_left_s": 95})
    assert line(told, NOW_MS).startswith("还可撤回 1 分 35 秒｜")
    assert line(told, NOW_MS + 90_000).startswith("还可撤回 5 秒｜")
    assert line(told, NOW_MS + 99_000).startswith("已过撤回时间｜")


def test_the_text_stands_there_where_the_store_lets_it() -> None:
    said = {"text": "加我*微信*"}
    assert line(notice("violated", said=said), NOW_MS).endswith("｜「加我＊微信＊」")
    assert "微信" not in line(notice("escalate", said=said), NOW_MS)


@pytest.mark.parametrize(
    ("event", "reason", "said"),
    [
        ("gate.fault", "模式超时", "有回复无法判定：模式超时"),
        ("ledger.fault", "disk is full", "账本写不进：disk is full"),
        ("ledger.recovered", None, "账本已恢复"),
        ("people.told", "new reason", "new reason"),
        ("people.told", "platform_down", "平台没有回应，消息暂时发不出去"),
        ("platform.answers", None, "平台已恢复应答"),
    ],
)
def test_faults_and_tasks_say_what_it_is(event: str, reason: str | None, said: str) -> None:
    kind: NoticeKind = "task" if event == "people.told" else "fault"
    told = notice(
        kind, event=event, reason=reason, shop="", conversation=None, rule=None, due_ms=None
    )
    assert line(told, NOW_MS) == said


def test_a_hand_over_says_how_much_is_left() -> None:
    said: dict[str, Any] = {"open": 3, "waiting": 2, "promised": 0, "tasks": 1}
    said |= {"gone": ["wang", "*li*"], "conversations": ["c-1"]}
    told = notice(
        "task", reason="hand_over", said=said, conversation=None, rule=None, due_ms=None, shop=""
    )
    assert line(told, NOW_MS) == "交接：未结会话 3，买家在等 2，待办 1，离开 wang、＊li＊，会话 c-1"
    told = replace(told, said={"conversations": list("abcdef")})
    assert line(told, NOW_MS) == "交接：会话 a、b、c、d、e 等"


def test_what_became_of_a_send() -> None:
    told = notice("send", reason="send_unknown", due_ms=None)
    assert line(told, NOW_MS).startswith("可能已送达｜")
    told = notice("escalate", reason="hold_failed")
    assert line(told, NOW_MS).startswith("安抚语没有发出，还剩 10 秒｜")
