from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from replygate.events import Inbound
from replygate.ledger import InlineExecutor
from replygate.model import Cleared, Draft, Receipt
from replygate.runtime import ReplyGate
from replygate.runtime.lane import Lane
from replygate.testing import FakePlatform, VirtualClock

from .kit import SHOP, Pages
from .virtual import run


class Road:
    """A lane, and who went by it in which order."""

    def __init__(self, concurrency: int = 1) -> None:
        self.clock = VirtualClock()
        self.lane = Lane(self.clock, lambda _turned: None, concurrency)
        self.went: list[str] = []

    async def go(self, name: str, until_s: float, give_way: asyncio.Event | None = None) -> bool:
        entered = await self.lane.enter(until_s, give_way)
        if entered:
            self.went.append(name)
            await asyncio.sleep(1)
            self.lane.leave()
        return entered


def test_so_many_at_once_and_the_most_urgent_of_those_who_wait() -> None:
    road = Road(2)

    async def main() -> None:
        asked = [("a", 60), ("b", 60), ("c", 60), ("d", 60), ("hold", 20)]
        went = await asyncio.gather(*(road.go(name, until_s) for name, until_s in asked))
        assert went == [True] * 5
        assert road.clock.monotonic_s() == pytest.approx(3)

    run(road.clock, main())
    assert road.went == ["a", "b", "hold", "c", "d"]


def test_who_waits_too_long_goes_away_and_leaves_no_gap() -> None:
    road = Road()

    async def main() -> None:
        went = await asyncio.gather(road.go("a", 60), road.go("b", 0.5), road.go("c", 60))
        assert list(went) == [True, False, True]

    run(road.clock, main())
    assert road.went == ["a", "c"]


def test_a_hold_in_line_gives_way_to_the_answer_behind_it() -> None:
    road, answer_waits = Road(), asyncio.Event()

    async def main() -> None:
        waiting = asyncio.gather(road.go("a", 60), road.go("hold", 60, answer_waits))
        await asyncio.sleep(0.5)
        answer_waits.set()
        assert list(await waiting) == [True, False]
        assert road.clock.monotonic_s() < 1.1

    run(road.clock, main())


def test_who_is_cancelled_hands_the_place_on() -> None:
    road = Road()

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(road.go("a", 60))
            second = group.create_task(road.go("b", 60))
            group.create_task(road.go("c", 60))
            await asyncio.sleep(0.1)
            second.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await second
            # Cancelled in the very moment in which the place becomes free.
            assert await first

    run(road.clock, main())
    assert road.went == ["a", "c"]


# Three shops, of which one has a platform that never answers.

NAMES = ("quiet", "busy", "stalled")
CONVERSATIONS = 30


class Never:
    """Takes every message and says nothing."""

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, cleared: Cleared) -> Receipt:
        assert cleared.text is not None
        self.asked += 1
        await asyncio.sleep(3_600)
        raise AssertionError("nobody waits so long")


@asynccontextmanager
async def three_shops(
    folder: Path, clock: VirtualClock, journal: Pages
) -> AsyncIterator[ReplyGate]:
    for name in NAMES:
        text = SHOP.replace('id = "shop"', f'id = "{name}"')
        (folder / f"{name}.toml").write_text(text, "utf-8")
    async with ReplyGate.open(
        stores=folder,
        ledger=f"sqlite:///{folder}/ledger.db",
        journal=journal,
        clock=clock,
        executor=InlineExecutor,
        drain_s=0,
    ) as gate:
        yield gate


def lateness(folder: Path, *, stalls: bool) -> tuple[list[int], Pages, int]:
    """When the two healthy shops' holds went out, in ms after the start."""
    clock, journal = VirtualClock(), Pages()
    began_ms = clock.wall_ms()
    healthy = [FakePlatform(clock), FakePlatform(clock)]
    never = Never()

    async def main() -> None:
        async with three_shops(folder, clock, journal) as gate:
            gate.connect("quiet", healthy[0])
            gate.connect("busy", healthy[1])
            gate.connect("stalled", never if stalls else FakePlatform(clock))
            for number in range(CONVERSATIONS):
                for name in NAMES:
                    await gate.received(
                        Inbound(name, f"c-{number}", "m-1", "多久发货", at_ms=clock.wall_ms())
                    )
            answering = asyncio.gather(
                *(
                    gate.send(Draft(f"x-{number}", "在的", store="stalled"))
                    for number in range(CONVERSATIONS)
                )
            )
            await asyncio.sleep(120)
            await answering

    run(clock, main())
    assert [len(platform.sent) for platform in healthy] == [CONVERSATIONS] * 2
    times = [sent.at_ms - began_ms for platform in healthy for sent in platform.sent]
    return times, journal, never.asked


def test_a_platform_that_stalls_keeps_no_other_store_waiting(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    fine, _, _ = lateness(tmp_path / "a", stalls=False)
    beside, journal, asked = lateness(tmp_path / "b", stalls=True)
    assert beside == fine
    down = [
        fields for fields in journal.named("people.told") if fields["reason"] == "platform_down"
    ]
    assert [fields["store"] for fields in down] == ["stalled"], "people hear of it once"
    assert len(journal.named("platform.silent")) == 1
    assert asked < 2 * CONVERSATIONS, "most are not even tried"
    holds = [one for one in journal.named("reply.unknown") if one["store"] == "stalled"]
    assert len(holds) == asked, "each that was tried may be out, and was tried once"
