from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from replygate.errors import SendUncertain
from replygate.events import Outbound
from replygate.model import Past, Shown
from replygate.runtime.doubt import ASK_AGAIN_S, LOOK_S, SURE_AFTER_MS

from .kit import HOLD, World
from .virtual import run

ANSWER = "今天发"
SURE_S = SURE_AFTER_MS / 1_000 + 60
LOST = SendUncertain("no answer")


async def states(world: World) -> list[tuple[str, str | None]]:
    return [(row.state, row.platform_id) for row in await world.outbox()]


@pytest.mark.parametrize("restart", [False, True])
def test_what_the_platform_shows_was_sent(world: World, *, restart: bool) -> None:
    world.platform.answer(LOST, delivered=True)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            assert (await gate.send(world.says(ANSWER))).state == "unknown"
            assert len(await gate.tasks("shop")) == 1
            if not restart:
                world.platform.shows_all = True
            await asyncio.sleep(LOOK_S + 1)
        world.platform.shows_all = True
        async with world.gate() as gate:
            await asyncio.sleep(LOOK_S + 1)
            assert await gate.tasks("shop") == ()
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(60)
        assert await states(world) == [("sent", "fake-1")]

    run(world.clock, main())
    assert world.platform.delivered == (ANSWER,)
    assert [fields["platform_id"] for fields in world.journal.named("reply.sent")] == ["fake-1"]
    # People were told once, not again at the next start.
    assert world.journal.reasons().count("send_unknown") == 1
    assert len(world.journal.named("turn.closed")) == 1


def test_an_echo_after_the_platform_was_asked_is_ours(world: World) -> None:
    world.platform.answer(LOST, delivered=True)
    world.platform.shows_all = True

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says(ANSWER))
            at_ms = world.clock.wall_ms()
            await asyncio.sleep(LOOK_S + 1)
            seen = await gate.sent_elsewhere(
                Outbound("shop", "c-1", ANSWER, id="fake-1", at_ms=at_ms, origin="human")
            )
            assert seen.own

    run(world.clock, main())


def test_an_answer_that_is_surely_not_there_failed(world: World) -> None:
    world.platform.answer(LOST, delivered=False)
    world.platform.shows_all = True

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says(ANSWER))
            # Soon after the send, that it is not shown says nothing.
            await asyncio.sleep(LOOK_S + 1)
            assert len(await gate.tasks("shop")) == 1
            await asyncio.sleep(SURE_S)
            assert await gate.tasks("shop") == ()
            assert len(await gate.waiting("shop")) == 1
        (answer, *_holds) = await states(world)
        assert answer[0] == "failed"

    run(world.clock, main())
    assert "not sent, says the platform" in world.journal.reasons("reply.failed")


def test_a_hold_that_is_surely_not_there_leaves_room_for_the_next(world: World) -> None:
    world.platform.answer(LOST, delivered=False)
    world.platform.shows_all = True
    (soon,) = world.store.deadlines
    world.store = replace(world.store, deadlines=(soon, replace(soon, id="later", due_s=300)))

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(300)

    run(world.clock, main())
    assert len(world.platform.sent) == 2
    assert len(world.platform.delivered) == 1


def _fails(_conversation: str, _since_ms: int) -> Past:
    raise OSError("not now")


def _is_no_past(_conversation: str, _since_ms: int) -> Any:
    return []


def _shows_another(conversation: str, _since_ms: int) -> Past:
    return Past((Shown("p-9", f"不是这句，{conversation}", 0), Shown("p-8", ANSWER, 0)))


@pytest.mark.parametrize(
    ("says", "told"), [(_fails, "OSError"), (_is_no_past, "expected a Past"), (_shows_another, "")]
)
def test_a_platform_that_can_not_say_leaves_it_to_people(
    world: World, monkeypatch: pytest.MonkeyPatch, says: Callable[[str, int], Past], told: str
) -> None:
    world.platform.answer(LOST, delivered=True)
    asked: list[int] = []

    async def look_back(conversation: str, since_ms: int) -> Past:
        asked.append(since_ms)
        return says(conversation, since_ms)

    monkeypatch.setattr(world.platform, "look_back", look_back)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says(ANSWER))
            await asyncio.sleep(2 * sum(ASK_AGAIN_S))
            assert len(await gate.tasks("shop")) == 1

    run(world.clock, main())
    assert len(asked) == len(ASK_AGAIN_S)
    failures = world.journal.reasons("task.failed")
    assert len(failures) == (len(asked) if told else 0)
    assert all(told in reason for reason in failures)


def test_the_id_that_we_gave_it_says_more_than_the_text(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.platform.answer(LOST, delivered=True)
    ids: list[str | None] = []

    async def look_back(_conversation: str, _since_ms: int) -> Past:
        return Past(
            (
                Shown("p-1", ANSWER, world.clock.wall_ms(), "another's"),
                Shown("p-2", "[已转码]", world.clock.wall_ms(), ids[0]),
            )
        )

    monkeypatch.setattr(world.platform, "look_back", look_back)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says(ANSWER))
            (row,) = await gate.ledger.sends("shop", "c-1", 0)
            ids.append(row.client_id)
            await asyncio.sleep(LOOK_S + 1)
        assert await states(world) == [("sent", "p-2")]

    run(world.clock, main())


def test_one_message_stands_for_one_send_only(world: World) -> None:
    """The same words were sent twice, and arrived once: one of the two is still in doubt."""
    world.platform.answer(LOST, delivered=False)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.send(world.says(ANSWER))
            await gate.send(world.says(ANSWER))
            world.platform.shows_all = True
            await asyncio.sleep(LOOK_S + 1)
        assert await states(world) == [("unknown", None), ("sent", "fake-2")]

    run(world.clock, main())
    assert HOLD not in world.platform.delivered
