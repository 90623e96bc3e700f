"""One live process per ledger file.

The lock is on a file next to the ledger, not in SQLite: `PRAGMA locking_mode=EXCLUSIVE` would
keep out our own reader, reports and backups as well. The kernel lets go of it when its process
ends, however it ends. The lock file stays: removing it could leave two holders.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from replygate.errors import LedgerError

HOLDER_BYTES_MAX = 32

# Windows forbids others to read a locked byte, so the holder's number stands behind it.
HOLDER_OFFSET = 1

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Holds `<ledger>.lock` from `acquire` to `release`."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._path = ledger.with_name(ledger.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. LedgerError, naming the holder, where another live process has it."""
        assert self._descriptor is None, "a lock is taken once"
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            message = (
                f"the ledger {self._ledger} is in use by process {holder};"
                " each replygate needs its own"
            )
            raise LedgerError(message) from error
        _name_holder(descriptor)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go; fine without a lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, HOLDER_OFFSET, os.SEEK_SET)
    number = os.read(descriptor, HOLDER_BYTES_MAX).decode("ascii", "replace").strip()
    return number or "(not named)"


def _name_holder(descriptor: int) -> None:
    """Only for people to read: that it fails on a full disk must not cost the lock."""
    try:
        os.ftruncate(descriptor, HOLDER_OFFSET)
        os.lseek(descriptor, HOLDER_OFFSET, os.SEEK_SET)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
    except OSError:
        os.ftruncate(descriptor, 0)
