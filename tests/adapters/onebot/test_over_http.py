from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.onebot.ends import Proxy, proxy, question
from served import until

TOKEN = "token-of-the-onebot"  # noqa: S105 - a token of the test
AUTH = {"Authorization": f"Bearer {TOKEN}"}
SOON = '[[deadline]]\nid = "soon"\nname = "两秒"\ndue_s = 2\n[holding]\nlead_s = 1.5\n'


@dataclass(slots=True)
class Both:
    """A server that is the implementation at /api and the bot at /bot."""

    port: int = 0
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    operation: bytes = b""
    status: int = 200
    answer: bytes = b'{"status" : "ok","retcode":0,"data":{"message_id":77}}'

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path_qs, await request.read()))
        self.headers.append(request.headers)
        return web.Response(status=self.status, body=self.answer, content_type="application/json")

    async def hear(self, request: web.Request) -> web.Response:
        self.posted.append(await request.read())
        self.headers.append(request.headers)
        if not self.operation:
            return web.Response(status=204)
        return web.Response(body=self.operation, content_type="application/json")


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    made = Both()
    app = web.Application()
    app.router.add_route("*", "/api/{action}", made.take)
    app.router.add_post("/bot", made.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = int(runner.addresses[0][1])
    yield made
    await runner.cleanup()


@pytest.fixture
async def shop(tmp_path: Path, both: Both, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    monkeypatch.setenv("ONEBOT_TOKEN", TOKEN)
    base = f"http://127.0.0.1:{both.port}"
    adapter = (
        f'way = "http"\nurl = "{base}/api"\nevent_url = "{base}/bot"\nself_id = "10"\n'
        'timeout_s = 1\ntoken = { env = "ONEBOT_TOKEN" }'
    )
    async with proxy(tmp_path, adapter, tables=SOON) as made:
        yield made


async def ask(shop: Proxy, path: str, method: str = "POST", **how: Any) -> tuple[int, bytes]:
    how.setdefault("headers", AUTH)
    async with shop.client.request(method, shop.url(f"one/{path}"), **how) as response:
        return response.status, await response.read()


def event(**fields: object) -> bytes:
    return json.dumps(question(**fields), indent=1).encode()  # type: ignore[arg-type] # any field


async def test_a_text_passes_as_it_came_in_each_of_its_shapes(shop: Proxy, both: Both) -> None:
    body = b'{ "user_id":5,"message" : "\\u4eca\\u5929" }'
    typed = {**AUTH, "Content-Type": "application/json", "X-Trace": "7"}
    assert await ask(shop, "api/send_private_msg", data=body, headers=typed) == (200, both.answer)
    assert both.asked == [("POST", "/api/send_private_msg", body)]
    assert both.headers[0]["X-Trace"] == "7"
    assert both.headers[0]["Authorization"] == AUTH["Authorization"]
    await ask(shop, "api/send_msg", data={"user_id": "5", "message": "明天"})
    assert both.asked[1][2] == b"user_id=5&message=%E6%98%8E%E5%A4%A9"
    await ask(shop, "api/send_msg", "GET", params={"user_id": "5", "message": "后天"})
    assert both.asked[2][:2] == ("GET", "/api/send_msg?user_id=5&message=%E5%90%8E%E5%A4%A9")
    assert len(shop.events("reply.sent")) == 3


async def test_a_text_is_rewritten_in_each_of_its_shapes(shop: Proxy, both: Both) -> None:
    wrong = {"user_id": "5", "message": "小米手环", "group_id": ""}
    await ask(shop, "api/send_private_msg", json=wrong)
    await ask(shop, "api/send_private_msg", data=wrong)
    await ask(shop, "api/send_private_msg", "GET", params=wrong)
    for method, path, body in both.asked:
        assert (method, path) == ("POST", "/api/send_private_msg")
        assert json.loads(body) == {**wrong, "message": "本店手环"}


async def test_what_may_not_go_out_goes_nowhere(shop: Proxy, both: Both) -> None:
    wrong = {"user_id": 5, "message": "加微信"}
    status, raw = await ask(shop, "api/send_private_msg", json=wrong)
    assert (status, json.loads(raw)["status"]) == (200, "failed")
    form, plain = "application/x-www-form-urlencoded", "application/json"
    for how in (
        {"json": wrong, "params": {"message": "今天"}},
        {"data": b"user_id=5&message=a&message=b", "headers": {**AUTH, "Content-Type": form}},
        {"data": b'{"message":"a","message":"b"}', "headers": {**AUTH, "Content-Type": plain}},
        {"data": b"user_id=5", "headers": {**AUTH, "Content-Type": "text/plain"}},
        {"data": b"x", "headers": {**AUTH, "Content-Encoding": "br"}},
    ):
        status, raw = await ask(shop, "api/send_private_msg", **how)
        assert json.loads(raw)["retcode"] == 1400
    assert both.asked == []
    assert (await ask(shop, "api/send_msg", "DELETE"))[0] == 405


async def test_other_actions_and_other_answers_pass(shop: Proxy, both: Both) -> None:
    both.status, both.answer = 404, b"what?"
    assert await ask(shop, "api/get_status", "GET") == (404, b"what?")
    assert await ask(shop, "api/send_msg", json={"user_id": 5, "message": "好"}) == (404, b"what?")
    await until(lambda: bool(shop.events("reply.failed")))
    both.status = 500
    assert await ask(shop, "api/send_msg", json={"user_id": 5, "message": "好"}) == (500, b"what?")
    await until(lambda: bool(shop.events("reply.unknown")))


async def test_an_event_reaches_the_bot_byte_for_byte(shop: Proxy, both: Both) -> None:
    body = event()
    signature = "sha1=" + hmac.new(TOKEN.encode(), body, hashlib.sha1).hexdigest()
    headers = {"X-Self-ID": "10", "X-Signature": signature, "Content-Type": "application/json"}
    async with shop.client.post(shop.url("event"), data=body, headers=headers) as response:
        assert (response.status, await response.read()) == (204, b"")
    assert both.posted == [body]
    assert both.headers[0]["X-Signature"] == signature
    await until(lambda: bool(shop.events("turn.opened")))
    headers["X-Signature"] = "sha1=" + "0" * 40
    async with shop.client.post(shop.url("event"), data=body, headers=headers) as response:
        assert response.status == 401
    assert both.posted == [body]


async def test_a_quick_reply_passes_the_gate(shop: Proxy, both: Both) -> None:
    both.operation = b'{ "reply" : "\\u4eca\\u5929"}'
    assert await ask(shop, "event", data=event()) == (200, both.operation)
    await until(lambda: bool(shop.events("reply.sent")))
    assert await shop.gate.waiting("one") == ()
    both.operation = b'{"reply":"\\u5c0f\\u7c73\\u624b\\u73af","at_sender":false}'
    status, raw = await ask(shop, "event", data=event(number=2))
    assert (status, json.loads(raw)) == (200, {"reply": "本店手环", "at_sender": False})
    both.operation = b'{"delete":true}'
    assert await ask(shop, "event", data=event(number=3)) == (200, both.operation)


@pytest.mark.parametrize(
    "operation",
    [
        '{"reply":"加微信"}',
        '{"Reply":"加微信"}',
        '{"reply":"今天","reply":"加微信"}',
        '["加微信"]',
        "加微信",
    ],
)
async def test_no_other_reply_gets_through(shop: Proxy, both: Both, operation: str) -> None:
    both.operation = operation.encode()
    assert await ask(shop, "event", data=event()) == (204, b"")


async def test_while_the_bot_is_silent_the_buyer_gets_a_hold(shop: Proxy, both: Both) -> None:
    await ask(shop, "event", data=event())
    await until(lambda: bool(both.asked))
    method, path, body = both.asked[0]
    assert (method, path) == ("POST", "/api/send_private_msg")
    assert json.loads(body)["user_id"] == 5
    await until(lambda: bool(shop.events("reply.sent")))
    await asyncio.sleep(0.2)
    assert len(both.asked) == 1


async def test_where_nobody_is_the_other_side_is_told_so(shop: Proxy, both: Both) -> None:
    adapter = shop.platform._adapter
    for name in ("url", "event_url"):
        object.__setattr__(adapter, name, type(adapter.url)("http://127.0.0.1:9/x", "a test"))
    assert (await ask(shop, "event", data=event()))[0] == 502
    await until(lambda: bool(shop.events("turn.opened")))
    status, raw = await ask(shop, "api/send_msg", json={"user_id": 5, "message": "好"})
    assert (status, json.loads(raw)["status"]) == (502, "failed")
    assert (await ask(shop, "api/get_status"))[0] == 502


async def test_nobody_else_is_let_in(shop: Proxy, both: Both) -> None:
    for path in ("api/get_status", "event"):
        assert (await ask(shop, path, headers={}))[0] == 401
    assert (await ask(shop, "ws", "GET"))[0] == 404
    assert (both.asked, both.posted) == ([], [])
