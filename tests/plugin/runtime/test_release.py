from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.errors import LedgerError, PlatformRefused, SendUncertain
from replygate.events import Outbound
from replygate.runtime import ReplyGate, Sent, TaskError

from .kit import SlowPlatform, World, broken
from .virtual import run

GRAVE = """
[[screening.rule]]
id = "grave"
action = "block"
severity = "grave"
words = ["刷单"]
"""


async def blocked(gate: ReplyGate, world: World, text: str = "加我微信") -> str:
    """A text that the gate kept back; the name of its task."""
    assert (await gate.send(world.says(text))).state == "skipped"
    return (await gate.tasks("shop"))[-1].task_id


def refused(error: pytest.ExceptionInfo[TaskError]) -> str:
    assert error.value.code in {"not-released", "task-done"}
    return str(error.value)


def test_a_person_lets_it_out_by_name_and_it_stays_the_bots(world: World) -> None:
    async def main() -> Sent:
        async with world.gate() as gate:
            await gate.received(world.asks())
            task = await blocked(gate, world)
            sent = await gate.release("shop", task, by="xiao-li")
            assert await gate.waiting("shop") == ()
            assert await gate.tasks("shop") == ()
            return sent

    sent = run(world.clock, main())
    assert (sent.state, sent.cleared.action, sent.cleared.released_by) == (
        "sent",
        "pass",
        "xiao-li",
    )
    assert [finding.rule for finding in sent.cleared.findings] == ["wechat"]
    assert world.platform.delivered == ("加我微信",)
    [released] = world.journal.named("reply.released")
    assert (released["by"], released["origin"]) == ("xiao-li", "bot")
    assert [fields["origin"] for fields in world.journal.named("turn.closed")] == ["bot"]


def test_it_goes_out_once_whoever_asks(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            task = await blocked(gate, world)
            both = asyncio.gather(*(gate.release("shop", task, by=who) for who in ("a", "b")))
            await asyncio.sleep(1)
            platform.let_go()
            first, second = await both
            assert first == second
            assert (await gate.release("shop", task, by="c")).state == "sent"
        async with world.gate() as gate:
            gate.connect("shop", platform)
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task, by="d")
            assert "a said released" in refused(caught)

    run(world.clock, main())
    assert platform.delivered == ["加我微信"]


@pytest.mark.parametrize("first", ["done", "release"])
def test_of_a_word_and_a_release_exactly_one_wins(world: World, first: str) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> list[object]:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            platform.let_go()
            task = await blocked(gate, world)
            work = {
                "done": gate.decide("shop", task, "dropped", by="a"),
                "release": gate.release("shop", task, by="b"),
            }
            order = [work.pop(first), *work.values()]
            return [*await asyncio.gather(*order, return_exceptions=True)]

    results = run(world.clock, main())
    assert [isinstance(result, TaskError) for result in results].count(True) == 1
    released = any(isinstance(result, Sent) for result in results)
    assert platform.delivered == (["加我微信"] if released else [])


def test_what_is_grave_stays_blocked(tmp_path: Path) -> None:
    world = World(tmp_path)
    path = tmp_path / "shop.toml"
    path.write_text(path.read_text("utf-8") + GRAVE, "utf-8")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.reload(load_store(path))
            task = await blocked(gate, world, "帮忙刷单")
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task, by="xiao-li", force=True)
            assert refused(caught) == "it stays blocked: grave"

    run(world.clock, main())
    assert world.platform.sent == []


def test_a_store_may_want_none(tmp_path: Path) -> None:
    world = World(tmp_path, "people.release = false")

    async def main() -> None:
        async with world.gate() as gate:
            task = await blocked(gate, world)
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task, by="xiao-li")
            assert "release = false" in refused(caught)
            assert len(await gate.tasks("shop")) == 1

    run(world.clock, main())


def test_who_was_answered_meanwhile_gets_it_by_force_only(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            task = await blocked(gate, world)
            await asyncio.sleep(25)
            # A holding reply is no answer.
            assert len(world.platform.delivered) == 1
            said = Outbound("shop", "c-1", "我来", "e-1", origin="human")
            await gate.sent_elsewhere(said)
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task, by="xiao-li")
            assert "answered meanwhile" in refused(caught)
            assert (await gate.release("shop", task, by="xiao-li", force=True)).state == "sent"

    run(world.clock, main())


def test_an_answer_that_is_on_its_way_goes_before_a_release(world: World) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> None:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            await gate.received(world.asks())
            task = await blocked(gate, world)
            answering = asyncio.gather(gate.send(world.says()))
            await asyncio.sleep(1)
            releasing = asyncio.gather(gate.release("shop", task, by="xiao-li"))
            await asyncio.sleep(1)
            platform.let_go()
            await answering
            with pytest.raises(TaskError) as error:
                await releasing
            assert "answered meanwhile" in refused(error)
            assert [each.task_id for each in await gate.tasks("shop")] == [task]

    run(world.clock, main())
    assert platform.delivered == ["今天发"]


def test_a_holding_reply_is_no_answer(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            task = await blocked(gate, world)
            await asyncio.sleep(25)
            assert (await gate.release("shop", task, by="xiao-li")).state == "sent"

    run(world.clock, main())
    assert len(world.platform.delivered) == 2


def test_a_draft_that_a_take_over_kept_goes_out_by_a_persons_word(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.send(world.says("京东快递"))
            [task] = await gate.tasks("shop")
            assert task.text == "合作快递"
            sent = await gate.release("shop", task.task_id, by="xiao-wang")
            assert (sent.state, sent.cleared.released_by) == ("sent", None)

    run(world.clock, main())
    assert world.platform.delivered == ("合作快递",)


def test_what_may_be_out_is_never_sent_again(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            world.platform.answer(SendUncertain("reset"), delivered=False)
            assert (await gate.send(world.says())).state == "unknown"
            [task] = await gate.tasks("shop")
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task.task_id, by="xiao-li")
            assert "may be out" in refused(caught)

    run(world.clock, main())


def test_a_text_that_is_not_kept_any_more_is_not_sent(tmp_path: Path) -> None:
    world = World(tmp_path, 'privacy.log_text = "none"')

    async def main() -> None:
        async with world.gate() as gate:
            task = await blocked(gate, world)
        async with world.gate() as gate:
            with pytest.raises(TaskError) as caught:
                await gate.release("shop", task, by="xiao-li")
            assert "not kept" in refused(caught)

    run(world.clock, main())


def test_what_the_platform_refuses_is_an_outcome(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            task = await blocked(gate, world)
            world.platform.answer(PlatformRefused("no"))
            assert (await gate.release("shop", task, by="xiao-li")).state == "failed"
            assert await gate.tasks("shop") == ()

    run(world.clock, main())


def test_nothing_is_released_that_can_not_be_written_down(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            task = await blocked(gate, world)
            with broken(gate), pytest.raises(LedgerError):
                await gate.release("shop", task, by="xiao-li")
            await asyncio.sleep(5)
            assert (await gate.release("shop", task, by="xiao-li")).state == "sent"

    run(world.clock, main())
    assert world.platform.delivered == ("加我微信",)
