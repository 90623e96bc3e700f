"""What docs/wrap.md shows runs, around doubles with the signatures of the bots it speaks of."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from replygate import ReplyGate
from served import until
from system.shown import blocks_of, write_files

BLOCKS = blocks_of("docs/wrap.md")

SOON = """
[[deadline]]
id = "soon"
name = "seven seconds"
due_s = 7
[holding]
lead_s = 4.0
"""
"""Packaged deadlines are minutes long; a hold that a test waits for is due within three seconds."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_files(BLOCKS, tmp_path)
    file = tmp_path / "my-shop.toml"
    file.write_text(file.read_text("utf-8") + SOON, "utf-8")
    return tmp_path


def shown(name: str) -> dict[str, Any]:
    return runpy.run_path(name)


@dataclass
class Buyers:
    """Buyers who write what `asked` says, and a bot that answers with `answers`, or not at all."""

    asked: Sequence[tuple[str, ...]]
    answers: Callable[..., Awaitable[object]]
    returned: list[object] = field(default_factory=list)
    done: Callable[[], bool] = lambda: True

    async def listen(self, on_message: Callable[..., Awaitable[None]]) -> None:
        for message in self.asked:
            await on_message(*message)
        await until(self.done)

    async def __call__(self, *args: Any) -> None:
        self.returned.append(await self.answers(*args))


async def test_a_sync_function_inside_async_handlers(shop: Path) -> None:
    wire: list[dict[str, str]] = []

    def post(body: dict[str, str]) -> dict[str, Any]:
        wire.append(body)
        return {"msg_id": f"p-{len(wire)}", "at_ms": 1_795_000_000_000}

    async def answers(sender: Any, uid: str, text: str) -> object:
        if text == "在吗":
            return sender.send_text(uid, "在的，亲")
        if text == "怎么联系":
            return sender.send_text(uid, "加微信聊")
        return None

    asked = [("u-1", "m-1", "在吗"), ("u-2", "m-2", "怎么联系"), ("u-3", "m-3", "多久发货")]
    bot = Buyers(asked, answers, done=lambda: len(wire) >= 3)
    await shown("sync_bot.py")["run"](bot, post, "my-shop.toml")

    sent, blocked, _ = bot.returned
    assert sent == {"msg_id": "p-1", "at_ms": 1_795_000_000_000}
    assert isinstance(blocked, str)
    assert blocked.startswith("blocked: ")
    assert wire[0] == {"uid": "u-1", "content": "在的，亲"}
    # The buyer whose answer was blocked and the one whom nobody answered are held, each once.
    assert sorted(body["uid"] for body in wire[1:]) == ["u-2", "u-3"]
    assert not any("微信" in body["content"] for body in wire)


async def test_an_async_function_over_a_websocket(shop: Path) -> None:
    wire: list[dict[str, str]] = []

    class Websocket:
        async def send(self, frame: dict[str, str]) -> None:
            wire.append(frame)

    async def answers(live: Any, websocket: Any, chat: str, user: str, text: str) -> object:
        if text == "在吗":
            return await live.send_msg(websocket, chat, user, "在的，亲")
        if text == "怎么联系":
            return await live.send_msg(websocket, chat, send_user_id=user, content="加微信聊")
        return None

    asked = [("c-1", "u-1", "m-1", "在吗"), ("c-2", "u-2", "m-2", "怎么联系")]
    bot = Buyers(asked, answers, done=lambda: len(wire) >= 2)
    await shown("async_bot.py")["run"](bot, Websocket(), "my-shop.toml")

    assert wire[0] == {"chat": "c-1", "to": "u-1", "text": "在的，亲"}
    assert [(frame["chat"], frame["to"]) for frame in wire[1:]] == [("c-2", "u-2")]
    assert "微信" not in wire[1]["text"]


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_persons_console(shop: Path) -> None:
    wire: list[tuple[str, str]] = []

    async def send_text(chat: str, text: str) -> None:
        await asyncio.sleep(0)
        wire.append((chat, text))

    async with ReplyGate.open(
        stores="my-shop.toml", ledger=f"sqlite:///{shop}/l.db", journal=shop / "journal.jsonl"
    ) as gate:
        app = shown("console.py")["console"](gate, send_text)
        async with served(app) as url, aiohttp.ClientSession() as client:
            async with client.post(f"{url}/send", json={"chat": "c-1", "text": "在的"}) as fine:
                assert await fine.json() == {"sent": True, "text": "在的"}
            async with client.post(f"{url}/send", json={"chat": "c-1", "text": "加微信"}) as bad:
                assert bad.status == 422
                answer = await bad.json()
    assert wire == [("c-1", "在的")]
    assert "微信" in answer["findings"][0]["found"]
    told = (shop / "journal.jsonl").read_text("utf-8").splitlines()
    assert any('"reply.sent"' in line and '"human"' in line for line in told)
