from __future__ import annotations

from pathlib import Path

import pytest

from replygate.clock import SystemClock
from replygate.errors import ConfigError
from replygate.sidecar.addresses import Address
from replygate.sidecar.hosted import Hosted, hosted_of
from replygate.sidecar.settings import Settings, load
from replygate.testing import FakePlatform
from served import served, write_stores

TABLE = '[adapter]\nkind = "onebot"\nway = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"\n'
HERE = Address("127.0.0.1", 0)


def settings(folder: Path, listen: Address = HERE) -> Settings:
    return Settings(write_stores(folder, tables=TABLE), listen, HERE, "sqlite://", "-")


async def test_a_platform_that_goes_on_as_it_is_is_kept(tmp_path: Path) -> None:
    first = load(settings(tmp_path)).platforms({})
    path = tmp_path / "stores" / "two.toml"
    path.write_text(path.read_text("utf-8").replace(":9/x", ":9/y"), "utf-8")
    again = load(Settings(tmp_path / "stores", HERE, HERE, "sqlite://", "-")).platforms(first)
    assert again["one"] is first["one"]
    assert again["two"] is not first["two"]
    assert hosted_of([*again.values(), FakePlatform(SystemClock())]) == list(again.values())
    assert isinstance(again["one"], Hosted)


def test_where_strangers_could_come_in_a_token_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"store one.*adapter.token: is missing"):
        load(settings(tmp_path, Address("0.0.0.0", 0)))  # noqa: S104 - it must refuse


async def test_a_kind_that_nobody_has_is_no_route(tmp_path: Path) -> None:
    async with served(tmp_path) as api:
        for path in ("/onebot/v11/ws", "/http/x", "/v1/x", "/x"):
            status, problem = await api.ask("GET", path)
            assert (status, problem["code"]) == (404, "unknown-route")
        status, problem = await api.ask("POST", "/v1/events")
        assert (status, problem["code"]) == (405, "wrong-method")
