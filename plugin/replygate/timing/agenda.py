"""The timers to come of a conversation, in order.

What comes next costs the same however many clocks run: a heap for each kind of leg, from which
whatever nobody needs any more drops out when its turn comes.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable

from replygate.timing.clocks import Clock, ClockKey
from replygate.timing.commands import Command, Leg, LegKey, OpenClock
from replygate.timing.events import LegKind
from replygate.timing.holding import hold_due_ms
from replygate.timing.legs import Terms, follow_up_leg, leg_for, needs_people, people_due_ms
from replygate.timing.timeline import Timeline

_PEOPLE: tuple[LegKind, ...] = ("breach", "escalate", "warn")


class Agenda:
    """The legs that the clocks of one timeline still ask for.

    `done` is given each time and only grows. A timeline that was folded anew needs a new agenda.
    """

    __slots__ = ("_heaps", "terms", "timeline")

    def __init__(self, timeline: Timeline, terms: Terms) -> None:
        self.timeline = timeline
        self.terms = terms
        self._heaps: dict[LegKind, list[tuple[int, ClockKey]]] = {
            kind: [] for kind in (*_PEOPLE, "hold")
        }
        for clock in timeline.open_clocks.values():
            self._add(clock)

    def fits(self, timeline: Timeline, terms: Terms) -> bool:
        """Whether this is the agenda of that timeline under those terms.

        What a send takes is measured all the time and moves holds only, whose order stays.
        """
        return self.timeline is timeline and (self.terms.holding, self.terms.zone) == (
            terms.holding,
            terms.zone,
        )

    def take(self, commands: Iterable[Command]) -> None:
        """Clocks were opened."""
        for command in commands:
            if isinstance(command, OpenClock):
                self._add(command.clock)

    def plan(self, done: Collection[LegKey]) -> dict[LegKind, Leg]:
        """The timers to have armed, but for the hold: of each kind the earliest."""
        legs = {}
        for kind in _PEOPLE:
            clock = self._first(kind, done)
            if clock is not None:
                legs[kind] = leg_for(clock, kind, self._heaps[kind][0][0])
        unkept = [
            follow_up_leg(promise, self.timeline, self.terms)
            for promise in self.timeline.promises.values()
            if promise.kept_ms is None and ("follow_up", promise.hold, "") not in done
        ]
        if unkept:
            legs["follow_up"] = min(unkept, key=lambda leg: (leg.due_ms, leg.opened_by))
        return legs

    def hold(self, done: Collection[LegKey], jitter_ms: int) -> Leg | None:
        """The hold to have armed, where one may go out at all."""
        clock = self._first("hold", done)
        if clock is None:
            return None
        due_ms = hold_due_ms(clock, self.terms.holding, self.terms.margin, jitter_ms)
        return leg_for(clock, "hold", due_ms)

    def take_due(self, kind: LegKind, now_ms: int, done: Collection[LegKey]) -> list[Clock]:
        """The clocks that have come to this leg, the earliest due first; they leave the agenda."""
        heap, due = self._heaps[kind], {}
        clock = self._first(kind, done)
        while clock is not None and heap[0][0] <= now_ms:
            due[clock.key] = clock
            heapq.heappop(heap)
            clock = self._first(kind, done)
        return sorted(due.values(), key=lambda clock: (clock.due_ms, clock.key))

    def _add(self, clock: Clock) -> None:
        for kind in _PEOPLE:
            due_ms = people_due_ms(clock, kind, self.terms)
            heapq.heappush(self._heaps[kind], (due_ms, clock.key))
        # In the order of the deadlines: a short one needs its hold first, whatever its lead.
        heapq.heappush(self._heaps["hold"], (clock.due_ms, clock.key))

    def _first(self, kind: LegKind, done: Collection[LegKey]) -> Clock | None:
        heap = self._heaps[kind]
        while heap:
            clock = self.timeline.open_clocks.get(heap[0][1])
            if clock is not None and self._wanted(kind, clock, done):
                return clock
            heapq.heappop(heap)
        return None

    def _wanted(self, kind: LegKind, clock: Clock, done: Collection[LegKey]) -> bool:
        if kind == "hold":
            # A turn that was answered never waits again, but in a timeline that is folded anew.
            waits = clock.turn == self.timeline.open_turn
            return waits and ("hold", clock.opened_by, clock.rule.id) not in done
        return needs_people(clock, kind, done)
