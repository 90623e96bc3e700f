from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate_adapters.onebot.cards import walk_json, walk_strings, walk_xml
from replygate_adapters.onebot.pieces import DEPTH_MAX, Unreadable, Walk

CARD = {"app": "com.x", "prompt": "[分享]好店", "meta": {"d": {"title": "加微信", "jumpUrl": "u"}}}


def texts(walk: Walk) -> list[str]:
    return [piece.text for piece in walk.pieces]


def test_a_card_is_rewritten_in_place() -> None:
    given = json.dumps(CARD, ensure_ascii=False)
    walk = Walk()
    assert walk_json(given, walk) == given
    assert texts(walk) == ["[分享]好店", "加微信", "u"]
    rewritten = json.loads(walk_json(given, Walk(["[分享]好店", "找客服", "u"])))
    assert rewritten == {**CARD, "meta": {"d": {"title": "找客服", "jumpUrl": "u"}}}


@pytest.mark.parametrize("text", ["加微信", '{"title": "加微信"', "12", '"微信"', "[" * 100_000])
def test_what_is_no_json_structure_is_text(text: str) -> None:
    walk = Walk()
    assert walk_json(text, walk) == text
    assert texts(walk) == [text]


XML = (
    "<?xml version='1.0' encoding='UTF-8'?><msg serviceID=\"1\" brief='[好店]' url=\"http://x\">"
    '<item layout="2"><title size="36">加&amp;微信</title><![CDATA[A "b" CDATA]]></item></msg>'
)


def test_xml_is_rewritten_in_place() -> None:
    walk = Walk()
    assert walk_xml(XML, walk) == XML
    assert texts(walk) == ["[好店]", "http://x", "加&微信", 'A "b" CDATA']
    rewritten = walk_xml(XML, Walk(["[好店]", "http://x", "a<b", "c"]))
    assert rewritten == XML.replace("加&amp;微信", "a&lt;b").replace('A "b" CDATA', "c")


@pytest.mark.parametrize("text", ["加微信", "加微信<a", "<a>加微信", "加微信 id='1'"])
def test_broken_xml_is_read_as_far_as_it_goes(text: str) -> None:
    walk = Walk()
    assert walk_xml(text, walk) == text
    assert "加微信" in "".join(texts(walk))


def test_what_nobody_reads_is_left_out() -> None:
    walk = Walk()
    value = {"File": "加微信", "note": "base64://5Yqg", "rows": ["按钮", 5, None]}
    assert walk_strings(value, walk) == value
    assert texts(walk) == ["按钮"]


def test_depth_has_a_limit() -> None:
    value: Any = "x"
    for _ in range(DEPTH_MAX + 1):
        value = [value]
    with pytest.raises(Unreadable, match="nested more than 20 deep"):
        walk_strings(value, Walk())


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_reading_changes_nothing(value: object) -> None:
    assert walk_strings(value, Walk()) == value
