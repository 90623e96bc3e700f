from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from replygate.clock import SystemClock
from replygate.config import load_store
from replygate.errors import SendUncertain
from replygate.events import Inbound, Presence
from replygate.journal import Journal
from replygate.ledger import InlineExecutor
from replygate.model import Draft
from replygate.notify import Notifier
from replygate.notify.wire import Answer, Request
from replygate.runtime import ReplyGate
from replygate.runtime.telling import Telling
from replygate.testing import FakePlatform

from .kit import SHOP, Pages, World, shop
from .virtual import run


class Ears(Notifier):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None, Mapping[str, Any]]] = []
        self.fails = False

    def hear(self, event: str, store: str | None, fields: Mapping[str, Any]) -> None:
        if self.fails:
            raise RuntimeError("broken")
        self.heard.append((event, store, fields))


def test_everything_is_written_and_people_hear_what_is_for_them() -> None:
    pages, ears = Pages(), Ears()
    telling = Telling(pages)
    telling.emit("people.told", store="s", conversation="c", reason="warn")
    telling.tell(ears, {})
    telling.emit("people.told", store="s", conversation="c", reason="waiting")
    telling.emit("reply.sent", store="s", conversation="c")
    assert [name for name, _ in pages.events] == ["people.told", "people.told", "reply.sent"]
    assert ears.heard == [("people.told", "s", {"conversation": "c", "reason": "waiting"})]


def test_a_fault_in_telling_is_said_and_stops_nothing() -> None:
    pages, ears = Pages(), Ears()
    telling = Telling(pages)
    telling.tell(ears, {})
    ears.fails = True
    telling.emit("people.told", store="s", reason="waiting")
    (failed,) = pages.named("task.failed")
    assert failed["task"] == "telling people.told"


@pytest.mark.parametrize("log_text", ["none", "hash", "findings", "full"])
def test_people_see_what_the_journal_shows(tmp_path: Path, log_text: str) -> None:
    store = shop(tmp_path, f'privacy.log_text = "{log_text}"')
    file = io.BytesIO()
    journal = Journal(file)
    telling = Telling(journal)
    telling.tell(Ears(), {"shop": store})
    fields = {"conversation": "c-1", "id": "m-1", "text": "加我13812345678", "origin": "human"}
    telling.emit("reply.violated", store="shop", action="block", findings=(), **fields)
    journal.flush()
    written = json.loads(file.getvalue())
    shown = telling.shown("reply.violated", "shop", fields)
    assert shown == {name: written[name] for name in fields if name in written}
    assert (shown["conversation"] == "c-1") == (log_text == "full")
    assert "13812345678" not in str(shown)


def test_a_robot_hears_of_a_buyer_who_waits(world: World) -> None:
    """The whole way, on the virtual clock: from a message to what is posted."""
    path = Path(world.url.removeprefix("sqlite:///")).parent / "shop.toml"
    hook = '[[webhook]]\nkind = "generic"\nurl = "https://hook.example/x"\nwhole_ids = true\n'
    path.write_text(SHOP + hook, "utf-8")
    world.store = load_store(path)
    posted: list[dict[str, Any]] = []

    async def post(request: Request) -> Answer:
        posted.extend(json.loads(request.body)["events"])
        return Answer(204, b"")

    async def main() -> None:
        async with world.gate(drain_s=1) as gate:
            (running,) = gate._lifetime._notifier._running.values()
            running.channel._post = post
            await gate.received(world.asks())
            await asyncio.sleep(400)

    run(world.clock, main())
    told = [(event["kind"], event["conversation"]) for event in posted]
    assert told == [("escalate", "c-1"), ("breach", "c-1"), ("follow_up", "c-1")]
    assert posted[0]["left_ms"] == 9_000
    assert {event["kind"] for event in posted} & {"warn"} == set()


