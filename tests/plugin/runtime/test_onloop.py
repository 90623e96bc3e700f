from __future__ import annotations

import asyncio
from typing import Any

import pytest

from replygate.errors import ReplygateError
from replygate.ledger import OutboxRow
from replygate.model import Cleared, Receipt

from .kit import HOLD, World
from .virtual import run


def test_a_send_on_the_loop_is_noted_before_any_timer_can_fire(world: World) -> None:
    texts: list[str | None] = []

    def send(cleared: Cleared) -> Receipt:
        texts.append(cleared.text)
        world.clock._passed_us += 30_000_000  # the loop stood still past the hold's time
        world.clock._now_s += 30
        return Receipt(None, world.clock.wall_ms())

    async def main(forgotten: bool) -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            if forgotten:
                gate._lifetime.conversations._known.clear()
            assert gate.send_now(world.says(), send).state == "sent"
            await asyncio.sleep(60)
            assert await gate.waiting("shop") == ()

    run(world.clock, main(forgotten=False))
    assert (texts, world.platform.delivered) == (["今天发"], ())


def test_the_same_for_a_conversation_that_is_not_in_memory(world: World) -> None:
    def send(_cleared: Cleared) -> Receipt:
        world.clock._passed_us += 30_000_000
        world.clock._now_s += 30
        return Receipt(None, world.clock.wall_ms())

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            gate._lifetime.conversations._known.clear()
            gate.send_now(world.says(), send)
            await asyncio.sleep(60)
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
    assert world.platform.delivered == ()
    # What the answer led to is told though the conversation was not there to hear of it.
    assert len(world.journal.named("turn.closed")) == 1


def test_a_send_on_the_loop_that_failed_leaves_the_hold_free(world: World) -> None:
    def send(_cleared: Cleared) -> Receipt:
        raise ReplygateError("odd")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            with pytest.raises(ReplygateError, match="odd"):
                gate.send_now(world.says("加油"), send)
            await asyncio.sleep(1)
            assert len(world.journal.named("reply.unknown")) == 1
            await gate.received(world.asks("m-2"))
            await asyncio.sleep(40)

    run(world.clock, main())
    # A new question stands after the doubtful answer, so a hold helps.
    assert world.platform.delivered == (HOLD,)


def test_no_hold_follows_a_send_on_the_loop_that_came_while_its_intent_was_committed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str | None] = []

    def send(cleared: Cleared) -> Receipt:
        texts.append(cleared.text)
        return Receipt(None, world.clock.wall_ms())

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            begin = gate._core.ledger.begin

            async def begin_slowly(row: OutboxRow, *more: Any, **named: Any) -> bool:
                began = await begin(row, *more, **named)
                gate.send_now(world.says(), send)
                return began

            monkeypatch.setattr(gate._core.ledger, "begin", begin_slowly)
            await asyncio.sleep(60)

    run(world.clock, main())
    assert (texts, world.platform.delivered) == (["今天发"], ())
    assert sorted(row.state for row in run(world.clock, world.outbox())) == ["failed", "sent"]
    assert "hold_failed" not in world.journal.reasons()
