from __future__ import annotations

import pytest

from adapters.onebot.ends import question
from replygate_adapters.onebot.saying import Route, route_of, saying

TEXT = [{"type": "text", "data": {"text": "[CQ:face,id=1]"}}]


@pytest.mark.parametrize(
    ("conversation", "action", "target"),
    [
        ("7", "send_private_msg", {"user_id": 7}),
        ("group:9", "send_group_msg", {"group_id": 9}),
        ("guild:1:2", "send_guild_channel_msg", {"guild_id": "1", "channel_id": "2"}),
        ("abc", "send_private_msg", {"user_id": "abc"}),
    ],
)
def test_a_text_is_said_in_its_conversation_and_is_never_code(
    conversation: str, action: str, target: dict[str, object]
) -> None:
    assert saying(conversation, "[CQ:face,id=1]") == (action, {**target, "message": TEXT})


def test_a_stranger_is_reached_through_the_group() -> None:
    for fields in ({"sender": {"group_id": 9}}, {"sender": {}, "group_id": "9"}):
        route = route_of(question(sub_type="group", **fields))
        assert route == Route("10", "9")
        assert saying("5", "[CQ:face,id=1]", route) == (
            "send_private_msg",
            {"user_id": 5, "group_id": 9, "message": TEXT},
        )


def test_who_writes_as_a_friend_or_in_a_group_is_not() -> None:
    assert route_of(question(sender={"group_id": 9})) == Route("10")
    assert route_of(question(message_type="group", sub_type="group", group_id=9)) == Route("10")
    assert route_of({"sender": 1, "message_type": "private", "sub_type": "group"}) == Route(None)