@pytest.mark.parametrize("log_text", ["none", "hash", "findings"])
def test_no_event_names_the_buyer_whom_it_is_about(tmp_path: Path, log_text: str) -> None:
    """A hold, an answer to a topic, tasks, a take-over, a hand-over; in a send's name neither."""
    world = World(tmp_path, 'platform = "pdd"', 'edition = "current"')
    path = tmp_path / "shop.toml"
    answers = f'[workflow]\nanswers = ["closing"]\n[privacy]\nlog_text = "{log_text}"\n'
    path.write_text(path.read_text("utf-8") + answers, "utf-8")
    world.store = load_store(path)
    file = io.BytesIO()
    journal = Journal(file, clock=world.clock)

    async def main() -> None:
        async with ReplyGate.open(
            stores=world.store,
            ledger=world.url,
            journal=journal,
            clock=world.clock,
            executor=InlineExecutor,
        ) as gate:
            gate.connect("shop", world.platform)
            await gate.received(world.asks("msgOne", of="zhangsan1"))
            await asyncio.sleep(40)
            await gate.send(world.says("加我微信", to="zhangsan1"))
            await gate.take_over("shop", "zhangsan1", "xiao-li")
            await gate.send(world.says("在的", to="zhangsan1"))
            await gate.received(world.asks("msgTwo", "好的谢谢", of="zhangsan1"))
            await gate.received(world.asks("msgTwo", "好的谢谢", of="zhangsan2"))
            await gate.received(Presence("shop", "xiao-wang", online=True))
            await gate.hand_back("shop", "zhangsan1")
            world.platform.answer(SendUncertain("reset"), delivered=False)
            await gate.send(world.says("今天发", to="zhangsan1"))
            await asyncio.sleep(400)

    run(world.clock, main())
    journal.flush()
    written = file.getvalue().decode()
    assert written.count('"event":"reply.sent"') >= 2
    assert '"event":"people.asked"' in written
    assert '"reason":"hand_over"' in written
    assert [word for word in ("zhangsan", "msg", "今天发", "在的") if word in written] == []


def test_a_buyer_has_one_name_in_the_log_over_restarts(world: World) -> None:
    names: list[str] = []

    async def main(journal: Journal) -> None:
        async with ReplyGate.open(
            stores=world.store,
            ledger=world.url,
            journal=journal,
            clock=world.clock,
            executor=InlineExecutor,
        ) as gate:
            await gate.received(world.asks())

    for _ in range(2):
        file = io.BytesIO()
        journal = Journal(file, clock=world.clock)
        run(world.clock, main(journal))
        journal.flush()
        lines = map(json.loads, file.getvalue().splitlines())
        names += [line["conversation"] for line in lines if line["event"] == "message.received"]
    assert names[0] == names[1] != "c-1"


async def test_a_robot_that_stalls_delays_no_reply(tmp_path: Path) -> None:
    over, asked = asyncio.Event(), asyncio.Event()

    async def stall(_: web.Request) -> web.Response:
        asked.set()
        await over.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", stall)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    path = tmp_path / "shop.toml"
    path.write_text(SHOP + f'[[webhook]]\nkind = "generic"\nurl = "{url}"\n', "utf-8")
    store = load_store(path)
    clock, pages = SystemClock(), Pages()
    platform = FakePlatform(clock)
    try:
        async with ReplyGate.open(
            stores=store,
            ledger=f"sqlite:///{tmp_path}/l.db",
            journal=pages,
            clock=clock,
            drain_s=0.2,
        ) as gate:
            gate.connect("shop", platform)
            await gate.received(Inbound("shop", "c-1", "m-1", "在吗", at_ms=clock.wall_ms()))
            await gate.send(Draft("c-1", "加微信", store="shop"))
            async with asyncio.timeout(5):
                await asked.wait()
                for _ in range(20):
                    await gate.send(Draft("c-2", "今天发", store="shop"))
    finally:
        over.set()
        await runner.cleanup()
    assert len(platform.delivered) == 20
    (dropped,) = pages.named("notify.dropped")
    assert (dropped["notices"], dropped["reason"]) == (1, "shutdown")
