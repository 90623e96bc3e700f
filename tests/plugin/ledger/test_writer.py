from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from replygate.errors import LedgerError
from replygate.ledger.database import Database
from replygate.ledger.executors import InlineExecutor, one_thread
from replygate.ledger.writer import GROUP_MAX, QUEUE_MAX, Job, Writer

P = ParamSpec("P")
T = TypeVar("T")


class CountingExecutor(InlineExecutor):
    """Counts the transactions."""

    def __init__(self) -> None:
        self.count = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self.count += 1
        return super().submit(fn, *args, **kwargs)


class StuckExecutor(Executor):
    """Takes jobs and never runs them."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        del fn, args, kwargs
        return Future()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path, read_only=False, busy_timeout_ms=1)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    with one_thread() as executor:
        opened = Writer(database, executor)
        yield opened
        await opened.close()


def note(name: str) -> Job[None]:
    def job(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES (?, x'00')", (name,))

    return job


def append(seen: list[int], number: int, _connection: sqlite3.Connection) -> None:
    seen.append(number)


def notes(database: Database) -> set[str]:
    return set(database.read(lambda c: [name for (name,) in c.execute("SELECT name FROM meta")]))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_writes_that_wait_are_committed_together(database: Database) -> None:
    executor = CountingExecutor()
    writer = Writer(database, executor)
    count = 1 + GROUP_MAX + 1
    await asyncio.gather(*(writer.write(note(f"n-{n}")) for n in range(count)))
    assert executor.count == 3
    assert len(notes(database) - {"hash_key"}) == count


async def test_writes_keep_their_order(writer: Writer) -> None:
    seen: list[int] = []
    jobs: list[Job[None]] = [partial(append, seen, n) for n in range(100)]
    await asyncio.gather(*map(writer.write, jobs))
    assert seen == list(range(100))


async def test_a_result_comes_back(writer: Writer) -> None:
    assert await writer.write(lambda connection: connection.in_transaction) is True


async def test_a_bad_write_fails_alone(writer: Writer, database: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        note("half")(connection)
        note("half")(connection)

    def broken(connection: sqlite3.Connection) -> None:
        note("broken")(connection)
        message = "a programmer's error"
        raise AssertionError(message)

    jobs = [note("a"), half, note("b"), broken, note("c")]
    found = await asyncio.gather(*map(writer.write, jobs), return_exceptions=True)
    assert [type(one) for one in found] == [
        type(None),
        LedgerError,
        type(None),
        AssertionError,
        type(None),
    ]
    assert notes(database) == {"hash_key", "a", "b", "c"}
    assert writer.fault is None


async def test_savepoints_are_for_groups_in_which_a_write_fails(
    writer: Writer, database: Database
) -> None:
    told: list[str] = []
    database.writer().set_trace_callback(told.append)
    await asyncio.gather(writer.write(note("a")), writer.write(note("b")))
    assert not any("SAVEPOINT" in each for each in told)
    found = await asyncio.gather(
        *(writer.write(note(name)) for name in "cac"), return_exceptions=True
    )
    assert [type(one) for one in found] == [type(None), LedgerError, LedgerError]
    assert any("SAVEPOINT" in each for each in told)
    assert notes(database) == {"hash_key", "a", "b", "c"}


async def test_a_fault_fails_the_group_whole_and_passes(
    writer: Writer, database: Database, path: Path
) -> None:
    with locked(path):
        names = ["a", "b", "c"]
        found = await asyncio.gather(
            *(writer.write(note(name)) for name in names), return_exceptions=True
        )
        assert len({id(one) for one in found}) == 3
        for one in found:
            assert isinstance(one, LedgerError)
            assert isinstance(one.__cause__, sqlite3.OperationalError)
            assert "ledger.db could not be written: another process holds the file" in str(one)
        assert writer.fault == str(found[-1])
        with pytest.raises(LedgerError):
            await writer.write(note("d"))
        assert notes(database) == {"hash_key"}
    await writer.write(note("e"))
    assert not writer.fault
    assert notes(database) == {"hash_key", "e"}


async def test_a_fault_in_the_middle_takes_back_the_whole_group(
    writer: Writer, database: Database
) -> None:
    def faulty(_connection: sqlite3.Connection) -> None:
        message = "disk I/O error"
        raise sqlite3.OperationalError(message)

    jobs = [note("first"), note("a"), faulty, note("b")]
    found = await asyncio.gather(*map(writer.write, jobs), return_exceptions=True)
    assert [type(one) for one in found] == [type(None), LedgerError, LedgerError, LedgerError]
    assert notes(database) == {"hash_key", "first"}


async def test_a_queue_does_not_grow_without_end(database: Database) -> None:
    writer = Writer(database, StuckExecutor())
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(writer.write(note(f"n-{number}"))) for number in range(QUEUE_MAX + 1)
        ]
        await asyncio.sleep(0)
        with pytest.raises(LedgerError, match=f"{QUEUE_MAX} writes wait"):
            await writer.write(note("one more"))
        assert writer.fault is None
        for task in tasks:
            task.cancel()


async def test_a_write_that_nobody_waits_for_any_more_is_not_begun(
    writer: Writer, database: Database
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(writer.write(note(name))) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        tasks[1].cancel()
    assert notes(database) == {"hash_key", "a", "c"}


async def test_an_unforeseen_error_reaches_every_caller(database: Database) -> None:
    with one_thread() as executor:
        writer = Writer(database, executor)
    names = ["a", "b", "c"]
    found = await asyncio.gather(
        *(writer.write(note(name)) for name in names), return_exceptions=True
    )
    assert [str(one) for one in found] == [writer.fault] * 3
    assert "cannot schedule new futures after shutdown" in str(writer.fault)


async def test_a_fault_before_the_file_is_one_too(tmp_path: Path) -> None:
    database = Database(tmp_path / "x" / "ledger.db", read_only=False, busy_timeout_ms=1)
    writer = Writer(database, InlineExecutor())
    with pytest.raises(LedgerError, match="could not be written: No such file"):
        await writer.write(note("a"))
    (tmp_path / "x").mkdir()
    await writer.write(note("b"))
    database.close()


async def test_a_closed_writer_refuses(writer: Writer) -> None:
    await writer.close()
    with pytest.raises(LedgerError, match="closed"):
        await writer.write(note("a"))


async def test_closing_in_a_fault_still_closes(writer: Writer, path: Path) -> None:
    with locked(path):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(failure(writer))
            await asyncio.sleep(0)
            await writer.close()
    assert "locked" in task.result()


async def failure(writer: Writer) -> str:
    with pytest.raises(LedgerError) as caught:
        await writer.write(note("a"))
    return str(caught.value)


async def test_a_write_that_can_not_wait_takes_the_queue_with_it(database: Database) -> None:
    executor = CountingExecutor()
    writer = Writer(database, executor)
    seen: list[int] = []
    waiting = asyncio.gather(*(writer.write(partial(append, seen, n)) for n in range(4)))
    await asyncio.sleep(0)
    writer.write_now(partial(append, seen, 9))
    assert seen == [0, 1, 2, 3, 9]
    assert executor.count == 2
    await waiting
    await writer.close()
    with pytest.raises(LedgerError, match="closed"):
        writer.write_now(note("late"))


async def test_a_write_that_can_not_wait_fails_with_all_that_it_took(database: Database) -> None:
    writer = Writer(database, InlineExecutor())

    def full() -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "writer", full)
        with pytest.raises(LedgerError, match="full"):
            writer.write_now(note("a"))
    assert "full" in str(writer.fault)
    writer.write_now(note("b"))
    assert str(writer.fault) == "None"
    await writer.close()
