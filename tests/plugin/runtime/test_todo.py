from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from replygate.errors import SendUncertain
from replygate.events import Outbound
from replygate.ledger import TaskOutcome, TaskRow
from replygate.runtime import OUTCOMES, ReplyGate, TaskError
from replygate.runtime.echo import ECHO_WINDOW_MS
from replygate.runtime.texts import TEXT_KEPT_MS

from .kit import HOLD, World, broken
from .virtual import run


async def lost(gate: ReplyGate, world: World, *, delivered: bool = False) -> TaskRow:
    """A send whose answer was lost, and what people are asked about it."""
    world.platform.answer(SendUncertain("reset"), delivered=delivered)
    assert (await gate.send(world.says())).state == "unknown"
    [task] = await gate.tasks("shop")
    assert task.kind == "unknown"
    return task


def test_a_person_says_that_it_is_out(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            task = await lost(gate, world)
            assert len(await gate.waiting("shop")) == 1
            done = await gate.decide("shop", task.task_id, "sent", by="xiao-li")
            assert (done.outcome, done.done_by) == ("sent", "xiao-li")
            assert await gate.waiting("shop") == ()
            assert await gate.tasks("shop") == ()
            # Its echo comes after all, and is still no human's.
            echo = Outbound("shop", "c-1", "今天发", "e-1", at_ms=world.clock.wall_ms())
            assert (await gate.sent_elsewhere(echo)).own

    run(world.clock, main())
    [row] = run(world.clock, world.outbox())
    assert row.state == "sent"
    assert [fields["origin"] for fields in world.journal.named("turn.closed")] == ["bot"]


def test_a_person_says_that_it_is_not_out_and_may_be_wrong(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            task = await lost(gate, world)
            await gate.decide("shop", task.task_id, "not_sent", by="xiao-li")
            assert len(await gate.waiting("shop")) == 1
            [row] = await gate._core.ledger.sends("shop", "c-1", 0)
            assert (row.state, row.result) == ("failed", "not sent, says xiao-li")
            echo = Outbound(
                "shop", "c-1", "今天发", "e-1", origin="human", at_ms=world.clock.wall_ms()
            )
            assert (await gate.sent_elsewhere(echo)).own
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
    assert [fields["origin"] for fields in world.journal.named("turn.closed")] == ["bot"]


def test_the_echo_ends_the_task(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            task = await lost(gate, world)
            await gate.sent_elsewhere(Outbound("shop", "c-1", "今天发", "e-1"))
            assert await gate.tasks("shop") == ()
            with pytest.raises(TaskError, match="the platform said sent") as caught:
                await gate.decide("shop", task.task_id, "not_sent", by="xiao-li")
            assert caught.value.code == "task-done"

    run(world.clock, main())


def test_the_same_word_twice_changes_nothing_and_another_is_refused(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"))
            [task] = await gate.tasks("shop")
            first = await gate.decide("shop", task.task_id, "dropped", by="xiao-li")
            assert await gate.decide("shop", task.task_id, "dropped", by="xiao-wang") == first
            with pytest.raises(TaskError, match="xiao-li said dropped"):
                await gate.decide("shop", task.task_id, "answered", by="xiao-wang")

    run(world.clock, main())
    assert len(world.journal.named("people.decided")) == 1


@pytest.mark.parametrize("outcome", ["sent", "not_sent", "released"])
def test_each_kind_has_its_outcomes(world: World, outcome: TaskOutcome) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"))
            [task] = await gate.tasks("shop")
            with pytest.raises(TaskError, match="answered or dropped") as caught:
                await gate.decide("shop", task.task_id, outcome, by="xiao-li")
            assert caught.value.code == "wrong-outcome"
            assert len(await gate.tasks("shop")) == 1

    run(world.clock, main())
    assert set(OUTCOMES) == {"unknown", "blocked", "draft"}


def test_a_task_of_another_store_or_none_is_not_there(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with pytest.raises(TaskError) as caught:
                await gate.decide("shop", "nothing", "sent", by="xiao-li")
            assert caught.value.code == "unknown-task"

    run(world.clock, main())


def test_a_restart_keeps_tasks_and_does_not_ask_again(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await lost(gate, world)
            await gate.send(world.says("加我微信"))
        for _ in range(2):
            async with world.gate() as gate:
                tasks = await gate.tasks("shop")
                texts = {task.kind: task.text for task in tasks}
                assert texts == {"unknown": None, "blocked": "加我微信"}

    run(world.clock, main())
    assert len(world.journal.named("reply.unknown")) == 1
    assert world.journal.reasons().count("send_unknown") == 1


@pytest.mark.parametrize("log_text", ["none", "hash"])
def test_a_store_that_wants_no_text_written_has_them_in_memory_only(
    tmp_path: Path, log_text: str
) -> None:
    world = World(tmp_path, f'privacy.log_text = "{log_text}"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"))
            assert [task.text for task in await gate.tasks("shop")] == ["加我微信"]
        async with world.gate() as gate:
            assert [task.text for task in await gate.tasks("shop")] == [None]

    run(world.clock, main())
    for name in ("ledger.db", "ledger.db-wal"):
        path = tmp_path / name
        assert not path.exists() or "加我微信".encode() not in path.read_bytes()


@pytest.mark.parametrize("log_text", ["none", "full"])
def test_a_text_is_kept_for_a_day(tmp_path: Path, log_text: str) -> None:
    world = World(tmp_path, f'privacy.log_text = "{log_text}"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"))
            await asyncio.sleep(TEXT_KEPT_MS / 1000 - 1)
            assert [task.text for task in await gate.tasks("shop")] == ["加我微信"]
            await asyncio.sleep(1)
            assert [task.text for task in await gate.tasks("shop")] == [None]

    run(world.clock, main())


def test_what_is_blocked_in_silence_is_no_task(tmp_path: Path) -> None:
    world = World(tmp_path, 'screening.on_block = "silent"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"))
            assert await gate.tasks("shop") == ()

    run(world.clock, main())
    assert world.journal.named("people.asked") == []


def test_a_hold_that_may_be_out_is_a_task_too(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            world.platform.answer(SendUncertain("reset"), delivered=False)
            await gate.received(world.asks())
            await asyncio.sleep(40)
            [task] = await gate.tasks("shop")
            assert (task.kind, task.origin) == ("unknown", "hold")
            await gate.decide("shop", task.task_id, "sent", by="xiao-li")
            # A person who types the same is a person, once the echo had its time.
            await asyncio.sleep(ECHO_WINDOW_MS / 1000)
            said = Outbound("shop", "c-1", HOLD, "h-1", origin="human")
            assert not (await gate.sent_elsewhere(said)).own

    run(world.clock, main())


def test_nothing_is_decided_while_the_ledger_is_down(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            task = await lost(gate, world)
            with broken(gate):
                await gate.received(world.asks())
                with pytest.raises(Exception, match="full"):
                    await gate.decide("shop", task.task_id, "sent", by="xiao-li")
            await asyncio.sleep(5)
            await gate.decide("shop", task.task_id, "sent", by="xiao-li")

    run(world.clock, main())
