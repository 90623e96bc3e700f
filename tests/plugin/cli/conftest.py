from __future__ import annotations

from pathlib import Path

import pytest

from command_line import STORE


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The path of a store that blocks 微信, rewrites 小米手环 and warns of 稍等."""
    path = tmp_path / "corner-shop.toml"
    path.write_text(STORE, "utf-8")
    return str(path)
