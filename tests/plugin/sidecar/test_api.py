from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from replygate.errors import PlatformRefused, SendUncertain
from replygate.model import Cleared, Receipt
from replygate.sidecar import api
from replygate.testing import FakePlatform
from served import (
    DESK_TOKEN,
    ONE_TOKEN,
    TWO_TOKEN,
    VIEW_TOKEN,
    Served,
    auth,
    question,
    served,
    until,
)

ONE = "/v1/stores/one"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, operators=True) as hand:
        yield hand
        assert hand.failed == []


async def test_screen_answers_as_the_command_line_does(running: Served) -> None:
    status, verdict = await running.ask("POST", f"{ONE}/screen", {"text": "小米手环有货"})
    assert status == 200
    assert verdict == {
        "action": "rewrite",
        "text": "本店手环有货",
        "findings": [
            {
                "rule": "brand",
                "matched": "小米手环",
                "start": 0,
                "end": 4,
                "action": "rewrite",
                "replacement": "本店手环",
                "why": "别家的品牌",
                "source": "店规",
            }
        ],
    }
    assert running.platform.sent == []


async def test_inbound_answers_with_the_deadlines_it_opened(running: Served) -> None:
    at = "2026-11-20T10:10:15.000+08:00"
    status, answer = await running.ask("POST", f"{ONE}/inbound", question(at=at))
    assert status == 200
    deadline = {
        "rule": "soft",
        "name": "五分钟",
        "due_at": "2026-11-20T10:15:15.000+08:00",
        "hard": False,
    }
    assert answer == {"new": True, "deadlines": [deadline], "recorded": True}
    status, answer = await running.ask("POST", f"{ONE}/inbound", question(at=at))
    assert (status, answer["new"]) == (200, False)


async def test_outbound_screens_sends_and_stops_the_clock(running: Served) -> None:
    await running.ask("POST", f"{ONE}/inbound", question())
    status, sent = await running.ask(
        "POST", f"{ONE}/outbound", {"conversation": "c-1", "text": "小米手环今天发"}
    )
    assert status == 200
    assert (sent["action"], sent["text"], sent["state"]) == ("rewrite", "本店手环今天发", "sent")
    assert sent["receipt"]["platform_id"] == "fake-1"
    assert sent["error"] is None
    assert sent["recorded"] is True
    assert running.platform.delivered == ("本店手环今天发",)
    assert await running.ask("GET", f"{ONE}/conversations") == (200, {"conversations": []})


async def test_a_blocked_text_is_a_result(running: Served) -> None:
    body = {"conversation": "c-1", "text": "加微信"}
    status, sent = await running.ask("POST", f"{ONE}/outbound", body)
    assert status == 200
    assert (sent["action"], sent["text"], sent["state"]) == ("block", None, "skipped")
    assert running.platform.sent == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [(PlatformRefused("没有这个会话"), "failed"), (SendUncertain("断线"), "unknown")],
)
async def test_what_the_platform_says_is_a_result(
    running: Served, answer: PlatformRefused | SendUncertain, state: str
) -> None:
    delivered = False if isinstance(answer, SendUncertain) else None
    running.platform.answer(answer, delivered=delivered)
    body = {"conversation": "c-1", "text": "今天发"}
    status, sent = await running.ask("POST", f"{ONE}/outbound", body)
    assert (status, sent["state"], sent["receipt"]) == (200, state, None)
    assert str(answer) in sent["error"]


async def test_sent_stops_the_clock_and_tells_of_a_violation(running: Served) -> None:
    await running.ask("POST", f"{ONE}/inbound", question())
    body = {"conversation": "c-1", "text": "加微信吧", "id": "p-1", "origin": "human"}
    status, told = await running.ask("POST", f"{ONE}/sent", body)
    assert status == 200
    assert (told["new"], told["own"], told["recorded"]) == (True, False, True)
    assert (told["verdict"]["action"], told["recall_left_s"]) == ("block", None)
    assert await running.ask("GET", f"{ONE}/conversations") == (200, {"conversations": []})
    assert running.platform.sent == []


async def test_sent_knows_our_own_echo(running: Served) -> None:
    await running.ask("POST", f"{ONE}/outbound", {"conversation": "c-1", "text": "今天发"})
    body = {"conversation": "c-1", "text": "今天发", "id": "fake-1"}
    _, told = await running.ask("POST", f"{ONE}/sent", body)
    assert (told["own"], told["verdict"]) == (True, None)


