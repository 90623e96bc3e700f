from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from replygate.ledger import InlineExecutor, OutboxRow, SqliteLedger
from replygate.runtime.conversations import IDLE_S
from replygate.runtime.housekeeping import (
    JANITOR_S,
    KEEP_DAYS,
    RETAIN_EVERY_S,
    STALE_SEND_MS,
    flush,
)
from replygate.timing.calendar import DAY_MS

from .kit import World, broken
from .virtual import run


def test_a_send_that_never_ended_becomes_unknown_and_people_are_told(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            row = OutboxRow("s-1", "shop", "c-1", None, "bot", None, "armed", world.clock.wall_ms())
            assert await gate._core.ledger.begin(row)
            await asyncio.sleep(STALE_SEND_MS / 1000 + JANITOR_S + 1)

    run(world.clock, main())
    assert [fields["send"] for fields in world.journal.named("reply.unknown")] == ["s-1"]
    assert world.journal.reasons() == ["send_unknown"]


def test_idle_conversations_leave_memory_and_come_back(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            conversations = gate._lifetime.conversations
            await gate.received(world.asks())
            await gate.send(world.says())
            assert len(conversations) == 1
            await asyncio.sleep(IDLE_S + JANITOR_S + 1)
            assert len(conversations) == 0
            assert not (await gate.received(world.asks())).new

    run(world.clock, main())


def test_what_is_too_old_is_removed(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            old_ms = world.clock.wall_ms() - KEEP_DAYS * DAY_MS - 1
            row = OutboxRow("old", "shop", "c-1", None, "bot", None, "armed", old_ms)
            await gate._core.ledger.intend(row)
            await asyncio.sleep(RETAIN_EVERY_S + JANITOR_S + 1)
            assert await gate._core.ledger.send("old") is None

    run(world.clock, main())


def test_a_store_says_how_long_its_facts_are_kept(tmp_path: Path) -> None:
    world = World(tmp_path, "privacy.keep_days = 7")

    async def main() -> None:
        async with world.gate() as gate:
            ledger, now_ms = gate._core.ledger, world.clock.wall_ms()
            for store in ("shop", "gone"):
                for days in (6, 8, 91):
                    at_ms = now_ms - days * DAY_MS
                    name = f"{store}-{days}"
                    await ledger.intend(
                        OutboxRow(name, store, "c-1", None, "bot", None, "armed", at_ms)
                    )
            await asyncio.sleep(RETAIN_EVERY_S + JANITOR_S + 1)
            left = [name for name in _NAMES if await ledger.send(name) is not None]
            assert left == ["shop-6", "gone-6", "gone-8"]

    run(world.clock, main())


_NAMES = ("shop-6", "shop-8", "shop-91", "gone-6", "gone-8", "gone-91")


def test_the_janitor_survives_a_fault(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with broken(gate):
                await asyncio.sleep(3 * JANITOR_S)
            await asyncio.sleep(JANITOR_S)
            assert gate.ready.ok

    run(world.clock, main())
    assert len(world.journal.named("ledger.recovered")) == 1
    assert world.journal.named("task.failed") == []


def test_sends_that_were_under_way_when_the_process_died_are_told(world: World) -> None:
    async def before() -> None:
        ledger = await SqliteLedger.open(world.url, executor=InlineExecutor)
        now_ms = world.clock.wall_ms()
        await ledger.begin(OutboxRow("s-1", "shop", "c-1", None, "bot", "a", "armed", now_ms))
        await ledger.close()

    async def after() -> None:
        async with world.gate():
            pass

    run(world.clock, before())
    run(world.clock, after())
    [unknown] = world.journal.named("reply.unknown")
    assert (unknown["send"], unknown["agent"]) == ("s-1", "a")


async def test_the_journal_is_flushed_again_and_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("replygate.runtime.housekeeping.FLUSH_S", 0.001)
    flushed = asyncio.Event()
    flushing = asyncio.gather(flush(flushed.set))
    await asyncio.wait_for(flushed.wait(), 5)
    flushing.cancel()
