"""`replygate serve` as a process of its own, and a platform that it sends to."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from served import ONE_TOKEN, auth, until

START_S = 90
END_S = 30

_PORTS = re.compile(r"http://127\.0\.0\.1:(\d+), admin http://[^:]+:(\d+)")


@dataclass(slots=True)
class Shop:
    """A platform that takes messages over HTTP. While `goes_on` is not set it takes its time."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.taken]

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append(await request.json())
        self.asked.set()
        await self.goes_on.wait()
        return web.json_response({"id": f"p-{len(self.taken)}"})

    def table(self) -> str:
        """What a store writes to send here."""
        return f'[adapter]\nkind = "http"\nurl = "{self.url}"\nid_path = "id"\n'


@asynccontextmanager
async def shop(made: Shop | None = None) -> AsyncIterator[Shop]:
    made = made or Shop()
    made.goes_on.set()
    app = web.Application()
    app.router.add_post("/send", made.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    try:
        yield made
    finally:
        made.goes_on.set()
        await runner.cleanup()


@dataclass(slots=True)
class Process:
    """A running sidecar. `said` is what it has written to standard error so far."""

    process: asyncio.subprocess.Process
    client: aiohttp.ClientSession
    port: int
    admin: int
    said: list[str]
    journal: Path

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str = ONE_TOKEN,
        key: str | None = None,
    ) -> tuple[int, Any]:
        headers = {**auth(token), **({"Idempotency-Key": key} if key else {})}
        async with self.client.request(
            method, f"http://127.0.0.1:{self.port}{path}", json=body, headers=headers
        ) as response:
            return response.status, await response.json(content_type=None)

    async def probe(self, path: str) -> tuple[int, str]:
        async with self.client.get(f"http://127.0.0.1:{self.admin}{path}") as response:
            return response.status, await response.text()

    async def is_ready(self) -> bool:
        return bool(json.loads((await self.probe("/readyz"))[1])["ready"])

    async def is_unready(self) -> bool:
        return not await self.is_ready()

    async def metric(self, name: str) -> float:
        _, page = await self.probe("/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
        assert found, f"there is no {name}"
        return float(found[1])

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    async def end(self) -> int:
        """Wait for the end; the exit code."""
        return await asyncio.wait_for(self.process.wait(), END_S)

    def events(self, name: str) -> list[dict[str, Any]]:
        """What the journal tells under this name."""
        lines = self.journal.read_text("utf-8").splitlines()
        return [event for line in lines if (event := json.loads(line))["event"] == name]

    async def told(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until the journal tells so many of these."""
        await until(lambda: len(self.events(name)) >= count)
        return self.events(name)


@asynccontextmanager
async def sidecar(folder: Path, stores: Path, *flags: str) -> AsyncIterator[Process]:
    """Start it, wait until it serves, and kill what is left of it."""
    journal = folder / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "replygate",
        "serve",
        *("--stores", str(stores), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
        *("--ledger", f"sqlite:///{folder}/ledger.db", "--journal", str(journal)),
        *flags,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(START_S):
            while not (found := _PORTS.search(said[-1] if said else "")):
                line = await process.stderr.readline()
                assert line, f"it ended: {said}"
                said.append(line.decode())
        async with aiohttp.ClientSession() as client:
            yield Process(process, client, int(found[1]), int(found[2]), said, journal)
    finally:
        if process.returncode is None:
            process.kill()
        said += (await process.stderr.read()).decode().splitlines()
        await process.wait()


TERM = signal.SIGTERM
HUP = signal.SIGHUP
