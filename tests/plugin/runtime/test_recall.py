from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from replygate.events import Outbound
from replygate.ledger import MessageFact
from replygate.model import Memory, Origin
from replygate.runtime.recall import TEXTS_REMEMBERED, Recall

from .kit import World
from .virtual import run

MINDS = (
    'screening.memory.repeat = "warn"',
    'screening.memory.in_a_row = "warn"',
    "screening.memory.in_a_row_max = 2",
)


def fact(number: int, origin: Origin, text: str | None = None) -> MessageFact:
    out = origin != "buyer"
    return MessageFact(
        store="shop",
        conversation="c-1",
        id=f"m-{number}",
        direction="out" if out else "in",
        origin=origin,
        agent=None,
        kind="text",
        at_ms=number,
        received_ms=number,
        topic=None,
        text_hash="",
        text=text,
    )


def test_it_begins_with_what_the_ledger_knows() -> None:
    rows = [
        fact(1, "bot", "甲"),
        fact(2, "buyer", "问"),
        fact(3, "hold", "稍候"),
        fact(4, "human"),
        fact(5, "bot", "乙"),
    ]
    assert Recall(rows).memory == Memory(("甲", "稍候", "乙"), 2)


def test_the_platforms_notices_are_not_the_buyers_words() -> None:
    notice = replace(fact(2, "buyer"), origin="platform")
    assert Recall([fact(1, "bot"), notice]).memory == Memory((), 1)


def test_the_buyer_ends_a_row_and_holds_are_none_of_it() -> None:
    recall = Recall()
    recall.said("甲", "bot")
    recall.said("稍候", "hold")
    assert recall.memory == Memory(("甲", "稍候"), 1)
    recall.heard()
    assert recall.memory == Memory(("甲", "稍候"), 0)


def test_it_remembers_so_much_and_no_more() -> None:
    recall = Recall()
    for number in range(TEXTS_REMEMBERED + 5):
        recall.said(str(number), "bot")
    assert recall.memory.sent[0] == "5"
    assert recall.memory.in_a_row == TEXTS_REMEMBERED + 5


def found(world: World) -> list[list[str]]:
    """The rules of the memory that were found, send by send."""
    return [
        [finding.rule for finding in fields["findings"]]
        for fields in world.journal.named("reply.screened")
    ]


def test_the_gate_minds_what_went_out_before(tmp_path: Path) -> None:
    world = World(tmp_path, *MINDS)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            for text in ("今天发", "今天发", "明天到", "明天到"):
                await gate.send(world.says(text))
            await gate.received(world.asks("m-2"))
            await gate.send(world.says("后天到"))

    run(world.clock, main())
    assert found(world) == [
        [],
        ["memory.repeat"],
        ["memory.in-a-row"],
        ["memory.in-a-row", "memory.repeat"],
        [],
    ]


def test_what_somebody_else_sent_counts_too(tmp_path: Path) -> None:
    world = World(tmp_path, *MINDS)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.sent_elsewhere(Outbound("shop", "c-1", "今天发", "e-1", origin="human"))
            # A repeat of the same message says nothing new.
            await gate.sent_elsewhere(Outbound("shop", "c-1", "今天发", "e-1", origin="human"))
            await gate.send(world.says("今天发"))

    run(world.clock, main())
    assert found(world) == [["memory.repeat"]]


def test_a_repeated_question_is_no_new_word_of_the_buyer(tmp_path: Path) -> None:
    world = World(tmp_path, *MINDS)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            for text in ("甲方", "乙方"):
                await gate.send(world.says(text))
            await gate.received(world.asks())
            await gate.send(world.says("丙方"))

    run(world.clock, main())
    assert found(world) == [[], [], ["memory.in-a-row"]]


@pytest.mark.parametrize(("log_text", "rules"), [("full", ["memory.repeat"]), ("hash", [])])
def test_after_a_restart_it_knows_the_texts_that_the_ledger_keeps(
    tmp_path: Path, log_text: str, rules: list[str]
) -> None:
    world = World(tmp_path, f'privacy.log_text = "{log_text}"', *MINDS)

    async def before() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says("今天发"))

    async def after() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks("m-2"))
            await gate.send(world.says("今天发"))

    run(world.clock, before())
    run(world.clock, after())
    assert found(world) == [[], rules]
