"""How much of a window somebody was online (JD-D-02)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from replygate.timing.metrics.days import Days, open_between
from replygate.timing.metrics.measure import Place
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.talk import OnlineFact
from replygate.timing.metrics.tally import Tally

Stretch = tuple[int, int]
"""From and to, Unix ms, half open."""


def on_duty(
    rule: MetricRule, online: Iterable[OnlineFact], days: Days, now_ms: int
) -> Iterator[tuple[Place, Tally]]:
    """Seconds of the window so far, and how many of them somebody (each agent) was online.

    Where nobody ever said that he comes or goes, nothing is known and nothing counted.
    """
    by_agent = stretches_online(online, now_ms)
    if not by_agent:
        return
    anyone = united(stretch for stretches in by_agent.values() for stretch in stretches)
    for day in range(len(days.dates)):
        from_ms, to_ms = days.starts_ms[day], min(days.starts_ms[day + 1], now_ms)
        open_ms = list(open_between(rule.window, from_ms, to_ms, days.zone))
        seconds = sum(end - start for start, end in open_ms) // 1000
        if not seconds:
            continue
        yield (day, ""), _tally(seconds, overlap_ms(open_ms, anyone) // 1000)
        for agent, stretches in by_agent.items():
            good = overlap_ms(open_ms, stretches) // 1000
            if agent and good:
                yield (day, agent), _tally(seconds, good)


def stretches_online(online: Iterable[OnlineFact], now_ms: int) -> dict[str, list[Stretch]]:
    """When each agent was online, in order; who has not left still is."""
    since: dict[str, int] = {}
    result: dict[str, list[Stretch]] = {}
    # Of two words of one instant, "away" is the last: nobody is credited with what is in doubt.
    for fact in sorted(online, key=lambda fact: (fact.at_ms, not fact.online)):
        stretches = result.setdefault(fact.agent, [])
        if fact.online:
            since.setdefault(fact.agent, fact.at_ms)
        elif fact.agent in since:
            stretches.append((since.pop(fact.agent), fact.at_ms))
    for agent, start_ms in since.items():
        if start_ms < now_ms:
            result[agent].append((start_ms, now_ms))
    return result


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The time that at least one of them covers, in order and apart."""
    result: list[Stretch] = []
    for start, end in sorted(stretches):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def overlap_ms(some: list[Stretch], others: list[Stretch]) -> int:
    """How long both run; each is in order and does not overlap itself."""
    total, i, j = 0, 0, 0
    while i < len(some) and j < len(others):
        start, end = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        total += max(0, end - start)
        if some[i][1] <= others[j][1]:
            i += 1
        else:
            j += 1
    return total


def _tally(seconds: int, good: int) -> Tally:
    return Tally(units=seconds, strict_good=good, lenient_units=seconds, lenient_good=good)
