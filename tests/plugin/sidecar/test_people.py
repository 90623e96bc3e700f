from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from replygate.errors import SendUncertain
from served import DESK_TOKEN, TWO_TOKEN, VIEW_TOKEN, Served, question, served

ONE = "/v1/stores/one"
TWO = "/v1/stores/two"
BLOCKED = {"conversation": "c-1", "text": "加微信"}

SHIFT = """
[[duty]]
agents = ["xiao-wang"]
open = ["00:00-24:00"]
[people]
takeover_s = 600
"""


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, operators=True, tables=SHIFT) as hand:
        yield hand
        assert hand.failed == []


async def take(running: Served, conversation: str = "c-1") -> tuple[int, Any]:
    path = f"{ONE}/conversations/{quote(conversation, safe='')}/takeover"
    return await running.ask("POST", path, {"agent": "xiao-wang"})


async def blocked(running: Served, store: str = ONE, **options: Any) -> str:
    """Have a text kept back; the name of its task."""
    await running.ask("POST", f"{store}/outbound", BLOCKED, **options)
    _, answer = await running.ask("GET", f"{store}/tasks", **options)
    name = answer["tasks"][-1]["id"]
    assert isinstance(name, str)
    return name


def journal(running: Served, event: str) -> list[dict[str, Any]]:
    running.service.gate._core.journal.journal.flush()  # type: ignore[attr-defined] # the real one
    lines = running.journal.getvalue().decode().splitlines()
    return [found for line in lines if (found := json.loads(line))["event"] == event]


@pytest.mark.parametrize("conversation", ["c-1", "c/1", "买家 一", "..%2F?x=1"])
async def test_a_take_over_keeps_the_bot_back_until_it_is_handed_back(
    running: Served, conversation: str
) -> None:
    body = {"conversation": conversation, "text": "今天发"}
    status, taken = await take(running, conversation)
    assert (status, taken["conversation"], taken["agent"]) == (200, conversation, "xiao-wang")
    assert taken["since"] < taken["until"]
    status, sent = await running.ask("POST", f"{ONE}/outbound", body)
    assert (status, sent["state"], sent["error"]) == (200, "skipped", "taken over by xiao-wang")
    assert (sent["action"], sent["receipt"]) == ("pass", None)
    _, sent = await running.ask("POST", f"{ONE}/outbound", {**body, "origin": "human"})
    assert sent["state"] == "sent"
    path = f"{ONE}/conversations/{quote(conversation, safe='')}/handback"
    assert await running.ask("POST", path) == (
        200,
        {"conversation": conversation, "agent": "xiao-wang"},
    )
    assert (await running.ask("POST", path))[1]["agent"] is None
    _, sent = await running.ask("POST", f"{ONE}/outbound", body)
    assert sent["state"] == "sent"


async def test_a_buyer_is_forgotten(running: Served) -> None:
    await running.ask("POST", f"{ONE}/inbound", question())
    path = f"{ONE}/conversations/{quote(str(question()['conversation']), safe='')}/forget"
    status, answer = await running.ask("POST", path)
    assert (status, answer["conversation"]) == (200, question()["conversation"])
    assert answer["rows"] > 0
    assert await running.ask("GET", f"{ONE}/handover") == (200, {"conversations": []})
    assert (await running.ask("POST", path))[1]["rows"] == 0


async def test_who_is_there(running: Served) -> None:
    status, answer = await running.ask("GET", f"{ONE}/agents")
    [agent] = answer["agents"]
    assert (status, agent["agent"], agent["on_duty"], agent["online"]) == (
        200,
        "xiao-wang",
        True,
        None,
    )
    event = {"type": "agent_offline", "agent": "xiao-wang", "at": question()["at"]}
    await running.ask("POST", f"{ONE}/inbound", event)
    _, answer = await running.ask("GET", f"{ONE}/agents")
    assert [(one["on_duty"], one["online"]) for one in answer["agents"]] == [(False, False)]
    _, other = await running.ask("GET", f"{TWO}/agents", token=TWO_TOKEN)
    assert other["agents"][0]["on_duty"] is True


async def test_what_is_left(running: Served) -> None:
    assert await running.ask("GET", f"{ONE}/handover") == (200, {"conversations": []})
    await running.ask("POST", f"{ONE}/inbound", question())
    await take(running, "c-2")
    _, answer = await running.ask("GET", f"{ONE}/handover", token=VIEW_TOKEN)
    first, second = answer["conversations"]
    assert (first["conversation"], first["agent"], first["tasks"]) == ("c-1", None, [])
    assert [deadline["rule"] for deadline in first["deadlines"]] == ["soft"]
    assert (second["conversation"], second["waiting_since"]) == ("c-2", None)
    assert second["agent"] == "xiao-wang"


async def test_a_task_is_listed_and_done(running: Served) -> None:
    task = await blocked(running)
    status, answer = await running.ask("GET", f"{ONE}/tasks")
    [listed] = answer["tasks"]
    assert (status, listed["id"], listed["kind"], listed["text"]) == (
        200,
        task,
        "blocked",
        "加微信",
    )
    assert (listed["reason"], listed["origin"], listed["outcome"]) == ("chat", "bot", None)
    body = {"by": "xiao-li", "outcome": "dropped"}
    status, done = await running.ask("POST", f"{ONE}/tasks/{task}/done", body)
    assert (status, done["outcome"], done["done_by"], done["text"]) == (
        200,
        "dropped",
        "xiao-li",
        None,
    )
    assert (await running.ask("POST", f"{ONE}/tasks/{task}/done", body))[0] == 200
    status, problem = await running.ask(
        "POST", f"{ONE}/tasks/{task}/done", {"by": "b", "outcome": "answered"}
    )
    assert (status, problem["code"]) == (409, "task-done")
    assert await running.ask("GET", f"{ONE}/tasks") == (200, {"tasks": []})


