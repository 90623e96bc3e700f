from __future__ import annotations

import inspect

import pytest

from replygate.ledger import Ledger, SqliteLedger

METHODS = sorted(name for name, _ in inspect.getmembers(Ledger) if not name.startswith("_"))


@pytest.mark.parametrize("name", METHODS)
def test_sqlite_offers_what_the_protocol_says(name: str) -> None:
    promised, kept = getattr(Ledger, name), getattr(SqliteLedger, name)
    assert type(promised) is type(kept)
    if inspect.isfunction(promised):
        assert inspect.signature(promised) == inspect.signature(kept)


def test_sqlite_offers_nothing_else() -> None:
    offered = {name for name, _ in inspect.getmembers(SqliteLedger) if not name.startswith("_")}
    assert offered == {*METHODS, "open"}
