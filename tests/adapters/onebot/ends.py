"""Both ends of the proxy as a test plays them, on real sockets, and the proxy between them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web

from replygate.config import load_stores
from replygate.journal import Journal
from replygate.runtime import ReplyGate
from replygate.sidecar.access import Access
from replygate.sidecar.api import Service, api_app
from replygate.sidecar.connections import Listener
from replygate.sidecar.metrics import Metrics
from replygate_adapters.onebot.platform import OneBotPlatform
from served import STORE

WAIT_S = 20.0

ONE = STORE.format(name="one", top="", tables="")

Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


class Peer:
    """A WebSocket in a test's hands."""

    def __init__(self, ws: Socket, headers: Mapping[str, str], path: str = "") -> None:
        self.ws = ws
        self.headers = headers
        self.path = path
        self._came: asyncio.Queue[aiohttp.WSMessage] = asyncio.Queue()
        self._pump = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        message = await self.ws.receive()
        while message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            self._came.put_nowait(message)
            message = await self.ws.receive()
        self._came.put_nowait(message)
        if message.type is WSMsgType.CLOSE:
            await self.ws.close()

    async def say(self, frame: object) -> None:
        """Send a frame: an object as JSON, text and bytes as they are."""
        if isinstance(frame, bytes):
            await self.ws.send_bytes(frame)
        else:
            await self.ws.send_str(frame if isinstance(frame, str) else json.dumps(frame))

    async def raw(self) -> str | bytes:
        """The next frame as it came."""
        message = await self._next()
        assert message.type in {WSMsgType.TEXT, WSMsgType.BINARY}, message
        frame: str | bytes = message.data
        return frame

    async def heard(self) -> Any:
        """The next frame's JSON."""
        return json.loads(await self.raw())

    async def closed(self) -> int:
        """The code it was closed with; 1006 without one."""
        message = await self._next()
        assert message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}, message
        return int(message.data) if message.type is WSMsgType.CLOSE else 1006

    async def silent(self, wait_s: float = 0.2) -> bool:
        """Whether nothing comes for a while."""
        await asyncio.sleep(wait_s)
        return self._came.empty()

    async def _next(self) -> aiohttp.WSMessage:
        async with asyncio.timeout(WAIT_S):
            return await self._came.get()

    async def answer(self, **fields: object) -> dict[str, Any]:
        """Take the next action and answer it; the action."""
        action: dict[str, Any] = await self.heard()
        found = {"status": "ok", "retcode": 0, "data": {"message_id": 77}, **fields}
        if "echo" in action:
            found["echo"] = action["echo"]
        await self.say(found)
        return action


@dataclass(slots=True)
class House:
    """A server that takes WebSockets at any path. While `refuses` is set it answers so."""

    port: int = 0
    refuses: int | None = None
    arrived: asyncio.Queue[Peer] = field(default_factory=asyncio.Queue)
    leaving: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/bot"

    async def take(self, request: web.Request) -> web.StreamResponse:
        if self.refuses is not None:
            return web.Response(status=self.refuses)
        ws = web.WebSocketResponse(autoclose=False)
        await ws.prepare(request)
        self.arrived.put_nowait(Peer(ws, request.headers, request.path_qs))
        await self.leaving.wait()
        return ws

    async def peer(self) -> Peer:
        """Who comes next."""
        async with asyncio.timeout(WAIT_S):
            return await self.arrived.get()


@asynccontextmanager
async def house(port: int = 0) -> AsyncIterator[House]:
    """A server of WebSockets, until the end of the block."""
    made = House()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.port = int(runner.addresses[0][1])
    try:
        yield made
    finally:
        made.leaving.set()
        await runner.cleanup()


@dataclass(slots=True)
class Proxy:
    """The proxy of store `one`, on a socket."""

    gate: ReplyGate
    platform: OneBotPlatform
    client: aiohttp.ClientSession
    port: int
    journal: Journal
    lines: io.BytesIO
    failed: list[tuple[str, BaseException]]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/onebot/v11/{path}"

    async def connect(self, path: str = "one/ws", **headers: str) -> Peer:
        """Connect to it as an implementation or a framework does."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        ws = await self.client.ws_connect(self.url(path), headers=named, autoclose=False)
        return Peer(ws, {})

    def events(self, name: str) -> list[dict[str, Any]]:
        """What the journal tells under this name."""
        self.journal.flush()
        lines = [json.loads(line) for line in self.lines.getvalue().splitlines()]
        return [event for event in lines if event["event"] == name]


@asynccontextmanager
async def proxy(
    folder: Path, adapter: str, *, tables: str = "", text: str = ONE
) -> AsyncIterator[Proxy]:
    """Serve store `one`, or the one of this text, with this `[adapter]`."""
    stores = folder / "stores"
    stores.mkdir()
    table = f'[adapter]\nkind = "onebot"\n{adapter}\n{tables}'
    (stores / "one.toml").write_text(text + table, "utf-8")
    (stores / "one.token").write_text("token-of-store-one", "utf-8")
    loaded = load_stores(stores)
    (store,) = loaded.values()
    lines, failed = io.BytesIO(), list[tuple[str, BaseException]]()
    journal = Journal(lines)
    async with AsyncExitStack() as stack:
        gate = await stack.enter_async_context(
            ReplyGate.open(
                stores=list(loaded.values()), ledger="sqlite://", journal=journal, drain_s=1
            )
        )
        platform = OneBotPlatform(store)
        gate.connect(store.id, platform)
        await platform.start(gate, lambda *fault: failed.append(fault))
        stack.push_async_callback(platform.close)
        service = Service(Access(loaded, ()), connected=frozenset({store.id}))
        service.hosts.serve(loaded, {store.id: platform})
        service.serve(gate)
        listener = Listener(api_app(service, Metrics(), lambda *fault: failed.append(fault)))
        await listener.start("127.0.0.1", 0)
        stack.push_async_callback(listener.close, 1)
        stack.push_async_callback(platform.close)
        client = await stack.enter_async_context(aiohttp.ClientSession())
        yield Proxy(gate, platform, client, listener.port, journal, lines, failed)


def question(
    number: int = 1, text: str = "在吗", user: int = 5, **fields: object
) -> dict[str, Any]:
    """A buyer's private message."""
    return {
        "time": 0,
        "self_id": 10,
        "post_type": "message",
        "message_type": "private",
        "sub_type": "friend",
        "message_id": number,
        "user_id": user,
        "message": [{"type": "text", "data": {"text": text}}],
        "raw_message": text,
        "font": 0,
        "sender": {"user_id": user},
        **fields,
    }


def reply(text: str, user: int = 5, echo: object = "e-1") -> dict[str, Any]:
    """The bot's answer."""
    return {
        "action": "send_private_msg",
        "params": {"user_id": user, "message": text},
        "echo": echo,
    }
