from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger.database import CAUSES, Database
from replygate.ledger.schema import MIGRATIONS
from replygate.ledger.writer import commit

ASK = "SELECT name FROM meta ORDER BY name"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path, read_only=False, busy_timeout_ms=1)
    opened.open()
    yield opened
    opened.close()


def write(database: Database, name: str) -> None:
    (outcome,) = commit(
        database, [lambda c: c.execute("INSERT INTO meta VALUES (?, x'00')", (name,))]
    )
    assert outcome.error is None


def names(database: Database) -> list[str]:
    return database.read(lambda c: [name for (name,) in c.execute(ASK)])


def test_durability_is_not_left_to_chance(database: Database) -> None:
    settings = {
        name: database.writer().execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_the_reader_only_reads(database: Database) -> None:
    with pytest.raises(LedgerError, match="could not be read: the file is read-only"):
        database.read(lambda c: c.execute("DELETE FROM meta"))


def test_the_reader_sees_what_is_committed(database: Database) -> None:
    write(database, "a")
    assert names(database) == ["a", "hash_key"]


def test_a_dropped_writer_comes_back(database: Database) -> None:
    database.drop()
    database.drop()
    write(database, "a")
    assert names(database) == ["a", "hash_key"]


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_goes_is_missed_and_made_anew(
    database: Database, path: Path, *, replaced: bool
) -> None:
    write(database, "a")
    key = database.hash_key
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink()
    if replaced:
        path.touch(0o600)
    with pytest.raises(LedgerError, match="written: the file was moved, replaced or deleted"):
        write(database, "b")
    write(database, "c")
    assert names(database) == ["c", "hash_key"]
    assert database.hash_key != key


def test_a_newer_version_is_refused_in_one_line(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA application_id = 0x52475431")
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(LedgerError) as caught:
        Database(path, read_only=False, busy_timeout_ms=1).open()
    assert str(caught.value).startswith(f"the ledger {path} could not be opened: it has version")
    assert "a newer replygate has written it" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(LedgerError, match="this replygate reads version"):
        Database(path, read_only=True, busy_timeout_ms=1).open()


def test_what_fails_to_open_holds_no_lock(path: Path) -> None:
    path.write_bytes(b"no database" * 200)
    for _ in range(2):
        with pytest.raises(LedgerError, match="damaged or no ledger"):
            Database(path, read_only=False, busy_timeout_ms=1).open()
    path.write_bytes(b"")
    database = Database(path, read_only=False, busy_timeout_ms=1)
    database.open()
    database.close()


def test_an_old_sqlite_is_named(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(LedgerError, match=r"needs SQLite 3\.37 or newer"):
        Database(path, read_only=False, busy_timeout_ms=1).open()


def test_a_reader_in_the_way_of_cleaning_is_told_of(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute(ASK).fetchall()
        write(database, "a")
        with pytest.raises(LedgerError, match="could not be cleaned: somebody is reading"):
            database.truncate_wal()
    database.truncate_wal()
    assert path.with_name("ledger.db-wal").stat().st_size == 0


def test_a_ledger_in_memory_needs_no_cleaning() -> None:
    database = Database(None, read_only=False, busy_timeout_ms=1)
    database.open()
    write(database, "a")
    database.drop()
    database.truncate_wal()
    assert names(database) == ["a", "hash_key"]
    database.close()


@pytest.mark.parametrize(("code", "cause"), CAUSES.items())
def test_every_cause_is_said_in_words(database: Database, code: int, cause: str) -> None:
    error = sqlite3.OperationalError("as SQLite puts it")
    error.sqlite_errorcode = code | (3 << 8)
    said = database.describe("written", error)
    assert said.endswith(f"could not be written: {cause} (as SQLite puts it)")
