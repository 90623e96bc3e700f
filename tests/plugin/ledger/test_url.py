from __future__ import annotations

from pathlib import Path

import pytest

from replygate.errors import ConfigError
from replygate.ledger.url import ledger_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite://", None),
        ("sqlite:///replygate.db", Path("replygate.db")),
        ("sqlite:///data/replygate.db", Path("data/replygate.db")),
        ("sqlite:////var/lib/replygate.db", Path("/var/lib/replygate.db")),
        ("sqlite:///100%25.db", Path("100%25.db")),
    ],
)
def test_a_ledger_url(url: str, path: Path | None) -> None:
    assert ledger_path(url) == path


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("", ""),
        ("replygate.db", ""),
        ("postgresql://db/replygate", ""),
        ("sqlit:///replygate.db", "did you mean sqlite:///…?"),
        ("sqlite3:///replygate.db", "did you mean sqlite:///…?"),
        ("sqlite:replygate.db", ""),
        ("sqlite://replygate.db", "did you mean sqlite:///replygate.db?"),
        ("sqlite:///", ""),
        ("sqlite:///:memory:", "did you mean sqlite://?"),
        ("sqlite:///replygate.db?mode=ro", "options after ? or # are not taken"),
    ],
)
def test_what_is_no_ledger_url(url: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ledger_path(url)
    (problem,) = caught.value.problems
    assert repr(url) in problem.what
    assert "sqlite:///FILE" in problem.what
    assert problem.hint == hint
