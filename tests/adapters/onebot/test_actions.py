from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.onebot.messages import JSON, MESSAGES, NODES, TEXTS, seg
from replygate.model import Edit
from replygate_adapters.onebot import Outgoing, Unreadable, outgoing
from replygate_adapters.onebot.actions import base_name

ACTIONS = [
    ("send_msg", {"message_type": "private", "user_id": 7, "message": "加微信"}, "7"),
    ("send_private_msg", {"user_id": "7", "group_id": 9, "message": "加微信"}, "7"),
    ("send_private_msg_async", {"user_id": 7, "message": ["加微信"]}, "7"),
    ("send_msg_rate_limited", {"group_id": 9, "message": "加微信"}, "group:9"),
    ("send_group_msg", {"group_id": 9, "user_id": 7, "message": seg("text", text="加微信")}, None),
    ("send_guild_channel_msg", {"guild_id": 1, "channel_id": 2, "message": "加微信"}, "guild:1:2"),
    ("send_forward_msg", {"user_id": 7, "messages": [seg("node", content="加微信")]}, "7"),
    ("send_private_forward_msg", {"user_id": 7, "messages": [seg("node", content="加微信")]}, "7"),
    ("send_group_forward_msg", {"group_id": 9, "message": [seg("node", content="加微信")]}, None),
    ("_send_group_notice", {"group_id": 9, "content": "加微信", "image": "x"}, None),
    ("upload_private_file", {"user_id": 7, "file": "/a/b", "name": "加微信"}, "7"),
    ("upload_group_file", {"group_id": 9, "file": "/a/加微信"}, None),
    ("send_group_ai_record", {"group_id": 9, "character": "x", "text": "加微信"}, None),
    ("reply_msg", {"user_id": 7.0, "message": "加微信"}, "7"),
    ("say_something", {"user_id": 7, "content": "加微信"}, "7"),
    (
        ".handle_quick_operation_async",
        {
            "context": {"message_type": "private", "user_id": 7, "message": "在吗"},
            "operation": {"reply": "加微信", "auto_escape": True},
        },
        "7",
    ),
    (
        ".handle_quick_operation",
        {"context": {"user_id": 7}, "operation": {"approve": False, "reason": "加微信"}},
        "7",
    ),
    (
        "set_group_add_request",
        {"flag": "f-1", "sub_type": "add", "approve": False, "reason": "加微信"},
        "request:f-1",
    ),
]


@pytest.mark.parametrize("action", ["send_packet", ".send_packet_async", "llonebot_debug"])
def test_what_goes_below_the_protocol_is_refused(action: str) -> None:
    with pytest.raises(Unreadable, match="can not be judged"):
        outgoing(action, {"cmd": "x", "data": "0a"})


def test_who_is_refused_without_a_word_reads_nothing() -> None:
    assert outgoing("set_group_add_request", {"flag": "f-1", "approve": False}) is None


@pytest.mark.parametrize(("action", "params", "conversation"), ACTIONS)
def test_every_speaking_action_is_read_and_rewritten(
    action: str, params: dict[str, Any], conversation: str | None
) -> None:
    given_ = copy.deepcopy(params)
    found = outgoing(action, params)
    assert found is not None
    assert (found.conversation, found.text, found.kind) == (
        conversation or "group:9",
        "加微信",
        "text",
    )
    again = outgoing(action, found.rewritten([Edit(1, 3, "客服")]))
    assert again is not None
    assert again.text == "加客服"
    assert found.rewritten([]) == params == given_


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("get_msg", {"message_id": 1}),
        ("delete_msg", {"message_id": 1}),
        ("set_essence_msg", {"message_id": 1}),
        ("set_group_name", {"group_id": 9, "group_name": "x", "content": "x"}),
        ("send_like", {"user_id": 7, "times": 1}),
        ("send_poke", {"user_id": 7}),
        ("friend_poke", {"user_id": 7}),
        ("upload_file", {"file": "/a/b", "name": "b"}),
        (".handle_quick_operation", {"context": {}, "operation": {"delete": True}}),
        (".handle_quick_operation", {}),
        ("mark_msg_as_read", {"message_id": 1}),
    ],
)
def test_what_says_nothing_to_a_buyer(action: str, params: dict[str, Any]) -> None:
    assert outgoing(action, params) is None


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("send_msg", {"user_id": 7}),
        ("send_private_msg", {"user_id": 7, "message": None}),
        ("send_private_msg", {"message": "在"}),
        ("send_private_msg", {"user_id": 0, "group_id": "", "message": "在"}),
        ("send_private_msg", {"user_id": True, "message": "在"}),
        ("send_private_msg", {"user_id": 7, "message": [5.5, None]}),
        (".handle_quick_operation", {"operation": {"reply": "在"}}),
        ("tell", {"message": "在"}),
    ],
)
def test_what_speaks_and_can_not_be_understood(action: str, params: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        outgoing(action, params)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("[CQ:image,file=x]", "image"),
        ([seg("at", qq="1"), seg("record", file="x")], "voice"),
        (seg("video", file="x"), "video"),
        ("[CQ:music,type=qq,id=1]", "card"),
        (seg("face", id="1"), "other"),
        ("[CQ:image,file=x]在", "text"),
    ],
)
def test_a_message_without_text_has_a_kind(message: Any, kind: str) -> None:
    found = outgoing("send_private_msg", {"user_id": 7, "message": message})
    assert found is not None
    assert found.kind == kind


