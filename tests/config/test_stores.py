"""The packaged demo stores: the platform's default profile and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from replygate.config import load_store
from replygate.model import Draft

STORES = (
    "demo-pdd",
    "demo-douyin",
    "demo-kuaishou",
    "demo-jd",
    "demo-xiaohongshu",
    "demo-tmall",
)


def test_these_are_packaged() -> None:
    room = files("replygate_config") / "stores"
    assert {path.name for path in room.iterdir()} == {f"{name}.toml" for name in STORES}


@pytest.mark.parametrize("name", STORES)
def test_a_demo_store_says_only_which_platform_it_is_on(
    name: str, read_packaged: Callable[[str, str], dict[str, Any]]
) -> None:
    table = read_packaged("stores", name)
    assert set(table) == {"id", "name", "platform", "edition"}
    assert (table["id"], table["edition"]) == (name, "sources-2023")


@pytest.mark.parametrize("name", STORES)
def test_its_age_is_the_only_thing_to_warn_about(name: str) -> None:
    fresh = load_store(name, today=dt.date(2023, 12, 1))
    assert fresh.warnings == ()
    aged = load_store(name, today=dt.date(2026, 11, 20))
    assert ["older than twelve months" in str(warning) for warning in aged.warnings] == [True]


@pytest.mark.parametrize("name", STORES)
def test_its_holding_texts_pass_its_own_gate(name: str) -> None:
    store = load_store(name)
    texts = (*store.holding.texts, *store.holding.off_duty_texts)
    assert texts
    for text in texts:
        assert store.gate.screen(Draft("c-1", text, origin="hold")).findings == ()
