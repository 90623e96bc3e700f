from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.events import Outbound

from .kit import HOLD, SlowPlatform, World
from .virtual import run

HOLD_DUE_S = 22
"""After this long the hold of a 30 s deadline is out, whatever the conversation's jitter."""


def test_a_hold_goes_out_before_the_deadline_once(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(15)
            assert world.platform.delivered == ()
            await asyncio.sleep(600)

    began_ms = world.clock.wall_ms()
    run(world.clock, main())
    [sent] = world.platform.sent
    assert sent.cleared.text == HOLD
    assert sent.cleared.draft.origin == "hold"
    assert 18_000 <= sent.at_ms - began_ms <= 20_050
    assert [row.state for row in run(world.clock, world.outbox())] == ["sent"]


def test_people_are_warned_then_told_then_told_of_the_miss_and_of_the_broken_promise(
    world: World,
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.journal.reasons() == ["warn", "waiting", "follow_up"]
    assert [fields["hard"] for fields in world.journal.named("deadline.missed")] == [False]
    assert len(world.journal.named("promise.broken")) == 1


def test_an_answer_takes_the_hold_away(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(10)
            await gate.send(world.says())
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)


def test_an_answer_that_is_on_its_way_keeps_the_hold_back(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            await asyncio.sleep(16)
            answering = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(9)
            assert platform.waiting == ["今天发"]
            platform.let_go()
            await answering
            await asyncio.sleep(60)

    run(world.clock, main())
    assert platform.delivered == ["今天发"]


def test_an_answer_that_failed_lets_the_hold_go(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(10)
            world.platform.answer(PlatformRefused("no"))
            await gate.send(world.says())
            await gate.send(world.says("加我微信"))
            await asyncio.sleep(HOLD_DUE_S - 10)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_an_answer_that_comes_behind_a_hold_goes_out_after_it(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate(drain_s=5) as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            await asyncio.sleep(HOLD_DUE_S)
            assert platform.waiting == [HOLD]
            answering = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(1)
            assert platform.waiting == [HOLD]
            platform.let_go()
            await answering

    run(world.clock, main())
    assert platform.delivered == [HOLD, "今天发"]


def test_somebody_elses_answer_takes_the_hold_away(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(10)
            await gate.sent_elsewhere(
                Outbound("shop", "c-1", "在的", "h-1", origin="human", at_ms=world.clock.wall_ms())
            )
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.delivered == ()


@pytest.mark.parametrize("delivered", [True, False])
def test_a_hold_that_may_be_out_is_not_sent_again(world: World, delivered: bool) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(SendUncertain("reset"), delivered=delivered)
            await asyncio.sleep(600)

    run(world.clock, main())
    assert len(world.platform.sent) == 1
    assert "hold_unknown" in world.journal.reasons()
    assert [row.state for row in run(world.clock, world.outbox())] == ["unknown"]


def test_a_hold_that_a_busy_platform_refuses_is_tried_until_the_deadline(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            for _ in range(100):
                world.platform.answer(PlatformBusy(retry_after_s=1))
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.delivered == ()
    assert 8 <= len(world.platform.sent) <= 13
    assert "hold_failed" in world.journal.reasons()


def test_a_hold_that_is_still_being_tried_gives_way_to_an_answer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(PlatformBusy(retry_after_s=5))
            await asyncio.sleep(HOLD_DUE_S)
            began_s = world.clock.monotonic_s()
            await gate.send(world.says())
            assert world.clock.monotonic_s() == began_s
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)


def test_a_timer_that_stumbles_is_told_and_tried_again_from_the_ledger(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            with monkeypatch.context() as patch:
                patch.setattr("replygate.runtime.timers.screened", lambda *_: 1 / 0)
                await asyncio.sleep(HOLD_DUE_S)
            await asyncio.sleep(40)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
    [failed] = world.journal.named("task.failed")
    assert (failed["task"], failed["reason"]) == (
        "replygate leg hold",
        "ZeroDivisionError('division by zero')",
    )


def test_a_hold_that_the_gate_blocks_tells_people(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            holding = replace(world.store.holding, texts=("加我微信",))
            await gate.reload(replace(world.store, holding=holding))
            gate.connect("shop", world.platform)
            await asyncio.sleep(HOLD_DUE_S)

    run(world.clock, main())
    assert world.platform.sent == []
    assert world.journal.reasons("hold.skipped") == ["blocked"]
    assert {"blocked", "hold_failed"} <= set(world.journal.reasons())


def test_a_store_without_a_platform_tells_people_instead_of_holding(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            gate._core.ports.clear()
            await gate.received(world.asks())
            await asyncio.sleep(HOLD_DUE_S)

    run(world.clock, main())
    assert world.journal.reasons("hold.skipped") == ["not connected"]


def test_who_only_observes_sends_no_hold(tmp_path: Path) -> None:
    world = World(tmp_path, 'mode = "observe"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(HOLD_DUE_S)

    run(world.clock, main())
    assert world.platform.sent == []
    assert world.journal.reasons("hold.skipped") == ["observe"]


def test_a_second_question_gets_a_second_hold_with_another_text(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(40)
            await gate.send(world.says())
            await asyncio.sleep(1)
            await gate.received(world.asks("m-2"))
            await asyncio.sleep(40)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD, "今天发", "收到您的消息了，请留意回复")


def test_two_hundred_buyers_at_once_are_all_held_in_time(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            asked = [world.asks(of=f"c-{number}") for number in range(200)]
            await asyncio.gather(*(gate.received(each) for each in asked))
            await asyncio.sleep(29)
            assert len(world.platform.delivered) == 200

    run(world.clock, main())
    assert len({sent.cleared.draft.conversation for sent in world.platform.sent}) == 200
