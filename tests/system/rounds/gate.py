"""The real `replygate serve`: killed, stopped, and started again on the same ledger."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from sidecar_process import Process, sidecar

from .market import STORES, Market, token

RETRY_S = 0.05

START_KILL_S = (0.2, 2.0)
"""A start that is killed, too, lives so long."""


class Gate:
    """Whoever asks waits until there is a process, and asks again where it died meanwhile."""

    def __init__(self, folder: Path, stores: Path) -> None:
        self.ledger = folder / "ledger.db"
        self._folder = folder
        self._stores = stores
        self._up = asyncio.Event()
        self._stack = AsyncExitStack()
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        assert self._process is not None, "start() comes first"
        return self._process

    async def start(self) -> None:
        self._process = await self._stack.enter_async_context(sidecar(self._folder, self._stores))
        self._up.set()

    async def kill(self) -> None:
        """`kill -9`."""
        self._up.clear()
        self.process.signal(signal.SIGKILL)
        await self.process.end()
        await self._stack.aclose()

    async def start_in_vain(self, chance: random.Random) -> None:
        """A start that may be killed before it serves."""
        try:
            async with asyncio.timeout(chance.uniform(*START_KILL_S)):
                async with sidecar(self._folder, self._stores):
                    pass
        except TimeoutError:
            pass

    async def stop_for(self, seconds: float) -> None:
        """`SIGSTOP`, and `SIGCONT` after so long."""
        self.process.signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.process.signal(signal.SIGCONT)

    async def ask(
        self, store: str, route: str, body: dict[str, Any], *, key: str | None = None
    ) -> dict[str, Any]:
        """Ask until there is an answer, as a careful client does."""
        while True:
            answer = await self.ask_once(store, route, body, key=key)
            if answer is not None:
                return answer
            await asyncio.sleep(RETRY_S)

    async def ask_once(
        self, store: str, route: str, body: dict[str, Any], *, key: str | None = None
    ) -> dict[str, Any] | None:
        """None where the process died before it answered."""
        await self._up.wait()
        path = f"/v1/stores/{store}/{route}"
        try:
            status, answer = await self.process.ask("POST", path, body, token=token(store), key=key)
        except (aiohttp.ClientError, ConnectionError, RuntimeError):
            # RuntimeError: the client of a process that is gone is closed.
            return None
        if status in {503, 504}:
            # Not ready; or, of a text that goes on all the same, no result yet.
            return None
        assert status == 200, f"{path}: {status} {answer}"
        return dict(answer)

    async def close(self) -> None:
        await self._stack.aclose()


@asynccontextmanager
async def gate(folder: Path, platforms: Market) -> AsyncIterator[Gate]:
    """Stores of these platforms, and a process that serves them."""
    stores = folder / "stores"
    stores.mkdir(parents=True)
    for name in STORES:
        (stores / f"{name}.toml").write_text(platforms.table(name), "utf-8")
        (stores / f"{name}.token").write_text(token(name), "utf-8")
    made = Gate(folder, stores)
    await made.start()
    try:
        yield made
    finally:
        await made.close()
