"""The plugin text for ChatGPT-On-CS, in a real `vm` of Node, talking to a real sidecar."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from served import ONE_TOKEN, TWO_TOKEN, write_stores
from sidecar_process import Process, sidecar

REPO = Path(__file__).parents[3]
NODE = REPO / "tests" / "node"
PLUGIN = Path(str(files("replygate_adapters") / "chatgpt_on_cs" / "plugin.js"))

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules" / "axios").is_dir(),
    reason="needs Node and `npm ci` in tests/node; `make test-all` does it",
)

WINDOW = {"CTX_APP_ID": "pinduoduo", "CTX_INSTANCE_ID": "41"}
ANSWER_S = 20


@dataclass(slots=True)
class Editor:
    """The bot's program with our plugin text in its editor."""

    process: asyncio.subprocess.Process

    async def answers(
        self, *messages: dict[str, str], window: dict[str, str] | None = None, **bot: Any
    ) -> dict[str, Any]:
        """What the program sends for these messages, where its bot behaves like `bot`."""
        asked = {
            "ctx": WINDOW if window is None else window,
            "messages": messages or [buyer("在吗")],
            "bot": bot,
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        line = await asyncio.wait_for(self.process.stdout.readline(), ANSWER_S)
        answered: dict[str, Any] = json.loads(line)
        return answered


def buyer(text: str, sender: str = "小明") -> dict[str, str]:
    return {"role": "OTHER", "sender": sender, "content": text, "type": "TEXT"}


def ours(text: str) -> dict[str, str]:
    return {"role": "SELF", "sender": "本店", "content": text, "type": "TEXT"}


def text(content: str) -> dict[str, str]:
    return {"type": "TEXT", "content": content}


def filled_in(folder: Path, port: int, **settings: str) -> Path:
    """The plugin text, with its first lines filled in as a user does it."""
    written = PLUGIN.read_text("utf-8")
    stores = {
        "41": {"store": "one", "tokenFile": str(folder / "one.token")},
        "douyin": {"store": "two", "tokenFile": str(folder / "two.token")},
        "99": {"store": "one", "tokenFile": str(folder / "two.token")},
    }
    values = {
        "SIDECAR": f"'http://127.0.0.1:{port}'",
        "STORES": json.dumps(stores),
        **settings,
    }
    for name, value in values.items():
        start = written.index(f"const {name} = ")
        end = written.index(";\n", start)
        written = f"{written[:start]}const {name} = {value}{written[end:]}"
    path = folder / "plugin.js"
    path.write_text(written, "utf-8")
    return path


@asynccontextmanager
async def editor(plugin: Path) -> AsyncIterator[Editor]:
    process = await asyncio.create_subprocess_exec(
        "node",
        str(NODE / "editor.js"),
        str(plugin),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": "", "http_proxy": "http://127.0.0.1:9"},
        executable=shutil.which("node"),
    )
    try:
        yield Editor(process)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def both(folder: Path, **settings: str) -> AsyncIterator[tuple[Editor, Process]]:
    (folder / "one.token").write_text(f"{ONE_TOKEN}\n", "utf-8")
    (folder / "two.token").write_text(TWO_TOKEN, "utf-8")
    stores = write_stores(folder, tables="[holding]\nmax_per_turn = 0\n")
    async with (
        sidecar(folder, stores) as process,
        editor(filled_in(folder, process.port, **settings)) as program,
    ):
        yield program, process


async def test_a_reply_passes_is_rewritten_or_blocked(tmp_path: Path) -> None:
    async with both(tmp_path) as (program, process):
        passed = await program.answers(reply=text("今天发货"))
        rewritten = await program.answers(buyer("什么牌子", "小红"), reply=text("小米手环"))
        blocked = await program.answers(buyer("怎么联系", "小刚"), reply=text("加微信聊"))

        assert passed["reply"] == text("今天发货")
        assert rewritten["reply"] == text("本店手环")
        assert blocked["reply"] == {"type": "NO_REPLY", "content": ""}
        assert any("chat" in line for line in blocked["lines"])

        # Whoever was answered waits no more; whose answer was blocked still does.
        status, told = await process.ask("GET", "/v1/stores/one/conversations")
        assert status == 200
        assert [waiting["conversation"] for waiting in told["conversations"]] == ["小刚"]


async def test_what_says_nothing_goes_through(tmp_path: Path) -> None:
    async with both(tmp_path) as (program, _):
        for silent in ({"type": "NO_REPLY", "content": ""}, {"type": "TRANSFER", "content": "无"}):
            assert (await program.answers(reply=silent))["reply"] == silent


async def test_a_picture_is_judged_by_its_name(tmp_path: Path) -> None:
    async with both(tmp_path) as (program, _):
        fine = {"type": "IMAGE", "content": "C:\\微信图片\\尺码表.png"}
        assert (await program.answers(reply=fine))["reply"] == fine
        bad = {"type": "FILE", "content": "D:\\shop\\加微信.pdf"}
        assert (await program.answers(reply=bad))["reply"]["type"] == "NO_REPLY"
        renamed = {"type": "FILE", "content": "shop/小米手环.pdf"}
        assert (await program.answers(reply=renamed))["reply"]["type"] == "NO_REPLY"


async def test_a_slow_bot_is_overtaken_by_the_holding_reply(tmp_path: Path) -> None:
    hold = {"HOLD_TEXTS": "['客服马上回来，请稍等～']", "HOLD_BEFORE_S": "299"}
    async with both(tmp_path, **hold) as (program, process):
        answered = await program.answers(reply=text("今天发货"), after_ms=8_000)
        assert answered["reply"] == text("客服马上回来，请稍等～")
        (closed,) = await process.told("turn.closed")
        assert closed["origin"] == "hold"


async def test_a_bot_in_time_is_not_overtaken(tmp_path: Path) -> None:
    async with both(tmp_path, HOLD_BEFORE_S="290") as (program, _):
        answered = await program.answers(reply=text("今天发货"), after_ms=50)
        assert answered["reply"] == text("今天发货")


async def test_a_forbidden_holding_reply_does_not_go_out_either(tmp_path: Path) -> None:
    async with both(tmp_path, HOLD_TEXTS="['加微信等我']", HOLD_BEFORE_S="300") as (program, _):
        answered = await program.answers(reply=text("今天发货"), after_ms=5_000)
        assert answered["reply"]["type"] == "NO_REPLY"


async def test_the_window_chooses_the_store(tmp_path: Path) -> None:
    async with both(tmp_path) as (program, process):
        by_app = {"CTX_APP_ID": "douyin", "CTX_INSTANCE_ID": "7"}
        await program.answers(buyer("在吗", "小兰"), window=by_app, throws="no model")
        _, told = await process.ask("GET", "/v1/stores/two/conversations", token=TWO_TOKEN)
        assert [waiting["conversation"] for waiting in told["conversations"]] == ["小兰"]


async def test_messages_since_our_last_one_are_told_once(tmp_path: Path) -> None:
    async with both(tmp_path) as (program, process):
        asked = (buyer("旧的"), ours("好的"), buyer("在吗"), buyer("多久发货"))
        await program.answers(*asked, reply=text("今天发货"))
        await program.answers(*asked, reply=text("今天发货"))
        told = await process.told("message.received", 4)
        assert [message["new"] for message in told] in (
            [True, True, False, False],
            # The clock's minute ended between the two.
            [True, True, True, True],
        )


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"window": {"CTX_APP_ID": "x"}}, "STORES names no store"),
        ({"window": {**WINDOW, "CTX_INSTANCE_ID": "99"}}, "there is no such store"),
        ({"throws": "the model is down"}, "the model is down"),
        ({"reply": {"type": "LINK", "content": "x"}}, "can not be judged"),
        ({"reply": None}, "gave no reply"),
    ],
)
async def test_whatever_fails_nothing_goes_out(
    tmp_path: Path, case: dict[str, Any], says: str
) -> None:
    async with both(tmp_path) as (program, _):
        answered = await program.answers(**{"reply": text("今天发货"), **case})
    assert answered["reply"] == {"type": "NO_REPLY", "content": ""}
    assert says in "\n".join(answered["lines"])
    assert ONE_TOKEN not in "\n".join(answered["lines"])


async def test_without_the_sidecar_nothing_goes_out_or_a_person_takes_over(tmp_path: Path) -> None:
    (tmp_path / "one.token").write_text(ONE_TOKEN, "utf-8")
    plugin = filled_in(tmp_path, 9, WHEN_BLOCKED="'TRANSFER'")
    async with editor(plugin) as program:
        answered = await program.answers(reply=text("今天发货"))
    assert answered["reply"] == {"type": "TRANSFER", "content": "无"}


async def test_the_harness_sees_what_a_careless_plugin_does(tmp_path: Path) -> None:
    plugin = tmp_path / "careless.js"
    plugin.write_text("async function main() { require('net'); }", "utf-8")
    async with editor(plugin) as program:
        assert "Module net is not available" in (await program.answers(reply=None))["threw"]
    plugin.write_text("function main() { return Promise.resolve({type: 'TEXT'}); }", "utf-8")
    async with editor(plugin) as program:
        assert "gave no reply" in (await program.answers(reply=None))["threw"]
