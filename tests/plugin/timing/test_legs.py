from __future__ import annotations

import pytest

from replygate.timing.commands import Leg, LegKey
from replygate.timing.deadline import Counts, DeadlineRule
from replygate.timing.events import Fact, LegKind
from replygate.timing.legs import (
    Terms,
    changed,
    follow_up_leg,
    hold_clocks,
    leg_for,
    needs_people,
    people_due_ms,
)
from replygate.timing.timeline import Timeline
from talk import HUMAN_ONLY, ask, ms, rule, say

TERMS = Terms()


def told(*facts: Fact, by: list[DeadlineRule]) -> Timeline:
    timeline = Timeline()
    for fact in facts:
        timeline.apply(fact, by)
    return timeline


def wanted(timeline: Timeline, done: set[LegKey]) -> list[LegKind]:
    kinds: tuple[LegKind, ...] = ("breach", "escalate", "warn")
    return [kind for kind in kinds if needs_people(timeline.clocks["R", "a"], kind, done)]


def test_when_people_hear_of_a_clock() -> None:
    clock = told(ask("a", 0), by=[rule("R", 60)]).clocks["R", "a"]
    assert people_due_ms(clock, "warn", TERMS) == ms(30)
    assert people_due_ms(clock, "escalate", TERMS) == ms(42)
    assert people_due_ms(clock, "breach", TERMS) == ms(60.001)
    with pytest.raises(AssertionError, match="not for people"):
        people_due_ms(clock, "hold", TERMS)


def test_a_clock_that_became_late_needs_no_warning() -> None:
    timeline = told(ask("a", 0), by=[rule("R", 60)])
    assert wanted(timeline, set()) == ["breach", "escalate", "warn"]
    assert wanted(timeline, {("warn", "a", "R")}) == ["breach", "escalate"]
    assert wanted(timeline, {("escalate", "a", "R")}) == ["breach"]
    assert wanted(timeline, {("breach", "a", "R")}) == []


def test_a_clock_that_may_have_been_met_is_no_miss() -> None:
    doubtful = [rule("R", 60, counts=Counts(bot="unknown"))]
    assert wanted(told(ask("a", 0), say("x", 60, "bot"), by=doubtful), set()) == [
        "escalate",
        "warn",
    ]
    late = told(ask("a", 0), say("x", 61, "bot"), by=doubtful)
    assert wanted(late, set()) == ["breach", "escalate", "warn"]
    surely_not = told(ask("a", 0), say("x", 5, "bot"), by=[rule("R", 60, counts=HUMAN_ONLY)])
    assert wanted(surely_not, set()) == ["breach", "escalate", "warn"]


def test_a_hold_is_for_the_open_turn_only() -> None:
    rules = [rule("R", 60, counts=HUMAN_ONLY)]
    timeline = told(ask("a", 0), say("x", 5, "bot"), ask("b", 30), by=rules)
    assert [clock.opened_by for clock in hold_clocks(timeline, set())] == ["b"]
    assert hold_clocks(timeline, {("hold", "b", "R")}) == []


def test_a_promise_is_guarded_by_its_own_leg() -> None:
    timeline = told(ask("a", 0), say("h", 20, "hold"), by=[rule("R", 30)])
    leg = follow_up_leg(timeline.promises["h"], timeline, TERMS)
    assert leg == Leg("follow_up", ms(320), "a", "h", "")


def test_from_one_plan_to_the_next() -> None:
    clock = told(ask("a", 0), by=[rule("R", 60)]).clocks["R", "a"]
    warn, hold = leg_for(clock, "warn", ms(30)), leg_for(clock, "hold", ms(40))
    moved = Leg("hold", ms(35), "a", "a", "R")
    assert changed({"warn": warn, "hold": hold}, {"hold": moved}) == ([warn], [moved])
    assert changed({"hold": hold}, {"hold": hold}) == ([], [])
