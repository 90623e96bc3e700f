"""Which timers a conversation needs now: at most one of each kind, the earliest.

A plan follows from the state alone, so that a restart, a late fact and a reload all arrive at the
same timers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.clocks import Clock, ClockKey, part_ms
from replygate.timing.commands import Leg, LegKey
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Excuse, LegKind
from replygate.timing.holding import (
    HoldingPolicy,
    Margin,
    follow_up_due_ms,
    hold_due_ms,
)
from replygate.timing.timeline import SESSION_GAP_S, Promise, Timeline

ALL_EXCUSES: frozenset[Excuse] = frozenset(
    {"recall", "platform_spam", "ad_reported", "platform_no_reply_needed"}
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a store is held to, and holds itself to.

    `excuses` are the marks after which the platform asks for no reply: an ad that was reported
    still needs one on Pinduoduo (PDD-D-12), not on JD (JD-D-03). `session_gap_s` counts only
    where the platform names no sessions.
    """

    rules: tuple[DeadlineRule, ...] = ()
    holding: HoldingPolicy = field(default_factory=HoldingPolicy)
    margin: Margin = field(default_factory=Margin)
    excuses: frozenset[Excuse] = ALL_EXCUSES
    session_gap_s: int = SESSION_GAP_S
    zone: dt.tzinfo = PLATFORM_ZONE


def leg_for(clock: Clock, kind: LegKind, due_ms: int) -> Leg:
    """The leg of this kind for a clock."""
    return Leg(kind, due_ms, clock.turn, clock.opened_by, clock.rule.id)


def people_legs(
    clock: Clock, done: Collection[LegKey], terms: Terms
) -> Iterator[tuple[LegKind, int]]:
    """The `breach`, `escalate` and `warn` that a clock still asks for, and when (Unix ms).

    One that has become late needs no warning, nor does a buyer about whom people were told.
    """
    rule_id, holding = clock.rule.id, terms.holding
    if ("breach", clock.opened_by, rule_id) in done:
        return
    yield "breach", clock.late_from_ms
    if ("escalate", clock.turn, rule_id) in done:
        return
    yield "escalate", part_ms(clock, holding.escalate_ratio, terms.zone)
    if ("warn", clock.turn, rule_id) in done:
        return
    yield "warn", part_ms(clock, holding.warn_ratio, terms.zone)


def hold_clocks(timeline: Timeline, done: Collection[LegKey]) -> list[Clock]:
    """The clocks of the open turn for which no hold was due yet, most urgent first.

    Only of the open turn: whoever was answered is not told to wait, even where that answer
    does not count.
    """
    if timeline.open_turn is None:
        return []
    waiting = [
        clock
        for clock in timeline.open_clocks.values()
        if clock.turn == timeline.open_turn and ("hold", clock.opened_by, clock.rule.id) not in done
    ]
    return sorted(waiting, key=lambda clock: (clock.due_ms, clock.key))


def follow_up_leg(promise: Promise, timeline: Timeline, terms: Terms) -> Leg:
    """The leg that guards the promise of a hold."""
    clocks = list(timeline.open_clocks.values())
    due_ms = follow_up_due_ms(promise.sent_ms, clocks, terms.holding, terms.margin)
    return Leg("follow_up", due_ms, promise.turn, promise.hold, "")


def plan(timeline: Timeline, done: Collection[LegKey], terms: Terms) -> dict[LegKind, Leg]:
    """The timers to have armed, but for the hold."""
    first: dict[LegKind, tuple[int, ClockKey, Clock]] = {}
    seen: set[tuple[int, str]] = set()
    for clock in timeline.open_clocks.values():
        # A rule's clocks stand in the order of their due times: the first of a turn leads.
        if (id(clock.rule), clock.turn) in seen:
            continue
        for kind, due_ms in people_legs(clock, done, terms):
            seen.add((id(clock.rule), clock.turn))
            standing = first.get(kind)
            if standing is None or (due_ms, clock.key) < standing[:2]:
                first[kind] = (due_ms, clock.key, clock)
    legs = {kind: leg_for(clock, kind, due_ms) for kind, (due_ms, _, clock) in first.items()}
    unkept = [
        follow_up_leg(promise, timeline, terms)
        for promise in timeline.promises.values()
        if promise.kept_ms is None and ("follow_up", promise.hold, "") not in done
    ]
    if unkept:
        legs["follow_up"] = min(unkept, key=lambda leg: (leg.due_ms, leg.opened_by))
    return legs


def hold_leg(
    timeline: Timeline, done: Collection[LegKey], terms: Terms, jitter_ms: int
) -> Leg | None:
    """The hold to have armed, where one may go out at all."""
    clock = next(iter(hold_clocks(timeline, done)), None)
    if clock is None:
        return None
    return leg_for(clock, "hold", hold_due_ms(clock, terms.holding, terms.margin, jitter_ms))


def changed(
    before: Mapping[LegKind, Leg], after: Mapping[LegKind, Leg]
) -> tuple[list[Leg], list[Leg]]:
    """The legs to cancel and the legs to arm to get from one plan to the next."""
    gone = [leg for kind, leg in before.items() if kind not in after]
    new = [leg for kind, leg in after.items() if before.get(kind) != leg]
    return gone, new
