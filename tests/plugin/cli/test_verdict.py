from __future__ import annotations

import pytest

from replygate.cli.columns import width_of
from replygate.cli.verdict import COLOURS, describe, field, headline, name
from replygate.model import Action, Cleared, Draft, Edit, Finding

BLOCKED = Finding("chat", "微信", 1, 3, "block", None, "不得引导", "规则三")


@pytest.mark.parametrize("action", ["pass", "rewrite", "block"])
def test_every_verdict_has_a_name_in_both_languages_and_a_colour(action: Action) -> None:
    keyword, chinese = name(action).split()
    assert keyword == action.upper()
    assert not chinese.isascii()
    assert COLOURS[action]


def test_describe_a_block() -> None:
    assert describe(BLOCKED, 2, 80) == [
        "2. chat",
        "   命中 matched    微信",
        "   处理 action     拦截 block",
        "   原因 why        不得引导",
        "   来源 source     规则三",
    ]


def test_describe_a_deletion_and_a_disguise() -> None:
    finding = Finding("r", "微\u200b信", 0, 3, "rewrite", "", "why", "", evasion=True)

    lines = describe(finding, 1, 80)

    assert "   命中 matched    微\\u200b信" in lines
    assert "   改为 replace    （删去 deleted）" in lines
    assert any("伪装" in line for line in lines)
    assert not any("source" in line for line in lines)


def test_describe_shortens_a_match_that_is_a_whole_long_text() -> None:
    finding = Finding("gate.too-long", "长" * 9000, 0, 9000, "block", None, "why", "replygate")
    assert sum(map(len, describe(finding, 1, 80))) < 600


def test_further_lines_of_a_field_stand_under_its_first() -> None:
    lines = field("原因 why", "不得引导买家离开平台" * 6, 40)

    assert len(lines) > 2
    assert all(line.startswith(" " * 19) for line in lines[1:])
    assert all(width_of(line) <= 40 for line in lines)


def test_a_blocked_text_that_goes_out_as_a_stock_answer_is_called_so() -> None:
    draft = Draft("c", "加微信")
    edits = (Edit(0, 3, "请看商品页"),)
    stock = Cleared("rewrite", "请看商品页", (BLOCKED,), draft, edits=edits)
    assert headline(stock).startswith("BLOCK 已拦截，改发备用话术")
    assert headline(Cleared("pass", "加微信", (BLOCKED,), draft, "rewrite")) == headline(stock)
    assert headline(Cleared("block", None, (BLOCKED,), draft)) == name("block")
    assert headline(Cleared("pass", "加微信", (), draft)) == name("pass")


def test_what_is_grave_is_said_to_be() -> None:
    grave = Finding("r", "微信", 0, 2, "block", None, "why", "", severity="grave")
    assert "   处理 action     拦截 block，严重 grave" in describe(grave, 1, 80)
