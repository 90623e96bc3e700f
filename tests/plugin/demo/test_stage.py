"""What platform, bot and gate tell becomes one story. The whole of it is played in system."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import ClientSession, web

from replygate.demo.platform import SimulatedPlatform
from replygate.demo.processes import Gate
from replygate.demo.stage import Stage


def stage() -> tuple[Stage, list[str]]:
    lines: list[str] = []
    made = Stage(lambda line, _tone: lines.append(line))
    made.platform = SimulatedPlatform("ws://127.0.0.1:9", made.happened)
    return made, lines


def test_the_bots_own_account() -> None:
    made, lines = stage()
    made.bot_says(json.dumps({"user_id": 10001, "said": "在的", "call": "send"}))
    made.bot_says(json.dumps({"user_id": 10001, "refused": "blocked"}))
    assert len(lines) == 1
    assert "在的   [send]" in lines[0]


def test_what_buyers_and_people_do() -> None:
    made, lines = stage()
    made.happened("asks", 10001, "在吗")
    made.happened("person", 10001, "我来回复")
    assert ["asks" in lines[0], "person" in lines[1]] == [True, True]


async def test_the_gates_events(tmp_path: Any) -> None:
    made, lines = stage()
    assert made.platform is not None
    made.platform.texts["7"] = "稍等"
    now_ms = int(made.platform.began_at_s * 1000)
    told = [
        {"event": "process.started", "version": "1"},
        {
            "event": "turn.opened",
            "conversation": "10001",
            "deadlines": [{"rule": "b", "due_ms": now_ms + 9000}, {"rule": "a", "due_ms": now_ms}],
        },
        {"event": "turn.opened", "conversation": "group:1", "deadlines": []},
        {"event": "reply.screened", "origin": "hold", "conversation": "10001", "action": "pass"},
        {
            "event": "reply.screened",
            "origin": "bot",
            "conversation": "10001",
            "action": "block",
            "text": "打 13***",
            "findings": [{"rule": "contact.mobile", "matched": "13***"}],
        },
        {"event": "reply.sent", "origin": "hold", "conversation": "10001", "platform_id": "7"},
    ]
    screened: list[dict[str, Any]] = []

    async def events(request: web.Request) -> web.Response:
        body = "".join(f"event: x\ndata: {json.dumps(event)}\n\n: beat\n\n" for event in told)
        return web.Response(text=body)

    async def screen(request: web.Request) -> web.Response:
        screened.append(await request.json())
        return web.json_response({"findings": [{"rule": "contact.mobile", "why": "不能发手机号"}]})

    app = web.Application()
    app.router.add_get("/v1/events", events)
    app.router.add_post("/v1/stores/demo/screen", screen)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.bot_says(json.dumps({"user_id": 10001, "said": "打 13812345678", "call": "send"}))
    hearing = asyncio.Event()
    try:
        async with ClientSession() as client:
            await made.hear(client, Gate(runner.addresses[0][1], "t", tmp_path), hearing)
    finally:
        await runner.cleanup()

    assert hearing.is_set()
    assert screened == [{"text": "打 13812345678"}]
    assert [line.split()[3] for line in lines] == ["机器人", "期限", "拦截", "安抚"]
    assert lines[1].endswith("· a")
    assert lines[2].endswith("contact.mobile「13***」不能发手机号")
    result = made.result()
    assert result["counters"]["blocked"] == 1
    assert result["holds"][0]["text"] == "稍等"
