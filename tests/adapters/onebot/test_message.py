from __future__ import annotations

from typing import Any

import pytest

from replygate_adapters.onebot.message import is_empty, walk_message
from replygate_adapters.onebot.pieces import DEPTH_MAX, Unreadable, Walk, plain_text

SHARED = "http://taobao.com\n淘宝店\n[券]"


def text_of(message: Any, *, auto_escape: bool = False) -> str:
    walk = Walk()
    assert walk_message(message, walk, auto_escape=auto_escape) == message
    return plain_text(walk.pieces)


def seg(type_: str, **data: Any) -> dict[str, Any]:
    return {"type": type_, "data": data}


def node(content: Any, nickname: str = "小店") -> dict[str, Any]:
    return seg("node", user_id="1", nickname=nickname, content=content)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("加微[CQ:face,id=1]信", "加微信"),
        ("加微&#91;信&#93;&amp;a", "加微[信]&a"),
        ([seg("text", text="加微"), seg("face", id="1"), seg("text", text="信")], "加微信"),
        ([seg("text", text="加微"), seg("image", file="x", summary="图")] * 2, "加微加微\n图\n图"),
        (["加微", seg("at", qq="1", name="小微"), "[CQ:face,id=1]信"], "加微信\n小微"),
        (seg("text", text=13800138000), "13800138000"),
        (13800138000, "13800138000"),
        ("[CQ:image,file=http://x/微信.jpg,url=http://y]", ""),
        ("[CQ:reply,text=加微信,qq=1]好", "好\n加微信"),
        ("[CQ:share,url=http://taobao.com,title=淘宝店,content=&#91;券&#93;]", SHARED),
        ("[CQ:json,data={&#44;微信]", "{,微信"),
        ('[CQ:json,data={"title":"加微信"&#44;"ver":"1"}]', "加微信"),
        ("[CQ:xml,data=<t>加微信</t>]", "加微信"),
        (seg("music", type="custom", title="歌", content="词", audio="http://a"), "歌\n词"),
        (seg("markdown", content="# 加微信"), "# 加微信"),
        (seg("markdown", content='{"text":"加微信"}'), "加微信"),
        (seg("contact", type="qq", id="10001"), "10001"),
        (seg("poke", type="1", id="2", name="戳一戳"), "戳一戳"),
        (seg("file", file="/home/加微信.pdf"), "加微信.pdf"),
        (seg("file", file="/home/a.pdf", name="价目.pdf"), "价目.pdf"),
        (seg("file", file="base64://AAAA"), ""),
        (seg("location", lat="1", lon="2", title="仓库", content="路"), "仓库\n路"),
        (seg("keyboard", content={"rows": [{"render_data": {"label": "加微信"}}]}), "加微信"),
        ({"type": "text", "text": "加微信"}, "加微信"),
        (seg("text", content="加微信"), "加微信"),
        (seg("dice"), ""),
        ({"type": "shake"}, ""),
        ([node("加[CQ:face,id=1]微"), node([seg("text", text="信")])], "小店\n加微\n小店\n信"),
        ([node(seg("text", text="单"), "")], "单"),
        ([node([node("里面", "甲")], "乙")], "乙\n甲\n里面"),
        (seg("node", id="42"), ""),
        (seg("forward", id="42", content=[node("里面", "甲")]), "甲\n里面"),
    ],
)
def test_every_text_is_read(message: Any, text: str) -> None:
    assert text_of(message) == text


def test_an_escaped_string_is_text() -> None:
    assert text_of("[CQ:face,id=1]&amp;", auto_escape=True) == "[CQ:face,id=1]&amp;"


@pytest.mark.parametrize("message", [None, True, object(), [{"data": {}}], [{"type": 1}], [None]])
def test_what_is_no_message_is_refused(message: Any) -> None:
    with pytest.raises(Unreadable):
        walk_message(message, Walk())


def test_depth_has_a_limit() -> None:
    message: Any = "x"
    for _ in range(DEPTH_MAX + 1):
        message = [node(message)]
    with pytest.raises(Unreadable, match="more than 20 deep"):
        walk_message(message, Walk())


def rewritten(message: Any, *texts: str) -> Any:
    return walk_message(message, Walk(texts))


def test_only_what_is_rewritten_changes() -> None:
    message = "a,b&amp;[CQ:face, id=1]加微信[CQ:image,file=x,summary=图]"
    assert rewritten(message, "a,b&", "找[客服]", "图") == (
        "a,b&amp;[CQ:face, id=1]找&#91;客服&#93;[CQ:image,file=x,summary=图]"
    )
    assert rewritten(message, "a,b&", "加微信", "a,b") == (
        "a,b&amp;[CQ:face, id=1]加微信[CQ:image,file=x,summary=a&#44;b]"
    )
    segments = [seg("text", text="加微信"), seg("image", file="x", summary="图", x=1)]
    assert rewritten(segments, "找客服", "图") == [seg("text", text="找客服"), segments[1]]
    assert segments[0] == seg("text", text="加微信")


def test_emptied_texts_are_gone() -> None:
    segments = [seg("text", text="加"), seg("face", id="1"), seg("text", text="微信")]
    assert rewritten(segments, "加客服", "") == [seg("text", text="加客服"), segments[1]]
    assert is_empty(rewritten(seg("text", text="微信"), ""))
    assert is_empty(rewritten("微信", ""))
    assert is_empty(rewritten(["微信"], ""))
    assert rewritten("[CQ:text,text=微信]好", "", "好") == "好"
    nodes = [node([seg("text", text="微信")], "甲"), node("好", "乙")]
    assert rewritten(nodes, "甲", "", "乙", "好") == nodes[1:]
    reordered = [seg("node", content="微信", nickname="甲"), node("好", "乙")]
    assert rewritten(reordered, "", "甲", "乙", "好") == nodes[1:]


def test_a_file_gets_a_name() -> None:
    file = seg("file", file="/home/加微信.pdf")
    assert rewritten(file, "价目.pdf") == seg("file", file="/home/加微信.pdf", name="价目.pdf")


@pytest.mark.parametrize("names", [{}, {"name": "加微信.pdf"}])
def test_a_file_never_loses_its_name(names: dict[str, str]) -> None:
    with pytest.raises(Unreadable, match="nothing is left of the file's name"):
        rewritten(seg("file", file="/home/加微信.pdf", **names), "")


def test_numbers_become_strings_when_they_change() -> None:
    assert rewritten(13800138000, "电话") == "电话"
    assert rewritten(seg("text", text=138), "电话") == seg("text", text="电话")
