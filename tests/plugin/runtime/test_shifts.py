from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replygate.events import Presence
from replygate.runtime import ReplyGate
from replygate.runtime.shifts import LOOK_BACK_MS, LOOK_S
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.duty import EXTEND_MAX_MS

from .kit import World
from .virtual import run

# Nothing is held, so that who asked still waits at the end of the shift.
QUIET = 'mode = "observe"'


def at(clock_ms: int, plus_s: float) -> str:
    moment = dt.datetime.fromtimestamp(clock_ms / 1000 + plus_s, PLATFORM_ZONE)
    return f"{moment:%H:%M:%S}"


def world_with(folder: Path, *keys: str, ends_s: int = 600, next_s: int = 600) -> World:
    """A shift of a and b that ends soon, and one of c that begins then or later."""
    now_ms = World(folder).clock.wall_ms()
    first = f"{at(now_ms, -3_600)}-{at(now_ms, ends_s)}"
    second = f"{at(now_ms, next_s)}-{at(now_ms, next_s + 30_000)}"
    duty = (
        f'duty = [{{ name = "first", agents = ["a", "b"], open = ["{first}"] }},'
        f' {{ agents = ["c"], open = ["{second}"] }}]'
    )
    return World(folder, QUIET, duty, *keys)


def told(world: World) -> list[dict[str, Any]]:
    found = world.journal.named("people.told")
    return [fields for fields in found if fields["reason"] == "hand_over"]


def there(gate: ReplyGate) -> list[str]:
    return [agent.name for agent in gate.agents("shop") if agent.on_duty]


def presence(world: World, agent: str, *, online: bool) -> Presence:
    return Presence("shop", agent, online, at_ms=world.clock.wall_ms())


def test_what_is_open_at_the_end_of_a_shift_is_handed_over(tmp_path: Path) -> None:
    world = world_with(tmp_path, "people.takeover_s = 3600")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "a")
            assert there(gate) == ["a", "b"]
            await asyncio.sleep(600 + LOOK_S)
            assert there(gate) == ["c"]

    run(world.clock, main())
    [ended] = world.journal.named("shift.ended")
    assert (ended["shift"], ended["agents"]) == ("first", ["a", "b"])
    [list_] = told(world)
    assert (list_["gone"], list_["agents"], list_["open"]) == (["a", "b"], ["c"], 1)
    assert list_["conversations"] == ["c-1"]


def test_a_shift_with_nothing_open_just_ends(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate():
            await asyncio.sleep(700)

    run(world.clock, main())
    assert len(world.journal.named("shift.ended")) == 1
    assert told(world) == []


def test_a_shift_goes_on_until_its_buyers_are_answered(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await asyncio.sleep(590)
            await gate.received(world.asks())
            await asyncio.sleep(120)
            assert there(gate) == ["a", "b", "c"]
            assert world.journal.named("shift.ended") == []
            await gate.send(world.says())
            await asyncio.sleep(2 * LOOK_S)
            assert there(gate) == ["c"]

    run(world.clock, main())
    [ended] = world.journal.named("shift.ended")
    assert ended["late_ms"] >= 110_000
    assert told(world) == []


def test_a_buyer_who_comes_after_the_end_keeps_nobody(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await asyncio.sleep(600.5)
            await gate.received(world.asks())
            await asyncio.sleep(2 * LOOK_S)
            assert there(gate) == ["c"]

    run(world.clock, main())
    [ended] = world.journal.named("shift.ended")
    assert ended["late_ms"] <= 2 * LOOK_S * 1000


def test_no_shift_goes_on_for_ever(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(600 + EXTEND_MAX_MS / 1000 + LOOK_S)
            assert there(gate) == ["c"]

    run(world.clock, main())
    assert [fields["waiting"] for fields in told(world)] == [1]


def test_who_comes_is_told_what_is_open_once(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(presence(world, "b", online=True))
            assert told(world) == []
            await gate.received(world.asks())
            for online in (True, False, True):
                await gate.received(presence(world, "a", online=online))
                await gate.received(presence(world, "a", online=online))
                await asyncio.sleep(1)

    run(world.clock, main())
    [list_] = told(world)
    assert (list_["agents"], list_["gone"], list_["waiting"]) == (["a"], None, 1)
    assert len(world.journal.named("agent.online")) == 3


@pytest.mark.parametrize(("left", "open_"), [("a", ["theirs"]), ("b", None)])
def test_what_belongs_to_who_leaves_is_told_to_the_others(
    tmp_path: Path, left: str, open_: list[str] | None
) -> None:
    world = world_with(tmp_path, "people.takeover_s = 3600")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.take_over("shop", "theirs", "a")
            await gate.received(presence(world, left, online=False))

    run(world.clock, main())
    assert [fields["conversations"] for fields in told(world)] == ([open_] if open_ else [])


def test_the_last_who_leaves_leaves_everything(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await gate.received(presence(world, "b", online=False))
            await gate.received(presence(world, "a", online=False))
            assert there(gate) == []

    run(world.clock, main())
    [list_] = told(world)
    assert (list_["gone"], list_["agents"], list_["conversations"]) == (["a"], None, ["c-1"])


def test_what_was_heard_of_people_is_known_after_a_restart(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(presence(world, "a", online=False))
        async with world.gate() as gate:
            assert there(gate) == ["b"]

    run(world.clock, main())


def test_a_shift_that_ends_while_nothing_runs_is_handed_over_after_the_start(
    tmp_path: Path,
) -> None:
    world = world_with(tmp_path, "people.takeover_s = 3600")

    async def main() -> None:
        async with world.gate() as gate:
            await gate.take_over("shop", "c-1", "a")
            await asyncio.sleep(590)
        await asyncio.sleep(60)
        async with world.gate():
            await asyncio.sleep(LOOK_S + 1)
        await asyncio.sleep(LOOK_BACK_MS / 1_000)
        async with world.gate():
            await asyncio.sleep(LOOK_S + 1)

    run(world.clock, main())
    assert [(list_["gone"], list_["agents"]) for list_ in told(world)] == [(["a", "b"], ["c"])]


def test_a_shift_that_goes_on_does_so_after_a_restart(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(600 + LOOK_BACK_MS / 1_000 + 100)
            assert there(gate) == ["a", "b", "c"]
        async with world.gate() as gate:
            await asyncio.sleep(LOOK_S)
            assert there(gate) == ["a", "b", "c"]
            await gate.send(world.says(origin="human"))
            await asyncio.sleep(LOOK_S + 1)
            assert there(gate) == ["c"]

    run(world.clock, main())
    assert len(world.journal.named("shift.ended")) == 1


def test_news_that_comes_late_tells_nobody(tmp_path: Path) -> None:
    world = world_with(tmp_path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            came = presence(world, "a", online=True)
            late = replace(came, at_ms=world.clock.wall_ms() - 3_600_000)
            assert (await gate.received(late)).new

    run(world.clock, main())
    assert told(world) == []
