"""The OneBot proxy as a process of its own, over a reverse WebSocket, against a proxy that does
nothing.

The benchmark plays the implementation and the bot. Needs /proc, so Linux.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bench_sidecar import HERE, Running, cpu_s, process
from measure import Figure, Result, compared, percentile
from shop import SHOP

AT_ONCE = 50
SETTLE_S = 0.5
"""What is written down beside the bot's way has so long to be through."""

PAUSE_S = 0.02
"""Between single messages, so that none waits for what the one before it left to do."""

TOKEN = "bench-token-of-the-store"  # noqa: S105 - a token of the benchmark
ADAPTER = """
[adapter]
kind = "onebot"
way = "reverse-ws"
url = "{url}"
"""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that goes through: a frame, and whether the bot is who says it."""

    name: str
    frame: Callable[[int], dict[str, Any]]
    is_outbound: bool


def event(number: int, **fields: object) -> dict[str, Any]:
    return {"time": int(time.time()), "self_id": 10, "post_type": "meta_event", **fields}


def heartbeat(number: int) -> dict[str, Any]:
    status = {"online": True, "good": True}
    return event(number, meta_event_type="heartbeat", status=status, interval=number)


def question(number: int) -> dict[str, Any]:
    text = "请问今天能发货吗"
    fields = {
        "post_type": "message",
        "message_type": "private",
        "sub_type": "friend",
        "message_id": number,
        "user_id": number,
        "message": [{"type": "text", "data": {"text": text}}],
        "raw_message": text,
        "font": 0,
        "sender": {"user_id": number, "nickname": "", "sex": "unknown", "age": 0},
    }
    return event(number, **fields)


def status(number: int) -> dict[str, Any]:
    return {"action": "get_status", "params": {}, "echo": str(number)}


def reply(number: int) -> dict[str, Any]:
    text = "您好，您的订单已经打包好了，今天下午快递员会来取件，预计后天可以送到"
    params = {"user_id": number, "message": [{"type": "text", "data": {"text": text}}]}
    return {"action": "send_private_msg", "params": params, "echo": str(number)}


CASES = (
    Case("an event that says nothing", heartbeat, is_outbound=False),
    Case("a buyer's message", question, is_outbound=False),
    Case("an action that says nothing", status, is_outbound=True),
    Case("a text of the bot", reply, is_outbound=True),
)


class Ends:
    """The implementation and the bot, joined by what is measured."""

    def __init__(
        self, implementation: aiohttp.ClientWebSocketResponse, bot: web.WebSocketResponse
    ) -> None:
        self._implementation = implementation
        self._bot = bot

    async def through(self, case: Case, number: int) -> float:
        """Send one; how long until the other end had it. The bot's are answered."""
        frame = json.dumps(case.frame(number))
        await asyncio.sleep(PAUSE_S)
        began_s = time.perf_counter()
        if not case.is_outbound:
            await self._implementation.send_str(frame)
            await self._bot.receive_str()
            return time.perf_counter() - began_s
        await self._bot.send_str(frame)
        await self._answer()
        took_s = time.perf_counter() - began_s
        await self._bot.receive_str()
        return took_s

    async def many(self, case: Case, messages: int) -> None:
        """Send so many, `AT_ONCE` on their way at a time."""
        places = asyncio.Semaphore(AT_ONCE)

        async def arrive() -> None:
            for _ in range(messages):
                await self._bot.receive_str()
                places.release()

        async def answer() -> None:
            for _ in range(messages):
                await self._answer()

        async with asyncio.TaskGroup() as group:
            group.create_task(arrive())
            if case.is_outbound:
                group.create_task(answer())
            sender = self._bot if case.is_outbound else self._implementation
            for _ in range(messages):
                await places.acquire()
                await sender.send_str(json.dumps(case.frame(next(_numbers))))

    async def _answer(self) -> None:
        action = json.loads(await self._implementation.receive_str())
        data = {"message_id": next(_numbers)}
        answer = {"status": "ok", "retcode": 0, "data": data, "echo": action["echo"]}
        await self._implementation.send_str(json.dumps(answer))


