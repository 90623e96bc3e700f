"""What docs/notify.md says, held to the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from replygate.config import check_file
from replygate.config.schema_notify import NoticeKind
from replygate.notify.backlog import AGE_MAX_S, NOTICES_MAX
from replygate.notify.channel import REFUSED_S, RETRY_MAX_S, RETRY_MIN_S
from replygate.notify.dingtalk import BODY_BYTES, MUTED_S
from replygate.notify.feishu import BUSY_S, TEXT_BYTES
from replygate.notify.generic import SIGNATURE, TIMESTAMP
from replygate.notify.notice import Notice
from replygate.notify.page import TITLE
from replygate.notify.post import TIMEOUT_S
from replygate.notify.robots import ROBOTS, written
from replygate.notify.wecom import CONTENT_BYTES, TOO_MANY_S
from replygate.testing import VirtualClock

PAGE = (Path(__file__).resolve().parents[2] / "docs/notify.md").read_text("utf-8")
NOW_MS = VirtualClock().wall_ms() + 1_000

GIVEN: dict[str, Any] = {
    "id": "9c1d3b7e5a0f4c2d8e6b1a3f5d7c9e0b",
    "kind": "escalate",
    "event": "people.told",
    "reason": "waiting",
    "at_ms": NOW_MS - 1_000,
    "store": "my-shop",
    "shop": "晨光文具",
    "platform": "拼多多",
    "conversation": "3f9a1c20b7d4e655",
    "rule": "PDD-D-02",
    "rule_name": "5分钟回复",
    "due_ms": NOW_MS + 9_000,
    "hard": True,
    "mention": ("13800001111",),
    "on_duty": ("小王", "小李"),
    "said": {"turn": "0c5f7a9e1b3d2468", "reason": "waiting", "rule": "PDD-D-02"},
    "about": None,
    "turn": "t",
}


def notice(**more: Any) -> Notice:
    return Notice(**{**GIVEN, **more})


def fenced(language: str, after: str = "") -> str:
    start = PAGE.index(after)
    found = re.compile(rf"```{language}\n(.*?)```", re.DOTALL).search(PAGE, start)
    assert found
    return found[1]


def test_every_kind_is_explained() -> None:
    section = PAGE.partition("## What is told when")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert rows == ["events", *get_args(NoticeKind)]


def test_the_example_is_a_good_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DINGTALK_URL", "DINGTALK_SECRET"):
        monkeypatch.setenv(name, "https://oapi.dingtalk.com/robot/send?access_token=x")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/ops").write_text("s3cret", "utf-8")
    path = tmp_path / "shop.toml"
    path.write_text('id = "shop"\n' + fenced("toml"), "utf-8")
    result = check_file(str(path))
    assert result.problems == ()


def test_the_sample_is_what_dingtalk_gets() -> None:
    other = {"shop": "晨光图书", "platform": "抖音电商", "conversation": "a41be0c9d2f07733"}
    violated = notice(
        id="2", kind="violated", due_ms=None, rule=None, said={"recall_left_s": 96}, **other
    )
    waiting = sorted([violated, notice()], key=lambda each: each.urgency)
    message, _ = written(ROBOTS["dingtalk"], waiting, NOW_MS)
    assert message["markdown"]["text"] + "\n" == fenced("text", "<!-- sample -->")


def test_the_event_is_what_an_address_gets() -> None:
    message, _ = written(ROBOTS["generic"], [notice(on_duty=("小王",))], NOW_MS)
    assert json.loads(fenced("json")) == message


def test_the_snippet_knows_a_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    space: dict[str, Any] = {}
    exec(fenced("python"), space)  # noqa: S102 - our own page
    is_genuine: Callable[[str, str, str, bytes], bool] = space["is_genuine"]
    monkeypatch.setattr(space["time"], "time", lambda: NOW_MS / 1000)
    robot = ROBOTS["generic"]
    request = robot.request("https://a.example", "s3cret", {"events": []}, NOW_MS)
    given = (request.headers[TIMESTAMP], request.headers[SIGNATURE])
    assert is_genuine("s3cret", *given, request.body)
    assert not is_genuine("other", *given, request.body)
    assert not is_genuine("s3cret", *given, request.body + b" ")
    monkeypatch.setattr(space["time"], "time", lambda: NOW_MS / 1000 + 301)
    assert not is_genuine("s3cret", *given, request.body)


def test_the_limits() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \| .* \|$", PAGE, re.MULTILINE))
    for kind, robot in ROBOTS.items():
        budget = robot.budget
        pace = {0.2: "one every 5 s", 1.0: "one a second", 5.0: "5 a second"}[budget.per_s]
        assert rows[kind] == f"{budget.burst} at once, then {pace}"
    for limit in (BODY_BYTES, TEXT_BYTES, CONTENT_BYTES):
        assert f"| {limit:,} bytes |" in PAGE
    assert f"| {ROBOTS['generic'].listed_max} events |" in PAGE
    assert f"at most {ROBOTS['wecom'].listed_max} lines" in PAGE
    assert f"At most {NOTICES_MAX} notices" in PAGE
    assert f"`{TITLE}`" in PAGE
    said = PAGE.replace("\n", " ")
    assert f"No answer within {TIMEOUT_S:g} s" in said
    assert (RETRY_MIN_S, RETRY_MAX_S, REFUSED_S) == (1, 5 * 60, 10 * 60)
    assert (MUTED_S, TOO_MANY_S, BUSY_S, AGE_MAX_S) == (10 * 60, 60, 10, 30 * 60)
