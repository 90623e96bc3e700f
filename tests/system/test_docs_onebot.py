"""What docs/onebot.md shows is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from replygate.config import OneBotAdapter, load_stores
from replygate_adapters.onebot import answers, dialing, frames, turnstile
from replygate_adapters.onebot.paths import target_of
from replygate_adapters.onebot.platform import OneBotPlatform

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "onebot.md").read_text("utf-8")


async def test_the_stores_are_good_and_each_way_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = re.findall(r'env = "(\w+)"', TEXT)
    for name in names:
        monkeypatch.setenv(name, f"secret-of-{name}-here")
    for name, text in re.findall(r"```toml file=stores/(\S+)\n(.*?)```", TEXT, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    adapters = [store.adapter for store in load_stores(tmp_path).values()]
    assert all(isinstance(adapter, OneBotAdapter) for adapter in adapters)
    ways = [adapter.way for adapter in adapters if isinstance(adapter, OneBotAdapter)]
    assert sorted(ways) == ["forward-ws", "http", "reverse-ws"]
    for store in load_stores(tmp_path).values():
        assert OneBotPlatform(store).keeps(store)


def test_the_addresses_are_the_proxys() -> None:
    found = re.findall(r"(?:ws|http)://127\.0\.0\.1:8787(/[^\s\"`]*)", TEXT)
    assert len(found) >= 5
    for path in found:
        assert target_of(path + ("get_status" if path.endswith("/api/") else "")), path


def test_the_figures_are_true() -> None:
    for code in (answers.KEPT_BACK, answers.NOT_JUDGED, answers.NOT_SENT):
        assert f"`retcode` {code}" in TEXT
    assert f"{turnstile.REPEAT_S:g} s" in TEXT
    assert f"{dialing.RETRY_MIN_S:g} to {dialing.RETRY_MAX_S:g} s" in TEXT
    assert f"{frames.FRAME_BYTES // 2**20} MiB" in TEXT
