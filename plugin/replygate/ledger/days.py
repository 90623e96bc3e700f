"""What reports ask of a ledger: the facts of a span of time, and what closed days come to."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol

from replygate.ledger import pages, summaries
from replygate.ledger.lines import ConversationPage, SpanPage, SummaryRow

Job = Callable[[sqlite3.Connection], Any]
Run = Callable[[Job], Awaitable[Any]]
"""Runs a job in a transaction; its result."""


class Days(Protocol):
    """A store's facts by time, for reports. Times are Unix ms, spans are half open.

    A span comes page by page, each of one moment, so that nobody else waits long: a fact that is
    written meanwhile may be missing, and takes the claim of its day away. Every method raises
    LedgerError where the facts could not be read or written.
    """

    def span(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[SpanPage]:
        """Messages, findings, ratings, comings and goings by `at_ms`; sends by `intent_ms`; the
        timers of holds and promises by when their turns were asked.
        """

    async def of_conversation(self, store: str, conversation: str) -> ConversationPage:
        """What is known of one conversation besides its messages and turns.

        `CONVERSATION_ROWS_MAX` of each kind at most, the latest.
        """

    async def first_ms(self, store: str) -> int | None:
        """When the oldest message of a store was written; None where there is none."""

    async def summaries(self, store: str, first: int, last: int) -> tuple[SummaryRow, ...]:
        """What is kept of these days (ordinals of dates, both inclusive), claims too, by day."""

    async def claim(self, store: str, days: Sequence[int], token: str) -> None:
        """Say that these days are being worked out, before their facts are read."""

    async def put(self, rows: Sequence[SummaryRow], token: str) -> int:
        """Keep what these days come to; how many of them no fact has touched since the claim."""


class SqliteDays:
    """`Days` in SQLite. `read` and `write` run a job in a transaction."""

    def __init__(self, read: Run, write: Run) -> None:
        self._read = read
        self._write = write

    async def span(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[SpanPage]:
        """Facts of every kind, each by its time."""
        after: pages.Places = dict.fromkeys(pages.KINDS, (since_ms, 0))
        first = True
        while after:
            job = partial(pages.span_page, after=after, until_ms=until_ms, first=first)
            page, after = await self._read(partial(job, store=store))
            first = False
            yield page

    async def of_conversation(self, store: str, conversation: str) -> ConversationPage:
        """What is known of one conversation besides its messages and turns."""
        job = partial(pages.of_conversation, store=store, conversation=conversation)
        found: ConversationPage = await self._read(job)
        return found

    async def first_ms(self, store: str) -> int | None:
        """When the oldest message of a store was written; None where there is none."""
        first: int | None = await self._read(partial(pages.first_ms, store=store))
        return first

    async def summaries(self, store: str, first: int, last: int) -> tuple[SummaryRow, ...]:
        """What is kept of these days, claims too, by day."""
        job = partial(summaries.select, store=store, first=first, last=last)
        rows: tuple[SummaryRow, ...] = await self._read(job)
        return rows

    async def claim(self, store: str, days: Sequence[int], token: str) -> None:
        """Say that these days are being worked out, before their facts are read."""
        await self._write(partial(summaries.claim, store=store, days=days, token=token))

    async def put(self, rows: Sequence[SummaryRow], token: str) -> int:
        """Keep what these days come to; how many of them no fact has touched since the claim."""
        kept: int = await self._write(partial(summaries.put, rows=rows, token=token))
        return kept
