"""The ledger's disk: how long it takes, when it fails, and nothing about it by chance."""

from __future__ import annotations

import random
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from replygate.ledger.database import Database

from .virtual import Time

INLINE = 0.8
"""So many jobs are done at once; the others take their time."""


class _Later(Future[Any]):
    """A job that is not done yet; who blocks for it has it done."""

    def __init__(self, work: Callable[[], Any], queue: deque[_Later]) -> None:
        super().__init__()
        self.work = work
        self.queue = queue
        self.outcome: tuple[Any, BaseException | None] | None = None

    def do(self) -> None:
        if self.outcome is not None:
            return
        try:
            self.outcome = (self.work(), None)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever awaits the future
            self.outcome = (None, error)

    def tell(self) -> None:
        assert self.outcome is not None, "first done, then told"
        result, error = self.outcome
        if self.done():
            return
        if error is None:
            self.set_result(result)
        else:
            self.set_exception(error)

    def result(self, timeout: float | None = None) -> Any:
        while not self.done():
            first = self.queue.popleft()
            first.do()
            first.tell()
        return super().result(timeout)


class DiskExecutor(Executor):
    """One job at a time, in order: at once, or after a while in which the process may die.

    A job that takes long is either on the disk at once and known late, or not there until its end.
    """

    def __init__(self, time: Time, chance: random.Random, slow_s: float) -> None:
        self._time = time
        self._chance = chance
        self._slow_s = slow_s
        self._queue: deque[_Later] = deque()
        self.dead = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.dead:
            raise RuntimeError("the process is gone")
        job = _Later(partial(fn, *args, **kwargs), self._queue)
        self._queue.append(job)
        if len(self._queue) == 1:
            self._begin(job)
        return job

    def _begin(self, job: _Later) -> None:
        if self._chance.random() < INLINE:
            self._end(job)
            return
        if self._chance.random() < 0.5:
            job.do()
        self._time.after(self._chance.random() * self._slow_s, lambda: self._end(job))

    def _end(self, job: _Later) -> None:
        if self.dead or not self._queue or self._queue[0] is not job:
            return
        self._queue.popleft()
        job.do()
        job.tell()
        if self._queue:
            self._begin(self._queue[0])


class Disk:
    """What befalls the file, for as long as `mounted` lasts."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path = path
        self.broken = False
        self.databases: list[Database] = []
        self._chance = chance

    def let_go(self) -> None:
        """The process died: what it had not committed is gone, and so is its lock."""
        for database in self.databases:
            database.close()
        self.databases.clear()

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Have every ledger that is opened meanwhile live on this disk."""
        open_writer, open_file, writer = Database._open_writer, Database.open, Database.writer

        def quick(database: Database) -> sqlite3.Connection:
            connection = open_writer(database)
            # A process dies here, never a machine: what was written stays written.
            connection.execute("PRAGMA synchronous = OFF")
            return connection

        def opened(database: Database) -> None:
            self.databases.append(database)
            open_file(database)

        def failing(database: Database) -> sqlite3.Connection:
            if self.broken:
                raise sqlite3.OperationalError("database or disk is full")
            return writer(database)

        with (
            mock.patch.object(Database, "_open_writer", quick),
            mock.patch.object(Database, "open", opened),
            mock.patch.object(Database, "writer", failing),
            mock.patch("replygate.ledger.schema.secrets.token_bytes", self._chance.randbytes),
            # Ids come from there, by `uuid4`.
            mock.patch("os.urandom", self._chance.randbytes),
        ):
            yield
