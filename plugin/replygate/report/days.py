"""What a store's days come to: read where it is kept, worked out from the facts where it is not."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from replygate.config import Store
from replygate.errors import LedgerError
from replygate.ledger import Ledger, SummaryRow
from replygate.ledger.lines import FOREVER_MS
from replygate.ledger.summaries import REACH_MS
from replygate.report.gather import ONE_DAY, DayRows, read_days, start_ms
from replygate.report.kept import Day, to_body
from replygate.report.law import counted, law_of
from replygate.report.work_out import work_out

END_MS: Final = FOREVER_MS
"""Later than everything: what a closed day has not answered by its end is not answered."""


WORTH_KEEPING_MS: Final = 60_000
"""A day that is about to come to something else is not worth two writes."""


async def day_summaries(
    ledger: Ledger, store: Store, days: Iterable[dt.date], *, now_ms: int, keep: bool
) -> dict[dt.date, Day]:
    """What these days come to at `now_ms`. Raises LedgerError where they can not be read.

    With `keep`, which needs a ledger that can be written, what is worked out is kept for as long
    as it holds: that of a closed day (`is_closed`) for ever, that of today until a fact is added
    or somebody has waited too long.
    """
    wanted = set(days)
    if not wanted:
        return {}
    law = law_of(store)
    rows = await ledger.days.summaries(store.id, min(wanted).toordinal(), max(wanted).toordinal())
    kept = {
        date: Day(row.body)
        for row in rows
        if row.law == law
        and row.from_ms <= now_ms < row.until_ms
        and (date := dt.date.fromordinal(row.day)) in wanted
    }
    missing = wanted - kept.keys()
    if not missing:
        return kept
    if keep:
        return {**kept, **await _worked_out(ledger, store, missing, law, now_ms)}
    return {**kept, **await _from_facts(ledger, store, missing, now_ms)}


def is_closed(day: dt.date, now_ms: int) -> bool:
    """Whether no fact that is still to come can belong to this day, late ones aside."""
    return closed_ms(day) <= now_ms


def closed_ms(day: dt.date) -> int:
    """When a day is closed: as long after its end as a fact reaches."""
    return start_ms(day + ONE_DAY) + REACH_MS


async def _worked_out(
    ledger: Ledger, store: Store, days: set[dt.date], law: str, now_ms: int
) -> dict[dt.date, Day]:
    """Work days out and keep what they come to, where no late fact comes in between."""
    token = f"claim {uuid.uuid4().hex}"
    ordinals = sorted(day.toordinal() for day in days)
    try:
        await ledger.days.claim(store.id, ordinals, token)
    except LedgerError:
        # It says itself that it is not healthy; the report is as right without keeping anything.
        return await _from_facts(ledger, store, days, now_ms)
    found = await _from_facts(ledger, store, days, now_ms)
    rows = []
    for date, day in found.items():
        from_ms = closed_ms(date) if is_closed(date, now_ms) else now_ms
        if day.until_ms - from_ms >= WORTH_KEEPING_MS:
            rows.append(
                SummaryRow(store.id, date.toordinal(), law, day.body, from_ms, day.until_ms)
            )
    try:
        await ledger.days.put(rows, token)
    except LedgerError:
        return found
    return found


async def _from_facts(
    ledger: Ledger, store: Store, days: Iterable[dt.date], now_ms: int
) -> dict[dt.date, Day]:
    found: dict[dt.date, Day] = {}
    async for some in read_days(ledger, store.id, days):
        # The loop has buyers to look after, and a day of a large shop takes a while.
        found |= await asyncio.to_thread(_bodies, store, some, now_ms)
    return found


def _bodies(store: Store, days: Sequence[DayRows], now_ms: int) -> dict[dt.date, Day]:
    ids = [rule.id for rule in counted(store)]
    found = {}
    for day in days:
        at_ms = END_MS if is_closed(day.day, now_ms) else now_ms
        summary = work_out(store, day, at_ms)
        found[day.day] = Day(to_body(summary, ids), summary.until_ms)
    return found


def days_of(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days from `first` to `last`, both inclusive."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)
