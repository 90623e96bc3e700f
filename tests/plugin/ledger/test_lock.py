from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger.lock import FileLock

HOLD = """
import sys, pathlib
from replygate.ledger.lock import FileLock
FileLock(pathlib.Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def test_the_lock_goes_from_hand_to_hand(ledger: Path) -> None:
    first, second = FileLock(ledger), FileLock(ledger)
    first.acquire()
    with pytest.raises(LedgerError, match="in use by process"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    second.release()


def test_another_process_is_named_until_it_is_killed(ledger: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FileLock(ledger)
        with pytest.raises(LedgerError, match=rf"ledger\.db is in use by process {holder.pid};"):
            lock.acquire()
        holder.kill()
        holder.wait()
        lock.acquire()
        lock.release()


def test_a_holder_without_a_name(ledger: Path) -> None:
    lock = FileLock(ledger)
    lock.acquire()
    ledger.with_name("ledger.db.lock").write_bytes(b"")
    with pytest.raises(LedgerError, match=r"process \(not named\);"):
        FileLock(ledger).acquire()
    lock.release()
