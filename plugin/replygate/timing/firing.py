"""What happens when a leg runs out, and people must hear of it.

`Fired` commands name the legs that are done; whoever keeps them must not plan them again.
"""

from __future__ import annotations

from collections.abc import Collection

from replygate.timing.agenda import Agenda
from replygate.timing.clocks import Clock
from replygate.timing.commands import (
    Breach,
    Command,
    Escalate,
    Fired,
    FollowUp,
    Leg,
    LegKey,
    SkipHold,
    Warn,
)
from replygate.timing.events import LegKind
from replygate.timing.holding import GRACE_MS
from replygate.timing.legs import Terms, follow_up_leg, leg_for, needs_people, people_due_ms
from replygate.timing.timeline import Timeline


def urgent_first(timeline: Timeline) -> list[Clock]:
    """The clocks that run, the earliest due first."""
    return sorted(timeline.open_clocks.values(), key=lambda clock: (clock.due_ms, clock.key))


def tell_people(
    kind: LegKind, now_ms: int, agenda: Agenda, done: Collection[LegKey]
) -> list[Command]:
    """`warn`, `escalate` or `breach` for every clock that has come to it.

    After a pause several are due of one clock: a warning gives way to an escalation, and a
    breach that nobody was told of escalates too.
    """
    commands: list[Command] = []
    fired = set(done)
    for clock in agenda.take_due(kind, now_ms, done):
        due = _due_legs(clock, now_ms, fired, agenda.terms)
        if kind not in due:
            continue
        fired.add(due[kind].key)
        commands.append(Fired(due[kind]))
        if kind == "breach":
            commands.append(Breach(clock))
            commands += _escalate(due.get("escalate"), clock, fired)
        elif kind == "escalate":
            commands.append(Escalate(clock.turn, "waiting", clock))
        elif "escalate" not in due:
            commands.append(Warn(clock))
    return commands


def _due_legs(
    clock: Clock, now_ms: int, fired: Collection[LegKey], terms: Terms
) -> dict[LegKind, Leg]:
    kinds: tuple[LegKind, ...] = ("breach", "escalate", "warn")
    return {
        kind: leg_for(clock, kind, due_ms)
        for kind in kinds
        if needs_people(clock, kind, fired)
        and (due_ms := people_due_ms(clock, kind, terms)) <= now_ms
    }


def _escalate(leg: Leg | None, clock: Clock, fired: set[LegKey]) -> list[Command]:
    if leg is None:
        return []
    fired.add(leg.key)
    return [Fired(leg), Escalate(clock.turn, "waiting", clock)]


def break_promises(
    now_ms: int, timeline: Timeline, done: Collection[LegKey], terms: Terms
) -> list[Command]:
    """`follow_up` for every holding reply that nobody followed up in time (OUT-DY-04)."""
    commands: list[Command] = []
    at_stake = next(iter(urgent_first(timeline)), None)
    for promise in timeline.promises.values():
        leg = follow_up_leg(promise, timeline, terms)
        if promise.kept_ms is None and leg.due_ms <= now_ms and leg.key not in done:
            commands += [
                Fired(leg),
                Escalate(promise.turn, "follow_up", at_stake),
                FollowUp(promise.hold, promise.turn, "escalated", now_ms),
            ]
    return commands


def skip_lost(clocks: list[Clock], now_ms: int, done: Collection[LegKey]) -> list[Command]:
    """Give up the holds whose deadlines are long past: one escalation instead of a burst."""
    lost = [clock for clock in clocks if now_ms > clock.due_ms + GRACE_MS]
    if not lost:
        return []
    first = lost[0]
    commands: list[Command] = [Fired(leg_for(clock, "hold", clock.due_ms)) for clock in lost]
    commands.append(SkipHold(first.turn, first.rule.id, first.due_ms, "too_late"))
    escalate = leg_for(first, "escalate", now_ms)
    if escalate.key not in done:
        commands += [Fired(escalate), Escalate(first.turn, "hold_too_late", first)]
    return commands
