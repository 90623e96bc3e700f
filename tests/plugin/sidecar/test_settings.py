from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import Secret
from replygate.errors import ConfigError
from replygate.model import Draft
from replygate.sidecar.addresses import Address
from replygate.sidecar.settings import Settings, load
from served import DESK_TOKEN, write_operators, write_stores

HERE = Address("127.0.0.1", 0)
EVERYWHERE = Address("0.0.0.0", 0)  # noqa: S104 - what is to be refused
TOKEN = Secret("token-of-the-admin", "test")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(write_stores(tmp_path), HERE, HERE, "sqlite://", "-")


def problems_of(settings: Settings) -> list[str]:
    try:
        settings.require_safe()
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_what_is_safe_is_let_through(settings: Settings) -> None:
    assert problems_of(settings) == []
    assert problems_of(replace(settings, is_open=True)) == []
    assert problems_of(replace(settings, listen=EVERYWHERE)) == []
    assert problems_of(replace(settings, admin=EVERYWHERE, admin_token=TOKEN)) == []


def test_everything_that_is_not_is_named_at_once(settings: Settings) -> None:
    wide = replace(settings, listen=EVERYWHERE, admin=EVERYWHERE, is_open=True)
    listen, admin = problems_of(wide)
    assert listen == (
        "--listen: --no-auth is for this machine only, and 0.0.0.0:0 is not; "
        "listen on 127.0.0.1, or use tokens"
    )
    assert admin == (
        "--admin: 0.0.0.0:0 can be reached from elsewhere, so it needs a token; "
        "set REPLYGATE_ADMIN_TOKEN"
    )
    short = replace(settings, admin_token=Secret("short", "test"))
    assert problems_of(short) == ["REPLYGATE_ADMIN_TOKEN: has fewer than 16 characters"]


def test_everything_is_loaded(settings: Settings, tmp_path: Path) -> None:
    loaded = load(replace(settings, operators=write_operators(tmp_path)))
    assert sorted(loaded.stores) == ["one", "two"]
    loaded.access.require(loaded.access.grant(f"Bearer {DESK_TOKEN}"), "two", acts=True)
    assert loaded.platforms({}) == {}


def test_observing_changes_every_store(settings: Settings) -> None:
    loaded = load(replace(settings, observes=True))
    for store in loaded.stores.values():
        assert store.mode == "observe"
        cleared = store.gate.screen(Draft("c", "加微信"))
        assert (cleared.action, cleared.text, cleared.would) == ("pass", "加微信", "block")


def test_a_wrong_store_stops_all(settings: Settings) -> None:
    (settings.stores / "three.toml").write_text('id = "three"\nplatfrm = "pdd"\n', "utf-8")
    with pytest.raises(ConfigError, match="platfrm"):
        load(settings)
