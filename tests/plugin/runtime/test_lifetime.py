from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.errors import LedgerError, ReplygateError
from replygate.events import Outbound
from replygate.ledger import InlineExecutor
from replygate.runtime import ReplyGate

from .kit import HOLD, SlowPlatform, World
from .virtual import run


def test_a_restart_carries_on_with_the_timers(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(10)
        assert world.platform.delivered == ()
        async with world.gate():
            await asyncio.sleep(15)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
    assert world.journal.named("process.drained")[0]["left_armed"] == 4
    assert world.journal.named("process.started")[1]["restored"] == 1


def test_what_was_done_is_not_done_again_after_a_restart(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(25)
        for _ in range(3):
            async with world.gate():
                await asyncio.sleep(1)
        async with world.gate():
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
    assert world.journal.reasons() == ["warn", "waiting", "follow_up"]
    assert len(world.journal.named("deadline.missed")) == 1


def test_a_hold_that_is_overdue_by_less_than_a_minute_still_goes_out(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        await asyncio.sleep(80)
        async with world.gate():
            await asyncio.sleep(1)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_a_hold_that_is_overdue_for_longer_is_skipped_and_people_are_told(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        await asyncio.sleep(95)
        async with world.gate():
            await asyncio.sleep(10)

    run(world.clock, main())
    assert world.platform.sent == []
    assert world.journal.reasons("hold.skipped") == ["too_late"]
    assert world.journal.reasons() == ["waiting"] or "hold_too_late" in world.journal.reasons()


def test_after_downtime_there_is_no_burst(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            for number in range(60):
                await gate.received(world.asks(of=f"c-{number}"))
        await asyncio.sleep(40)
        async with world.gate() as gate:
            await asyncio.sleep(30)
            assert gate.ready.ok

    run(world.clock, main())
    times = sorted(sent.at_ms for sent in world.platform.sent)
    assert len(times) == 60
    busiest = max(sum(start <= at < start + 1000 for at in times) for start in times)
    assert busiest <= 21


def test_a_drain_finishes_what_is_under_way_and_sends_what_comes_due(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate(drain_s=30) as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks(of="c-2"))
            await asyncio.sleep(15)
            sending = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(0)
            draining = asyncio.gather(gate.drain(30))
            await asyncio.sleep(1)
            with pytest.raises(ReplygateError, match="draining"):
                await gate.received(world.asks("m-9"))
            with pytest.raises(ReplygateError, match="draining"):
                await gate.send(world.says())
            with pytest.raises(ReplygateError, match="draining"):
                await gate.sent_elsewhere(Outbound("shop", "c-1", "在的"))
            assert not gate.ready.ok
            platform.let_go()
            await draining
            await sending

    run(world.clock, main())
    assert platform.delivered == ["今天发", HOLD]


def test_a_drain_that_runs_out_of_time_leaves_the_send_unknown_and_says_so(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            sending = asyncio.gather(gate.send(world.says()), return_exceptions=True)
            await asyncio.sleep(1)
            await gate.drain(2)
            [error] = await sending
            assert isinstance(error, ReplygateError)

    run(world.clock, main())
    assert [row.state for row in run(world.clock, world.outbox())] == ["unknown"]
    assert len(world.journal.named("reply.unknown")) == 1
    assert "send_unknown" in world.journal.reasons()


def test_a_second_gate_on_the_same_ledger_is_refused(world: World) -> None:
    async def main() -> None:
        async with world.gate():
            with pytest.raises(LedgerError, match="in use"):
                async with world.gate():
                    pass

    run(world.clock, main())


def test_a_gate_keeps_its_own_journal_in_a_file(world: World, tmp_path: Path) -> None:
    async def main() -> None:
        async with ReplyGate.open(
            stores=world.store,
            ledger=world.url,
            journal=tmp_path / "journal.jsonl",
            clock=world.clock,
            executor=InlineExecutor,
            drain_s=0,
        ) as gate:
            await gate.received(world.asks())
            await asyncio.sleep(1)
            lines = (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()
            assert "message.received" in [json.loads(line)["event"] for line in lines]
        with pytest.raises(LedgerError):
            await open_gate("sqlite:////no/such/folder/l.db")

    async def open_gate(url: str) -> None:
        async with ReplyGate.open(stores=world.store, ledger=url, executor=InlineExecutor):
            pass

    run(world.clock, main())
    last = (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["event"] == "process.drained"


def test_a_failing_background_task_is_told(world: World) -> None:
    async def fails() -> None:
        raise ValueError("broken")

    async def main() -> None:
        async with world.gate() as gate:
            gate._core.tasks.start("a test", fails())
            await asyncio.sleep(1)

    run(world.clock, main())
    [failed] = world.journal.named("task.failed")
    assert failed["reason"] == "ValueError('broken')"


def test_a_clock_that_is_set_is_told(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.clock.jump_wall(15)
            await asyncio.sleep(8)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
    assert [fields["drift_ms"] for fields in world.journal.named("clock.jumped")] == [15_000]


def test_timers_of_a_store_that_is_gone_do_nothing(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.reload(replace(world.store, id="other"))
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.sent == []
