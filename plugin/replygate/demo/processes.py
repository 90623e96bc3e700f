"""The processes of the demonstration: the gate and the bot, started here and ended here."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replygate.demo.script import DEADLINE_S, LEAD_S
from replygate.errors import ReplygateError

START_S: Final = 30
END_S: Final = 10

STORE: Final = "demo"

_STORE_FILE: Final = """\
# The store of the demonstration: Pinduoduo's rules, and a deadline of its own that is short enough
# to be watched.
id = "{store}"
name = "演示店铺"
platform = "pdd"
edition = "sources-2023"
token = {{ file = "{store}.token" }}

[hours]
open = ["00:00-24:00"]

[holding]
texts = ["已收到您的消息，客服会尽快回复您～"]
lead_s = {lead_s}

[[deadline]]
id = "demo.soft"
name = "演示用 {due_s} 秒（不是平台的规定）"
due_s = {due_s}

[adapter]
kind = "onebot"
way = "reverse-ws"
url = "ws://127.0.0.1:{bot_port}/onebot/v11/ws"

[privacy]
log_text = "full"
"""

_PORTS: Final = re.compile(r"http://127\.0\.0\.1:(\d+), admin http://[^:]+:(\d+)")


@dataclass(frozen=True, slots=True)
class Gate:
    """A running `replygate serve`: its port and the store's token."""

    port: int
    token: str
    folder: Path

    @property
    def url(self) -> str:
        """The API of the store."""
        return f"http://127.0.0.1:{self.port}/v1/stores/{STORE}"

    @property
    def onebot_url(self) -> str:
        """Where a OneBot implementation connects."""
        return f"ws://127.0.0.1:{self.port}/onebot/v11/{STORE}/ws"


def free_port() -> int:
    """A port of this machine that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def bot(port: int, said: Callable[[str], None]) -> AsyncIterator[None]:
    """The bot as a process; `said` gets each line that it prints."""
    async with (
        _process("replygate.demo.bot", str(port), pipe="stdout") as (process, lines),
        asyncio.TaskGroup() as group,
    ):
        reading = group.create_task(_hand_on(lines, said))
        await _listening(port, process)
        yield
        reading.cancel()


@asynccontextmanager
async def gate(folder: Path, bot_port: int) -> AsyncIterator[Gate]:
    """The sidecar as a process, with the one store of the demonstration."""
    stores = folder / "stores"
    stores.mkdir()
    token = secrets.token_hex(16)
    (stores / f"{STORE}.token").write_text(token, "utf-8")
    written = _STORE_FILE.format(store=STORE, due_s=DEADLINE_S, lead_s=LEAD_S, bot_port=bot_port)
    (stores / f"{STORE}.toml").write_text(written, "utf-8")
    async with _process(
        "replygate",
        "serve",
        *("--stores", str(stores), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
        *("--ledger", f"sqlite:///{folder}/ledger.db", "--journal", str(folder / "journal.jsonl")),
        pipe="stderr",
    ) as (_, lines):
        port = await asyncio.wait_for(_announced(lines), START_S)
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(_hand_on(lines, lambda _line: None))
            yield Gate(port, token, folder)
            reading.cancel()


@asynccontextmanager
async def _process(
    module: str, *arguments: str, pipe: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader]]:
    """Run a module of ours, and end it: it is asked to, and then made to."""
    wanted = {pipe: asyncio.subprocess.PIPE}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=wanted.get("stdout", asyncio.subprocess.DEVNULL),
        stderr=wanted.get("stderr"),
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        # Ctrl-C is ours to handle, or each of them would tell of it, too.
        start_new_session=True,
    )
    lines = process.stdout if pipe == "stdout" else process.stderr
    assert lines is not None, "it was asked for"
    try:
        yield process, lines
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), END_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _announced(lines: asyncio.StreamReader) -> int:
    """The port that the sidecar says it listens on."""
    heard: list[str] = []
    while line := (await lines.readline()).decode("utf-8", "replace"):
        heard.append(line.strip())
        if found := _PORTS.search(line):
            return int(found[1])
    raise ReplygateError(f"the gate did not start: {' '.join(heard) or 'it said nothing'}")


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_S):
        while True:
            if process.returncode is not None:
                raise ReplygateError(f"the bot ended with exit code {process.returncode}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return


async def _hand_on(lines: asyncio.StreamReader, to: Callable[[str], None]) -> None:
    while line := await lines.readline():
        to(line.decode("utf-8", "replace").rstrip("\n"))
