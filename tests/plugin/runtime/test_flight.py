from __future__ import annotations

import asyncio

import pytest

from replygate.ledger import OutboxRow
from replygate.model import Draft, Receipt
from replygate.runtime import ReplyGate
from replygate.runtime.answers import answered
from replygate.runtime.flight import Flight
from replygate.runtime.outgoing import screened
from replygate.runtime.transmit import Outcome

from .kit import World
from .virtual import run


async def flight_of(gate: ReplyGate, world: World) -> Flight:
    with gate._lifetime.conversations.using("shop", "c-1") as conversation:
        async with conversation.state:
            await conversation.load()
        draft = Draft("c-1", "今天发", store="shop")
        outgoing = screened(gate._core, conversation, draft, world.store, "s-1")
        return Flight(gate._core, conversation, outgoing)


def test_nothing_takes_off_that_has_not_begun(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            flight = await flight_of(gate, world)
            with pytest.raises(AssertionError, match="only a fault"):
                flight.take_off()
            assert await flight.begin()
            assert not await (await flight_of(gate, world)).begin()

    run(world.clock, main())


def test_a_send_is_asked_for_after_its_question_whatever_the_clocks_say(world: World) -> None:
    async def main() -> OutboxRow:
        async with world.gate() as gate:
            await gate.received(world.asks())
            return (await flight_of(gate, world)).row

    asked_ms = world.clock.wall_ms()
    assert run(world.clock, main()).intent_ms > asked_ms


def test_what_the_janitor_gave_up_is_set_right_when_the_platform_answers(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            flight = await flight_of(gate, world)
            await flight.begin()
            flight.take_off()
            await gate._core.ledger.stale_sending(2**62)
            receipt = Receipt("p-1", world.clock.wall_ms() + 1)
            flight.settle(Outcome("sent", receipt), answered(gate._core, "s-1"))
            assert flight.settled
            assert (await flight.record()).state == "sent"
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
    assert [row.state for row in run(world.clock, world.outbox())] == ["sent"]


def test_a_send_given_up_twice_still_writes_what_else_changed(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            flight = await flight_of(gate, world)
            await flight.begin()
            flight.take_off()
            await gate._core.ledger.stale_sending(2**62)
            with gate._lifetime.conversations.using("shop", "c-1") as conversation:
                conversation.record.turn(conversation.machine.turns[0])
            flight.settle(Outcome("unknown", error="reset"), answered(gate._core, "s-1"))
            assert (await flight.record()).state == "unknown"
            await asyncio.sleep(0)

    run(world.clock, main())
    assert [row.state for row in run(world.clock, world.outbox())] == ["unknown"]
