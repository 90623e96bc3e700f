"""What docs/sidecar.md and docs/metrics.md say is what is there; what they show is what happens."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from replygate.sidecar import limits
from replygate.sidecar.metrics import FIGURES
from replygate.sidecar.models import OutboundRequest, ScreenRequest, SentRequest
from replygate.sidecar.operators import load_operators
from replygate.sidecar.problems import CODES
from replygate.sidecar.routes import ROUTES
from sidecar_process import shop, sidecar
from system.shown import REPO, blocks_of

PAGE = "docs/sidecar.md"
TEXT = (REPO / PAGE).read_text("utf-8")
BLOCKS = blocks_of(PAGE)
FILES = {block.title: block.text for block in BLOCKS if block.title}
SHOWN = [block for block in BLOCKS if block.language == "console"]


def section(title: str) -> str:
    found = re.search(rf"^##+ {title}\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_every_route_is_on_the_page_and_no_other() -> None:
    rows = re.findall(r"^\| `(GET|POST) (/v1\S*)` \| .* \| (\w*) ?\|$", TEXT, re.MULTILINE)
    rights = {True: "act", False: "look"}
    assert rows == [
        (route.method, route.path, "" if route.is_open else rights[route.acts]) for route in ROUTES
    ]


def test_every_problem_is_on_the_page_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| (.*) \|$", TEXT, re.MULTILINE)
    assert rows == [(code, str(status), says) for code, (status, says) in CODES.items()]


@pytest.mark.parametrize(
    ("title", "model"),
    [("screen", ScreenRequest), ("outbound", OutboundRequest), ("sent", SentRequest)],
)
def test_every_field_is_on_the_page(title: str, model: Any) -> None:
    told = section(title)
    assert [name for name in model.model_fields if f"`{name}`" not in told] == []


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    for shown in (
        f"{limits.BODY_BYTES // 1024} KiB",
        f"1 to {limits.NAME_CHARS} printable",
        f"longer than {limits.ANSWER_S:g} s",
        f"After {limits.HEARTBEAT_S:g} s of silence",
        f"more than {limits.STREAM_EVENTS} events behind",
        f"read for {limits.STREAM_WRITE_S:g} s",
        f"at least {limits.TOKEN_CHARS_MIN} characters",
        f"due within {limits.DRAIN_S:g} s",
        f"{limits.CONNECTIONS:,} connections",
        f"{limits.REQUESTS} requests at work",
        f"{limits.STORE_REQUESTS} of one store",
        f"{limits.STREAMS}\n  event streams",
        f"asks within {limits.HEADERS_S:g} s",
        f"comes within {limits.BODY_S:g} s",
    ):
        assert shown in TEXT, shown


def test_every_metric_is_on_its_page_as_it_is() -> None:
    page = (REPO / "docs/metrics.md").read_text("utf-8")
    rows = re.findall(r"^\| `(replygate_\w+)` \| (\w+) \| (.*?) \| (.*) \|$", page, re.MULTILINE)
    assert rows == [
        (figure.name, figure.kind, ", ".join(f"`{name}`" for name in figure.labels), figure.says)
        for figure in FIGURES
    ]
    assert f"the first {limits.RULE_LABELS} that hit" in page
    assert set(re.findall(r"`(replygate_\w+)`", page)) == {figure.name for figure in FIGURES}
    assert set(re.findall(r"`(replygate_\w+)`", TEXT)) <= {figure.name for figure in FIGURES}


def test_the_operators_file_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TOKEN", "token-of-the-desk-")
    (tmp_path / "screen.token").write_text("token-of-the-screen", "utf-8")
    path = tmp_path / "operators.toml"
    path.write_text(FILES["operators.toml"], "utf-8")
    desk, screen = load_operators(path, ["my-shop"])
    assert (desk.can_act, desk.stores) == (True, None)
    assert (screen.can_act, screen.stores) == (False, frozenset({"my-shop"}))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page shows curl")
async def test_what_the_page_shows_is_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SHOP_TOKEN", "token-of-my-shop-1")
    stores = tmp_path / "stores"
    stores.mkdir()
    async with shop() as platform:
        store = FILES["my-shop.toml"].replace("http://127.0.0.1:8099/messages", platform.url)
        (stores / "my-shop.toml").write_text(store, "utf-8")
        async with sidecar(tmp_path, stores) as process:
            for block in SHOWN:
                for command, shown in commands(block.text):
                    here = command.replace(":8787", f":{process.port}")
                    printed = await run(here.replace(":9787", f":{process.admin}"))
                    pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
                    assert re.fullmatch(pattern, printed, re.DOTALL), f"{block}: {printed}"
        assert platform.texts == ["今天发货哦", "明天到"]


def commands(text: str) -> list[tuple[str, str]]:
    """Each command of a block with its output; a command goes on in lines that are indented."""
    found = re.findall(r"^\$ (.*\n(?:    .*\n)*)((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    return [(command, shown.rstrip("\n")) for command, shown in found]


async def run(command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    printed, _ = await process.communicate()
    return printed.decode()


def test_every_route_that_answers_is_shown() -> None:
    shown = " ".join(block.text for block in SHOWN)
    for route in ROUTES:
        if isinstance(route.answer, type):
            assert f"/{route.name}" in shown
