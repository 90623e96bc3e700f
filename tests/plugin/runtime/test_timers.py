from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replygate.config import load_store
from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.events import Marked, Outbound
from replygate.ledger import Change, LegKey, OutboxRow

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


def test_a_hold_that_is_still_being_tried_is_dropped_when_somebody_answers_elsewhere(
    world: World,
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(PlatformBusy(retry_after_s=5))
            await asyncio.sleep(HOLD_DUE_S)
            at_ms = world.clock.wall_ms()
            await gate.received(Outbound("shop", "c-1", "在的", "h-1", origin="human", at_ms=at_ms))
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.delivered == ()
    assert [row.state for row in run(world.clock, world.outbox())] == ["failed"]
    # The buyer has an answer: nobody needs to hear that the hold did not go out.
    assert "hold_failed" not in world.journal.reasons()


def test_a_platform_that_is_taken_away_while_a_hold_begins_still_sends_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            begin = gate._core.ledger.begin

            async def begin_slowly(row: OutboxRow, *more: Any, **named: Any) -> bool:
                began = await begin(row, *more, **named)
                gate.disconnect("shop")
                return began

            monkeypatch.setattr(gate._core.ledger, "begin", begin_slowly)
            await asyncio.sleep(HOLD_DUE_S)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)
    assert world.journal.named("task.failed") == []


def test_people_are_told_before_it_is_written_that_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            ledger = gate._core.ledger
            write = ledger.record_change

            async def record_change(change: Change) -> frozenset[LegKey]:
                told.append(world.journal.reasons())
                return await write(change)

            monkeypatch.setattr(ledger, "record_change", record_change)
            await asyncio.sleep(17)

    run(world.clock, main())
    assert told[0] == ["warn"]


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


NAMED = 'texts = ["{buyer}您好，已收到", "订单{order}的消息已收到"]'


def test_texts_rotate_after_a_restart_though_their_variables_were_filled_in(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    path = tmp_path / "shop.toml"
    texts = 'texts = ["已收到，客服会尽快回复您", "收到您的消息了，请留意回复"]'
    path.write_text(path.read_text("utf-8").replace(texts, NAMED), "utf-8")
    world.store = load_store(path)

    async def asked(name: str) -> None:
        async with world.gate() as gate:
            asks = replace(world.asks(name), buyer_name="小陈", order="A7")
            await gate.received(asks)
            await asyncio.sleep(HOLD_DUE_S)
            await gate.send(world.says())
            await asyncio.sleep(1)

    for name in ("m-1", "m-2", "m-3"):
        run(world.clock, asked(name))
    told = [text for text in world.platform.delivered if text != "今天发"]
    assert told == ["小陈您好，已收到", "订单A7的消息已收到", "小陈您好，已收到"]


@pytest.mark.parametrize(
    ("key", "holds"), [("max_per_conversation_day = 2", 2), ("max_per_conversation_day = 9", 4)]
)
def test_the_caps_of_a_day_hold_over_restarts(tmp_path: Path, key: str, holds: int) -> None:
    world = World(tmp_path)
    path = tmp_path / "shop.toml"
    path.write_text(path.read_text("utf-8").replace("[holding]", f"[holding]\n{key}"), "utf-8")
    world.store = load_store(path)

    async def asked(name: str) -> None:
        async with world.gate() as gate:
            await gate.received(world.asks(name))
            await asyncio.sleep(HOLD_DUE_S)
            await gate.send(world.says())
            await asyncio.sleep(1)

    for name in ("m-1", "m-2", "m-3", "m-4"):
        run(world.clock, asked(name))
    assert len([text for text in world.platform.delivered if text != "今天发"]) == holds


def test_a_platform_that_became_slow_gets_its_holds_earlier(world: World) -> None:
    """Its p99 and a retry: two times six seconds are more than the lead of ten."""
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            answering = asyncio.gather(gate.send(world.says(to="c-9")))
            await asyncio.sleep(6)
            platform.let_go()
            await answering
            await gate.received(world.asks())
            await asyncio.sleep(30 - 2 * 6 - 3)
            assert len(platform.delivered) == 1
            await asyncio.sleep(3)
            assert len(platform.delivered) == 2

    run(world.clock, main())


def test_many_buyers_at_once_get_one_hold_each_and_not_in_one_moment(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await asyncio.gather(
                *(gate.received(world.asks("m-1", of=f"c-{n}")) for n in range(150))
            )
            await asyncio.sleep(60)

    run(world.clock, main())
    told = [sent.cleared.draft.conversation for sent in world.platform.sent]
    assert sorted(told) == sorted(f"c-{n}" for n in range(150))
    times = [sent.at_ms for sent in world.platform.sent]
    busiest = max(sum(0 <= other - one < 100 for other in times) for one in times)
    assert busiest < 30, "jitter spreads them over two seconds"


def test_what_was_measured_of_a_slow_platform_outlives_a_reload(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            answering = asyncio.gather(gate.send(world.says(to="c-9")))
            await asyncio.sleep(6)
            platform.let_go()
            await answering
            await gate.reload(world.store)
            await gate.received(world.asks())
            await asyncio.sleep(30 - 2 * 6)
            assert len(platform.delivered) == 2

    run(world.clock, main())


def test_a_promise_outlives_a_restart_though_its_question_was_taken_back(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(25)
            assert world.platform.delivered == (HOLD,)
            recall = Marked("shop", "c-1", "m-1", "recall", at_ms=world.clock.wall_ms())
            await gate.received(recall)
        async with world.gate():
            await asyncio.sleep(301)

    run(world.clock, main())
    assert len(world.journal.named("promise.broken")) == 1
