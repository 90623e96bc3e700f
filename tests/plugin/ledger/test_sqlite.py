from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger import InlineExecutor, Ledger, SqliteLedger, one_thread

from .contract import ASKED, LedgerContract
from .samples import BUYER, STORE, answer, hold, message

DIARY = "卖家的日记\n".encode() * 200
ADDRESS = "我的地址在红桥路七十七号"


def in_files(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in folder.iterdir())


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/ledger.db"


@pytest.fixture(params=[one_thread, InlineExecutor], ids=["thread", "inline"])
def executor(request: pytest.FixtureRequest) -> Callable[[], Executor]:
    factory: Callable[[], Executor] = request.param
    return factory


@pytest.fixture
async def ledger(url: str, executor: Callable[[], Executor]) -> AsyncIterator[Ledger]:
    opened: Ledger = await SqliteLedger.open(url, executor=executor)
    yield opened
    await opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


class TestSqlite(LedgerContract):
    """File and memory, in a thread and inline."""


async def test_facts_survive_the_process(path: Path) -> None:
    first = await SqliteLedger.open(f"sqlite:///{path}")
    await first.record_inbound(message(), ASKED)
    await first.begin(hold())
    before, hashed = await first.conversation(STORE, BUYER), first.text_hash("在吗")
    await first.close()
    second = await SqliteLedger.open(f"sqlite:///{path}")
    assert await second.conversation(STORE, BUYER) == before
    assert second.text_hash("在吗") == hashed
    assert not await second.begin(hold("h-2"))
    await second.close()


async def test_each_ledger_has_its_own_key(tmp_path: Path) -> None:
    one = await SqliteLedger.open(f"sqlite:///{tmp_path}/one.db")
    two = await SqliteLedger.open(f"sqlite:///{tmp_path}/two.db")
    assert one.text_hash("在吗") != two.text_hash("在吗")
    await one.close()
    await two.close()


async def test_only_its_owner_reads_the_files(path: Path) -> None:
    before = os.umask(0)
    try:
        ledger = await SqliteLedger.open(f"sqlite:///{path}")
        await ledger.record_inbound(message())
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        await ledger.close()
    finally:
        os.umask(before)
    assert set(modes) == {f"ledger.db{end}" for end in ("", "-wal", "-shm", ".lock")}
    assert set(modes.values()) == {0o600}


async def test_a_ledger_has_one_process(path: Path) -> None:
    ledger = await SqliteLedger.open(f"sqlite:///{path}")
    with pytest.raises(LedgerError, match=rf"ledger\.db is in use by process {os.getpid()};"):
        await SqliteLedger.open(f"sqlite:///{path}")
    assert await ledger.check()
    await ledger.close()
    again = await SqliteLedger.open(f"sqlite:///{path}")
    await again.close()


async def test_a_report_reads_beside_the_running_process(path: Path) -> None:
    ledger = await SqliteLedger.open(f"sqlite:///{path}")
    await ledger.record_inbound(message())
    report = await SqliteLedger.open(f"sqlite:///{path}", read_only=True)
    assert [fact.id async for fact in report.messages(STORE, 0, 10_000)] == ["m-1"]
    assert report.text_hash("在吗") == ledger.text_hash("在吗")
    await ledger.record_inbound(message("m-2"))
    assert len([fact async for fact in report.messages(STORE, 0, 10_000)]) == 2
    with pytest.raises(LedgerError, match="for reading only"):
        await report.begin(answer())
    await ledger.close()
    assert len([fact async for fact in report.messages(STORE, 0, 10_000)]) == 2
    await report.close()


async def test_a_report_on_nothing_says_so(path: Path) -> None:
    with pytest.raises(LedgerError, match=r"ledger\.db could not be opened: .*can not be opened"):
        await SqliteLedger.open(f"sqlite:///{path}", read_only=True)
    assert list(path.parent.iterdir()) == []


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"x/ledger\.db could not be opened: No such file"):
        await SqliteLedger.open(f"sqlite:///{tmp_path}/x/ledger.db")


async def test_a_file_that_is_no_ledger(path: Path) -> None:
    with path.open("wb") as file:
        file.write(DIARY)
    with pytest.raises(LedgerError, match="damaged or no ledger"):
        await SqliteLedger.open(f"sqlite:///{path}")
    with path.open("rb") as file:
        assert file.read() == DIARY


async def test_forgotten_texts_are_in_no_file(path: Path) -> None:
    ledger = await SqliteLedger.open(f"sqlite:///{path}")
    for number in range(50):
        await ledger.record_inbound(message(f"m-{number}", text=f"{ADDRESS} {number}"))
    assert in_files(path.parent, ADDRESS)
    await ledger.forget(STORE, BUYER)
    assert not in_files(path.parent, ADDRESS)
    await ledger.close()


async def test_many_writes_at_once_are_all_there(path: Path) -> None:
    ledger = await SqliteLedger.open(f"sqlite:///{path}")
    writes = (ledger.record_inbound(message(f"m-{n}", n)) for n in range(2_000))
    assert all(await asyncio.gather(*writes))
    assert len([fact async for fact in ledger.messages(STORE, 0, 10_000)]) == 2_000
    await ledger.close()