async def test_conversations_tells_who_waits_and_what_comes(running: Served) -> None:
    await running.ask("POST", f"{ONE}/inbound", question())
    status, answer = await running.ask("GET", f"{ONE}/conversations")
    assert status == 200
    (one,) = answer["conversations"]
    assert one["conversation"] == "c-1"
    assert [deadline["rule"] for deadline in one["deadlines"]] == ["soft"]
    assert one["next"]["what"] == "warn"
    assert one["next"]["at"] < one["deadlines"][0]["due_at"]


async def test_openapi_needs_no_token(running: Served) -> None:
    status, document = await running.ask("GET", "/v1/openapi.json", token=None)
    assert (status, document["openapi"]) == (200, "3.1.0")


class TestTokens:
    @pytest.mark.parametrize("path", ["screen", "inbound", "outbound", "sent", "conversations"])
    async def test_a_store_of_another_token_looks_like_one_that_is_not_there(
        self, running: Served, path: str
    ) -> None:
        method = "GET" if path == "conversations" else "POST"
        other = await running.ask(method, f"/v1/stores/two/{path}", {}, token=ONE_TOKEN)
        unknown = await running.ask(method, f"/v1/stores/three/{path}", {}, token=ONE_TOKEN)
        assert other == unknown
        assert (other[0], other[1]["code"]) == (404, "unknown-store")
        mirror = await running.ask(method, f"{ONE}/{path}", {}, token=TWO_TOKEN)
        assert mirror == other

    async def test_an_operator_opens_every_store(self, running: Served) -> None:
        for store in ("one", "two"):
            status, _ = await running.ask(
                "POST", f"/v1/stores/{store}/screen", {"text": "您好"}, token=DESK_TOKEN
            )
            assert status == 200

    async def test_a_viewer_may_look_not_act(self, running: Served) -> None:
        look = await running.ask("GET", f"{ONE}/conversations", token=VIEW_TOKEN)
        assert look[0] == 200
        judged = await running.ask("POST", f"{ONE}/screen", {"text": "您好"}, token=VIEW_TOKEN)
        assert judged[0] == 200
        for path in ("inbound", "outbound", "sent"):
            status, problem = await running.ask("POST", f"{ONE}/{path}", {}, token=VIEW_TOKEN)
            assert (status, problem["code"]) == (403, "read-only")
        other = await running.ask("GET", "/v1/stores/two/conversations", token=VIEW_TOKEN)
        assert other[0] == 404

    async def test_two_authorization_headers_are_as_good_as_none(self, running: Served) -> None:
        headers = [("Authorization", f"Bearer {ONE_TOKEN}")] * 2
        async with running.client.get(f"{ONE}/conversations", headers=headers) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"].startswith("Bearer")


class TestIdempotencyKey:
    async def send(self, running: Served, key: str, **fields: str) -> tuple[int, Any]:
        return await running.ask(
            "POST",
            f"{ONE}/outbound",
            {"conversation": "c-1", "text": "今天发", **fields},
            headers={"Idempotency-Key": key},
        )

    async def test_the_same_key_and_body_send_once(self, running: Served) -> None:
        first = await self.send(running, "k-1")
        assert await self.send(running, "k-1") == first
        assert running.platform.delivered == ("今天发",)
        await self.send(running, "k-2")
        assert list(running.platform.delivered) == ["今天发", "今天发"]

    async def test_a_second_one_waits_for_the_first(self, running: Served) -> None:
        platform = Stalling()
        running.service.gate.connect("one", platform)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self.send(running, "k-1")) for _ in range(5)]
            await platform.asked.wait()
            platform.goes_on.set()
        answers = [task.result() for task in asked]
        assert all(answer == answers[0] for answer in answers)
        assert answers[0][0] == 200
        assert platform.count == 1

    @pytest.mark.parametrize(
        "fields",
        [{"text": "明天发"}, {"conversation": "c-2"}, {"origin": "human"}, {"agent": "小王"}],
    )
    async def test_another_body_is_refused(self, running: Served, fields: dict[str, str]) -> None:
        await self.send(running, "k-1")
        status, problem = await self.send(running, "k-1", **fields)
        assert (status, problem["code"]) == (422, "idempotency-mismatch")
        assert running.platform.delivered == ("今天发",)

    async def test_a_key_belongs_to_its_store(self, running: Served) -> None:
        other = FakePlatform(running.platform._clock)
        running.service.gate.connect("two", other)
        running.service.connected = frozenset({"one", "two"})
        await self.send(running, "k-1")
        await running.ask(
            "POST",
            "/v1/stores/two/outbound",
            {"conversation": "c-9", "text": "别的话"},
            token=TWO_TOKEN,
            headers={"Idempotency-Key": "k-1"},
        )
        assert running.platform.delivered == ("今天发",)
        assert other.delivered == ("别的话",)


