from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate import Inbound, ReplyGate
from replygate.errors import ConfigError, ReplygateError, UnknownStore
from replygate.events import Outbound, Presence, Rating
from replygate.ledger import InlineExecutor
from replygate.model import Draft
from replygate.runtime import SendIdReused
from replygate.testing import FakePlatform

from .kit import HOLD, SlowPlatform, World
from .virtual import run


def test_a_buyer_who_waits_gets_a_hold_and_then_the_answer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            received = await gate.received(world.asks())
            assert received.new
            assert [deadline.rule for deadline in received.deadlines] == ["soft-30"]
            await asyncio.sleep(25)
            assert len(world.platform.delivered) == 1
            sent = await gate.send(world.says())
            assert sent.state == "sent"
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD, "今天发")
    assert world.journal.named("promise.kept")


def test_screen_judges_and_sends_nothing(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            assert gate.screen(world.says("加我微信")).action == "block"
            assert gate.stores == {"shop": world.store}

    run(world.clock, main())
    assert world.platform.sent == []
    assert world.journal.named("reply.screened") == []


def test_what_names_no_store_or_a_strange_one_is_an_error(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with pytest.raises(UnknownStore, match="the draft names no store"):
                await gate.send(Draft("c-1", "今天发"))
            strange = Draft("c-1", "今天发", store="other")
            for call in (gate.send(strange), gate.received(Inbound("other", "c-1", "m-1"))):
                with pytest.raises(UnknownStore, match='there is no store "other"'):
                    await call
            with pytest.raises(UnknownStore):
                gate.screen(strange)
            with pytest.raises(UnknownStore):
                gate.connect("other", world.platform)
            with pytest.raises(UnknownStore):
                await gate.waiting("other")

    run(world.clock, main())


def test_a_store_without_a_platform_sends_nothing(world: World) -> None:
    async def main() -> None:
        async with ReplyGate.open(
            stores=world.store,
            ledger=world.url,
            journal=world.journal,
            clock=world.clock,
            executor=InlineExecutor,
            drain_s=0,
        ) as gate:
            with pytest.raises(
                ReplygateError, match='no platform is connected for the store "shop"'
            ):
                await gate.send(world.says())

    run(world.clock, main())


def test_every_kind_of_event_is_taken_in(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(1)
            said = Outbound("shop", "c-1", "在的", "h-1", origin="human")
            assert (await gate.received(said)).new
            assert not (await gate.received(said)).new
            assert (await gate.received(Rating("shop", "c-1", label="satisfied"))).new
            assert (await gate.received(Presence("shop", "小王", online=True))).new
            assert await gate.waiting("shop") == ()

    run(world.clock, main())


def test_a_send_id_is_one_messages(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("今天发"), send_id="k-1")
            with pytest.raises(SendIdReused):
                await gate.send(world.says("明天发"), send_id="k-1")
        async with world.gate() as gate:
            with pytest.raises(SendIdReused):
                await gate.send(world.says("明天发"), send_id="k-1")

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)


def test_stores_of_one_gate_are_apart(world: World) -> None:
    other = replace(world.store, id="other")
    theirs = FakePlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.reload([world.store, other])
            gate.connect("other", theirs)
            await gate.received(world.asks())
            await gate.received(replace(world.asks(), store="other"))
            await gate.send(world.says("一"), send_id="k")
            await gate.send(replace(world.says("二"), store="other"), send_id="k")

    run(world.clock, main())
    assert (world.platform.delivered, theirs.delivered) == (("一",), ("二",))


def test_a_reload_that_is_wrong_changes_nothing(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with pytest.raises(ConfigError, match="given twice"):
                await gate.reload([world.store, world.store])
            assert (await gate.send(world.says())).state == "sent"

    run(world.clock, main())
    assert len(world.journal.named("config.rejected")) == 1


async def test_a_reload_reads_files_aside(world: World, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    async with ReplyGate.open(
        stores=tmp_path / "shop.toml", ledger=url, journal=world.journal, drain_s=0
    ) as gate:
        with pytest.raises(UnknownStore):
            await gate.reload("nowhere")
        (tmp_path / "shop.toml").write_text('id = "shop"\nmode = "watch"', "utf-8")
        with pytest.raises(ConfigError):
            await gate.reload(tmp_path / "shop.toml")
        modes = [gate.stores["shop"].mode]
        (tmp_path / "shop.toml").write_text('id = "shop"\nmode = "observe"', "utf-8")
        await gate.reload(tmp_path / "shop.toml")
        modes.append(gate.stores["shop"].mode)
    assert modes == ["enforce", "observe"]
    assert len(world.journal.named("config.rejected")) == 2


def test_a_send_under_way_ends_well_when_its_store_goes(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            sending = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(1)
            await gate.reload(replace(world.store, id="other"))
            platform.let_go()
            [sent] = await sending
            assert sent.state == "sent"

    run(world.clock, main())
    assert [row.state for row in run(world.clock, world.outbox())] == ["sent"]


def test_a_store_that_comes_back_takes_up_who_waits(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.reload(replace(world.store, id="other"))
            gate._lifetime.conversations._known.clear()
            await asyncio.sleep(70)
            assert len(gate._core.wheel) == 0
            await gate.reload(world.store)
            gate.connect("shop", world.platform)
            await asyncio.sleep(1)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
