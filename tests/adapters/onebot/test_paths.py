from __future__ import annotations

import pytest

from replygate_adapters.onebot.paths import Target, target_of, upstream


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/onebot/v11/ws", Target(None, "ws")),
        ("/onebot/v11/ws/", Target(None, "ws")),
        ("/onebot/v11/我的店.1/ws/api", Target("我的店.1", "ws", "/api")),
        ("/onebot/v11/ws/event", Target(None, "ws", "/event")),
        ("/onebot/v11/a/event", Target("a", "event")),
        ("/onebot/v11/a/api/send_msg", Target("a", "api", action="send_msg")),
        (
            "/onebot/v11/a/api/.handle_quick_operation",
            Target("a", "api", action=".handle_quick_operation"),
        ),
        ("/onebot/v11/a/api/..", None),
        ("/onebot/v11/a/api/x/y", None),
        ("/onebot/v12/a/ws", None),
        ("/onebot/v11/", None),
        ("/onebot/v11/a/ws/other", None),
    ],
)
def test_paths(path: str, target: Target | None) -> None:
    assert target_of(path) == target


def test_only_the_configured_address_is_called() -> None:
    assert str(upstream("ws://h:1/a/?k=v", "/api", None)) == "ws://h:1/a/api?k=v"
    assert str(upstream("ws://h:1/a?k=v", "", "t")) == "ws://h:1/a?k=v&access_token=t"