class Stalling:
    """A platform that takes its time."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.count = 0

    async def send(self, _cleared: Cleared) -> Receipt:
        self.count += 1
        self.asked.set()
        await self.goes_on.wait()
        return Receipt("p-1", 1_700_000_000_000)


async def test_a_send_that_takes_too_long_goes_on(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "ANSWER_S", 0.05)
    platform = Stalling()
    running.service.gate.connect("one", platform)
    body = {"conversation": "c-1", "text": "今天发"}
    key = {"Idempotency-Key": "k-1"}
    status, problem = await running.ask("POST", f"{ONE}/outbound", body, headers=key)
    assert (status, problem["code"]) == (504, "not-finished")
    platform.goes_on.set()
    monkeypatch.setattr(api, "ANSWER_S", 5)
    status, sent = await running.ask("POST", f"{ONE}/outbound", body, headers=key)
    assert (status, sent["state"]) == (200, "sent")
    assert platform.count == 1


async def test_before_it_serves_it_says_so(running: Served) -> None:
    running.service.phase = "starting"
    status, problem = await running.ask("POST", f"{ONE}/screen", {"text": "您好"})
    assert (status, problem["detail"]) == (503, "replygate is starting")


async def test_while_draining_nothing_is_taken_in(running: Served) -> None:
    running.service.phase = "draining"
    async with running.client.post(
        f"{ONE}/screen", json={"text": "您好"}, headers=auth(ONE_TOKEN)
    ) as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"
        assert response.headers["Connection"] == "close"
        assert (await response.json(content_type=None))["code"] == "not-ready"


async def test_a_request_that_the_drain_overtakes_is_told_to_come_again(running: Served) -> None:
    body = json.dumps(question()).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = (
        f"POST {ONE}/inbound HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {ONE_TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode())
    await until(lambda: len(running.service.admission) == 1)
    running.service.phase = "draining"
    await running.service.gate.drain(0)
    writer.write(body)
    assert b"503" in await reader.readline()
    writer.close()


async def test_metrics_say_where_the_store_stands(running: Served) -> None:
    await running.ask("POST", f"{ONE}/inbound", question())
    sent = {"conversation": "c-1", "text": "在的", "id": "a-1", "origin": "human"}
    await running.ask("POST", f"{ONE}/sent", sent)
    status, told = await running.ask("GET", f"{ONE}/metrics")
    assert status == 200
    assert (told["store"], told["platform"], told["edition"]) == ("one", "general", None)
    assert told["since"] == told["until"]
    soft = told["metrics"]["soft"]
    assert (soft["numerator"], soft["denominator"], soft["rate"]) == (1, 1, 1.0)
    assert "periods" not in soft
    status, told = await running.ask("GET", f"{ONE}/metrics?window=7d", token=VIEW_TOKEN)
    assert status == 200
    assert len(told["metrics"]["soft"]["periods"]) == 7
    status, told = await running.ask("GET", "/v1/stores/two/metrics", token=TWO_TOKEN)
    assert told["metrics"]["soft"]["denominator"] == 0


@pytest.mark.parametrize(
    ("window", "why"),
    [
        ("yesterday", "'yesterday' is no range of days; expected today, period, 7d, 30d"),
        ("2026-11-20/2026-11-01", "2026-11-20 is after 2026-11-01"),
        ("2020-01-01/2026-01-01", "at most 400"),
        ("", "is no range of days"),
    ],
)
async def test_a_wrong_window_is_said(running: Served, window: str, why: str) -> None:
    status, problem = await running.ask("GET", f"{ONE}/metrics?window={window}")
    assert (status, problem["code"]) == (400, "bad-query")
    assert problem["detail"].startswith("window: ")
    assert why in problem["detail"]


async def test_metrics_of_another_store_are_not_told(running: Served) -> None:
    status, problem = await running.ask("GET", "/v1/stores/two/metrics")
    assert (status, problem["code"]) == (404, "unknown-store")


async def test_a_report_that_takes_too_long_is_given_up(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(*_args: object, **_kwargs: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(api, "store_report", stuck)
    monkeypatch.setattr(api, "ANSWER_S", 0.01)
    status, problem = await running.ask("GET", f"{ONE}/metrics")
    assert (status, problem["code"]) == (503, "too-long")
