from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable

import pytest

from replygate.runtime.wheel import FIRES_PER_TURN, TICK_US, Wheel
from replygate.testing import VirtualClock

from .virtual import run

TICK_MS = TICK_US // 1000


class Fires:
    """A wheel, and what it fired when."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.start_ms = clock.wall_ms()
        self.fired: list[tuple[str, int]] = []
        self.jumps: list[int] = []
        self.then: Callable[[str], None] = lambda _key: None
        self.wheel: Wheel[str] = Wheel(clock, self._fire, self.jumps.append)

    def arm(self, key: str, after_ms: int) -> None:
        self.wheel.arm(key, self.start_ms + after_ms)

    def _fire(self, key: str) -> None:
        self.fired.append((key, self.clock.wall_ms() - self.start_ms))
        self.then(key)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def test_nothing_fires_early_or_more_than_a_tick_late(clock: VirtualClock) -> None:
    chance = random.Random(7)  # noqa: S311 - the same times in every run
    due = {f"k-{number}": chance.randrange(0, 20_000) for number in range(500)}

    async def main() -> Fires:
        fires = Fires(clock)
        for key, after_ms in due.items():
            fires.arm(key, after_ms)
        assert len(fires.wheel) == len(due)
        await asyncio.sleep(21)
        return fires

    fires = run(clock, main())
    assert len(fires.fired) == len(due)
    assert all(0 <= at_ms - due[key] <= TICK_MS for key, at_ms in fires.fired)
    assert len(fires.wheel) == 0


def test_a_key_is_moved_and_taken_back(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        fires.arm("a", 1_000)
        fires.arm("a", 3_000)
        fires.arm("b", 1_000)
        assert fires.wheel.due_ms("a") == fires.start_ms + 3_000
        assert fires.wheel.cancel("b")
        assert not fires.wheel.cancel("b")
        assert fires.wheel.due_ms("b") is None
        fires.arm("a", 2_000)
        assert list(fires.wheel) == ["a"]
        assert fires.wheel.due_before(fires.start_ms + 2_001) == ["a"]
        assert fires.wheel.due_before(fires.start_ms + 2_000) == []
        await asyncio.sleep(5)
        return fires

    assert run(clock, main()).fired == [("a", 2_000)]


def test_what_is_past_fires_at_once(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        await asyncio.sleep(1)
        fires.arm("a", -60_000)
        await asyncio.sleep(0.001)
        return fires

    assert [key for key, _ in run(clock, main()).fired] == ["a"]


def test_a_key_may_arm_keys_of_the_past_while_it_fires(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        again = iter(["b", "c", "d"])

        def arm_older(_key: str) -> None:
            for key in again:
                fires.arm(key, -5_000)
                return

        fires.then = arm_older
        fires.arm("a", 500)
        fires.arm("z", 500)
        await asyncio.sleep(1)
        return fires

    assert sorted(key for key, _ in run(clock, main()).fired) == ["a", "b", "c", "d", "z"]


def test_a_big_bucket_lets_others_have_their_turn(clock: VirtualClock) -> None:
    async def main() -> tuple[Fires, list[int]]:
        fires = Fires(clock)
        for number in range(FIRES_PER_TURN * 5):
            fires.arm(f"k-{number}", 1_000)
        seen: list[int] = []
        await asyncio.sleep(1)
        while len(fires.fired) < FIRES_PER_TURN * 5:
            await asyncio.sleep(0)
            seen.append(len(fires.fired))
        return fires, seen

    fires, seen = run(clock, main())
    steps = [later - earlier for earlier, later in itertools.pairwise(seen)]
    assert max(steps) <= FIRES_PER_TURN
    assert fires.clock.monotonic_s() < 1.1


def test_a_wall_clock_that_jumps_ahead_fires_what_it_passed(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        fires.arm("a", 60_000)
        fires.arm("b", 7_200_000)
        await asyncio.sleep(5)
        clock.jump_wall(3_600)
        await asyncio.sleep(1.1)
        return fires

    fires = run(clock, main())
    assert [key for key, _ in fires.fired] == ["a"]
    assert fires.jumps == [3_600_000]


def test_a_jump_while_nothing_is_armed_makes_nothing_late(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        fires.arm("a", 1_000)
        await asyncio.sleep(5)
        clock.jump_wall(60)
        fires.arm("b", 65_300)
        await asyncio.sleep(2)
        return fires

    assert run(clock, main()).fired[1:] == [("b", 65_300)]


def test_a_wall_clock_that_is_set_back_waits_for_the_new_time(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        fires.arm("a", 10_000)
        await asyncio.sleep(5)
        clock.jump_wall(-60)
        await asyncio.sleep(30)
        assert fires.fired == []
        await asyncio.sleep(36)
        return fires

    fires = run(clock, main())
    assert [(key, at_ms) for key, at_ms in fires.fired] == [("a", 10_000)]


def test_a_small_drift_moves_nothing(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        fires.arm("a", 10_000)
        clock.jump_wall(0.4)
        await asyncio.sleep(11)
        return fires

    fires = run(clock, main())
    assert fires.jumps == []
    assert len(fires.fired) == 1


def test_a_stopped_wheel_fires_nothing(clock: VirtualClock) -> None:
    async def main() -> Fires:
        fires = Fires(clock)
        for number in range(5):
            fires.arm(f"k-{number}", 1_000)
        fires.then = lambda _key: fires.wheel.stop()
        await asyncio.sleep(2)
        fires.wheel.stop()
        return fires

    fires = run(clock, main())
    assert len(fires.fired) == 1
    assert len(fires.wheel) == 4


def test_the_loop_knows_one_call_however_many_keys_are_armed(clock: VirtualClock) -> None:
    async def main() -> None:
        fires = Fires(clock)
        loop = asyncio.get_running_loop()
        for number in range(1_000):
            fires.arm(f"k-{number}", 1_000 + number)
        scheduled = [
            handle
            for handle in loop._scheduled  # type: ignore[attr-defined]  # no public way to look
            if not handle.cancelled()
        ]
        assert len(scheduled) == 1

    run(clock, main())


def test_how_late_each_key_fires_is_told(clock: VirtualClock) -> None:
    async def main() -> list[int]:
        fires = Fires(clock)
        late: list[int] = []
        fires.arm("unheard", 10)
        await asyncio.sleep(1)
        fires.wheel.late = late.append
        fires.arm("a", 1_010)
        fires.arm("b", 1_200)
        await asyncio.sleep(5)
        return late

    late = run(clock, main())
    assert len(late) == 2
    assert all(0 <= late_us <= TICK_US for late_us in late)