def test_forwarding_what_was_said_is_an_answer_without_a_text() -> None:
    found = outgoing("forward_friend_single_msg", {"user_id": 7, "message_id": 1})
    assert found is not None
    assert (found.text, found.kind, found.rewritten([])) == (
        "",
        "other",
        {"user_id": 7, "message_id": 1},
    )


def test_text_beside_a_forwarded_message_is_read() -> None:
    params = {"user_id": 7, "messages": [seg("node", id="1")], "news": [{"text": "微信"}]}
    found = outgoing("send_private_forward_msg", params)
    assert found is not None
    assert found.text == "微信"


@pytest.mark.parametrize("flag", [True, "true", 1, "1"])
def test_auto_escape_makes_it_plain_text(flag: object) -> None:
    params = {"user_id": 7, "message": "[CQ:face,id=1]微信", "auto_escape": flag}
    found = outgoing("send_private_msg", params)
    assert found is not None
    assert found.text == "[CQ:face,id=1]微信"
    assert found.rewritten([Edit(14, 16, "[]")])["message"] == "[CQ:face,id=1][]"
    for off in (False, "false", 0, None):
        other = outgoing("send_private_msg", {**params, "auto_escape": off})
        assert other is not None
        assert other.text == "微信"


def test_an_empty_message_is_never_left() -> None:
    for message in ("微信", [seg("text", text="微信")], seg("text", text="微信")):
        found = outgoing("send_private_msg", {"user_id": 7, "message": message})
        assert found is not None
        with pytest.raises(Unreadable, match="nothing is left"):
            found.rewritten([Edit(0, 2, "")])
    reply = {"context": {"user_id": 7}, "operation": {"reply": "微信"}}
    found = outgoing(".handle_quick_operation", reply)
    assert found is not None
    with pytest.raises(Unreadable, match="nothing is left"):
        found.rewritten([Edit(0, 2, "")])


def test_names_are_read_without_how_they_are_run() -> None:
    assert base_name(" _send_group_notice_async") == "send_group_notice"
    assert base_name("send_msg_rate_limited") == "send_msg"


def read(params: dict[str, Any]) -> Outgoing:
    found = outgoing("send_private_forward_msg", params)
    assert found is not None
    return found


@st.composite
def edits(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(start, end, draw(TEXTS)) for start, end in pairs if start < end]


@given(MESSAGES | NODES, st.data())
def test_rewriting_the_message_is_rewriting_its_text(message: Any, data: st.DataObject) -> None:
    params = {"user_id": 7, "messages": message, "x": {"y": 1}}
    before = copy.deepcopy(params)
    found = read(params)
    changes = data.draw(edits(found.text))
    expected = found.text
    for edit in reversed(changes):
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    try:
        rewritten = found.rewritten(changes)
    except Unreadable:
        assert changes
        return
    assert params == before
    assert type(rewritten["messages"]) is type(message)
    assert rewritten["x"] == {"y": 1}
    if not changes:
        assert rewritten == params
    # Line breaks between the lines of a message belong to no line.
    assert read(rewritten).text.replace("\n", "") == expected.replace("\n", "")


@given(st.lists(st.sampled_from(["微信", "您好", "1,[a]&"]), min_size=1, max_size=6), st.data())
def test_segments_outside_of_an_edit_stay_as_they_were(
    texts: list[str], data: st.DataObject
) -> None:
    segments = [[seg("text", text=text), seg("face", id=str(n))] for n, text in enumerate(texts)]
    flat = [each for pair in segments for each in pair]
    found = read({"user_id": 7, "messages": flat})
    hit = data.draw(st.integers(0, len(texts) - 1))
    start = sum(len(text) for text in texts[:hit])
    rewritten = found.rewritten([Edit(start, start + len(texts[hit]), "客服")])["messages"]
    expected = copy.deepcopy(flat)
    expected[2 * hit]["data"]["text"] = "客服"
    assert rewritten == expected


@given(
    st.sampled_from(["send_msg", "send_x", "upload_private_file", ".handle_quick_operation"]),
    st.dictionaries(
        st.sampled_from(
            ["message", "messages", "content", "user_id", "operation", "context", "file"]
        ),
        JSON,
    ),
)
def test_whatever_comes_is_read_or_refused(action: str, params: dict[str, Any]) -> None:
    try:
        found = outgoing(action, params)
    except Unreadable:
        return
    if found is not None:
        found.rewritten([Edit(0, len(found.text), "好")] if found.text else [])
