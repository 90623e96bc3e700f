"""What a timer costs, and how late it fires when there are many.

The yardstick is what everybody would write first: one `loop.call_later` for each key.
"""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc

from measure import Figure, Result, Times, best_of, compared, percentile
from replygate.clock import SystemClock
from replygate.runtime.core import TimerKey
from replygate.runtime.wheel import Wheel

LEGS = 100_000
LEGS_STRETCH = 1_000_000
SPREAD_S = 600
SPREAD_WIDE_S = 10_800
"""Each tick that has a leg has a bucket: the wider they are spread, the more buckets."""

FAR_MS = 3_600_000
FIRES_PER_S = 1_000
SETTLE_MS = 200

Handles = dict[TimerKey, asyncio.TimerHandle]


def key_of(number: int) -> TimerKey:
    """A timer's name as the runtime makes it: a fresh tuple and a conversation of its own."""
    return ("shop", f"buyer-{number}", "hold")


def wait_ms(number: int, legs: int, spread_s: int = SPREAD_S) -> int:
    """When it is due, from now: spread over so long, in no order."""
    return FAR_MS + number * 7_919 % legs * spread_s * 1_000 // legs


def fail(*_: object) -> None:
    """What is armed here is due in an hour."""
    raise AssertionError("fired too early")


def new_wheel() -> Wheel[TimerKey]:
    return Wheel(SystemClock(), fail, fail)


def arm_wheel(wheel: Wheel[TimerKey], keys: list[TimerKey], spread_s: int = SPREAD_S) -> None:
    now_ms, legs = SystemClock().wall_ms(), len(keys)
    for number, key in enumerate(keys):
        wheel.arm(key, now_ms + wait_ms(number, legs, spread_s))


def arm_calls(keys: list[TimerKey]) -> Handles:
    loop, legs = asyncio.get_running_loop(), len(keys)
    return {
        key: loop.call_later(wait_ms(number, legs) / 1_000, fail, key)
        for number, key in enumerate(keys)
    }


def collect_s() -> float:
    """One full collection, right after another one."""
    gc.collect()
    began = time.perf_counter()
    gc.collect()
    return time.perf_counter() - began


async def time_wheel(keys: list[TimerKey]) -> Times:
    """Arm all, collect garbage, cancel all; the loop's next turn belongs to the cancelling."""
    wheel = new_wheel()
    began = time.perf_counter()
    arm_wheel(wheel, keys)
    armed = time.perf_counter()
    pause_s = collect_s()
    cancelling = time.perf_counter()
    for key in keys:
        wheel.cancel(key)
    await asyncio.sleep(0)
    cancelled = time.perf_counter()
    assert not len(wheel), "all are cancelled"
    wheel.stop()
    return {"arm": armed - began, "pause": pause_s, "cancel": cancelled - cancelling}


async def time_calls(keys: list[TimerKey]) -> Times:
    """The same with the loop's own timers."""
    began = time.perf_counter()
    handles = arm_calls(keys)
    armed = time.perf_counter()
    pause_s = collect_s()
    cancelling = time.perf_counter()
    for key in keys:
        handles.pop(key).cancel()
    await asyncio.sleep(0)
    cancelled = time.perf_counter()
    return {
        "call arm": armed - began,
        "call pause": pause_s,
        "call cancel": cancelled - cancelling,
    }


def best_times(legs: int, rounds: int) -> dict[str, float]:
    """The best times of wheel and yardstick, by turns, each in a loop of its own."""
    keys = [key_of(number) for number in range(legs)]

    def one_round() -> Times:
        return {**asyncio.run(time_wheel(keys)), **asyncio.run(time_calls(keys))}

    return best_of(one_round() for _ in range(rounds))


