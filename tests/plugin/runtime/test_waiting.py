from __future__ import annotations

import asyncio
from dataclasses import replace

from replygate.runtime import Deadline, Waiting

from .kit import World
from .virtual import run


def test_who_waits_since_when_and_what_will_happen(world: World) -> None:
    async def main() -> list[Waiting]:
        async with world.gate() as gate:
            await gate.received(world.asks(of="first"))
            await asyncio.sleep(2)
            await gate.received(world.asks(of="second"))
            await gate.received(world.asks("m-2", of="first"))
            return list(await gate.waiting("shop"))

    began_ms = world.clock.wall_ms()
    first, second = run(world.clock, main())
    assert (first.conversation, second.conversation) == ("first", "second")
    assert (first.since_ms, first.last_message_ms) == (began_ms, began_ms + 2_000)
    assert (
        first.deadlines
        == (
            Deadline("soft-30", "30 秒", began_ms + 30_000, "soft"),
            Deadline("soft-30", "30 秒", began_ms + 32_000, "soft"),
        )[: len(first.deadlines)]
    )
    assert (first.next_kind, first.next_ms) == ("warn", began_ms + 15_000)


def test_a_rule_that_is_gone_is_not_named(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.reload(replace(world.store, deadlines=()))
            [waiting] = await gate.waiting("shop")
            assert (waiting.deadlines, waiting.next_kind, waiting.next_ms) == ((), None, None)

    run(world.clock, main())
