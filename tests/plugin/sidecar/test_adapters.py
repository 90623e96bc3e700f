from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import Store, load_stores
from replygate.errors import ConfigError
from replygate.sidecar import adapters
from served import write_stores

TABLE = '[adapter]\nkind = "http"\nurl = "http://127.0.0.1:9/send"\n'


@pytest.fixture
def stores(tmp_path: Path) -> dict[str, Store]:
    return load_stores(write_stores(tmp_path, tables=TABLE))


async def test_the_http_adapter_is_found_by_its_entry_point(stores: dict[str, Store]) -> None:
    makers = adapters.makers_of(stores.values())
    platforms = [make(stores[name]) for name, make in makers.items()]
    assert [type(platform).__name__ for platform in platforms] == ["HttpPlatform"] * 2
    await adapters.close(platforms)


def test_a_store_without_adapter_has_none(stores: dict[str, Store]) -> None:
    bare = [replace(store, adapter=None) for store in stores.values()]
    assert adapters.makers_of(bare) == {}


def test_an_adapter_that_is_not_installed_is_named(stores: dict[str, Store]) -> None:
    adapter = stores["one"].adapter
    assert adapter is not None
    wrong = replace(stores["one"], adapter=replace(adapter, kind="htpp"))
    with pytest.raises(ConfigError, match='there is no adapter "htpp"; did you mean http'):
        adapters.makers_of([wrong])
    far = replace(stores["one"], adapter=replace(adapter, kind="zzz"))
    with pytest.raises(ConfigError, match="known are"):
        adapters.makers_of([far])


async def test_a_platform_without_close_needs_none() -> None:
    class Bare:
        async def send(self, _cleared: object) -> None: ...

    await adapters.close([Bare()])  # type: ignore[list-item] # it sends nothing
