"""A real NoneBot2 without a plugin behind the proxy, each way, and an implementation before it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import nonebot
from aiohttp import web
from nonebot.drivers import combine_driver
from nonebot.drivers.aiohttp import Mixin
from nonebot.drivers.fastapi import Driver

from adapters.nonebot2.kit import (
    SELF_ID,
    Implementation,
    NoneBotHarness,
    listening_bot,
    made,
    serving,
    until,
)
from adapters.onebot.ends import Proxy, proxy
from replygate_adapters.contract import STORE

RECONNECT = "nonebot.adapters.onebot.v11.adapter.RECONNECT_INTERVAL"
HELLO = {"post_type": "meta_event", "meta_event_type": "lifecycle", "sub_type": "connect"}
WAYS = ("reverse-ws", "forward-ws", "http")


class Server(Implementation):
    """An implementation that is called, at a port that stays the same."""

    def __init__(self) -> None:
        super().__init__(0)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self._runner: web.AppRunner | None = None

    async def connect(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{action:.*}", self.take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Serve whoever calls."""
        raise NotImplementedError


class SocketServer(Server):
    """Forward WebSocket: every connection hears events."""

    def __init__(self) -> None:
        super().__init__()
        self._sockets: list[web.WebSocketResponse] = []

    async def take(self, request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self._sockets.append(ws)
        await ws.send_json({**HELLO, "time": 0, "self_id": int(SELF_ID)})
        async for frame in ws:
            action = frame.json()
            await ws.send_json({**self.answer(action), "echo": action["echo"]})
        self._sockets.remove(ws)
        return ws

    async def close(self) -> None:
        for ws in list(self._sockets):
            await ws.close()
        await super().close()

    async def report(self, event: dict[str, Any]) -> None:
        for ws in self._sockets:
            await ws.send_json(event)


class HttpServer(Server):
    """HTTP: takes actions, and posts events to the proxy."""

    events = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        name, params = request.match_info["action"], await request.json()
        return web.json_response(self.answer({"action": name, "params": params}))

    async def report(self, event: dict[str, Any]) -> None:
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.events, json=event, headers={"X-Self-ID": SELF_ID}) as response,
        ):
            assert response.status < 300, await response.text()


class HttpHarness(NoneBotHarness):
    """Over HTTP NoneBot takes a bot for connected since its first event, and for good."""

    async def cut(self) -> None:
        await self.implementation.close()

    async def reconnect(self) -> None:
        await self.implementation.connect()
        await self.implementation.tell(**HELLO)
        await until(lambda: SELF_ID in nonebot.get_bots())


@asynccontextmanager
async def harness_behind(way: str, folder: Path) -> AsyncIterator[NoneBotHarness]:
    """A bot of the contract's store behind the proxy, connected."""
    listening = socket.create_server(("127.0.0.1", 0))
    bot = f"127.0.0.1:{listening.getsockname()[1]}/onebot/v11"
    server = {"forward-ws": SocketServer, "http": HttpServer}.get(way, Server)()
    at = f"127.0.0.1:{server.port}"
    adapter = {
        "reverse-ws": f'url = "ws://{bot}/ws"\nself_id = "{SELF_ID}"',
        "forward-ws": f'url = "ws://{at}/"',
        "http": f'url = "http://{at}/"\nevent_url = "http://{bot}/http"',
    }[way]
    text = f'token = {{ file = "one.token" }}\n{STORE}'
    async with AsyncExitStack() as stack:
        stack.enter_context(mock.patch(RECONNECT, 0.05))
        behind = await stack.enter_async_context(
            proxy(folder, f'way = "{way}"\n{adapter}\n', text=text)
        )
        kind: Any = combine_driver(Driver, Mixin)
        driver = stack.enter_context(made(kind, **_bot_config(way, behind)))
        await stack.enter_async_context(serving(driver, listening))
        harness = _harness(way, behind, server)
        await stack.enter_async_context(listening_bot(harness))
        yield harness


def _bot_config(way: str, behind: Proxy) -> dict[str, Any]:
    """What sends the bot to the proxy."""
    address = f"127.0.0.1:{behind.port}/onebot/v11/contract"
    if way == "forward-ws":
        return {"onebot_ws_urls": [f"ws://{address}/ws"]}
    return {"onebot_api_roots": {SELF_ID: f"http://{address}/api/"}} if way == "http" else {}


def _harness(way: str, behind: Proxy, server: Server) -> NoneBotHarness:
    if isinstance(server, HttpServer):
        server.events = behind.url("contract/event")
        return HttpHarness(behind.gate, server)
    if way == "forward-ws":
        return NoneBotHarness(behind.gate, server)
    return NoneBotHarness(behind.gate, Implementation(behind.port))
