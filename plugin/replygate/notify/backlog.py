"""What waits to be told to one address, the most urgent first, in bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from cachetools import TTLCache

from replygate.clock import Clock
from replygate.notify.notice import RANKS, Notice, Subject

NOTICES_MAX: Final = 1_000
"""More than a screen of people can heed; the least urgent give way, and are counted."""

AGE_MAX_S: Final = 1_800
"""What could not be told for so long is history: it stands in the journal."""

SEEN_MAX: Final = 10_000

SEEN_S: Final = 3_600.0
"""How long the same is not told again."""

Lost = Literal["too many", "too old"]


class Backlog:
    """The notices of one address."""

    def __init__(self, clock: Clock, notices_max: int = NOTICES_MAX) -> None:
        self._clock = clock
        self._notices_max = notices_max
        self._ranks: list[dict[str, Notice]] = [{} for _ in range(RANKS)]
        self._about: dict[Subject, dict[str, Notice]] = {}
        self._seen: TTLCache[tuple[object, ...], bool] = TTLCache(
            SEEN_MAX, SEEN_S, timer=clock.monotonic_s
        )
        self._lost: Counter[Lost] = Counter()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, notice: Notice) -> None:
        """Take one in, unless it was told before; it takes the place of what it makes outdated."""
        same = notice.same
        if same is not None:
            if same in self._seen:
                return
            self._seen[same] = True
        self._outdate(notice)
        self._ranks[notice.rank][notice.id] = notice
        self._count += 1
        if notice.about is not None:
            self._about.setdefault(notice.about, {})[notice.id] = notice
        if self._count > self._notices_max:
            self._give_way()

    def answered(self, about: Subject) -> None:
        """Somebody answered: nobody needs to hurry any more."""
        waiting = self._about.get(about, {})
        self.remove([each for each in waiting.values() if each.is_over_when_answered])

    def urgent(self) -> list[Notice]:
        """All that waits, the most urgent first, without what is no longer true."""
        now_ms = self._clock.wall_ms()
        for notices in self._ranks:
            old = [each for each in notices.values() if _is_history(each, now_ms)]
            self.remove(old)
            self._lost["too old"] += len(old)
        return sorted(
            (notice for notices in self._ranks for notice in notices.values()),
            key=lambda notice: notice.urgency,
        )

    def remove(self, notices: Iterable[Notice]) -> None:
        """These were told, or need not be. What is gone already is no matter."""
        for notice in list(notices):
            if self._ranks[notice.rank].pop(notice.id, None) is None:
                continue
            self._count -= 1
            if notice.about is not None:
                others = self._about[notice.about]
                del others[notice.id]
                if not others:
                    del self._about[notice.about]

    def take_lost(self) -> dict[Lost, int]:
        """What was given up since the last call, by why."""
        lost = {why: count for why, count in self._lost.items() if count}
        self._lost.clear()
        return lost

    def _outdate(self, notice: Notice) -> None:
        """A warning gives way to the escalation of the same deadline, both to its breach."""
        outdated = _OUTDATED.get(notice.kind)
        if outdated is None or notice.about is None:
            return
        waiting = self._about.get(notice.about, {})
        self.remove(
            [
                each
                for each in waiting.values()
                if each.kind in outdated and each.rule == notice.rule
            ]
        )

    def _give_way(self) -> None:
        """Drop the oldest of the least urgent rank."""
        least = next(notices for notices in reversed(self._ranks) if notices)
        self.remove([next(iter(least.values()))])
        self._lost["too many"] += 1


_OUTDATED: Final = {"escalate": {"warn"}, "breach": {"warn", "escalate"}}


def _is_history(notice: Notice, now_ms: int) -> bool:
    """Whether nobody wants to read it any more."""
    is_late_warning = (
        notice.kind == "warn" and notice.due_ms is not None and notice.due_ms <= now_ms
    )
    return is_late_warning or now_ms - notice.at_ms > AGE_MAX_S * 1000
