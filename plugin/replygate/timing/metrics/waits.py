"""How long buyers waited, by hour of the day, and who waited longest."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.deadline import Counts
from replygate.timing.events import Excuse
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.days import Days
from replygate.timing.metrics.reading import (
    TALKS_AT_ONCE,
    Matched,
    Reading,
    counted_by_origin,
    match,
    near,
    read,
)
from replygate.timing.metrics.talk import Facts
from replygate.timing.metrics.units import Row, messages, rounds
from replygate.timing.timeline import SESSION_GAP_S

BUCKETS_S = (10, 30, 60, 180, 300, 600, 1800, 3600)
"""Upper ends (included) of the buckets of a wait; then one for longer ones."""

UNANSWERED = len(BUCKETS_S) + 1
"""The last bucket: nobody has answered."""

SLOWEST = 10
HOURS = 24

# A holding reply is no answer: the buyer still waits. Whether a platform counts it is not asked.
_ANYBODY = counted_by_origin(Counts(human="yes", bot="yes", hold="no", platform="no"))
_BUCKETS_MS = tuple(second * 1000 for second in BUCKETS_S)


@dataclass(frozen=True, slots=True)
class SlowTalk:
    """The longest wait of a conversation on a day; `wait_ms` None: nobody has answered."""

    conversation: str
    asked_ms: int
    wait_ms: int | None
    agent: str


def _empty() -> list[list[int]]:
    return [[0] * (UNANSWERED + 1) for _ in range(HOURS)]


@dataclass(slots=True)
class Waits:
    """Waits for the first answer: `by_hour[hour][bucket]`, and the slowest conversations first.

    Whoever nobody answered leads, the one who has waited longest first.
    """

    by_hour: list[list[int]] = field(default_factory=_empty)
    slowest: list[SlowTalk] = field(default_factory=list)

    def add(self, other: Waits) -> None:
        """Put other waits on top; the slowest `SLOWEST` stay, each conversation once."""
        for mine, theirs in zip(self.by_hour, other.by_hour, strict=True):
            for bucket, number in enumerate(theirs):
                mine[bucket] += number
        self.slowest = _slowest([*self.slowest, *other.slowest])


def waits(
    facts: Facts,
    first: dt.date,
    last: dt.date,
    *,
    now_ms: int,
    excuses: Collection[Excuse] = ALL_EXCUSES,
    zone: dt.tzinfo = PLATFORM_ZONE,
) -> dict[dt.date, Waits]:
    """The waits of each local day from `first` to `last` (both included), by the hour asked.

    A wait is a round: from the first unanswered question to the next word of a person, a bot or
    somebody unknown. What was asked at `now_ms` or later is left out.
    """
    days = Days(first, last, zone)
    slow: list[dict[str, SlowTalk]] = [{} for _ in days.dates]
    result = [Waits() for _ in days.dates]
    gap_ms = SESSION_GAP_S * 1000
    for start in range(0, len(facts.talks), TALKS_AT_ONCE):
        some = facts.talks[start : start + TALKS_AT_ONCE]
        talks = near(some, days)
        reading = read(talks, frozenset(excuses), gap_ms, days)
        matched = match(reading, _ANYBODY, bounded=False)
        for at_ms, _, answer, _, day, talk in rounds(
            _rows(reading, matched, days.end_ms), bounded=False
        ):
            if day < 0 or at_ms >= now_ms:
                continue
            wait_ms = None if answer is None else answer[0] - at_ms
            hour = _hour(at_ms, zone)
            result[day].by_hour[hour][_bucket(wait_ms)] += 1
            agent = "" if answer is None else answer[1]
            name = talks[talk].conversation
            _keep_slower(slow[day], SlowTalk(name, at_ms, wait_ms, agent))
    for of_day, slow_of_day in zip(result, slow, strict=True):
        of_day.slowest = _slowest(slow_of_day.values())
    return dict(zip(days.dates, result, strict=True))


def _rows(reading: Reading, matched: Matched, end_ms: int) -> list[Row]:
    asked = reading.asked
    return messages([i for i in range(len(asked)) if asked[i][0] < end_ms], reading, matched)


def _hour(at_ms: int, zone: dt.tzinfo) -> int:
    return dt.datetime.fromtimestamp(at_ms // 1000, zone).hour


def _bucket(wait_ms: int | None) -> int:
    return UNANSWERED if wait_ms is None else bisect_left(_BUCKETS_MS, wait_ms)


def _rank(slow: SlowTalk) -> tuple[int, int, int, str]:
    """The slowest has the lowest."""
    if slow.wait_ms is None:
        return (0, 0, slow.asked_ms, slow.conversation)
    return (1, -slow.wait_ms, slow.asked_ms, slow.conversation)


def _keep_slower(slowest: dict[str, SlowTalk], slow: SlowTalk) -> None:
    known = slowest.get(slow.conversation)
    if known is None or _rank(slow) < _rank(known):
        slowest[slow.conversation] = slow


def _slowest(talks: Iterable[SlowTalk]) -> list[SlowTalk]:
    by_conversation: dict[str, SlowTalk] = {}
    for talk in talks:
        _keep_slower(by_conversation, talk)
    return sorted(by_conversation.values(), key=_rank)[:SLOWEST]
