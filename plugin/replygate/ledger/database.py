"""The SQLite file: its lock, its two connections, and opening it again after a fault."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from replygate.errors import LedgerError
from replygate.ledger.lock import FileLock
from replygate.ledger.schema import check_version, hash_key, migrate

SQLITE_VERSION_MIN = (3, 37, 0)
"""The first with STRICT tables."""

BUSY_TIMEOUT_MS = 2_000
"""How long a write waits for another process that holds the file (a backup) before it fails."""

WAL_BYTES_MAX = 64 * 1024 * 1024

CAUSES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another process holds the file locked",
    sqlite3.SQLITE_LOCKED: "another process holds the file locked",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file can not be opened",
    sqlite3.SQLITE_PERM: "the file may not be opened",
    sqlite3.SQLITE_IOERR: "the disk does not read or write",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is damaged or no ledger",
}

Identity = tuple[int, int]

T = TypeVar("T")


class Moved(Exception):
    """The file was moved, replaced or deleted under us."""


class Database:
    """One ledger in SQLite. `path` None means memory, where reader and writer are the same.

    Writer methods belong to the writer's thread, `reader` to the reader's.
    """

    def __init__(self, path: Path | None, *, read_only: bool, busy_timeout_ms: int) -> None:
        self.path = path
        self.read_only = read_only
        self.hash_key = b""
        self._busy_timeout_ms = busy_timeout_ms
        self._lock = FileLock(path) if path is not None and not read_only else None
        self._identity: Identity | None = None
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._reader_identity: Identity | None = None

    def open(self) -> None:
        """Lock and open. LedgerError, in one line, where that can not be done."""
        if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
            message = f"the ledger needs SQLite 3.37 or newer, this is {sqlite3.sqlite_version}"
            raise LedgerError(message)
        try:
            if self._lock is not None:
                self._lock.acquire()
            if self.read_only:
                self._open_read_only()
            else:
                self.writer()
                # Open from the start: the last connection to close would remove the log, and on a
                # full or read-only disk it could not be made again.
                self.reader()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise LedgerError(self.describe("opened", error)) from error
        except BaseException:
            self.close()
            raise

    def writer(self) -> sqlite3.Connection:
        """The connection for writes, opened again after `drop`.

        Raises sqlite3.Error, OSError, Moved or LedgerError (a newer or foreign file).
        """
        if self._writer is not None and self._identity != self._on_disk():
            message = "the file was moved, replaced or deleted"
            raise Moved(message)
        if self._writer is None:
            assert not self.read_only, "a read-only ledger writes nothing"
            self._writer = self._open_writer()
        return self._writer

    def reader(self) -> sqlite3.Connection:
        """The connection for reads. Raises sqlite3.Error or OSError."""
        if self.path is None:
            return self.writer()
        identity = self._on_disk()
        if self._reader is not None and identity != self._reader_identity:
            self.close_reader()
        if self._reader is None:
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            self._reader = self._connect(uri, uri=True)
            # SQLite opens the file at the first question.
            self._reader.execute("PRAGMA schema_version").fetchone()
            self._reader_identity = identity
        return self._reader

    def read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a reader's job in a transaction of its own: all that it sees is of one moment.

        Raises LedgerError where the file can not be read.
        """
        try:
            connection = self.reader()
            connection.execute("BEGIN")
            try:
                return job(connection)
            finally:
                connection.execute("ROLLBACK")
        except (sqlite3.Error, OSError, Moved) as error:
            if self.path is not None:
                self.close_reader()
            raise LedgerError(self.describe("read", error)) from error

    def drop(self) -> None:
        """Let go of the writer, so that the next write opens the file anew. Memory is kept."""
        if self.path is not None and self._writer is not None:
            connection, self._writer = self._writer, None
            connection.close()

    def truncate_wal(self) -> None:
        """Empty the write-ahead log, which still holds the pages as they were before a removal.

        LedgerError where a reader or another process is in the way.
        """
        if self.path is None:
            return
        try:
            (busy, *_frames) = self.writer().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except (sqlite3.Error, OSError, Moved) as error:
            raise LedgerError(self.describe("cleaned", error)) from error
        if busy:
            message = f"the ledger {self.path} could not be cleaned: somebody is reading it"
            raise LedgerError(message)

    def close_reader(self) -> None:
        """Close the reader's connection."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        """Close everything, the reader first, and release the lock."""
        self.close_reader()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()

    def describe(self, what: str, error: Exception) -> str:
        """One line for people: which ledger could not be `what`, and why."""
        code = getattr(error, "sqlite_errorcode", None)
        cause = CAUSES.get(code & 0xFF) if isinstance(code, int) else None
        reason = f"{cause} ({error})" if cause else getattr(error, "strerror", None) or str(error)
        return f"the ledger {self.path or 'in memory'} could not be {what}: {reason}"

    def _open_writer(self) -> sqlite3.Connection:
        if self.path is not None:
            _make_writable(self.path)
        identity = self._on_disk()
        connection = self._connect(":memory:" if self.path is None else str(self.path))
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # What is forgotten must not stay readable in the file's free pages.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES_MAX}")
            migrate(connection)
            self.hash_key = hash_key(connection)
        except LedgerError as error:
            connection.close()
            raise LedgerError(self.describe("opened", error)) from error
        except BaseException:
            connection.close()
            raise
        self._identity = identity
        return connection

    def _open_read_only(self) -> None:
        try:
            check_version(self.reader())
            self.hash_key = hash_key(self.reader())
        except LedgerError as error:
            raise LedgerError(self.describe("opened", error)) from error

    def _connect(self, name: str, *, uri: bool = False) -> sqlite3.Connection:
        """Opened in one thread, used in another, never in two at once."""
        return sqlite3.connect(
            name,
            uri=uri,
            timeout=self._busy_timeout_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )

    def _on_disk(self) -> Identity | None:
        if self.path is None:
            return None
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino


def _make_writable(path: Path) -> None:
    """Create an empty file that only its owner reads, or see that the one there can be written.

    SQLite would open a read-only file without a word. Its -wal and -shm files get the file's mode.
    A file that is there is not opened here: closing a descriptor of a file that SQLite has open
    drops this process's POSIX locks on it, and another process could take the log away under us.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only", str(path)) from None
