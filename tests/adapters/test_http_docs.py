"""What docs/http-platform.md shows runs, against a platform that is as real as it gets here."""

from __future__ import annotations

import json
import runpy
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from replygate.config import check_file
from replygate.config.template import VARIABLES
from replygate_adapters import http
from system.shown import REPO, blocks_of, write_files

PAGE = "docs/http-platform.md"
BLOCKS = blocks_of(PAGE)
TEXT = (REPO / PAGE).read_text("utf-8")


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORNER_SHOP_SIGNING_KEY", "sign")
    monkeypatch.setenv("CORNER_SHOP_API_KEY", "Bearer key")
    write_files(BLOCKS, tmp_path)
    return tmp_path


def ran(title: str) -> dict[str, Any]:
    (block,) = (block for block in BLOCKS if block.language == "python" and block.title == title)
    path = Path(f"block_{block.line}.py")
    path.write_text(block.text, "utf-8")
    return runpy.run_path(str(path))


async def test_the_example_sends_what_the_page_shows_and_signs_it(shop: Path) -> None:
    seen: list[tuple[Any, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append((request.headers, await request.read()))
        return web.json_response({"data": {"msg_id": "m-9"}})

    app = web.Application()
    app.router.add_post("/messages", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    file = shop / "corner-shop.toml"
    port = str(runner.addresses[0][1])
    file.write_text(file.read_text("utf-8").replace("8099", port), "utf-8")
    try:
        assert await ran("")["say"]("今天发货") == "m-9"
    finally:
        await runner.cleanup()

    ((headers, body),) = seen
    (shown,) = (block for block in BLOCKS if block.language == "json")
    assert json.loads(body) == json.loads(shown.text)
    assert headers["Authorization"] == "Bearer key"
    is_ours = ran("verify.py")["is_ours"]
    assert is_ours(b"sign", headers, body)
    assert not is_ours(b"sign", headers, body + b" ")
    assert not is_ours(b"other", headers, body)
    late = {**headers, "X-Replygate-Timestamp": str(int(time.time()) - 301)}
    assert not is_ours(b"sign", late, body)
    late["X-Replygate-Signature"] = http.sign("sign", late["X-Replygate-Timestamp"], body)
    assert not is_ours(b"sign", late, body)


def test_the_check_takes_six_lines() -> None:
    (block,) = (block for block in BLOCKS if block.title == "verify.py")
    assert len([line for line in block.text.splitlines() if line]) <= 6


def test_every_table_is_a_good_store(shop: Path) -> None:
    store = (shop / "corner-shop.toml").read_text("utf-8")
    (more,) = (block for block in BLOCKS if block.language == "toml" and not block.title)
    (shop / "more.toml").write_text(f"{store}\n{more.text}", "utf-8")
    for name in ("corner-shop.toml", "more.toml"):
        result = check_file(name)
        assert result.ok, result.problems
    assert {block.language for block in BLOCKS} == {"toml", "json", "python"}


def test_the_page_names_every_variable_and_limit() -> None:
    assert [name for name in VARIABLES if f"| `{{{name}}}` |" not in TEXT] == []
    flat = " ".join(TEXT.split())
    assert f"At most {http.CONNECTIONS} messages" in flat
    assert f"At most {http.ANSWER_BYTES // 1024} KB" in flat
    assert f"{http.BUSY_MIN_S:g} s to an hour), else after {http.BUSY_S:g} s" in flat
    assert http.BUSY_MAX_S == 3600
    assert http.CONNECT_SHARE == 0.5
    assert "half of `timeout_s`" in flat
