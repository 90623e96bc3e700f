from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.errors import LedgerError, PlatformRefused
from replygate.events import Inbound, Outbound
from replygate.model import Draft

from .kit import World, broken
from .virtual import run

PDD = ('platform = "pdd"', 'edition = "sources-2023"')
LINK = "这个能做吗 https://item.jd.com/100012.html"
ANSWER = "平台外的链接我们无法查看，麻烦您用文字描述一下，或者发本店商品的链接～"
SWITCHED_ON = '\n[workflow]\nanswers = ["foreign_link"]\n'


def world_of(folder: Path, more: str = "") -> World:
    world = World(folder, *PDD)
    path = folder / "shop.toml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    world.store = load_store(path)
    return world


@pytest.fixture
def pdd(tmp_path: Path) -> World:
    return world_of(tmp_path)


@pytest.fixture
def answering(tmp_path: Path) -> World:
    return world_of(tmp_path, SWITCHED_ON)


def suggested(world: World) -> list[str]:
    return [fields["topic"] for fields in world.journal.named("people.suggested")]


def test_a_topic_becomes_a_suggestion_once_a_turn(pdd: World) -> None:
    async def main() -> None:
        async with pdd.gate() as gate:
            await gate.received(pdd.asks("m-1", LINK))
            await gate.received(pdd.asks("m-2", LINK))
            await gate.send(pdd.says("请描述一下"))
            await asyncio.sleep(1)
            await gate.received(pdd.asks("m-3", LINK))
            await gate.received(pdd.asks("m-3", LINK))

    run(pdd.clock, main())
    assert suggested(pdd) == ["foreign_link", "foreign_link"]
    first = pdd.journal.named("people.suggested")[0]
    assert (first["id"], first["turn"]) == ("m-1", "m-1")
    assert "不要点开" in first["suggestion"]
    assert pdd.platform.delivered == ("请描述一下",), "nothing goes out by itself"


def test_a_link_of_the_platform_itself_is_none(pdd: World) -> None:
    async def main() -> None:
        async with pdd.gate() as gate:
            await gate.received(pdd.asks("m-1", "https://mobile.yangkeduo.com/goods.html?id=1"))

    run(pdd.clock, main())
    assert suggested(pdd) == []


def test_what_was_answered_before_it_arrived_suggests_nothing(pdd: World) -> None:
    async def main() -> None:
        async with pdd.gate() as gate:
            began_ms = pdd.clock.wall_ms()
            await asyncio.sleep(5)
            await gate.received(Outbound("shop", "c-1", "请描述一下", "x-1", origin="human"))
            await asyncio.sleep(5)
            await gate.received(Inbound("shop", "c-1", "m-1", LINK, at_ms=began_ms))

    run(pdd.clock, main())
    assert suggested(pdd) == []


def test_thanks_are_a_matter_for_people_where_the_platform_wants_the_last_word(
    pdd: World, tmp_path: Path
) -> None:
    async def main(world: World) -> None:
        async with world.gate() as gate:
            await gate.received(world.asks("m-1", "好的谢谢"))

    run(pdd.clock, main(pdd))
    assert suggested(pdd) == ["closing"]
    (tmp_path / "plain").mkdir()
    plain = World(tmp_path / "plain")
    run(plain.clock, main(plain))
    assert suggested(plain) == []


def test_an_answer_that_the_store_wants_goes_out_once_in_a_conversation(answering: World) -> None:
    world = answering

    async def first() -> None:
        async with world.gate() as gate:
            await asyncio.gather(
                gate.received(world.asks("m-1", LINK)),
                gate.received(world.asks("m-2", LINK)),
                gate.received(world.asks("m-1", LINK, of="c-2")),
            )
            await asyncio.sleep(1)

    async def after_a_restart() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks("m-3", LINK))
            await asyncio.sleep(1)

    run(world.clock, first())
    assert world.platform.delivered == (ANSWER, ANSWER)
    assert {sent.cleared.draft.conversation for sent in world.platform.sent} == {"c-1", "c-2"}
    assert world.platform.sent[0].cleared.draft.origin == "bot"
    run(world.clock, after_a_restart())
    assert len(world.platform.sent) == 2
    assert suggested(world)[-1] == "foreign_link", "people get it instead"


def test_it_does_not_answer_a_turn_that_asks_something_else_too(answering: World) -> None:
    async def main() -> None:
        async with answering.gate() as gate:
            await gate.received(answering.asks("m-1", "什么时候能到"))
            await gate.received(answering.asks("m-2", LINK))
            await asyncio.sleep(1)

    run(answering.clock, main())
    assert answering.platform.delivered == ()
    assert suggested(answering) == ["foreign_link"]


def test_it_stays_out_of_the_way_of_people(answering: World) -> None:
    world = answering

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks("m-1", "在吗"))
            await gate.send(world.says("在的", origin="human"))
            await asyncio.sleep(1)
            await gate.received(world.asks("m-2", LINK))
            await asyncio.sleep(1)

    run(world.clock, main())
    assert world.platform.delivered == ("在的",)
    assert suggested(world) == ["foreign_link"]


@pytest.mark.parametrize("keys", [('mode = "observe"',), ()])
def test_nothing_goes_out_where_the_store_only_watches_or_is_not_connected(
    keys: tuple[str, ...], tmp_path: Path
) -> None:
    world = world_of(tmp_path, SWITCHED_ON)
    path = tmp_path / "shop.toml"
    path.write_text("\n".join(keys) + "\n" + path.read_text("utf-8"), "utf-8")
    world.store = load_store(path)

    async def main() -> None:
        async with world.gate() as gate:
            if not keys:
                gate.disconnect("shop")
            await gate.received(world.asks("m-1", LINK))
            await asyncio.sleep(1)

    run(world.clock, main())
    assert world.platform.sent == []
    assert suggested(world) == ["foreign_link"]


def test_what_can_not_be_looked_up_is_not_sent(answering: World) -> None:
    world = answering

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks("m-1", "在吗", of="c-2"))
            with broken(gate), pytest.MonkeyPatch.context() as patch:

                async def gone(_send_id: str) -> None:
                    raise LedgerError("gone")

                patch.setattr(gate._core.ledger, "send", gone)
                await gate.received(world.asks("m-1", LINK))
                await asyncio.sleep(0.5)

    run(world.clock, main())
    assert world.platform.sent == []


def test_an_answer_that_failed_is_not_tried_again(answering: World) -> None:
    world = answering

    async def main() -> None:
        async with world.gate() as gate:
            world.platform.answer(PlatformRefused("no"))
            await gate.received(world.asks("m-1", LINK))
            await asyncio.sleep(1)
            await gate.send(Draft("c-1", "在的", store="shop"))
            await gate.received(world.asks("m-2", LINK))
            await asyncio.sleep(1)

    run(world.clock, main())
    assert world.platform.delivered == ("在的",)
    assert world.journal.reasons() == ["send_failed"]
