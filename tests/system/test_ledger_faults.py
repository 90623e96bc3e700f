"""The ledger's file can not be written: one clear error each, and it comes back by itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger import MessageFact, SqliteLedger

from .ledger_hand import STORE, TEXT

HAND = Path(__file__).with_name("ledger_hand.py")
DISK_BYTES = 512 * 1024

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users, limits and mounts")


class Hand:
    """A ledger in a process of its own, without root's rights."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HAND), f"sqlite:///{path}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.greeting = self.answer()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def __call__(self, command: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()


@contextmanager
def hand(path: Path) -> Iterator[Hand]:
    opened = Hand(path)
    with opened.process:
        yield opened
        assert opened.process.stdin is not None
        opened.process.stdin.close()
        assert opened.process.wait() == 0


@pytest.fixture
def path() -> Iterator[Path]:
    """A ledger in a folder that anybody may use, as `tmp_path` is its owner's only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "ledger.db"


def test_a_file_system_that_takes_no_more(path: Path) -> None:
    with hand(path) as ledger:
        assert ledger.greeting == "open"
        assert ledger("write before") == "True"
        ledger("limit 8000")
        assert "ledger.db could not be written: the disk" in ledger("write full")
        assert ledger("health") == "False"
        assert ledger("check") == "False"
        assert ledger("count") == "1"
        ledger("unlimit")
        assert ledger("write full") == "True"
        assert ledger("health") == "True"
        assert ledger("count") == "2"


def test_a_file_that_another_process_holds(path: Path) -> None:
    with hand(path) as ledger:
        assert ledger("write before") == "True"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            reply = ledger("write locked")
            assert "ledger.db could not be written: another process holds the file" in reply
            assert ledger("count") == "1"
            assert ledger("check") == "False"
        assert ledger("check") == "True"
        assert ledger("write locked") == "True"
        assert ledger("health") == "True"
        assert ledger("count") == "2"


def test_a_file_that_becomes_read_only(path: Path) -> None:
    with hand(path) as ledger:
        assert ledger("write before") == "True"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            path.chmod(0o400)
            assert "another process" in ledger("write locked")
        assert "could not be written: the file is read-only" in ledger("write read-only")
        assert ledger("health") == "False"
        assert ledger("count") == "1"
        path.chmod(0o600)
        assert ledger("write writable") == "True"
        assert ledger("health") == "True"
        assert ledger("count") == "2"


def test_a_file_that_is_read_only_from_the_start(path: Path) -> None:
    with hand(path) as ledger:
        ledger("write before")
    path.chmod(0o400)
    with hand(path) as ledger:
        assert ledger.greeting == f"the ledger {path} could not be opened: the file is read-only"
    path.chmod(0o600)
    with hand(path) as ledger:
        assert (ledger.greeting, ledger("count")) == ("open", "1")


def test_a_second_process_is_refused_and_the_first_goes_on(path: Path) -> None:
    with hand(path) as first:
        with hand(path) as second:
            assert f"in use by process {first.process.pid};" in second.greeting
        assert first("write after") == "True"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root on Linux")
    size = f"size={DISK_BYTES}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "none", str(tmp_path)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        os.posix_fallocate(file.fileno(), 0, os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize)
    return filler


def message(number: int) -> MessageFact:
    return MessageFact(
        STORE, "c", f"m-{number}", "in", "buyer", None, "text", 1, 1, None, "hash", TEXT
    )


async def write_until_full(ledger: SqliteLedger) -> tuple[int, LedgerError]:
    written = 1
    while True:
        try:
            await ledger.record_inbound(message(written))
        except LedgerError as error:
            return written, error
        written += 1


async def test_a_full_disk(small_disk: Path) -> None:
    ledger = await SqliteLedger.open(f"sqlite:///{small_disk}/ledger.db")
    assert await ledger.record_inbound(message(0))
    filler = fill(small_disk)
    written, error = await write_until_full(ledger)
    assert "could not be written: the disk is full" in str(error)
    assert ledger.fault == str(error)
    assert not await ledger.check()
    kept = [one.id async for one in ledger.messages(STORE, 0, 10)]
    assert kept == [f"m-{number}" for number in range(written)]
    filler.unlink()
    assert await ledger.record_inbound(message(written))
    assert await ledger.check()
    await ledger.close()
    again = await SqliteLedger.open(f"sqlite:///{small_disk}/ledger.db")
    assert len([one async for one in again.messages(STORE, 0, 10)]) == written + 1
    await again.close()