@pytest.mark.parametrize(("outcome", "state"), [("sent", "sent"), ("not_sent", "failed")])
async def test_a_send_that_may_be_out_is_settled(running: Served, outcome: str, state: str) -> None:
    running.platform.answer(SendUncertain("reset"), delivered=False)
    body = {"conversation": "c-1", "text": "今天发"}
    key = {"Idempotency-Key": "k-1"}
    _, sent = await running.ask("POST", f"{ONE}/outbound", body, headers=key)
    assert sent["state"] == "unknown"
    _, answer = await running.ask("GET", f"{ONE}/tasks")
    [task] = answer["tasks"]
    assert (task["kind"], task["send"], task["text"]) == ("unknown", "one:k-1", None)
    status, done = await running.ask(
        "POST", f"{ONE}/tasks/{task['id']}/done", {"by": "xiao-li", "outcome": outcome}
    )
    assert (status, done["outcome"]) == (200, outcome)
    row = await running.service.gate._core.ledger.send("one:k-1")
    assert row is not None
    assert row.state == state


async def test_a_release_sends_once_and_says_who(running: Served) -> None:
    task = await blocked(running)
    path = f"{ONE}/tasks/{task}/release"
    both = await asyncio.gather(*(running.ask("POST", path, {"by": "xiao-li"}) for _ in range(2)))
    assert [(status, sent["state"]) for status, sent in both] == [(200, "sent")] * 2
    assert running.platform.delivered == ("加微信",)
    [released] = journal(running, "reply.released")
    assert (released["by"], released["origin"], released["task"]) == ("xiao-li", "bot", task)


@pytest.mark.parametrize("call", ["done", "release"])
async def test_who_may_only_look_decides_nothing(running: Served, call: str) -> None:
    task = await blocked(running)
    body = {"by": "viewer", "outcome": "dropped"} if call == "done" else {"by": "viewer"}
    path = f"{ONE}/tasks/{task}/{call}"
    status, problem = await running.ask("POST", path, body, token=VIEW_TOKEN)
    assert (status, problem["code"]) == (403, "read-only")
    assert running.platform.sent == []
    for name in ("takeover", "handback", "forget"):
        path = f"{ONE}/conversations/c-1/{name}"
        status, _ = await running.ask("POST", path, {"agent": "viewer"}, token=VIEW_TOKEN)
        assert status == 403


async def test_stores_know_nothing_of_each_other(running: Served) -> None:
    task = await blocked(running)
    body = {"by": "b", "outcome": "dropped"}
    for token in (TWO_TOKEN, DESK_TOKEN):
        status, problem = await running.ask("POST", f"{TWO}/tasks/{task}/done", body, token=token)
        assert (status, problem["code"]) == (404, "unknown-task")
    status, problem = await running.ask("GET", f"{ONE}/tasks", token=TWO_TOKEN)
    assert (status, problem["code"]) == (404, "unknown-store")
    await take(running)
    _, answer = await running.ask("GET", f"{TWO}/handover", token=TWO_TOKEN)
    assert answer == {"conversations": []}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("conversations/c-1/takeover", {}, "agent"),
        ("conversations/c-1/takeover", {"agent": ""}, "agent"),
        ("conversations/c-1/takeover", {"agent": "a", "by": "b"}, "by"),
        (f"conversations/{'x' * 300}/takeover", {"agent": "a"}, "conversation"),
        (f"conversations/{'x' * 300}/handback", None, "conversation"),
        (f"conversations/{'x' * 300}/forget", None, "conversation"),
        ("conversations/a%00b/takeover", {"agent": "a"}, "conversation"),
        ("tasks/t/done", {"by": "a"}, "outcome"),
        ("tasks/t/done", {"by": "a", "outcome": "released"}, "outcome"),
        ("tasks/t/release", {"force": True}, "by"),
        ("tasks/t/release", {"by": "a", "force": "yes"}, "force"),
    ],
)
async def test_a_wrong_body_is_a_clear_problem(
    running: Served, path: str, body: object, field: str
) -> None:
    status, problem = await running.ask("POST", f"{ONE}/{path}", body)
    assert (status, problem["code"]) == (422, "wrong-fields")
    assert [error["field"] for error in problem["errors"]] == [field]


async def test_an_outcome_of_another_kind_names_the_right_ones(running: Served) -> None:
    task = await blocked(running)
    status, problem = await running.ask(
        "POST", f"{ONE}/tasks/{task}/done", {"by": "a", "outcome": "sent"}
    )
    assert (status, problem["code"]) == (422, "wrong-fields")
    assert "answered or dropped" in problem["detail"]


async def test_what_may_not_go_out_says_why(running: Served) -> None:
    task = await blocked(running)
    await running.ask("POST", f"{ONE}/outbound", {"conversation": "c-1", "text": "今天发"})
    path = f"{ONE}/tasks/{task}/release"
    status, problem = await running.ask("POST", path, {"by": "a"})
    assert (status, problem["code"]) == (409, "not-released")
    assert "force" in problem["detail"]
    status, sent = await running.ask("POST", path, {"by": "a", "force": True})
    assert (status, sent["state"]) == (200, "sent")


async def test_a_store_without_an_adapter_releases_nothing(running: Served) -> None:
    task = await blocked(running)
    running.service.connected = frozenset()
    status, problem = await running.ask("POST", f"{ONE}/tasks/{task}/release", {"by": "a"})
    assert (status, problem["code"]) == (409, "no-adapter")
