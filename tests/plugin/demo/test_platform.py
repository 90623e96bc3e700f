"""The simulated platform speaks OneBot v11 to a real server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from replygate.demo.platform import SELF_ID, SimulatedPlatform, shown
from replygate.errors import ReplygateError


async def test_buyers_write_and_get_what_is_sent() -> None:
    heard: list[dict[str, Any]] = []
    answered: list[dict[str, Any]] = []

    async def framework(request: web.Request) -> web.WebSocketResponse:
        assert request.headers["X-Self-ID"] == str(SELF_ID)
        assert request.headers["X-Client-Role"] == "Universal"
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for frame in socket:
            assert frame.type is WSMsgType.TEXT
            told = json.loads(frame.data)
            if "post_type" not in told:
                answered.append(told)
                if len(answered) == 2:
                    await socket.close()
                continue
            heard.append(told)
            if told["post_type"] == "message":
                message = [{"type": "text", "data": {"text": "在的"}}]
                params = {"user_id": told["user_id"], "message": message}
                await socket.send_json({"action": "send_private_msg", "params": params, "echo": 7})
                await socket.send_json({"action": "get_status", "params": {}, "echo": {"a": 1}})
        return socket

    app = web.Application()
    app.router.add_get("/ws", framework)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told: list[tuple[str, int, str]] = []
    url = f"ws://127.0.0.1:{runner.addresses[0][1]}/ws"
    platform = SimulatedPlatform(url, lambda *what: told.append(what))
    try:
        with pytest.raises(ExceptionGroup) as ended:
            async with asyncio.timeout(10):
                await platform.run()
    finally:
        await runner.cleanup()

    assert isinstance(ended.value.exceptions[0], ReplygateError)
    assert told == [("asks", 10001, "在吗？今天能发货吗")]
    assert heard[0]["meta_event_type"] == "lifecycle"
    assert heard[1]["message_type"] == "private"
    assert [answer["echo"] for answer in answered] == [7, {"a": 1}]
    sent = platform.transcript()
    assert [(each["user_id"], each["text"]) for each in sent] == [(10001, "在的")]
    assert platform.texts[str(answered[0]["data"]["message_id"])] == "在的"
    directions = [each["direction"] for each in platform.wire]
    assert (directions.count("out"), directions.count("in")) == (4, 2)


def test_a_message_as_a_person_reads_it() -> None:
    face = {"type": "face", "data": {"id": "66"}}
    text = {"type": "text", "data": {"text": "您好"}}
    assert shown([text, face, {"type": "shake", "data": {}}]) == "您好[表情][shake]"
    assert shown("您好[CQ:face,id=66]") == "您好[CQ:face,id=66]"