async def bytes_per_leg(legs: int) -> dict[str, float]:
    """What one pending timer holds in memory: the wheel's part, with its key, and a call's.

    As dense as `LEGS` over the spread, however many they are.
    """
    spread_s, wide_s = (spread_s * legs // LEGS for spread_s in (SPREAD_S, SPREAD_WIDE_S))
    keys = [key_of(number) for number in range(legs)]
    wheels = [new_wheel() for _ in range(3)]
    held: dict[str, float] = {}
    tracemalloc.start()
    before = 0

    def note(name: str) -> None:
        nonlocal before
        now = tracemalloc.get_traced_memory()[0]
        held[name] = (now - before) / legs
        before = now

    arm_wheel(wheels[0], keys, spread_s)
    note("own")
    arm_wheel(wheels[1], keys, wide_s)
    note("wide")
    arm_wheel(wheels[2], [key_of(number) for number in range(legs)], spread_s)
    note("with key")
    handles = arm_calls(keys)
    note("calls")
    tracemalloc.stop()
    for wheel in wheels:
        wheel.stop()
    for handle in handles.values():
        handle.cancel()
    return held


async def lateness_ms(legs: int, seconds: int) -> list[float]:
    """How late each fires at `FIRES_PER_S`, while `legs` are pending. None may be early."""
    due: dict[TimerKey, int] = {}
    late: list[float] = []
    done = asyncio.Event()

    def fire(key: TimerKey) -> None:
        late.append(time.time_ns() / 1e6 - due.pop(key))
        # A conversation goes on: as many stay pending as there were.
        wheel.arm(key, FAR_MS + SystemClock().wall_ms())
        if not due:
            done.set()

    wheel: Wheel[TimerKey] = Wheel(SystemClock(), fire, fail)
    arm_wheel(wheel, [key_of(number) for number in range(legs)])
    first_ms = SystemClock().wall_ms() + SETTLE_MS
    for number in range(FIRES_PER_S * seconds):
        key = key_of(legs + number)
        due[key] = first_ms + number * 1_000 // FIRES_PER_S
        wheel.arm(key, due[key])
    async with asyncio.timeout(seconds + 30):
        await done.wait()
    wheel.stop()
    assert len(late) == FIRES_PER_S * seconds, "each fires once"
    assert min(late) >= 0, f"fired {-min(late):g} ms too early"
    return late


def measure(*, quick: bool) -> list[Result]:
    """Timers against `architecture` budgets."""
    rounds = 1 if quick else 5
    times = best_times(LEGS, rounds)
    held = asyncio.run(bytes_per_leg(LEGS // 5 if quick else LEGS))
    late = asyncio.run(lateness_ms(LEGS, 1 if quick else 5))
    one_s = {name: time_s / LEGS for name, time_s in times.items()}
    results: list[Result] = [
        compared("arm a leg / call_later", one_s["arm"], one_s["call arm"]),
        compared("cancel a leg / cancel a call", one_s["cancel"], one_s["call cancel"]),
        compared("full collection, 100k legs / 100k calls", times["pause"], times["call pause"]),
        Figure("arm a leg, 100k armed", round(one_s["arm"] * 1e6, 2), "us", 4),
        Figure("cancel a leg", round(one_s["cancel"] * 1e6, 2), "us"),
        Figure("full collection, 100k armed", round(times["pause"] * 1e3, 1), "ms", 100),
        Figure("memory of a leg, over ten minutes", round(held["own"]), "bytes", 200),
        Figure("memory of a leg, over three hours", round(held["wide"]), "bytes", 200),
        Figure("memory of a leg with its key", round(held["with key"]), "bytes"),
        Figure("memory of a call_later", round(held["calls"]), "bytes"),
        Figure("lateness at 1,000 fires a second, p50", round(percentile(late, 50), 1), "ms"),
        Figure("lateness at 1,000 fires a second, p99", round(percentile(late, 99), 1), "ms", 150),
        Figure("lateness at 1,000 fires a second, worst", round(max(late), 1), "ms"),
    ]
    if not quick:
        stretch = best_times(LEGS_STRETCH, 1)
        results += [
            Figure("arm a leg, 1M armed", round(stretch["arm"] / LEGS_STRETCH * 1e6, 2), "us"),
            Figure("full collection, 1M armed", round(stretch["pause"] * 1e3, 1), "ms"),
            Figure("full collection, 1M calls", round(stretch["call pause"] * 1e3, 1), "ms"),
        ]
    return results
