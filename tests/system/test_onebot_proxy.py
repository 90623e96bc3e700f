"""A real NoneBot2 bot behind `replygate serve`, both as processes, each way, over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.onebot.ends import Peer, house, question
from served import until, write_stores
from sidecar_process import HUP, TERM, Process, sidecar

pytest.importorskip("nonebot.adapters.onebot.v11")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

BOT = Path(__file__).with_name("careless_bot.py")
SOON = '[[deadline]]\nid = "soon"\nname = "八秒"\ndue_s = 8\n'
HELLO = {
    "time": 0,
    "self_id": 10,
    "post_type": "meta_event",
    "meta_event_type": "lifecycle",
    "sub_type": "connect",
}
START_S = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def bot(**settings: object) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(BOT), json.dumps(settings), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def is_up(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def stores(folder: Path, *adapters: str) -> Path:
    """One store, or two, each with its `[adapter]`."""
    written = write_stores(folder)
    for name, adapter in zip(("one", "two"), adapters, strict=False):
        path = written / f"{name}.toml"
        table = f'[adapter]\nkind = "onebot"\n{adapter}\n'
        path.write_text(path.read_text("utf-8") + SOON + table, "utf-8")
    return written


async def join(process: Process, path: str = "one/ws", self_id: int = 10) -> Peer:
    """The implementation connects."""
    ws = await process.client.ws_connect(
        f"http://127.0.0.1:{process.port}/onebot/v11/{path}",
        headers={"X-Self-ID": str(self_id), "X-Client-Role": "Universal"},
        autoclose=False,
    )
    peer = Peer(ws, {})
    await peer.say({**HELLO, "self_id": self_id})
    return peer


def words(action: dict[str, Any]) -> str:
    """What a buyer would read of an action."""
    message = action["params"]["message"]
    parts = message if isinstance(message, list) else [{"data": {"text": message}}]
    return "".join(part["data"].get("text", "") for part in parts)


async def converse(peer: Peer) -> None:
    """What the bot says by each of its ways, as the buyer gets it."""
    ways = ("正常", "回复", "私聊", "接口", "转发", "崩", "改")
    for number, asked in enumerate(ways):
        await peer.say(question(number, asked, user=100 + number))
        action = await peer.answer()
        said = words(action)
        assert action["params"]["user_id"] == 100 + number
        if asked == "正常":
            assert said == "今天发货"
        elif asked == "回复":
            assert said == "推荐本店手环"
        else:
            # Kept back; the bot is told, says something else, and does not try again.
            assert said.startswith("抱歉"), (asked, action)


async def holds(peer: Peer, process: Process) -> None:
    """A silent bot: the hold comes before the deadline, once, and an answer after it goes out."""
    began_s = asyncio.get_running_loop().time()
    await peer.say(question(900, "沉默", user=900))
    hold = await peer.answer(data={"message_id": 901})
    assert asyncio.get_running_loop().time() - began_s < 8
    assert hold["params"]["user_id"] == 900
    assert "客服" in words(hold)
    own = question(901, words(hold), 10, post_type="message_sent", target_id=900)
    await peer.say(own)
    await peer.say(question(902, "正常", user=900))
    assert words(await peer.answer()) == "今天发货"

    def origins() -> list[str]:
        return [event["origin"] for event in process.events("reply.sent")]

    # The bot's last answer is the last line to come.
    await until(lambda: origins().count("bot") == 8 and "hold" in origins())
    assert origins().count("hold") == 1
    assert "human" not in origins()


async def test_over_a_reverse_websocket(tmp_path: Path) -> None:
    port = free_port()
    url = f"ws://127.0.0.1:{port}/onebot/v11/ws"
    ways = [f'way = "reverse-ws"\nurl = "{url}"\nself_id = "{number}"' for number in (10, 20)]
    async with bot(driver="~fastapi", host="127.0.0.1", port=port):
        await until(lambda: is_up(port), START_S)
        async with sidecar(tmp_path, stores(tmp_path, *ways)) as process:
            peer = await join(process)
            await converse(peer)
            await holds(peer, process)
            # The other store, by its self id, at the same time.
            other = await join(process, "ws", 20)
            await other.say(question(1, "正常", self_id=20))
            assert words(await other.answer()) == "今天发货"
            await until(
                lambda: {event["store"] for event in process.events("reply.sent")} == {"one", "two"}
            )
            # A reload leaves connections alone; a new one works as the old one did.
            process.signal(HUP)
            await process.told("config.loaded", 2)
            await other.say(question(2, "正常", self_id=20))
            assert words(await other.answer()) == "今天发货"
            await peer.ws.close()
            peer = await join(process)
            await peer.say(question(1_000, "正常"))
            assert words(await peer.answer()) == "今天发货"
            process.signal(TERM)
            assert await peer.closed() == 1001
            assert await process.end() == 0


async def test_over_a_forward_websocket(tmp_path: Path) -> None:
    async with house() as account:
        way = f'way = "forward-ws"\nurl = "ws://127.0.0.1:{account.port}"'
        async with sidecar(tmp_path, stores(tmp_path, way)) as process:
            own = await account.peer()
            address = f"ws://127.0.0.1:{process.port}/onebot/v11/one/ws"
            async with bot(driver="~websockets", onebot_ws_urls=[address]):
                pipe = await account.peer()
                await pipe.say(HELLO)
                await converse(pipe)
            assert await pipe.closed() in {1000, 1001, 1006}
            # The bot is gone, and its buyers are not left alone.
            await own.say(question(900, "在吗", user=900))
            assert "客服" in words(await own.answer())


async def test_a_racing_answer_goes_first_or_after_the_hold(tmp_path: Path) -> None:
    port = free_port()
    way = f'way = "reverse-ws"\nurl = "ws://127.0.0.1:{port}/onebot/v11/ws"'
    async with (
        bot(driver="~fastapi", host="127.0.0.1", port=port),
        sidecar(tmp_path, stores(tmp_path, way)) as process,
    ):
        await until(lambda: is_up(port), START_S)
        peer = await join(process)
        for user in range(30):
            await peer.say(question(user * 2, "沉默", user=user + 1))
        await asyncio.sleep(3)
        for user in range(30):
            await peer.say(question(user * 2 + 1, "正常", user=user + 1))
        said: dict[int, list[str]] = {}
        while sum("今天发货" in each for each in said.values()) < 30:
            action = await peer.answer()
            said.setdefault(action["params"]["user_id"], []).append(words(action))
        for each in said.values():
            assert len(each) <= 2
            assert each.count("今天发货") == 1


async def test_a_port_that_others_reach_asks_for_a_token(tmp_path: Path) -> None:
    way = 'way = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"'
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "replygate", "serve", "--stores", str(stores(tmp_path, way))),
        *("--listen", "0.0.0.0:0", "--ledger", "sqlite://"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), START_S)
    assert process.returncode == 1
    assert "adapter.token" in said.decode()
