from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.ledger import SummaryRow
from replygate.ledger.summaries import day_of, put, select
from replygate.timing.calendar import local_day

FACTS = ("message", "outbox", "finding", "rating", "duty")


@given(at_ms=st.integers(694_224_000_000, 4_000_000_000_000))
def test_a_day_is_the_platforms(at_ms: int) -> None:
    assert day_of(at_ms) == local_day(at_ms).toordinal()


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("event", ["insert", "update", "delete"])
def test_every_fact_has_its_triggers(
    connection: sqlite3.Connection, table: str, event: str
) -> None:
    triggers = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    assert [name for (name,) in triggers if name.startswith(f"{table}_{event}")]


def test_a_summary_that_nobody_claimed_is_not_put(connection: sqlite3.Connection) -> None:
    assert put(connection, [SummaryRow("shop", 1, "law", "{}")], "token") == 0
    assert select(connection, "shop", 0, 9) == ()
