from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.errors import SendUncertain
from replygate.events import Outbound
from replygate.runtime.echo import ECHO_WINDOW_MS

from .kit import HOLD, SlowPlatform, World
from .virtual import run


def said(world: World, text: str, id_: str | None = "e-1") -> Outbound:
    return Outbound("shop", "c-1", text, id_, origin="human", at_ms=world.clock.wall_ms())


def test_somebody_elses_answer_stops_the_clock(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(1)
            observed = await gate.sent_elsewhere(said(world, "在的"))
            assert (observed.new, observed.own) == (True, False)
            assert observed.cleared is not None
            assert observed.cleared.action == "pass"
            assert await gate.waiting("shop") == ()
            again = await gate.sent_elsewhere(said(world, "在的"))
            assert not again.new

    run(world.clock, main())
    assert world.journal.named("reply.violated") == []
    assert [fields["origin"] for fields in world.journal.named("turn.closed")] == ["human"]


@pytest.mark.parametrize("mode", ["enforce", "observe"])
def test_a_violation_that_is_out_tells_people_once(tmp_path: Path, mode: str) -> None:
    world = World(tmp_path, f'mode = "{mode}"')

    async def main() -> None:
        async with world.gate() as gate:
            observed = await gate.sent_elsewhere(said(world, "加我微信"))
            assert observed.new
            await gate.sent_elsewhere(said(world, "加我微信"))

    run(world.clock, main())
    [violated] = world.journal.named("reply.violated")
    assert (violated["action"], violated["origin"], violated["id"]) == ("block", "human", "e-1")
    assert world.journal.reasons() == ["violated"]


PROFILE = """
id = "own-platform"
name = "Platform"
recall_s = 120
[editions.current]
as_of = 2026-01-01
"""


@pytest.mark.parametrize(
    ("age_ms", "left_s"), [(30_000, 90), (30_001, 89), (119_999, 0), (600_000, 0), (-5_000, 120)]
)
def test_a_violation_says_how_long_it_can_be_recalled(
    tmp_path: Path, age_ms: int, left_s: int
) -> None:
    (tmp_path / "p.toml").write_text(PROFILE, "utf-8")
    world = World(tmp_path, 'platform = "./p.toml"', 'edition = "current"')

    async def main() -> None:
        async with world.gate() as gate:
            await asyncio.sleep(1_000)
            event = said(world, "加我微信")
            out_ms = world.clock.wall_ms() - age_ms
            observed = await gate.sent_elsewhere(replace(event, at_ms=out_ms))
            assert observed.recall_left_s == left_s
            kind = await gate.sent_elsewhere(said(world, "在的", "e-2"))
            assert kind.recall_left_s is None

    run(world.clock, main())
    [violated] = world.journal.named("reply.violated")
    assert violated["recall_left_s"] == left_s


def test_no_window_leaves_the_time_to_recall_out(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            observed = await gate.sent_elsewhere(said(world, "加我微信"))
            assert observed.recall_left_s is None

    run(world.clock, main())
    [violated] = world.journal.named("reply.violated")
    assert "recall_left_s" not in violated


@pytest.mark.parametrize("id_", ["fake-1", "another-id", None])
def test_our_own_echo_is_never_taken_for_a_human(world: World, id_: str | None) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(25)
            assert world.platform.delivered == (HOLD,)
            observed = await gate.sent_elsewhere(said(world, HOLD, id_))
            assert observed.own
            # A human's answer would have kept the promise of the hold.
            await asyncio.sleep(600)

    run(world.clock, main())
    assert len(world.journal.named("promise.broken")) == 1


def test_an_echo_is_known_after_a_restart_by_the_platforms_id(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says())
        async with world.gate() as gate:
            assert (await gate.sent_elsewhere(said(world, "今天发", "fake-1"))).own

    run(world.clock, main())


def test_the_same_words_from_a_human_later_are_a_humans(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says())
            await asyncio.sleep(ECHO_WINDOW_MS / 1000 + 1)
            assert not (await gate.sent_elsewhere(said(world, "今天发"))).own

    run(world.clock, main())


def test_one_send_has_one_echo(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says())
            assert (await gate.sent_elsewhere(said(world, "今天发", "e-1"))).own
            assert (await gate.sent_elsewhere(said(world, "今天发", "e-1"))).own
            assert not (await gate.sent_elsewhere(said(world, "今天发", "e-2"))).own

    run(world.clock, main())


def test_an_echo_without_an_id_that_comes_twice_is_no_answer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says())
            for _ in range(2):
                assert (await gate.sent_elsewhere(said(world, "今天发", None))).own

    run(world.clock, main())


def test_an_echo_that_comes_again_under_a_name_and_as_a_humans_is_no_answer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says("今天发"))
            echo = replace(said(world, "今天发", None), origin="unknown")
            assert (await gate.sent_elsewhere(echo)).own
            await asyncio.sleep(5)
            again = replace(echo, id="e-77", origin="human")
            assert (await gate.sent_elsewhere(again)).own
            assert (await gate.sent_elsewhere(again)).own

    run(world.clock, main())
    assert world.journal.named("conversation.taken") == []


def test_the_echo_of_a_send_whose_answer_was_lost_is_its_receipt(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(SendUncertain("reset"), delivered=True)
            assert (await gate.send(world.says())).state == "unknown"
            assert len(await gate.waiting("shop")) == 1
            observed = await gate.sent_elsewhere(said(world, "今天发"))
            assert (observed.new, observed.own) == (True, True)
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
    [row] = run(world.clock, world.outbox())
    assert (row.state, row.platform_id) == ("sent", "e-1")


def test_an_echo_that_comes_before_the_answer_is_lost_makes_the_send_known(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            sending = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(1)
            observed = await gate.sent_elsewhere(said(world, "今天发"))
            assert observed.own
            [sent] = await sending  # the platform never answers
            assert sent.state == "sent"
            assert sent.receipt is not None
            assert sent.receipt.platform_id == "e-1"

    run(world.clock, main())
    assert [row.state for row in run(world.clock, world.outbox())] == ["sent"]


def test_an_answer_elsewhere_while_a_hold_is_under_way_is_an_answer(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate(drain_s=1) as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            await asyncio.sleep(22)
            assert platform.waiting == [HOLD]
            assert not (await gate.sent_elsewhere(said(world, "在的"))).own
            platform.let_go()

    run(world.clock, main())
    assert platform.delivered == [HOLD]


def test_a_human_who_types_what_the_hold_said_is_a_human_where_ids_agree(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(25)
            assert (await gate.sent_elsewhere(said(world, HOLD, "fake-1"))).own
            assert not (await gate.sent_elsewhere(said(world, HOLD, "h-1"))).own
            assert (await gate.sent_elsewhere(said(world, HOLD, "fake-1"))).own
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.journal.named("promise.broken") == []


def test_an_echo_that_the_platform_changed_is_still_ours(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says("今天发😊 "))
            assert (await gate.sent_elsewhere(said(world, "今天发[微笑]", None))).own
        async with world.gate() as gate:
            assert (await gate.sent_elsewhere(said(world, "今天发", None))).own

    run(world.clock, main())
    assert [fields["origin"] for fields in world.journal.named("turn.closed")] == ["bot"]
