from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from replygate.events import Outbound
from replygate.runtime import Sent, TaskError

from .kit import HOLD, SlowPlatform, World
from .virtual import run


def console(world: World, text: str = "在的", id_: str = "e-1", origin: str = "human") -> Outbound:
    assert origin in {"human", "unknown"}
    return Outbound(
        "shop",
        "c-1",
        text,
        id_,
        origin="human" if origin == "human" else "unknown",
        agent="xiao-wang",
        at_ms=world.clock.wall_ms(),
    )


def people(*keys: str) -> str:
    return "people = { " + ", ".join(keys) + " }"


def test_a_bots_text_is_kept_back_while_a_person_has_the_conversation(world: World) -> None:
    async def main() -> tuple[Sent, Sent, Sent]:
        async with world.gate() as gate:
            await gate.received(world.asks())
            taken = await gate.take_over("shop", "c-1", "xiao-wang")
            assert (taken.agent, taken.since_ms) == ("xiao-wang", world.clock.wall_ms())
            bot = await gate.send(world.says(), send_id="s-1")
            again = await gate.send(world.says(), send_id="s-1")
            assert len(await gate.waiting("shop")) == 1
            person = await gate.send(world.says("我来看看", origin="human"))
            return bot, again, person

    bot, again, person = run(world.clock, main())
    assert (bot.state, bot.error, bot.receipt) == ("skipped", "taken over by xiao-wang", None)
    assert (again.state, again.error) == (bot.state, bot.error)
    assert person.state == "sent"
    assert world.platform.delivered == ("我来看看",)
    [kept] = world.journal.named("reply.kept")
    assert (kept["by"], kept["origin"]) == ("xiao-wang", "bot")
    [taken] = world.journal.named("conversation.taken")
    assert (taken["agent"], taken["reason"]) == ("xiao-wang", "asked")


def test_a_draft_waits_for_the_person_and_never_goes_out_late(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.send(world.says())
            [task] = await gate.tasks("shop")
            assert (task.kind, task.text, task.origin) == ("draft", "今天发", "bot")
            taken = await gate.hand_back("shop", "c-1")
            assert taken is not None
            assert taken.agent == "xiao-wang"
            assert await gate.tasks("shop") == ()
            assert await gate.hand_back("shop", "c-1") is None
            assert (await gate.send(world.says("明天到"))).state == "sent"

    run(world.clock, main())
    assert world.platform.delivered == ("明天到",)
    assert [fields["outcome"] for fields in world.journal.named("people.decided")] == ["dropped"]
    assert [fields["reason"] for fields in world.journal.named("conversation.returned")] == [
        "asked"
    ]


@pytest.mark.parametrize(
    ("wish", "states", "kept"),
    [("drop", ["skipped"], 0), ("pass", ["sent"], 0), ("hold", ["skipped"], 1)],
)
def test_the_store_says_what_becomes_of_drafts(
    tmp_path: Path, wish: str, states: list[str], kept: int
) -> None:
    world = World(tmp_path, people(f'bot_drafts = "{wish}"'))

    async def main() -> list[str]:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            sent = await gate.send(world.says())
            assert len(await gate.tasks("shop")) == kept
            return [sent.state]

    assert run(world.clock, main()) == states


def test_a_draft_that_waited_for_the_door_is_kept_back_and_one_under_way_goes_out(
    world: World,
) -> None:
    platform = SlowPlatform(world.clock)

    async def main() -> list[Sent]:
        async with world.gate() as gate:
            gate.connect("shop", platform)
            sending = asyncio.gather(gate.send(world.says("一")), gate.send(world.says("二")))
            await asyncio.sleep(1)
            assert platform.waiting == ["一"]
            await gate.take_over("shop", "c-1", "xiao-wang")
            platform.let_go()
            return [*await sending]

    assert [sent.state for sent in run(world.clock, main())] == ["sent", "skipped"]
    assert platform.delivered == ["一"]


def test_a_holding_reply_keeps_its_promise_to_the_buyer_all_the_same(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.received(world.asks())
            await asyncio.sleep(30)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_a_sync_caller_on_the_loop_is_kept_back_too(world: World) -> None:
    said: list[str] = []

    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")

            def send_text(to: str, content: str) -> str:
                said.append(content)
                return f"{to}-1"

            send = gate.wrap(send_text, store="shop", conversation="to", text="content")
            assert send("c-1", "今天发") is None
            await asyncio.sleep(0.1)
            assert [task.kind for task in await gate.tasks("shop")] == ["draft"]

    run(world.clock, main())
    assert said == []


def test_a_take_over_lasts_from_the_last_word_and_ends_by_itself(tmp_path: Path) -> None:
    world = World(tmp_path, people("takeover_s = 100"))

    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await asyncio.sleep(90)
            await gate.sent_elsewhere(console(world))
            await asyncio.sleep(90)
            assert (await gate.send(world.says())).state == "skipped"
            [kept] = await gate.tasks("shop")
            await asyncio.sleep(30)
            assert (await gate.send(world.says("明天到"))).state == "sent"
            assert await gate.tasks("shop") == ()
            with pytest.raises(TaskError, match="the end of the take-over said dropped"):
                await gate.release("shop", kept.task_id, by="xiao-wang")

    run(world.clock, main())
    [back] = world.journal.named("conversation.returned")
    assert (back["reason"], back["agent"]) == ("expired", "xiao-wang")


@pytest.mark.parametrize(("origin", "state"), [("human", "skipped"), ("unknown", "sent")])
def test_a_persons_reply_takes_it_over_where_the_store_says_so(
    tmp_path: Path, origin: str, state: str
) -> None:
    world = World(tmp_path, people("takeover_on_reply = true"))

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.sent_elsewhere(console(world, origin=origin))
            assert (await gate.send(world.says())).state == state

    run(world.clock, main())
    taken = [fields["reason"] for fields in world.journal.named("conversation.taken")]
    assert taken == (["reply"] if origin == "human" else [])


def test_a_reply_through_the_gate_takes_it_over_too_and_our_echo_does_not(tmp_path: Path) -> None:
    world = World(tmp_path, people("takeover_on_reply = true"))

    async def main() -> None:
        async with world.gate() as gate:
            await gate.send(world.says("今天发"))
            echo = Outbound("shop", "c-1", "今天发", "fake-1", origin="human")
            assert (await gate.sent_elsewhere(echo)).own
            assert (await gate.send(world.says("顺丰"))).state == "sent"
            await gate.send(world.says("我来", origin="human"))
            assert (await gate.send(world.says("好"))).state == "skipped"

    run(world.clock, main())
    assert [fields["agent"] for fields in world.journal.named("conversation.taken")] == ["human"]


def test_a_reply_takes_nothing_over_where_the_store_does_not_say_so(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.sent_elsewhere(console(world))
            assert (await gate.send(world.says())).state == "sent"

    run(world.clock, main())


def test_a_restart_keeps_it(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.send(world.says())
        async with world.gate() as gate:
            assert (await gate.send(world.says("明天到"))).error == "taken over by xiao-wang"
            assert [task.text for task in await gate.tasks("shop")] == ["今天发", "明天到"]

    run(world.clock, main())
    assert world.platform.sent == []


def test_another_person_takes_it_over(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.take_over("shop", "c-1", "xiao-wang")
            await gate.take_over("shop", "c-1", "xiao-li")
            assert (await gate.send(world.says())).error == "taken over by xiao-li"
            assert (await gate.send(world.says(to="c-2"))).state == "sent"

    run(world.clock, main())
    agents = [fields["agent"] for fields in world.journal.named("conversation.taken")]
    assert agents == ["xiao-wang", "xiao-li"]
