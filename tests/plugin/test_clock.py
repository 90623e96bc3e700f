import time

from replygate.clock import Clock, SystemClock


def test_the_system_clock_tells_the_machines_time() -> None:
    clock: Clock = SystemClock()
    before_ms, before_s = time.time_ns() // 1_000_000, time.monotonic()
    assert before_ms <= clock.wall_ms() <= time.time_ns() // 1_000_000
    assert before_s <= clock.monotonic_s() <= time.monotonic()
