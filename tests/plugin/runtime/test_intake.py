from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.events import Inbound, Marked, Outbound, Session, Transferred
from replygate.model import Cleared, Receipt
from replygate.runtime.intake import topics_of
from replygate.runtime.stamps import AHEAD_MAX_MS

from .kit import SlowPlatform, World
from .virtual import run


def test_a_repeat_changes_nothing_and_names_the_same_deadlines(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            first = await gate.received(world.asks())
            again = await gate.received(replace(world.asks(), text="something else"))
            assert (first.new, again.new) == (True, False)
            assert again.deadlines == first.deadlines
        # A new process has no memory of it but the ledger.
        async with world.gate() as gate:
            later = await gate.received(world.asks())
            assert not later.new
            assert later.deadlines == first.deadlines

    run(world.clock, main())
    assert [fields["new"] for fields in world.journal.named("message.received")] == [
        True,
        False,
        False,
    ]


def test_twins_that_arrive_together_are_one_message(world: World) -> None:
    async def main() -> list[bool]:
        async with world.gate() as gate:
            twins = [gate.received(world.asks()) for _ in range(20)]
            return [received.new for received in await asyncio.gather(*twins)]

    assert sum(run(world.clock, main())) == 1


def test_an_id_means_one_message_of_its_conversation_only(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            assert (await gate.received(world.asks(of="c-1"))).new
            assert (await gate.received(world.asks(of="c-2"))).new

    run(world.clock, main())


def test_a_notice_opens_nothing(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            notice = Inbound("shop", "c-1", "n-1", "来自商品页", origin="platform")
            received = await gate.received(notice)
            assert received.new
            assert received.deadlines == ()
            assert await gate.waiting("shop") == ()

    run(world.clock, main())


def test_a_message_that_comes_late_starts_its_clock_when_it_was_asked(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            asked_ms = world.clock.wall_ms() - 25_000
            received = await gate.received(replace(world.asks(), at_ms=asked_ms))
            assert [deadline.due_ms for deadline in received.deadlines] == [asked_ms + 30_000]
            await asyncio.sleep(1)
            assert len(world.platform.delivered) == 1

    run(world.clock, main())
    assert world.journal.named("message.received")[0]["late_ms"] == 25_000


def test_what_claims_to_come_from_the_future_happens_now(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            now_ms = world.clock.wall_ms()
            asked = replace(world.asks(), at_ms=now_ms + AHEAD_MAX_MS + 1)
            received = await gate.received(asked)
            assert received.deadlines[0].due_ms == now_ms + 30_000

    run(world.clock, main())


def test_a_platform_whose_clock_is_far_ahead_is_heard_in_the_order_it_tells(
    world: World,
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            now_ms = world.clock.wall_ms()
            # Just within the limit it stands as it is; its answer, told at once, just without.
            asked = replace(world.asks(), at_ms=now_ms + AHEAD_MAX_MS)
            await gate.received(asked)
            await asyncio.sleep(1)
            at_ms = now_ms + AHEAD_MAX_MS + 1_001
            answer = Outbound("shop", "c-1", "在的", "h-1", origin="human", at_ms=at_ms)
            await gate.sent_elsewhere(answer)
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(60)
            assert world.platform.delivered == ()

    run(world.clock, main())


def test_a_question_after_our_answer_opens_a_turn_however_far_the_receipt_is_ahead(
    world: World,
) -> None:
    class Ahead(SlowPlatform):
        async def send(self, cleared: Cleared) -> Receipt:
            return replace(await super().send(cleared), at_ms=world.clock.wall_ms() + 8 * 3_600_000)

    async def main() -> None:
        async with world.gate() as gate:
            platform = Ahead(world.clock)
            platform.let_go()
            gate.connect("shop", platform)
            await gate.received(world.asks())
            await gate.send(world.says())
            await asyncio.sleep(1)
            await gate.received(world.asks("m-2"))
            assert [waits.conversation for waits in await gate.waiting("shop")] == ["c-1"]

    run(world.clock, main())


def test_a_late_question_of_a_turn_that_is_over_leaves_the_open_turn_its_hold(
    world: World,
) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            early = world.asks("m-0")
            await asyncio.sleep(5)
            await gate.received(world.asks("m-1"))
            await asyncio.sleep(1)
            await gate.send(world.says("在的"))
            await asyncio.sleep(1)
            await gate.received(world.asks("m-2"))
            assert (await gate.received(early)).new
            await asyncio.sleep(25)

    run(world.clock, main())
    assert len(world.platform.delivered) == 2


def test_the_platforms_word_that_no_reply_is_needed_takes_the_timers_back(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            marked = Marked("shop", "c-1", "m-1", "platform_no_reply_needed")
            assert (await gate.received(marked)).new
            assert not (await gate.received(marked)).new
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(600)

    run(world.clock, main())
    assert world.platform.sent == []


def test_a_mark_that_comes_before_its_message_is_remembered_over_a_restart(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(Marked("shop", "c-1", "m-1", "recall"))
        async with world.gate() as gate:
            assert (await gate.received(world.asks())).deadlines == ()

    run(world.clock, main())


def test_a_transfer_makes_the_buyer_wait_and_sessions_are_facts(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            assert (await gate.received(Session("shop", "c-1", "open", "s-1"))).new
            assert (await gate.received(Transferred("shop", "c-1", "t-1"))).new
            assert len(await gate.waiting("shop")) == 1
            assert (await gate.received(Session("shop", "c-1", "close", "s-1"))).new
        async with world.gate() as gate:
            await asyncio.sleep(1)
            assert len(await gate.waiting("shop")) == 1
            assert not (await gate.received(Transferred("shop", "c-1", "t-1"))).new

    run(world.clock, main())


PDD = ('platform = "pdd"', 'edition = "sources-2023"')


@pytest.mark.parametrize(
    ("text", "rule", "due_s"),
    [("收到的杯子碎了", "PDD-D-05", 180), ("怎么还不发货", "PDD-D-08", None)],
)
def test_a_topics_deadline_opens_for_what_the_buyer_speaks_of(
    tmp_path: Path, text: str, rule: str, due_s: int | None
) -> None:
    world = World(tmp_path, *PDD)

    async def main() -> None:
        async with world.gate() as gate:
            asked = world.asks(text=text)
            other = await gate.received(world.asks("m-0", of="c-0"))
            opened = {one.rule: one.due_ms for one in (await gate.received(asked)).deadlines}
            assert opened.keys() - {one.rule for one in other.deadlines} == {rule}
            if due_s is not None:
                assert asked.at_ms is not None
                assert opened[rule] == asked.at_ms + due_s * 1_000
        # The topic is kept with the message, so the deadline outlives the process.
        async with world.gate() as gate:
            assert rule in {one.rule for one in (await gate.received(asked)).deadlines}

    run(world.clock, main())


def test_topics_of_the_event_and_of_its_text_add_up(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text('id = "shop"\n[screening]\nlexicons = ["topics"]\n', "utf-8")
    store = load_store(path)
    said = Inbound("shop", "c-1", "m-1", "谢谢", topics=("vip",))
    assert topics_of(store, said) == ("closing", "thanks", "vip")
    assert topics_of(store, replace(said, origin="platform")) == ("vip",)
