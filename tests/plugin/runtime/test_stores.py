from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.errors import ConfigError, UnknownStore
from replygate.runtime.stores import gather, gather_aside

from .kit import shop


def test_stores_come_from_a_folder_paths_ids_and_stores(tmp_path: Path) -> None:
    one = shop(tmp_path)
    assert list(gather(tmp_path)) == ["shop"]
    assert list(gather(str(tmp_path / "shop.toml"))) == ["shop"]
    assert gather(one) == {"shop": one}
    assert list(gather(["demo-pdd", one])) == ["demo-pdd", "shop"]


def test_what_is_wrong_is_one_clear_error(tmp_path: Path) -> None:
    one = shop(tmp_path)
    with pytest.raises(ConfigError, match='the store "shop" is given twice'):
        gather([one, tmp_path])
    with pytest.raises(ConfigError, match="at least one store"):
        gather([])
    with pytest.raises(UnknownStore, match="demo-pd"):
        gather("demo-pd")


async def test_files_are_read_aside(tmp_path: Path) -> None:
    one = shop(tmp_path)
    assert await gather_aside(one) == {"shop": one}
    assert list(await gather_aside([tmp_path, load_store("demo-pdd")])) == ["shop", "demo-pdd"]
