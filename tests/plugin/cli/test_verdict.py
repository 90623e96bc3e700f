from __future__ import annotations

import pytest

from replygate.cli.columns import width_of
from replygate.cli.verdict import COLOURS, describe, field, name
from replygate.model import Action, Finding

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
