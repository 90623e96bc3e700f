from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from replygate.config import Store, load_store
from replygate.errors import ConfigError
from replygate_adapters.nonebot2.settings import Settings, read_settings, require_stores


def test_what_is_not_given_is_default() -> None:
    settings = read_settings({"REPLYGATE_STORES": "stores", "host": "127.0.0.1"})
    assert settings == Settings(stores="stores")
    assert (settings.ledger, settings.block_as) == ("sqlite:///replygate.db", "failed")


def test_accounts_may_be_numbers() -> None:
    settings = read_settings(
        {
            "replygate_stores": ["a.toml", "b.toml"],
            "replygate_bots": {10001: "a"},
            "replygate_ignore_bots": [10002],
            "replygate_ignore_adapters": {"Console"},
        }
    )
    assert settings.stores == ("a.toml", "b.toml")
    assert settings.bots == {"10001": "a"}
    assert settings.ignore_bots == {"10002"}
    assert settings.ignore_adapters == {"Console"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "REPLYGATE_STORES: is missing; expected a folder of store files"),
        ({"stores": 5}, "REPLYGATE_STORES: "),
        ({"stores": "a", "store": "a"}, "REPLYGATE_STORE: there is no such key; did you mean"),
        ({"stores": "a", "zzz": 1}, "REPLYGATE_ZZZ: there is no such key$"),
        ({"stores": "a", "block_as": "no"}, "REPLYGATE_BLOCK_AS: "),
        ({"stores": "a", "bots": ["10001"]}, "REPLYGATE_BOTS: "),
    ],
)
def test_bad_settings_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_settings({f"replygate_{key}": value for key, value in given.items()})


@pytest.fixture
def stores(tmp_path: Path) -> dict[str, Store]:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\n', "utf-8")
    return {name: load_store(tmp_path / f"{name}.toml") for name in ("a", "b")}


def test_a_bot_speaks_for_the_store_that_is_named_else_for_the_only_one(
    stores: dict[str, Store],
) -> None:
    only = {"a": stores["a"]}
    named = Settings(stores="x", bots={"1": "b"})
    assert Settings(stores="x").store_of("1", only) == "a"
    assert Settings(stores="x").store_of("1", stores) is None
    assert (named.store_of("1", stores), named.store_of("2", stores)) == ("b", None)
    require_stores(Settings(stores="x"), only)
    require_stores(named, stores)


def test_stores_that_are_not_there_and_bots_without_one_are_refused(
    stores: dict[str, Store],
) -> None:
    with pytest.raises(ConfigError, match='the bot 1 speaks for "c", which is no store; a, b are'):
        require_stores(Settings(stores="x", bots={"1": "c"}), stores)
    with pytest.raises(ConfigError, match="expected which bot speaks for which of the stores a, b"):
        require_stores(Settings(stores="x"), stores)
