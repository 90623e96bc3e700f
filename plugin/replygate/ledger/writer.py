"""Group commit: writes that arrive while a commit runs are committed together by the next one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from replygate.errors import LedgerError
from replygate.ledger.database import Database, Moved

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Changes the database and nothing else: it may be run again from the start."""

QUEUE_MAX = 10_000
"""More waiting writes than this are refused: a queue that only grows hides a fault."""

GROUP_MAX = 500
"""Writes in one transaction: its size bounds how long the first of them waits."""

CLOSED = "the ledger is closed"

# These speak of one write only; every other SQLite error of the file, and so of the whole group.
OWN_ERRORS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
)


@dataclass(slots=True)
class _Write:
    job: Job[Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: object = None
    error: Exception | None = None


class _OneFailed(Exception):
    """One write of a group failed for itself: the group is run again, each undone alone."""


class Writer:
    """The one way to change the database. Belongs to one event loop.

    `executor` runs one job at a time.
    """

    def __init__(self, database: Database, executor: Executor) -> None:
        self.fault: str | None = None
        self._database = database
        self._executor = executor
        self._queue: deque[_Write] = deque()
        self._committing = False
        self._closed = False

    async def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction; returns its result when that is durable.

        Raises LedgerError where it is not, and then nothing of it is written; an assertion of the
        job itself comes through as it is.
        """
        self._require_open()
        if len(self._queue) >= QUEUE_MAX:
            message = f"{QUEUE_MAX} writes wait for the ledger already; this one was refused"
            raise LedgerError(message)
        return await self._enqueue(job)

    def write_now(self, job: Job[T]) -> T:
        """`write` for a caller on the loop's thread that can not await: stands in the loop's way.

        What waits in the queue is written with it, before it.
        """
        self._require_open()
        mine = _Write(job, asyncio.get_running_loop().create_future())
        group = [write for write in self._queue if not write.future.cancelled()]
        self._queue.clear()
        group.append(mine)
        try:
            jobs = [write.job for write in group]
            outcomes = self._executor.submit(commit, self._database, jobs).result()
        except Exception as error:  # noqa: BLE001 - each waiting caller is told of it
            self._tell(group, error)
        else:
            self.fault = None
            for write, outcome in zip(group, outcomes, strict=True):
                _answer(write.future, outcome)
        result: T = mine.future.result()
        return result

    async def close(self) -> None:
        """Refuse new writes and wait for those under way."""
        self._closed = True
        if self._committing:
            try:
                # The queue is first in, first out: when this one is done, so are all before it.
                await self._enqueue(_nothing)
            except LedgerError:
                assert self.fault is not None, "each of the others was told"

    def _require_open(self) -> None:
        if self._closed:
            raise LedgerError(CLOSED)
        if self._database.read_only:
            message = f"the ledger {self._database.path} is open for reading only"
            raise LedgerError(message)

    def _enqueue(self, job: Job[T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append(_Write(job, future))
        if not self._committing:
            self._start()
        return future

    def _start(self) -> None:
        group: list[_Write] = []
        while self._queue and len(group) < GROUP_MAX:
            write = self._queue.popleft()
            if not write.future.cancelled():
                group.append(write)
        self._committing = bool(group)
        if not group:
            return
        try:
            running = asyncio.get_running_loop().run_in_executor(
                self._executor, commit, self._database, [write.job for write in group]
            )
        except RuntimeError as error:  # the interpreter shuts down under us
            self._fail(group, error)
        else:
            running.add_done_callback(partial(self._done, group))

    def _done(self, group: Sequence[_Write], running: asyncio.Future[list[_Outcome]]) -> None:
        error = running.exception()
        if error is not None:
            self._fail(group, error)
            return
        self.fault = None
        for write, outcome in zip(group, running.result(), strict=True):
            _answer(write.future, outcome)
        self._start()

    def _fail(self, group: Sequence[_Write], error: BaseException) -> None:
        self._tell(group, error)
        self._start()

    def _tell(self, group: Sequence[_Write], error: BaseException) -> None:
        self.fault = str(_copy(error))
        for write in group:
            _answer(write.future, _Outcome(error=_copy(error)))


def commit(database: Database, jobs: Sequence[Job[Any]]) -> list[_Outcome]:
    """Run the jobs in one transaction; returns what came of each when all are durable.

    Raises LedgerError where the transaction failed: then none of them is written.
    """
    try:
        connection = database.writer()
        try:
            outcomes = _transaction(connection, jobs, _run)
        except _OneFailed:
            # Savepoints cost more than most writes, and a write that fails for itself is rare.
            outcomes = _transaction(connection, jobs, _run_apart)
    except LedgerError:
        raise
    except (sqlite3.Error, OSError, Moved) as error:
        # A fresh connection finds out whether the fault is over; the old one may be part of it.
        database.drop()
        raise LedgerError(database.describe("written", error)) from error
    return outcomes


def _transaction(
    connection: sqlite3.Connection,
    jobs: Sequence[Job[Any]],
    run: Callable[[sqlite3.Connection, Job[Any]], _Outcome],
) -> list[_Outcome]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [run(connection, job) for job in jobs]
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return outcomes


def _run(connection: sqlite3.Connection, job: Job[Any]) -> _Outcome:
    """One job. Raises _OneFailed for what fails for itself alone."""
    try:
        return _Outcome(job(connection))
    except Exception as error:
        if _is_of_all(error):
            raise
        raise _OneFailed from error


def _run_apart(connection: sqlite3.Connection, job: Job[Any]) -> _Outcome:
    """One job behind its savepoint. What fails for itself alone is undone alone."""
    connection.execute("SAVEPOINT job")
    try:
        outcome = _Outcome(job(connection))
    except Exception as error:
        if _is_of_all(error):
            raise
        connection.execute("ROLLBACK TO job")
        outcome = _Outcome(error=_own(error))
    connection.execute("RELEASE job")
    return outcome


def _is_of_all(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and not isinstance(error, OWN_ERRORS)


def _own(error: Exception) -> Exception:
    """A value that SQLite can not hold is the caller's to hear of; a broken assertion is ours."""
    if isinstance(error, (*OWN_ERRORS, OverflowError, UnicodeError)):
        wrapped = LedgerError(f"the ledger can not hold this: {error}")
        wrapped.__cause__ = error
        return wrapped
    return error


def _copy(error: BaseException) -> Exception:
    """Each waiting caller gets its own: a shared exception would gather all their tracebacks."""
    if isinstance(error, LedgerError):
        copy = LedgerError(str(error))
        copy.__cause__ = error.__cause__
    else:
        copy = LedgerError(f"the ledger's writer failed: {error!r}")
        copy.__cause__ = error
    return copy


def _answer(future: asyncio.Future[Any], outcome: _Outcome) -> None:
    if future.cancelled():
        return
    if outcome.error is not None:
        future.set_exception(outcome.error)
    else:
        future.set_result(outcome.result)


def _nothing(_connection: sqlite3.Connection) -> None:
    pass
