"""Opens a ledger for a report, beside the process that writes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from replygate.errors import ConfigError, Problem
from replygate.ledger import Ledger, SqliteLedger
from replygate.ledger.url import ledger_path


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Ledger]:
    """The ledger, for reading only: nobody is kept out, and nothing is kept (`keep=False`).

    Raises ConfigError for a URL that names no file; LedgerError where there is no such ledger, or
    it was written by another version.
    """
    if ledger_path(url) is None:
        what = "a ledger in memory is empty for everybody else"
        raise ConfigError([Problem("ledger", 0, "", what, "name its file: sqlite:///FILE")])
    ledger = await SqliteLedger.open(url, read_only=True)
    try:
        yield ledger
    finally:
        await ledger.close()
