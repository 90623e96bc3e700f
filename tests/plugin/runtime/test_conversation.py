from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from replygate.errors import LedgerError
from replygate.model import Cleared, Receipt
from replygate.runtime import ReplyGate

from .kit import HOLD, World
from .virtual import run


class Stumbling:
    """Gives other tasks a turn, or a millisecond, before and after it delivers."""

    def __init__(self, world: World, pause_s: float) -> None:
        self.delivered: list[tuple[str, str]] = []
        self._world = world
        self._pause_s = pause_s

    async def send(self, cleared: Cleared) -> Receipt:
        assert cleared.text is not None
        await asyncio.sleep(self._pause_s)
        self.delivered.append((cleared.draft.origin, cleared.text))
        await asyncio.sleep(self._pause_s)
        return Receipt(f"p-{len(self.delivered)}", self._world.clock.wall_ms())


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def hold_due(gate: ReplyGate, world: World, before_ms: int) -> None:
    """Sleep until shortly before the hold's timer runs out."""
    due_ms = gate._core.wheel.due_ms(("shop", "c-1", "hold"))
    assert due_ms is not None
    tick_ms = -(-due_ms // 50) * 50
    await asyncio.sleep((tick_ms - before_ms - world.clock.wall_ms()) / 1000)


@pytest.mark.parametrize("pause_s", [0, 0.001])
def test_of_an_answer_and_a_hold_exactly_one_is_first_wherever_they_meet(
    tmp_path_factory: pytest.TempPathFactory, pause_s: float
) -> None:
    """The answer starts at every turn of the loop around the moment at which the hold is due."""
    seen: Counter[tuple[str, ...]] = Counter()
    for before_ms in (2, 1, 0):
        for late in range(20):
            world = World(tmp_path_factory.mktemp("race"))
            platform = Stumbling(world, pause_s)
            run(world.clock, race(world, platform, before_ms, late))
            origins = tuple(origin for origin, _ in platform.delivered)
            seen[origins] += 1
            rows = run(world.clock, world.outbox())
            assert sorted(row.origin for row in rows) == sorted(origins)
            assert all(row.state == "sent" for row in rows)
    # Never an answer and then "please wait", never two holds, never no answer.
    assert set(seen) == {("bot",), ("hold", "bot")}


async def race(world: World, platform: Stumbling, before_ms: int, late: int) -> None:
    async with world.gate() as gate:
        gate.connect("shop", platform)
        await gate.received(world.asks())
        await hold_due(gate, world, before_ms)
        await turns(late)
        await gate.send(world.says())
        await asyncio.sleep(60)


def test_a_question_that_meets_an_answer_waits_unless_it_was_there_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A second question arrives at every turn of the loop around the answer to the first."""
    waits: set[int] = set()
    for late in range(24):
        world = World(tmp_path_factory.mktemp("race"))
        platform = Stumbling(world, 0)
        waits.add(run(world.clock, second_question(world, platform, late)))
        origins = [origin for origin, _ in platform.delivered]
        assert origins == (["bot", "hold"] if late in waits else ["bot"])
    assert waits == {-1, *range(min(waits - {-1}), 24)}


async def second_question(world: World, platform: Stumbling, late: int) -> int:
    """`late` where the second question waits for an answer of its own, else -1."""
    async with world.gate() as gate:
        gate.connect("shop", platform)
        await gate.received(world.asks())
        await asyncio.sleep(1)
        answering = asyncio.gather(gate.send(world.says()))
        await turns(late)
        # By its stamp it was asked after the answer, whenever it comes in.
        stamp = world.clock.wall_ms() + 1
        assert (await gate.received(replace(world.asks("m-2"), at_ms=stamp))).new
        await answering
        waiting = await gate.waiting("shop")
        await asyncio.sleep(29)
        return late if waiting else -1


def test_a_conversation_that_left_memory_comes_back_as_it_was(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            known = gate._lifetime.conversations._known
            await gate.received(world.asks())
            known.clear()
            await asyncio.sleep(25)
            assert world.platform.delivered == (HOLD,)
            known.clear()
            await asyncio.sleep(40)
            known.clear()
            await gate.send(world.says())
            known.clear()
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD, "今天发")
    assert world.journal.reasons() == ["warn", "waiting"]


def test_it_starts_blind_where_the_ledger_can_not_be_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreadable(*_: object) -> None:
        raise LedgerError("gone")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(1)
            gate._lifetime.conversations._known.clear()
            with monkeypatch.context() as patch:
                patch.setattr(gate._core.ledger, "history", unreadable)
                assert (await gate.send(world.says())).state == "sent"
                [conversation] = gate._lifetime.conversations._known.values()
                assert conversation.blind
            await asyncio.sleep(60)
            assert gate.ready.ok
            assert await gate.waiting("shop") == () or world.platform.delivered[-1] == "今天发"

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)


def test_terms_that_change_reach_an_open_conversation(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            [rule] = world.store.deadlines
            await gate.reload(replace(world.store, deadlines=(replace(rule, due_s=300),)))
            await asyncio.sleep(60)
            assert world.platform.delivered == ()
            [waiting] = await gate.waiting("shop")
            assert waiting.deadlines[0].due_ms - waiting.since_ms == 300_000
            await asyncio.sleep(300)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
