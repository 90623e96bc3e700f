"""The ledger in one SQLite file: one writer with group commit, one reader."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Self, TypeVar

from replygate.errors import LedgerError
from replygate.ledger import outbox, queries, removal, resume, rows, todo
from replygate.ledger.database import BUSY_TIMEOUT_MS, Database
from replygate.ledger.days import Days, SqliteDays
from replygate.ledger.executors import one_thread
from replygate.ledger.facts import (
    NO_CHANGE,
    Change,
    ConversationFacts,
    Decision,
    DutyRow,
    FindingRow,
    History,
    LegKey,
    LegState,
    MessageFact,
    OutboxRow,
    RatingRow,
    Release,
    SendState,
    TakeoverRow,
    TaskRow,
)
from replygate.ledger.lines import ArmedLeg, Place, Restored
from replygate.ledger.url import ledger_path
from replygate.ledger.writer import CLOSED, Job, Writer

HASH_BYTES = 16

TOUCH_BYTES = 65_536
"""What `check` writes: about a busy group, as a disk that is almost full still takes one row."""

T = TypeVar("T")


class SqliteLedger:
    """A `Ledger`. Made by `open`; belongs to the event loop that opened it."""

    def __init__(self, database: Database, writing: Executor, reading: Executor) -> None:
        self._database = database
        self._writing = writing
        self._reading = reading
        self._writer = Writer(database, writing)
        self._closed = False

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        executor: Callable[[], Executor] = one_thread,
        read_only: bool = False,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> Self:
        """Open `sqlite:///FILE`, or `sqlite://` in memory.

        `executor` makes the executors that the ledger works behind and shuts down; each runs one
        job at a time. `read_only` takes no lock and needs an existing file: for reports beside a
        running process. Raises ConfigError for a wrong URL; LedgerError where another live
        process holds the file, a newer version or another program wrote it, or it can not be
        opened.
        """
        path = ledger_path(url)
        database = Database(path, read_only=read_only, busy_timeout_ms=busy_timeout_ms)
        writing = executor()
        # In memory there is one connection, so readers stand in the writer's line.
        reading = executor() if path is not None else writing
        ledger = cls(database, writing, reading)
        try:
            await asyncio.get_running_loop().run_in_executor(writing, database.open)
        except BaseException:
            ledger._shut_down()
            raise
        return ledger

    @property
    def healthy(self) -> bool:
        """Whether the last write worked."""
        return self._writer.fault is None

    @property
    def fault(self) -> str | None:
        """Why the last write did not work, in one line; None while healthy."""
        return self._writer.fault

    @property
    def days(self) -> Days:
        """What reports ask: facts by time, and what closed days come to."""
        return SqliteDays(self._read, self._writer.write)

    def text_hash(self, text: str) -> str:
        """A hash that only this ledger can compute."""
        data = text.encode("utf-8", "surrogatepass")
        key = self._database.hash_key
        return hashlib.blake2b(data, digest_size=HASH_BYTES, key=key).hexdigest()

    async def record_inbound(self, message: MessageFact, change: Change = NO_CHANGE) -> bool:
        """Write a buyer's message and what it changes. False: known already, nothing changed."""
        assert message.direction == "in", "inbound messages come in"
        return await self._record(message, change)

    async def record_store_message(self, message: MessageFact, change: Change = NO_CHANGE) -> bool:
        """Write a message that somebody else sent for the store. False: known, nothing changed."""
        assert message.direction == "out", "the store's messages go out"
        return await self._record(message, change)

    async def record_change(self, change: Change) -> frozenset[LegKey]:
        """Write what an event without a message changes; the legs whose cancel holds."""
        return await self._writer.write(partial(rows.apply, change=change))

    async def record_rating(self, rating: RatingRow) -> bool:
        """Write what a buyer thought of the service. False: known already, nothing changed."""
        return await self._writer.write(partial(rows.insert_rating, rating=rating))

    async def record_duty(self, duty: DutyRow) -> bool:
        """Write that an agent came or left. False: known already, nothing changed."""
        return await self._writer.write(partial(rows.insert_duty, duty=duty))

    async def settle_leg(self, key: LegKey, state: LegState, result: str | None = None) -> bool:
        """Move an armed leg on; True for exactly one caller."""
        assert key.kind != "hold" or state != "fired", "a hold fires through `begin`"
        return await self._writer.write(
            partial(rows.settle_leg, key=key, state=state, result=result)
        )

    async def intend(
        self, row: OutboxRow, findings: Sequence[FindingRow] = (), *, task: TaskRow | None = None
    ) -> bool:
        """Write a send that waits or was kept back, and its task. False: the id is known."""
        job = partial(outbox.intend, row=row, findings=findings, task=task)
        return await self._writer.write(job)

    async def begin(
        self,
        row: OutboxRow,
        findings: Sequence[FindingRow] = (),
        *,
        release: Release | None = None,
    ) -> bool:
        """The only gate to the network."""
        job = partial(outbox.begin, row=row, findings=findings, release=release)
        return await self._writer.write(job)

    def begin_now(self, row: OutboxRow, findings: Sequence[FindingRow] = ()) -> bool:
        """`begin` for a caller on the loop's own thread that can not await."""
        return self._writer.write_now(partial(outbox.begin, row=row, findings=findings))

    async def finish(
        self,
        send_id: str,
        state: SendState,
        *,
        platform_id: str | None = None,
        result: str | None = None,
        message: MessageFact | None = None,
        change: Change = NO_CHANGE,
        settled: Decision | None = None,
    ) -> bool:
        """Write what came of a send, and with `sent` its message and what that changes."""
        assert message is None or state == "sent", "only what was sent is a message"

        def job(connection: sqlite3.Connection) -> bool:
            moved = outbox.finish(connection, send_id, state, platform_id, result, settled)
            if moved and message is not None:
                rows.insert_own_message(connection, message)
            if moved:
                rows.apply(connection, change)
            return moved

        return await self._writer.write(job)

    async def stale_sending(self, older_than_ms: int) -> tuple[OutboxRow, ...]:
        """Move sends that never finished to `unknown`."""
        return await self._writer.write(
            partial(outbox.park, older_than_ms=older_than_ms, why=outbox.NO_ANSWER)
        )

    async def restore(self, since_ms: int) -> Restored:
        """Once, when a process starts and before it sends: what to carry on with."""

        def job(connection: sqlite3.Connection) -> Restored:
            parked = outbox.close_left_behind(connection)
            return Restored(
                resume.armed(connection),
                resume.open_since(connection, since_ms),
                tuple(row for row in parked if row.intent_ms >= since_ms),
                todo.takeovers(connection),
                todo.latest_duty(connection, since_ms),
            )

        return await self._writer.write(job)

    async def armed_legs(self) -> tuple[ArmedLeg, ...]:
        """Every timer that is to fire, the earliest first."""
        return await self._read(resume.armed)

    async def unguarded(self, since_ms: int, now_ms: int, after: Place) -> tuple[Place, ...]:
        """Conversations behind `after` in which a buyer waits and no timer is set."""
        job = partial(resume.unguarded, since_ms=since_ms, now_ms=now_ms, after=after)
        return await self._read(job)

    async def unknown_sends(self, since_ms: int) -> tuple[OutboxRow, ...]:
        """Sends since then that may be out, oldest first."""
        return await self._read(partial(resume.unknown, since_ms=since_ms))

    async def conversation(self, store: str, conversation: str) -> ConversationFacts:
        """What is known of one conversation."""
        return await self._read(
            partial(queries.conversation_facts, store=store, conversation=conversation)
        )

    async def history(self, store: str, conversation: str, since_ms: int) -> History:
        """What happened in one conversation since then, and in its turn that is still open."""
        return await self._read(
            partial(queries.history, store=store, conversation=conversation, since_ms=since_ms)
        )

    async def waiting(self, store: str) -> tuple[ConversationFacts, ...]:
        """Conversations with an open turn, longest waiting first."""
        return await self._read(partial(queries.waiting, store=store))

    async def unfinished(self, store: str) -> tuple[ConversationFacts, ...]:
        """Conversations that somebody must go on with, longest waiting first."""
        return await self._read(partial(queries.unfinished, store=store))

    async def take_over(self, row: TakeoverRow) -> None:
        """Write that a person has a conversation, or did something there again."""
        await self._writer.write(partial(todo.take_over, row=row))

    async def hand_back(
        self, store: str, conversation: str, decision: Decision
    ) -> tuple[TaskRow, ...]:
        """Nobody has the conversation any more; the drafts kept for a person are closed."""
        job = partial(todo.hand_back, store=store, conversation=conversation, decision=decision)
        return await self._writer.write(job)

    async def tasks(self, store: str) -> tuple[TaskRow, ...]:
        """What people must decide in a store, the oldest first."""
        return await self._read(partial(todo.open_tasks, store=store))

    async def task(self, store: str, task_id: str) -> TaskRow | None:
        """One task of a store, open or done."""
        return await self._read(partial(todo.select_task, store=store, task_id=task_id))

    async def close_task(self, task_id: str, decision: Decision) -> bool:
        """It was decided; True for exactly one caller."""
        return await self._writer.write(
            partial(todo.close_task, task_id=task_id, decision=decision)
        )

    async def wipe_texts(self, older_than_ms: int) -> int:
        """Let go of the texts of older tasks; how many there were."""
        return await self._writer.write(partial(todo.wipe_texts, older_than_ms=older_than_ms))

    def messages(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[MessageFact]:
        """A store's messages with `since_ms <= at_ms < until_ms`, by time."""
        return self._pages(queries.message_page, store, since_ms, until_ms)

    def ratings(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[RatingRow]:
        """A store's ratings, as `messages`."""
        return self._pages(queries.rating_page, store, since_ms, until_ms)

    def duty(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[DutyRow]:
        """When a store's agents came and left, as `messages`."""
        return self._pages(queries.duty_page, store, since_ms, until_ms)

    async def send(self, send_id: str) -> OutboxRow | None:
        """One send."""
        return await self._read(partial(outbox.select_send, send_id=send_id))

    async def sends(self, store: str, conversation: str, since_ms: int) -> tuple[OutboxRow, ...]:
        """A conversation's latest sends, oldest first."""
        return await self._read(
            partial(queries.sends, store=store, conversation=conversation, since_ms=since_ms)
        )

    async def hold_counts(self, store: str, since_ms: int) -> dict[str, int]:
        """Per conversation, the holding replies that went out or may have, since then."""
        return await self._read(partial(queries.hold_counts, store=store, since_ms=since_ms))

    async def stores(self) -> tuple[str, ...]:
        """Every store with facts, configured or not."""
        return await self._read(queries.stores)

    async def forget(self, store: str, conversation: str) -> int:
        """Remove everything about one buyer, from the write-ahead log too; how many rows went."""
        count = await self._writer.write(
            partial(removal.forget, store=store, conversation=conversation)
        )
        await asyncio.get_running_loop().run_in_executor(self._writing, self._database.truncate_wal)
        return count

    async def retain(self, store: str, older_than_ms: int) -> int:
        """Remove what is older, batch by batch; how many rows went."""
        total = 0
        while count := await self._writer.write(
            partial(removal.remove_old, store=store, older_than_ms=older_than_ms)
        ):
            total += count
        return total

    async def check(self) -> bool:
        """Try a write: is the ledger healthy (again)?"""
        try:
            await self._writer.write(_touch)
        except LedgerError:
            return False
        return self.healthy

    async def close(self) -> None:
        """Wait for the writes under way, then let go of the file."""
        if self._closed:
            return
        self._closed = True
        await self._writer.close()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reading, self._database.close_reader)
        await loop.run_in_executor(self._writing, self._database.close)
        self._shut_down()

    async def _record(self, message: MessageFact, change: Change) -> bool:
        def job(connection: sqlite3.Connection) -> bool:
            is_new = rows.insert_message(connection, message)
            if is_new:
                rows.apply(connection, change)
            return is_new

        return await self._writer.write(job)

    async def _pages(
        self, page_of: queries.PageOf[T], store: str, since_ms: int, until_ms: int
    ) -> AsyncIterator[T]:
        after: queries.Place | None = (since_ms, 0)
        while after is not None:
            job = partial(page_of, store=store, after=after, until_ms=until_ms)
            page, after = await self._read(job)
            for fact in page:
                yield fact

    async def _read(self, job: Job[T]) -> T:
        if self._closed:
            raise LedgerError(CLOSED)
        return await asyncio.get_running_loop().run_in_executor(
            self._reading, self._database.read, job
        )

    def _shut_down(self) -> None:
        self._writing.shutdown(wait=False)
        self._reading.shutdown(wait=False)


def _touch(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO meta VALUES ('touched', randomblob(?))"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (TOUCH_BYTES,),
    )
