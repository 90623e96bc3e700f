from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger import (
    ClockRow,
    DutyRow,
    FindingRow,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TurnRow,
)
from replygate.ledger.schema import MIGRATIONS, check_version, hash_key, migrate

# A history that never was: version 1 lacks what version 2 adds.
OLD = (("CREATE TABLE note (text TEXT NOT NULL) STRICT",),)
NEW = (*OLD, ("ALTER TABLE note ADD COLUMN at_ms INTEGER", "UPDATE note SET at_ms = 0"))

TABLES = {
    "message": MessageFact,
    "turn": TurnRow,
    "clock": ClockRow,
    "leg": LegRow,
    "outbox": OutboxRow,
    "finding": FindingRow,
    "rating": RatingRow,
    "duty": DutyRow,
}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    yield opened
    opened.close()


def dump(connection: sqlite3.Connection) -> list[str]:
    return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]


@pytest.mark.parametrize("table", TABLES)
def test_columns_stand_as_the_facts_fields(connection: sqlite3.Connection, table: str) -> None:
    migrate(connection)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    assert columns == [field.name for field in fields(TABLES[table])]


def test_the_first_opening_makes_the_tables_once(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = dump(connection)
    migrate(connection)
    assert dump(connection) == before
    check_version(connection)


def test_an_older_file_becomes_a_newer_one_with_its_facts(connection: sqlite3.Connection) -> None:
    migrate(connection, OLD)
    connection.execute("INSERT INTO note VALUES ('早')")
    migrate(connection, NEW)
    assert connection.execute("SELECT * FROM note").fetchall() == [("早", 0)]
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_step_that_fails_leaves_the_file_as_it_was(connection: sqlite3.Connection) -> None:
    migrate(connection, OLD)
    connection.execute("INSERT INTO note VALUES ('早')")
    before = dump(connection)
    broken = (*OLD, ("ALTER TABLE note ADD COLUMN at_ms INTEGER", "UPDATE nothing SET x = 0"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, broken)
    assert dump(connection) == before
    migrate(connection, NEW)


def test_a_newer_file_is_refused_untouched(connection: sqlite3.Connection) -> None:
    migrate(connection, NEW)
    before = dump(connection)
    with pytest.raises(LedgerError, match="it has version 2, this replygate knows version 1 at mo"):
        migrate(connection, OLD)
    assert dump(connection) == before


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE orders (id TEXT)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"],
)
def test_another_programs_file_is_refused_untouched(
    connection: sqlite3.Connection, statement: str
) -> None:
    connection.execute(statement)
    before = dump(connection)
    with pytest.raises(LedgerError, match="the database of another program"):
        migrate(connection)
    assert dump(connection) == before


def test_a_reader_wants_the_version_it_knows(connection: sqlite3.Connection) -> None:
    migrate(connection, OLD)
    with pytest.raises(LedgerError, match="it has version 1, this replygate reads version 2"):
        check_version(connection, NEW)


def test_the_key_is_made_once(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert hash_key(connection) == hash_key(connection)
    assert len(hash_key(connection)) == 32


DIGESTS = ("1229de1c8d488558", "b023d9c3307dcad4")
"""Files of other people have these: what is new is one more."""


def test_a_migration_is_never_edited() -> None:
    digests = (hashlib.sha256(repr(each).encode()).hexdigest()[:16] for each in MIGRATIONS)
    assert tuple(digests) == DIGESTS
