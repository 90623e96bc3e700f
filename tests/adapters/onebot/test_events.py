from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.onebot.messages import JSON, seg
from replygate.events import Inbound, Marked, Outbound
from replygate_adapters.onebot import canonical

PRIVATE: dict[str, Any] = {
    "post_type": "message",
    "message_type": "private",
    "sub_type": "friend",
    "time": 1_795_000_000,
    "self_id": 1,
    "user_id": 7,
    "message_id": -5,
    "message": [seg("text", text="多久"), seg("face", id="1"), seg("text", text="发货")],
    "raw_message": "多久[CQ:face,id=1]发货",
}


def test_a_buyers_message() -> None:
    assert canonical(PRIVATE, "shop") == Inbound(
        "shop", "7", "-5", "多久发货", at_ms=1_795_000_000_000
    )
    group = {**PRIVATE, "message_type": "group", "group_id": 9, "message": "在吗"}
    assert canonical(group, "shop") == Inbound(
        "shop", "group:9", "-5", "在吗", at_ms=1_795_000_000_000
    )


def test_a_message_of_the_platform_is_no_question() -> None:
    event = canonical({**PRIVATE, "sub_type": "notice"}, "shop")
    assert isinstance(event, Inbound)
    assert event.origin == "platform"


@pytest.mark.parametrize(
    ("message", "text", "kind"),
    [
        ("[CQ:image,file=x,summary=动画表情]", "动画表情", "image"),
        ([seg("image", file="x")], "", "image"),
        ([seg("text", text="好"), seg("image", file="x", summary="图")], "好", "text"),
        ([seg("record", file="x")], "", "voice"),
        (None, "多久[CQ:face,id=1]发货", "text"),
        ([{"no": "type"}], "多久[CQ:face,id=1]发货", "text"),
    ],
)
def test_what_stands_beside_the_text_is_left_out(message: Any, text: str, kind: str) -> None:
    event = canonical({**PRIVATE, "message": message}, "shop")
    assert isinstance(event, Inbound)
    assert (event.text, event.kind) == (text, kind)


def test_a_message_of_the_account_itself_went_out() -> None:
    sent = {**PRIVATE, "post_type": "message_sent", "user_id": 1, "target_id": 7}
    expected = Outbound("shop", "7", "多久发货", "-5", origin="human", at_ms=1_795_000_000_000)
    assert canonical(sent, "shop") == expected
    assert canonical({**sent, "post_type": "message"}, "shop") == expected
    group = {**sent, "message_type": "group", "group_id": 9}
    event = canonical(group, "shop")
    assert isinstance(event, Outbound)
    assert event.conversation == "group:9"


def test_a_message_to_nobody_in_particular_means_nothing() -> None:
    sent = {**PRIVATE, "post_type": "message_sent", "user_id": 1}
    assert canonical(sent, "shop") is None
    assert canonical({**sent, "target_id": 1}, "shop") is None


def test_a_recall_names_its_message() -> None:
    notice = {"post_type": "notice", "notice_type": "friend_recall", "user_id": 7, "message_id": 5}
    assert canonical(notice, "shop") == Marked("shop", "7", "5", "recall")
    group = {**notice, "notice_type": "group_recall", "group_id": 9, "operator_id": 7}
    assert canonical(group, "shop") == Marked("shop", "group:9", "5", "recall")
    assert canonical({**notice, "message_id": None}, "shop") is None


def test_a_message_without_an_id_gets_the_same_one_again() -> None:
    bare = {key: value for key, value in PRIVATE.items() if key != "message_id"}
    first, again = canonical(bare, "shop"), canonical(dict(bare), "shop")
    other = canonical({**bare, "time": 1}, "shop")
    assert isinstance(first, Inbound)
    assert isinstance(other, Inbound)
    assert first == again
    assert first.id.startswith("at-")
    assert first.id != other.id


@pytest.mark.parametrize(
    ("time", "at_ms"),
    [(10, 10_000), (1.5, 1_500), (1_795_000_000_123, 1_795_000_000_123)]
    + [(bad, None) for bad in (None, "10", True, 0, -1, float("nan"), float("inf"))],
)
def test_times_are_seconds(time: Any, at_ms: int | None) -> None:
    event = canonical({**PRIVATE, "time": time}, "shop")
    assert isinstance(event, Inbound)
    assert event.at_ms == at_ms


@pytest.mark.parametrize(
    ("now_ms", "at_ms"), [(10_400, 10_400), (10_999, 10_999), (15_000, 10_999), (9_000, 10_000)]
)
def test_a_question_does_not_come_before_the_answer_it_followed(now_ms: int, at_ms: int) -> None:
    event = canonical({**PRIVATE, "time": 10}, "shop", now_ms=now_ms)
    assert isinstance(event, Inbound)
    assert event.at_ms == at_ms


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"post_type": "meta_event", "meta_event_type": "heartbeat"},
        {"post_type": "notice", "notice_type": "notify"},
        {"post_type": "request", "user_id": 7},
        {"status": "ok", "echo": "1"},
    ],
)
def test_the_rest_means_nothing(event: dict[str, Any]) -> None:
    assert canonical(event, "shop") is None


@given(
    st.dictionaries(
        st.sampled_from([*PRIVATE, "group_id", "target_id", "notice_type"]),
        JSON | st.sampled_from(["message", "message_sent", "group", "friend_recall"]),
    )
)
def test_nothing_that_comes_is_too_much(event: dict[str, Any]) -> None:
    canonical(event, "shop")
