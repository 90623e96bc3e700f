from __future__ import annotations

from pathlib import Path

import pytest

from kept import Kept, keep_a_day
from replygate.__main__ import main
from replygate.ledger.lock import FileLock


def forget(kept: Kept, of: str = "c-2", url: str | None = None) -> int:
    where = ("-s", kept.store, "--ledger", url or kept.url)
    return main(("forget", *where, "--conversation", of))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return keep_a_day(tmp_path)


def test_nothing_is_left_of_one_buyer(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert forget(kept) == 0
    assert capsys.readouterr().out.startswith("c-2: ")
    asked = ("evidence", "-s", kept.store, "--ledger", kept.url, "--conversation")
    assert main((*asked, "c-2")) == 1
    assert main((*asked, "c-1")) == 0
    assert forget(kept) == 1
    assert 'no conversation "c-2"' in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_not_made(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(kept, url=f"sqlite:///{tmp_path}/none.db") == 1
    assert "there is no such ledger" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_a_gate_that_runs_is_to_be_asked(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(kept.url.removeprefix("sqlite:///"))
    lock = FileLock(path)
    lock.acquire()
    try:
        assert forget(kept, of="c 2") == 1
    finally:
        lock.release()
    told = capsys.readouterr().err
    assert "in use by process" in told
    assert "/conversations/c%202/forget" in told
    assert len(told.splitlines()) == 1
