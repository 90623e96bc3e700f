"""One recorded conversation while it is replayed: its state machine, and the rows that it wrote."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Literal

from replygate.runtime.buyer import Buyer
from replygate.runtime.recall import Recall
from replygate.timing.clocks import Clock, ClockKey
from replygate.timing.commands import (
    CloseTurn,
    Command,
    DoubtClock,
    ExtendTurn,
    FollowUp,
    OpenClock,
    OpenTurn,
    StopClock,
    TooOld,
    VoidClock,
    VoidTurn,
)
from replygate.timing.events import Event, Fact, Message, Order, merge
from replygate.timing.facts import RETAIN_MS
from replygate.timing.holding import follow_up_due_ms
from replygate.timing.legs import Terms
from replygate.timing.timeline import Turn
from replygate.timing.turn import Conversation as Machine
from replygate.timing.turn import Snapshot


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """A turn, its clocks (the earliest due first), and the first human reply after its question.

    Times are Unix ms.
    """

    conversation: str
    turn: Turn
    clocks: tuple[Clock, ...]
    first_human_ms: int | None

    @property
    def first_counted_ms(self) -> int | None:
        """The first reply that surely stopped a hard clock; a soft one where none is hard."""
        hard = [clock for clock in self.clocks if clock.rule.severity == "hard"]
        stops = [clock.stopped_ms for clock in hard or self.clocks]
        return min((stop for stop in stops if stop is not None), default=None)


@dataclass(frozen=True, slots=True)
class PlayedFollowUp:
    """What became of the promise in a holding reply, and until when it was to be kept (Unix ms)."""

    conversation: str
    due_ms: int
    outcome: Literal["answered", "escalated"]


class Track:
    """A conversation of the recording. `now_ms` is when it begins (Unix ms)."""

    __slots__ = (
        "_clocks",
        "_conversation",
        "_dues",
        "_facts",
        "_follow_ups",
        "_terms",
        "_turns",
        "buyer",
        "last_ms",
        "machine",
        "recall",
        "seen",
    )

    def __init__(self, conversation: str, terms: Terms, now_ms: int) -> None:
        # As in service: what is older than this is written down, and nothing follows from it.
        self.machine = Machine(terms, snapshot=Snapshot(floor_ms=now_ms - RETAIN_MS))
        self.last_ms = now_ms
        self.seen: set[int] = set()
        self.recall = Recall()
        self.buyer = Buyer()
        self._conversation = conversation
        self._terms = terms
        self._facts: dict[str, Fact] = {}
        self._turns: dict[str, Turn] = {}
        self._clocks: dict[ClockKey, Clock] = {}
        self._dues: dict[str, int] = {}
        self._follow_ups: dict[str, PlayedFollowUp] = {}

    def tell(self, event: Event, now_ms: int) -> list[Command]:
        """Give the state machine an event, and keep what it writes."""
        self.last_ms = now_ms
        commands = self.machine.handle(event, self._terms)
        if not any(isinstance(command, TooOld) for command in commands):
            self._learn(event)
        for command in commands:
            self._write(command)
        self._watch_promises()
        return commands

    def turns(self) -> list[PlayedTurn]:
        """The turns as they stand, oldest first."""
        humans = sorted(
            fact.order
            for fact in self._facts.values()
            if isinstance(fact, Message) and fact.direction == "out" and fact.origin == "human"
        )
        clocks: dict[str, list[Clock]] = {}
        for clock in self._clocks.values():
            clocks.setdefault(clock.turn, []).append(clock)
        return [
            PlayedTurn(
                self._conversation,
                turn,
                tuple(sorted(clocks.get(turn.id, ()), key=_urgency)),
                self._first_after(turn, humans),
            )
            for turn in sorted(self._turns.values(), key=lambda turn: (turn.asked_ms, turn.id))
        ]

    def follow_ups(self) -> list[PlayedFollowUp]:
        """What became of the promises."""
        return list(self._follow_ups.values())

    def _learn(self, event: Event) -> None:
        if isinstance(event, Fact):
            known = self._facts.get(event.key)
            self._facts[event.key] = event if known is None else merge(known, event)

    def _first_after(self, turn: Turn, orders: list[Order]) -> int | None:
        place = bisect.bisect(orders, self._facts[turn.id].order)
        return orders[place][0] if place < len(orders) else None

    def _write(self, command: Command) -> None:
        match command:
            case OpenTurn(turn) | ExtendTurn(turn) | CloseTurn(turn):
                self._turns[turn.id] = turn
            case VoidTurn(turn):
                self._turns.pop(turn.id, None)
            case OpenClock(clock) | StopClock(clock) | DoubtClock(clock):
                self._clocks[clock.key] = clock
            case VoidClock(clock):
                self._clocks.pop(clock.key, None)
            case FollowUp(hold, _, outcome, at_ms):
                due_ms = self._dues.get(hold, at_ms)
                self._follow_ups[hold] = PlayedFollowUp(self._conversation, due_ms, outcome)
            case _:
                pass

    def _watch_promises(self) -> None:
        """Remember until when each promise must be kept: the answer to it stops the clocks."""
        machine, terms = self.machine, self._terms
        for promise in machine.promises:
            if promise.kept_ms is None and promise.hold not in self._follow_ups:
                self._dues[promise.hold] = follow_up_due_ms(
                    promise.sent_ms, machine.open_clocks, terms.holding, terms.margin
                )


def _urgency(clock: Clock) -> tuple[int, ClockKey]:
    return (clock.due_ms, clock.key)
