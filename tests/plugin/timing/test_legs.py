from __future__ import annotations

from replygate.timing.commands import Leg, LegKey
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Fact, LegKind
from replygate.timing.legs import Terms, changed, hold_clocks, hold_leg, leg_for, people_legs, plan
from replygate.timing.timeline import Timeline
from talk import HUMAN_ONLY, MORNING_MS, ask, ms, rule, say

TERMS = Terms()


def told(*facts: Fact, by: list[DeadlineRule]) -> Timeline:
    timeline = Timeline()
    for fact in facts:
        timeline.apply(fact, by)
    return timeline


def planned(timeline: Timeline, done: set[LegKey] | None = None) -> dict[LegKind, float]:
    legs = plan(timeline, done or set(), TERMS)
    hold = hold_leg(timeline, done or set(), TERMS, 0)
    if hold is not None:
        legs["hold"] = hold
    return {kind: (leg.due_ms - MORNING_MS) / 1000 for kind, leg in legs.items()}


def test_one_leg_of_each_kind_and_the_earliest() -> None:
    timeline = told(ask("a", 0), ask("b", 5), by=[rule("slow", 300), rule("fast", 30)])
    assert planned(timeline) == {"breach": 30.001, "escalate": 21, "warn": 15, "hold": 20}


def test_nothing_to_plan_where_nobody_waits() -> None:
    assert planned(told(ask("a", 0), say("x", 1), by=[rule("R")])) == {}


def test_a_turn_of_no_rule_has_no_legs() -> None:
    assert planned(told(ask("a", 0), by=[])) == {}


def test_what_is_done_is_not_planned_again() -> None:
    timeline = told(ask("a", 0), ask("b", 5), by=[rule("R", 60)])
    done: set[LegKey] = {("warn", "a", "R"), ("hold", "a", "R")}
    assert planned(timeline, done) == {"breach": 60.001, "escalate": 42, "hold": 45}
    done |= {("escalate", "a", "R"), ("breach", "a", "R")}
    assert planned(timeline, done) == {"breach": 65.001, "hold": 45}


def test_jitter_makes_a_hold_earlier() -> None:
    leg = hold_leg(told(ask("a", 0), by=[rule("R", 60)]), set(), TERMS, 1500)
    assert leg == Leg("hold", ms(38.5), "a", "a", "R")


def test_a_hold_is_for_the_open_turn_only() -> None:
    rules = [rule("R", 60, counts=HUMAN_ONLY)]
    timeline = told(ask("a", 0), say("x", 5, "bot"), ask("b", 30), by=rules)
    assert [clock.opened_by for clock in hold_clocks(timeline, set())] == ["b"]
    assert planned(timeline)["hold"] == 70
    assert planned(timeline)["breach"] == 60.001


def test_a_promise_is_guarded_until_it_is_kept_or_reported() -> None:
    timeline = told(ask("a", 0), say("h", 20, "hold"), by=[rule("R", 30)])
    assert planned(timeline) == {"follow_up": 320}
    assert planned(timeline, {("follow_up", "h", "")}) == {}
    timeline.apply(say("x", 30), [])
    assert planned(timeline) == {}


def test_a_clock_that_became_late_needs_no_warning() -> None:
    clock = told(ask("a", 0), by=[rule("R", 60)]).clocks["R", "a"]

    def kinds(done: set[LegKey]) -> list[LegKind]:
        return [kind for kind, _ in people_legs(clock, done, TERMS)]

    assert kinds(set()) == ["breach", "escalate", "warn"]
    assert kinds({("warn", "a", "R")}) == ["breach", "escalate"]
    assert kinds({("escalate", "a", "R")}) == ["breach"]
    assert kinds({("breach", "a", "R")}) == []


def test_from_one_plan_to_the_next() -> None:
    clock = told(ask("a", 0), by=[rule("R", 60)]).clocks["R", "a"]
    warn, hold = leg_for(clock, "warn", ms(30)), leg_for(clock, "hold", ms(40))
    moved = Leg("hold", ms(35), "a", "a", "R")
    assert changed({"warn": warn, "hold": hold}, {"hold": moved}) == ([warn], [moved])
    assert changed({"hold": hold}, {"hold": hold}) == ([], [])
