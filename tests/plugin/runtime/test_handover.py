from __future__ import annotations

import asyncio

from replygate.errors import SendUncertain
from replygate.runtime.handover import TOLD_MAX, Unfinished, tell_handover

from .kit import World
from .virtual import run


def test_what_is_left_is_listed_the_longest_waiting_first(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            assert await gate.handover("shop") == ()
            await gate.received(world.asks("m-1", of="held"))
            await asyncio.sleep(25)
            await gate.received(world.asks("m-2", of="waits"))
            await gate.take_over("shop", "taken", "xiao-wang")
            world.platform.answer(SendUncertain("reset"), delivered=False)
            await gate.send(world.says(to="unknown"))
            await gate.send(world.says(to="done"))
            found = {one.conversation: one for one in await gate.handover("shop")}
            assert next(iter(found)) == "held"
            assert set(found) == {"held", "waits", "taken", "unknown"}
            held, waits = found["held"], found["waits"]
            assert held.waiting_ms is None
            assert held.promised_ms is not None
            assert waits.waiting_ms == world.clock.wall_ms()
            assert [deadline.rule for deadline in waits.deadlines] == ["soft-30"]
            assert (found["taken"].agent, found["taken"].tasks) == ("xiao-wang", ())
            assert [task.kind for task in found["unknown"].tasks] == ["unknown"]

    run(world.clock, main())


def test_what_people_are_told_is_bounded(world: World) -> None:
    many = [Unfinished(f"c-{n}", n, (), None, None, ()) for n in range(TOLD_MAX + 5)]

    async def main() -> None:
        async with world.gate() as gate:
            tell_handover(gate._core, "shop", many, of=("a",), to=())

    run(world.clock, main())
    [told] = world.journal.named("people.told")
    assert (told["reason"], told["open"], told["waiting"]) == ("hand_over", 25, 25)
    assert told["conversations"] == [f"c-{n}" for n in range(TOLD_MAX)]
    assert (told["gone"], told["agents"]) == (["a"], None)
