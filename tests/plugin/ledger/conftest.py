from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from replygate.ledger.schema import migrate


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("PRAGMA foreign_keys = ON")
    migrate(opened)
    yield opened
    opened.close()
