"""What a clock asks for: its holding reply, and whom to tell when.

What is planned (`agenda`) follows from the state alone, so that a restart, a late fact and a reload
all arrive at the same timers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.clocks import Clock, part_ms
from replygate.timing.commands import Leg, LegKey
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Excuse, LegKind
from replygate.timing.holding import HoldingPolicy, Margin, follow_up_due_ms
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


def people_due_ms(clock: Clock, kind: LegKind, terms: Terms) -> int:
    """When people hear of a clock by this leg (Unix ms)."""
    match kind:
        case "breach":
            return clock.late_from_ms
        case "escalate":
            return part_ms(clock, terms.holding.escalate_ratio, terms.zone)
        case "warn":
            return part_ms(clock, terms.holding.warn_ratio, terms.zone)
        case "hold" | "follow_up":
            raise AssertionError(f"a {kind} is not for people")


def needs_people(clock: Clock, kind: LegKind, done: Collection[LegKey]) -> bool:
    """Whether a clock that runs still asks for this `breach`, `escalate` or `warn`.

    One that has become late needs no warning, nor does a buyer about whom people were told. Where
    somebody answered in time and nobody knows whether that counts, people are told once in a turn,
    and no miss is claimed.
    """
    rule_id = clock.rule.id
    if ("breach", clock.opened_by, rule_id) in done:
        return False
    if kind == "breach":
        return not clock.met_leniently
    if ("escalate", clock.turn, rule_id) in done:
        return False
    return kind == "escalate" or ("warn", clock.turn, rule_id) not in done


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


def changed(
    before: Mapping[LegKind, Leg], after: Mapping[LegKind, Leg]
) -> tuple[list[Leg], list[Leg]]:
    """The legs to cancel and the legs to arm to get from one plan to the next."""
    gone = [leg for kind, leg in before.items() if kind not in after]
    new = [leg for kind, leg in after.items() if before.get(kind) != leg]
    return gone, new
