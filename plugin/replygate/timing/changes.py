"""The difference between two states of a conversation, as facts for the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from replygate.timing.clocks import Clock
from replygate.timing.commands import (
    CloseTurn,
    Command,
    DoubtClock,
    ExtendTurn,
    FollowUp,
    OpenClock,
    OpenTurn,
    StopClock,
    VoidClock,
    VoidTurn,
)
from replygate.timing.timeline import Before, Timeline, Turn


def before_all(old: Timeline, new: Timeline) -> Before:
    """Everything that either of two timelines knows, as it stood in the old one."""
    return Before(
        {key: old.turns.get(key) for key in (*old.turns, *new.turns)},
        {key: old.clocks.get(key) for key in (*old.clocks, *new.clocks)},
        {key: old.promises.get(key) for key in (*old.promises, *new.promises)},
    )


def between(before: Before, after: Timeline) -> list[Command]:
    """What to write down: withdrawn rows first, then turns, clocks, and promises that were kept.

    What is older than the timeline's floor is forgotten, not withdrawn.
    """
    void: list[Command] = []
    turns: list[Command] = []
    clocks: list[Command] = []
    for clock_key, was_clock in before.clocks.items():
        clock = after.clocks.get(clock_key)
        if clock is not None:
            clocks += _clock_changes(was_clock, clock)
        elif was_clock is not None and was_clock.opened_ms >= after.floor_ms:
            void.append(VoidClock(was_clock))
    for turn_id, was_turn in before.turns.items():
        turn = after.turns.get(turn_id)
        if turn is not None:
            turns += _turn_changes(was_turn, turn)
        elif was_turn is not None and was_turn.asked_ms >= after.floor_ms:
            void.append(VoidTurn(was_turn))
    return [*void, *turns, *clocks, *_kept(before, after)]


def _kept(before: Before, after: Timeline) -> Iterator[FollowUp]:
    for hold, was in before.promises.items():
        promise = after.promises.get(hold)
        waited = was is None or was.kept_ms is None
        if promise is not None and promise.kept_ms is not None and waited:
            yield FollowUp(hold, promise.turn, "answered", promise.kept_ms)


def _turn_changes(was: Turn | None, turn: Turn) -> list[Command]:
    if was == turn:
        return []
    if was is None or (was.closed_by is not None and turn.closed_by is None):
        opened: list[Command] = [OpenTurn(turn)]
        return opened if turn.closed_by is None else [*opened, CloseTurn(turn)]
    closing = (turn.closed_ms, turn.closed_by, turn.closed_origin)
    if closing != (was.closed_ms, was.closed_by, was.closed_origin):
        return [CloseTurn(turn)]
    return [ExtendTurn(turn)]


def _clock_changes(was: Clock | None, clock: Clock) -> list[Command]:
    if was == clock:
        return []
    changes: list[Command] = []
    if was is None or _terms(was) != _terms(clock) or (clock.is_open and not was.is_open):
        changes.append(OpenClock(clock))
        was = None
    doubt = (clock.answered_unknown_ms, clock.answered_unknown_by)
    if clock.answered_unknown_by is not None and (
        was is None or doubt != (was.answered_unknown_ms, was.answered_unknown_by)
    ):
        changes.append(DoubtClock(clock))
    stop = (clock.stopped_ms, clock.stopped_by)
    if clock.stopped_by is not None and (was is None or stop != (was.stopped_ms, was.stopped_by)):
        changes.append(StopClock(clock))
    # A doubt that a late fact removed changes the row all the same.
    return changes or [OpenClock(clock)]


def _terms(clock: Clock) -> tuple[object, ...]:
    return (clock.rule, clock.opened_ms, clock.due_ms, clock.turn)
