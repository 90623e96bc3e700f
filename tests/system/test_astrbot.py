"""A real AstrBot behind the proxy: whatever way its plugin sends, the platform gets cleared texts.

AstrBot is too large and too particular to be installed along with us, so this runs where
`REPLYGATE_ASTRBOT` names a Python that has it (docs/onebot.md says how).
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp
import pytest

from replygate.demo.platform import shown
from replygate.demo.processes import free_port
from served import ONE_TOKEN, until
from sidecar_process import sidecar

PYTHON = os.environ.get("REPLYGATE_ASTRBOT", "")

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="REPLYGATE_ASTRBOT names no Python with AstrBot; docs/onebot.md says how"
)

BOT = Path(__file__).with_name("astrbot_bot.py")
BOOT_S = 180
"""The first start compiles half a gigabyte of libraries."""

SELF_ID = 20001
HOLD = "已收到您的消息，客服会尽快回复您～"

STORE = """\
id = "one"
platform = "general"
token = {{ file = "one.token" }}

[adapter]
kind = "onebot"
way = "reverse-ws"
url = "ws://127.0.0.1:{port}/ws"
block_as = "ok"

[hours]
open = ["00:00-24:00"]

[holding]
texts = ["已收到您的消息，客服会尽快回复您～"]
lead_s = 5.0

[[screening.rule]]
id = "chat"
words = ["微信"]
action = "block"
why = "不得引导买家离开平台"

[[screening.rule]]
id = "brand"
words = ["小米手环"]
action = "rewrite"
replace = "本店手环"

[[deadline]]
id = "soft"
name = "十二秒"
due_s = 12
"""


class Platform:
    """A OneBot implementation: buyers write, and every send is kept and answered."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.got: list[tuple[int, str]] = []
        self._ids = 0

    async def serve(self) -> None:
        async for frame in self.socket:
            action = json.loads(frame.data)
            data: dict[str, Any] = {}
            if action["action"].startswith("send"):
                self._ids += 1
                data = {"message_id": self._ids}
                params = action["params"]
                self.got.append((int(params["user_id"]), shown(params["message"])))
            answer = {"status": "ok", "retcode": 0, "data": data, "echo": action.get("echo")}
            await self.socket.send_json(answer)

    async def buyer(self, user_id: int, text: str) -> None:
        self._ids += 1
        await self.socket.send_json(
            {
                "time": int(time.time()),
                "self_id": SELF_ID,
                "post_type": "message",
                "message_type": "private",
                "sub_type": "friend",
                "message_id": self._ids,
                "user_id": user_id,
                "message": [{"type": "text", "data": {"text": text}}],
                "raw_message": text,
                "font": 0,
                "sender": {"user_id": user_id, "nickname": "buyer"},
            }
        )

    def texts(self, user_id: int) -> list[str]:
        return [text for to, text in self.got if to == user_id]

    async def told(self, user_id: int, text: str) -> None:
        """Wait until this buyer got this text."""
        await until(lambda: text in self.texts(user_id), wait_s=30)


def log_in(folder: Path) -> BinaryIO:
    folder.mkdir()
    return (folder / "log").open("wb")


@asynccontextmanager
async def astrbot(folder: Path, port: int) -> AsyncIterator[None]:
    with log_in(folder) as log:
        process = await asyncio.create_subprocess_exec(
            PYTHON, str(BOT), str(port), cwd=folder, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(BOOT_S):
            while True:
                assert process.returncode is None, (folder / "log").read_text("utf-8")
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.2)
                else:
                    writer.close()
                    break
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def behind_the_proxy(folder: Path) -> AsyncIterator[Platform]:
    stores = folder / "stores"
    stores.mkdir()
    port = free_port()
    (stores / "one.toml").write_text(STORE.format(port=port), "utf-8")
    (stores / "one.token").write_text(ONE_TOKEN, "utf-8")
    headers = {"X-Self-ID": str(SELF_ID), "X-Client-Role": "Universal"}
    async with (
        astrbot(folder / "astrbot", port),
        sidecar(folder, stores) as process,
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"ws://127.0.0.1:{process.port}/onebot/v11/one/ws", headers=headers
        ) as socket,
        asyncio.TaskGroup() as group,
    ):
        platform = Platform(socket)
        serving = group.create_task(platform.serve())
        yield platform
        serving.cancel()


async def test_every_way_of_sending_passes_the_gate(tmp_path: Path) -> None:
    async with behind_the_proxy(tmp_path) as platform:
        ways = ("reply", "send", "proactive", "stream")
        for number, way in enumerate(ways):
            await platform.buyer(100 + number, f"{way} 这款小米手环有货。")
            await platform.buyer(200 + number, f"{way} 有货。加微信聊。今天发。")
        # Its own hook crashes on every reply; what goes out is cleared all the same.
        for user in (100, 101, 102, 103):
            await platform.told(user, "这款本店手环有货。")
            assert len(platform.texts(user)) == 1
        # Whoever got no answer is held before the deadline, once.
        for user in (200, 201, 202):
            await platform.told(user, HOLD)
            assert platform.texts(user) == [HOLD]
        # Streamed in sentences each is judged by itself.
        assert platform.texts(203) == ["有货。", "今天发。"]
        assert not any("微信" in text for _, text in platform.got)