@contextmanager
def proxy(folder: Path, url: str) -> Iterator[Running]:
    """`replygate serve` with one store, once it says that it serves."""
    stores = folder / "stores"
    stores.mkdir()
    text = f'token = {{ file = "shop.token" }}\n{SHOP}{ADAPTER.format(url=url)}'
    (stores / "shop.toml").write_text(text, "utf-8")
    (stores / "shop.token").write_text(TOKEN, "utf-8")
    command = [
        *("-m", "replygate", "serve", "--stores", str(stores)),
        *("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
        *("--ledger", f"sqlite:///{folder}/ledger.db", "--journal", f"{folder}/journal.jsonl"),
    ]
    with process(command, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None, "it is a pipe"
        line = running.stderr.readline()
        assert "http://" in line, f"replygate serve did not start: {line}{running.stderr.read()}"
        address = line.partition("http://")[2].partition(",")[0]
        yield Running(running.pid, f"ws://{address}/onebot/v11/shop/ws", 0)


@contextmanager
def relay(_folder: Path, url: str) -> Iterator[Running]:
    """The yardstick."""
    with process([str(HERE / "relay_server.py"), url], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None, "it is a pipe"
        yield Running(running.pid, f"ws://127.0.0.1:{running.stdout.readline().strip()}/", 0)


@asynccontextmanager
async def bot() -> AsyncIterator[tuple[str, asyncio.Queue[web.WebSocketResponse]]]:
    """The framework's server: its address, and who connects to it."""
    came: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
    ended = asyncio.Event()

    async def take(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        came.put_nowait(ws)
        await ended.wait()
        return ws

    app = web.Application()
    app.router.add_get("/", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/", came
    finally:
        ended.set()
        await runner.cleanup()


Found = dict[tuple[str, str], float]
"""By (server, case): seconds."""


async def measured(folder: Path, messages: int, alone: int) -> tuple[Found, Found]:
    """CPU time of the server for one message, and how long one takes to the other end."""
    cpu, wait = Found(), Found()
    async with AsyncExitStack() as stack:
        url, came = await stack.enter_async_context(bot())
        client = await stack.enter_async_context(aiohttp.ClientSession())
        servers: dict[str, tuple[Running, Ends]] = {}
        for name, made in (("relay", relay), ("proxy", proxy)):
            server = stack.enter_context(made(folder, url))
            ws = await stack.enter_async_context(client.ws_connect(server.address))
            servers[name] = (server, Ends(ws, await came.get()))
        for case in CASES:
            for name, (server, ends) in servers.items():
                await ends.many(case, messages // 10)
                waits = [await ends.through(case, next(_numbers)) for _ in range(alone)]
                wait[name, case.name] = percentile(waits, 50)
                await asyncio.sleep(SETTLE_S)
                before_s = cpu_s(server.pid)
                await ends.many(case, messages)
                await asyncio.sleep(SETTLE_S)
                cpu[name, case.name] = (cpu_s(server.pid) - before_s) / messages
    return cpu, wait


def measure(*, quick: bool) -> list[Result]:
    """The proxy against `architecture` budgets and a relay."""
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        sizes = (500, 20) if quick else (3_000, 500)
        cpu, wait = asyncio.run(measured(Path(name), *sizes))
    results: list[Result] = []
    for case in CASES:
        ours, bare = cpu["proxy", case.name], cpu["relay", case.name]
        results.append(compared(f"{case.name}, CPU of proxy / relay", ours, bare, budget=2))
    for case in CASES:
        added_s = wait["proxy", case.name] - wait["relay", case.name]
        results.append(Figure(f"{case.name}, added wait, p50", round(added_s * 1e6), "us"))
    return results
