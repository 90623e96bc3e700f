from __future__ import annotations

import asyncio

import pytest

from replygate.errors import LedgerError, UnknownStore

from .kit import SlowPlatform, World, broken
from .virtual import run

WECHAT = "微信 wx_8866"


def test_nothing_is_left_of_a_buyer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            core = gate._core
            await gate.received(world.asks())
            await gate.received(world.asks(of="c-2"))
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.send(world.says(WECHAT, origin="human"))
            (task,) = await gate.tasks("shop")
            core.texts.keep(task.task_id, WECHAT)
            assert await gate.forget("shop", "c-1") > 0
            facts = await gate.ledger.conversation("shop", "c-1")
            assert (facts.turn, facts.clocks, facts.legs, facts.messages) == (None, (), (), ())
            assert await gate.tasks("shop") == ()
            assert core.texts.of(task.task_id) is None
            assert core.takeovers == {}
            assert {key[1] for key in core.wheel} == {"c-2"}
            assert [each.conversation for each in await gate.waiting("shop")] == ["c-2"]
            await asyncio.sleep(60)
            assert await gate.ledger.sends("shop", "c-1", 0) == ()
            # The same words again are a new question.
            assert (await gate.received(world.asks())).new

    run(world.clock, main())
    (told,) = world.journal.named("buyer.forgotten")
    assert told.keys() == {"store", "rows"}


def test_what_is_on_its_way_ends_first(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            sending = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(1)
            assert platform.waiting
            forgetting = asyncio.gather(gate.forget("shop", "c-1"))
            await asyncio.sleep(1)
            assert not forgetting.done()
            platform.let_go()
            (sent,) = await sending
            assert sent.state == "sent"
            await forgetting
            assert await gate.ledger.sends("shop", "c-1", 0) == ()

    run(world.clock, main())


def test_what_could_not_be_removed_is_told(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            with broken(gate), pytest.raises(LedgerError):
                await gate.forget("shop", "c-1")
            assert await gate.forget("shop", "c-1") > 0
            with pytest.raises(UnknownStore):
                await gate.forget("other", "c-1")

    run(world.clock, main())
