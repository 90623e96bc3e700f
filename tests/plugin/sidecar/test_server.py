"""The life of the sidecar in one process; `tests/system/test_sidecar_process.py` has the rest."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from replygate.errors import ReplygateError
from replygate.journal import Journal
from replygate.model import Draft
from replygate.sidecar.addresses import Address
from replygate.sidecar.server import Sidecar
from replygate.sidecar.settings import Settings, load
from served import until, write_stores

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

HERE = Address("127.0.0.1", 0)
TABLE = '[adapter]\nkind = "http"\nurl = "http://127.0.0.1:9/send"\n'


class Run:
    """A sidecar that runs in a task of the test."""

    def __init__(self, folder: Path) -> None:
        self.stores = write_stores(folder, tables=TABLE)
        self.said: list[str] = []
        self.lines = io.BytesIO()
        settings = Settings(self.stores, HERE, HERE, "sqlite://", "-")
        self.sidecar = Sidecar(settings, load(settings), Journal(self.lines), self.said.append)

    @property
    def journal(self) -> str:
        self.sidecar._journal.flush()
        return self.lines.getvalue().decode()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Run]:
    made = Run(tmp_path)
    async with asyncio.TaskGroup() as group:
        group.create_task(made.sidecar.run())
        await until(lambda: bool(made.said))
        yield made
        os.kill(os.getpid(), signal.SIGTERM)


async def test_it_says_where_it_listens(running: Run) -> None:
    assert running.said[0].startswith("replygate: stores: 2; http://127.0.0.1:")
    assert running.sidecar.reasons() == []
    assert '"event":"process.started"' in running.journal


async def test_a_store_that_loses_its_adapter_is_no_longer_connected(running: Run) -> None:
    assert running.sidecar._service.connected == {"one", "two"}
    path = running.stores / "one.toml"
    path.write_text(path.read_text("utf-8").replace(TABLE, ""), "utf-8")
    await running.sidecar.reload()
    service = running.sidecar._service
    assert service.connected == {"two"}
    with pytest.raises(ReplygateError, match="no platform is connected"):
        await service.gate.send(Draft("c-1", "今天发", store="one"))
    assert running.journal.count('"event":"config.loaded"') == 2


async def test_a_reload_that_fails_by_our_fault_changes_nothing(
    running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_settings: Settings) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("replygate.sidecar.server.load", broken)
    await running.sidecar.reload()
    assert running.sidecar.reasons() == []
    assert '"event":"task.failed","task":"reload"' in running.journal


async def test_streams_end_at_a_reload(running: Run) -> None:
    client = running.sidecar._service.stream.join(lambda _store: False)
    await running.sidecar.reload()
    assert await client.read() == b": reloaded, come again\n\n"
