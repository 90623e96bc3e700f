from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from replygate.model import Origin
from replygate.timing.agenda import Agenda
from replygate.timing.commands import Leg, LegKey, OpenClock
from replygate.timing.deadline import Counts, DeadlineRule
from replygate.timing.events import Fact, LegKind, Message
from replygate.timing.holding import HoldingPolicy, Margin, hold_due_ms
from replygate.timing.legs import (
    Terms,
    hold_clocks,
    leg_for,
    needs_people,
    people_due_ms,
)
from replygate.timing.timeline import Before, Timeline
from talk import HUMAN_ONLY, MORNING_MS, ask, ms, rule, say

TERMS = Terms()
PEOPLE: tuple[LegKind, ...] = ("breach", "escalate", "warn")


def told(*facts: Fact, by: list[DeadlineRule]) -> Timeline:
    timeline = Timeline()
    for fact in facts:
        timeline.apply(fact, by)
    return timeline


def planned(timeline: Timeline, done: set[LegKey] | None = None) -> dict[LegKind, float]:
    agenda = Agenda(timeline, TERMS)
    legs = agenda.plan(done or set())
    hold = agenda.hold(done or set(), 0)
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
    leg = Agenda(told(ask("a", 0), by=[rule("R", 60)]), TERMS).hold(set(), 1500)
    assert leg == Leg("hold", ms(38.5), "a", "a", "R")


def test_a_hold_is_for_the_open_turn_only() -> None:
    rules = [rule("R", 60, counts=HUMAN_ONLY)]
    timeline = told(ask("a", 0), say("x", 5, "bot"), ask("b", 30), by=rules)
    assert planned(timeline)["hold"] == 70
    assert planned(timeline)["breach"] == 60.001


def test_a_promise_is_guarded_until_it_is_kept_or_reported() -> None:
    timeline = told(ask("a", 0), say("h", 20, "hold"), by=[rule("R", 30)])
    assert planned(timeline) == {"follow_up": 320}
    assert planned(timeline, {("follow_up", "h", "")}) == {}
    timeline.apply(say("x", 30), [])
    assert planned(timeline) == {}


def test_a_measured_margin_moves_the_hold_and_needs_no_new_agenda() -> None:
    timeline = told(ask("a", 0), by=[rule("R", 60)])
    agenda = Agenda(timeline, TERMS)
    slower = replace(TERMS, margin=Margin(send_p99_ms=30_000))
    assert agenda.fits(timeline, slower)
    agenda.terms = slower
    leg = agenda.hold(set(), 0)
    assert leg is not None
    assert leg.due_ms == ms(30)
    assert not agenda.fits(told(by=[]), TERMS)
    assert not agenda.fits(timeline, replace(TERMS, holding=HoldingPolicy(("收到",))))


def test_what_is_due_leaves_the_agenda_in_the_order_of_its_deadlines() -> None:
    timeline = told(ask("a", 0), ask("b", 1), by=[rule("slow", 62), rule("fast", 60)])
    agenda = Agenda(timeline, TERMS)
    assert agenda.take_due("breach", ms(60), set()) == []
    due = agenda.take_due("breach", ms(62), set())
    assert [clock.key for clock in due] == [("fast", "a"), ("fast", "b")]
    assert agenda.take_due("breach", ms(62), set()) == []


# Against looking at every clock each time.

RULES = [
    rule("each", 180, counts=Counts(bot="unknown")),
    rule("human", 90, counts=HUMAN_ONLY),
    rule("turn", 60, opens="turn", counts=Counts(bot="yes", hold="unknown")),
]


def naive(timeline: Timeline, done: set[LegKey]) -> Iterator[tuple[LegKind, int]]:
    clocks = list(timeline.open_clocks.values())
    for kind in PEOPLE:
        wanted = [clock for clock in clocks if needs_people(clock, kind, done)]
        if wanted:
            yield kind, min(people_due_ms(clock, kind, TERMS) for clock in wanted)
    waiting = hold_clocks(timeline, done)
    if waiting:
        yield "hold", hold_due_ms(waiting[0], TERMS.holding, TERMS.margin, 0)


ORIGINS: tuple[Origin, ...] = ("buyer", "buyer", "human", "bot", "hold", "platform")


@st.composite
def happened(draw: st.DrawFn) -> list[Message]:
    second, facts = 0, []
    for number in range(draw(st.integers(1, 25))):
        second += draw(st.sampled_from([0, 1, 20, 70]))
        origin = draw(st.sampled_from(ORIGINS))
        name = f"m{number:02d}"
        facts.append(ask(name, second) if origin == "buyer" else say(name, second, origin))
    return facts


@given(happened(), st.data())
@settings(max_examples=150, deadline=None)
def test_the_agenda_is_that_of_every_clock(facts: list[Message], data: st.DataObject) -> None:
    timeline, done = Timeline(), set[LegKey]()
    agenda = Agenda(timeline, TERMS)
    for fact in facts:
        timeline.before = Before()
        timeline.apply(fact, RULES)
        opened = [key for key, was in timeline.before.clocks.items() if was is None]
        agenda.take([OpenClock(timeline.clocks[key]) for key in opened])
        legs = agenda.plan(done)
        legs.pop("follow_up", None)
        hold = agenda.hold(done, 0)
        found = [(kind, leg.due_ms) for kind, leg in legs.items()]
        found += [] if hold is None else [("hold", hold.due_ms)]
        assert found == list(naive(timeline, done))
        fires: bool = data.draw(st.booleans())
        if legs and fires:
            kind: LegKind = data.draw(st.sampled_from(sorted(legs)))
            now_ms = legs[kind].due_ms
            expected = [
                leg_for(clock, kind, 0).key
                for clock in timeline.open_clocks.values()
                if needs_people(clock, kind, done) and people_due_ms(clock, kind, TERMS) <= now_ms
            ]
            due = agenda.take_due(kind, now_ms, done)
            assert sorted({leg_for(clock, kind, 0).key for clock in due}) == sorted(set(expected))
            done.update(expected)
