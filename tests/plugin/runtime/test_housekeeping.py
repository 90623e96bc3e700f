from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from replygate.ledger import InlineExecutor, OutboxRow, SqliteLedger
from replygate.runtime.conversations import IDLE_S
from replygate.runtime.housekeeping import (
    JANITOR_S,
    OVERDUE_PER_S,
    RETAIN_EVERY_S,
    RETENTION_MS,
    STALE_SEND_MS,
    Spread,
    flush,
)

from .kit import HOLD, World, broken
from .virtual import run


def change(world: World, statement: str) -> None:
    """Have the ledger say something else, as a crash at the worst moment would."""
    with sqlite3.connect(world.url.removeprefix("sqlite:///")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()
    connection.close()


def test_overdue_timers_get_slots_one_after_the_other() -> None:
    spread = Spread(1_000)
    step_ms = 1_000 // OVERDUE_PER_S
    assert [spread.slot(1_000) for _ in range(3)] == [1_000, 1_000 + step_ms, 1_000 + 2 * step_ms]
    assert spread.slot(9_000) == 9_000


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM leg",
        "DELETE FROM clock",
        "UPDATE turn SET closed_ms = asked_ms, closed_by = 'nobody'",
    ],
)
def test_an_open_turn_gets_back_what_the_ledger_lost_of_it(world: World, statement: str) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        change(world, statement)
        async with world.gate() as gate:
            # What nothing points to any more is found when the buyer writes again.
            await gate.received(world.asks("m-2"))
            assert len(await gate.waiting("shop")) == 1
            await asyncio.sleep(25)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_turns_and_clocks_that_do_not_follow_from_the_facts_are_closed(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        change(world, "DELETE FROM message")
        async with world.gate() as gate:
            await asyncio.sleep(1)
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.sent == []


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
            old_ms = world.clock.wall_ms() - RETENTION_MS - 1
            row = OutboxRow("old", "shop", "c-1", None, "bot", None, "armed", old_ms)
            await gate._core.ledger.intend(row)
            await asyncio.sleep(RETAIN_EVERY_S + JANITOR_S + 1)
            assert await gate._core.ledger.send("old") is None

    run(world.clock, main())


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
