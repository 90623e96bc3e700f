from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.runtime import Sent

from .kit import SlowPlatform, World
from .virtual import run


def test_a_blocked_text_goes_nowhere_and_people_hear_of_it_at_once(world: World) -> None:
    async def main() -> Sent:
        async with world.gate() as gate:
            await gate.received(world.asks())
            sent = await gate.send(world.says("加我微信"), send_id="s-1")
            assert world.journal.reasons() == ["blocked"]
            return sent

    sent = run(world.clock, main())
    assert (sent.state, sent.receipt, sent.cleared.action) == ("skipped", None, "block")
    assert world.platform.sent == []
    assert [fields["text"] for fields in world.journal.named("reply.blocked")] == ["加我微信"]
    rows = run(world.clock, world.outbox())
    assert [(row.send_id, row.state, row.verdict) for row in rows] == [
        ("shop:s-1", "skipped", "block")
    ]


@pytest.mark.parametrize(
    ("settings", "told", "delivered"),
    [
        ('screening.on_block = "ask"', ["blocked"], ()),
        ('screening.on_block = "silent"', [], ()),
        (
            'screening.on_block = "stock"\nscreening.stock_replies = ["请看商品页"]',
            [],
            ("请看商品页",),
        ),
    ],
)
def test_on_block_says_who_hears_of_a_blocked_text(
    tmp_path: Path, settings: str, told: list[str], delivered: tuple[str, ...]
) -> None:
    world = World(tmp_path, settings)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says("加我微信"))
            assert world.journal.reasons() == told

    run(world.clock, main())
    assert world.platform.delivered == delivered
    assert len(world.journal.named("reply.blocked")) == (0 if delivered else 1)


def test_a_rewritten_text_goes_out_as_the_gate_cleared_it(world: World) -> None:
    async def main() -> Sent:
        async with world.gate() as gate:
            return await gate.send(world.says("已发京东快递"))

    sent = run(world.clock, main())
    assert sent.cleared.action == "rewrite"
    assert world.platform.delivered == ("已发合作快递",)


def test_in_observe_mode_the_original_goes_out_and_the_journal_says_what_would_be(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, 'mode = "observe"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says("加我微信"))

    run(world.clock, main())
    assert world.platform.delivered == ("加我微信",)
    assert [fields["would"] for fields in world.journal.named("reply.screened")] == ["block"]


def test_two_answers_of_one_conversation_go_out_in_order(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate(drain_s=1) as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            both = asyncio.gather(*(gate.send(world.says(text)) for text in ("一", "二", "三")))
            await asyncio.sleep(1)
            assert platform.waiting == ["一"]
            platform.let_go()
            await both

    run(world.clock, main())
    assert platform.delivered == ["一", "二", "三"]


def test_a_platform_that_stalls_keeps_no_other_conversation_and_no_buyer_waiting(
    world: World,
) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            stalled = asyncio.gather(gate.send(world.says("慢")))
            await asyncio.sleep(1)
            began_s = world.clock.monotonic_s()
            await gate.received(world.asks("m-2", "在吗"))
            gate.connect("shop", world.platform)
            sent = await gate.send(world.says("快", to="c-2"))
            assert sent.state == "sent"
            assert world.clock.monotonic_s() == began_s
            platform.let_go()
            await stalled

    run(world.clock, main())


def test_the_same_send_id_sends_once_however_often_it_is_asked_for(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            tries = [gate.send(world.says(), send_id="k-1") for _ in range(10)]
            running = asyncio.gather(*tries)
            await asyncio.sleep(1)
            platform.let_go()
            outcomes = await running
            assert {outcome.receipt for outcome in outcomes} == {outcomes[0].receipt}
            assert (await gate.send(world.says(), send_id="k-1")) == outcomes[0]
        # A new process knows it from the ledger only.
        async with world.gate() as gate:
            later = await gate.send(world.says(), send_id="k-1")
            assert later.state == "sent"
            assert later.receipt is not None
            assert later.receipt.platform_id == "slow-1"

    run(world.clock, main())
    assert platform.delivered == ["今天发"]
    assert world.platform.delivered == ()


def test_the_same_send_id_with_a_blocked_text_is_written_once(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("加我微信"), send_id="k-1")
        async with world.gate() as gate:
            later = await gate.send(world.says("加我微信"), send_id="k-1")
            assert later.state == "skipped"

    run(world.clock, main())
    assert len(world.journal.named("reply.blocked")) == 1


@pytest.mark.parametrize(
    ("error", "delivered", "state", "event"),
    [
        (PlatformRefused("no"), None, "failed", "reply.failed"),
        (SendUncertain("reset"), True, "unknown", "reply.unknown"),
        (SendUncertain("reset"), False, "unknown", "reply.unknown"),
    ],
)
def test_what_the_platform_did_not_take_is_told_and_never_repeated(
    world: World,
    error: PlatformRefused | SendUncertain,
    delivered: bool | None,
    state: str,
    event: str,
) -> None:
    async def main() -> Sent:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(error, delivered=delivered)
            sent = await gate.send(world.says())
            await asyncio.sleep(3)
            return sent

    sent = run(world.clock, main())
    assert (sent.state, sent.receipt) == (state, None)
    assert len(world.platform.sent) == 1
    assert len(world.journal.named(event)) == 1
    assert run(world.clock, world.outbox())[0].state == state


def test_a_busy_platform_is_asked_again(world: World) -> None:
    async def main() -> Sent:
        async with world.gate() as gate:
            world.platform.answer(PlatformBusy(retry_after_s=2))
            world.platform.answer(PlatformBusy(retry_after_s=2))
            return await gate.send(world.says())

    assert run(world.clock, main()).state == "sent"
    assert world.clock.monotonic_s() >= 4


def test_a_turn_is_closed_by_a_receipt_only(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(PlatformRefused("no"))
            await gate.send(world.says())
            assert [each.conversation for each in await gate.waiting("shop")] == ["c-1"]
            await gate.send(world.says())
            assert await gate.waiting("shop") == ()

    run(world.clock, main())


def test_after_an_answer_that_may_be_out_no_hold_goes_out(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            world.platform.answer(SendUncertain("reset"), delivered=True)
            await gate.send(world.says())
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)
    assert world.journal.reasons("hold.skipped") == ["overtaken"]


def test_a_cancelled_caller_does_not_stop_the_send(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate(drain_s=5) as gate:
            gate.connect("shop", platform)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await gate.send(world.says())
            platform.let_go()

    run(world.clock, main())
    assert platform.delivered == ["今天发"]
    assert run(world.clock, world.outbox())[0].state == "sent"


def test_an_answer_before_the_question_was_stamped_counts_all_the_same(world: World) -> None:
    """The platform's clock runs ahead of ours by seconds."""

    async def main() -> None:
        async with world.gate() as gate:
            ahead_ms = world.clock.wall_ms() + 5_000
            await gate.received(replace(world.asks(), at_ms=ahead_ms))
            await gate.send(world.says())
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
