from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from replygate.config import Holding, load_store


def test_a_store_never_changes() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    store = load_store("s.toml")
    with pytest.raises(FrozenInstanceError):
        store.name = "other"  # type: ignore[misc]  # that is the point
    with pytest.raises(FrozenInstanceError):
        store.holding.texts = ()  # type: ignore[misc]  # that is the point


def test_lists_of_a_store_are_tuples() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    holding = load_store("s.toml").holding
    assert isinstance(holding, Holding)
    assert isinstance(holding.texts, tuple)
    assert isinstance(holding.off_duty_texts, tuple)
