"""What docs/nonebot.md shows, as a program of its own: the plugin loaded by its one line."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from adapters.nonebot2.kit import Implementation, until
from replygate_adapters.contract import Arrival
from replygate_adapters.nonebot2.settings import PREFIX, Settings
from system.shown import REPO, blocks_of, write_files

PAGE = "docs/nonebot.md"
BLOCKS = blocks_of(PAGE)
TEXT = (REPO / PAGE).read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(BLOCKS, tmp_path)
    return tmp_path


async def run(folder: Path, name: str, port: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        name,
        cwd=folder,
        env={**os.environ, "PORT": str(port), "PYTHONIOENCODING": "utf-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def bot(folder: Path) -> AsyncIterator[Implementation]:
    port = free_port()
    process = await run(folder, "bot.py", port)
    side = Implementation(port)
    try:
        async with asyncio.timeout(60):
            while process.returncode is None:
                try:
                    await side.connect()
                    break
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.05)
        yield side
    finally:
        await side.close()
        if process.returncode is None:
            process.terminate()
        out, _ = await process.communicate()
    assert b"replygate is open for my-shop" in out, out.decode()


async def test_the_page_runs(folder: Path) -> None:
    async with bot(folder) as side:
        await side.buyer("7", "怎么联系你们")
        await side.buyer("8", "多久发货")
        await until(side.arrived)
        assert side.arrived() == [Arrival("8", "今天发货")]


async def test_a_wrong_setting_keeps_it_from_starting(folder: Path) -> None:
    (folder / ".env").write_text("REPLYGATE_STORE=my-shop.toml\n", "utf-8")
    process = await run(folder, "bot.py", free_port())
    out, _ = await process.communicate()
    assert process.returncode != 0
    assert "REPLYGATE_STORE: there is no such key; did you mean REPLYGATE_STORES?" in out.decode()


async def test_a_plugin_that_is_not_there_can_be_made_to_stop_it(folder: Path) -> None:
    sure = (folder / "sure.py").read_text("utf-8")
    (folder / "sure.py").write_text(sure.replace("adapters.nonebot", "adapters.no"), "utf-8")
    process = await run(folder, "sure.py", free_port())
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert "no gate, no bot" in out.decode()


async def test_it_can_not_be_imported_before_nonebot_is_there(tmp_path: Path) -> None:
    # Imported like this it would not be a plugin, and NoneBot would never load it again.
    (tmp_path / "early.py").write_text("import replygate_adapters.nonebot\n", "utf-8")
    process = await run(tmp_path, "early.py", free_port())
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert "NoneBot has not been initialized" in out.decode()


def test_the_page_names_every_setting() -> None:
    named = re.findall(r"^\| `(REPLYGATE_\w+)` \|", TEXT, re.MULTILINE)
    assert named == [(PREFIX + name).upper() for name in Settings.model_fields]
