from __future__ import annotations

from replygate.timing.agenda import Agenda
from replygate.timing.commands import Command, Fired, LegKey
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Fact, LegKind
from replygate.timing.firing import break_promises, skip_lost, tell_people, urgent_first
from replygate.timing.legs import Terms, hold_clocks
from replygate.timing.timeline import Timeline
from talk import HUMAN_ONLY, ask, brief, ms, rule, say

TERMS = Terms()


def told(*facts: Fact, by: list[DeadlineRule]) -> Timeline:
    timeline = Timeline()
    for fact in facts:
        timeline.apply(fact, by)
    return timeline


def fired(commands: list[Command]) -> list[LegKey]:
    return [command.leg.key for command in commands if isinstance(command, Fired)]


def tell(
    kind: LegKind, second: float, timeline: Timeline, done: set[LegKey] | None = None
) -> list[Command]:
    return tell_people(kind, ms(second), Agenda(timeline, TERMS), done or set())


TWO_QUESTIONS = told(ask("a", 0), ask("b", 30), by=[rule("R", 100)])


def test_the_earliest_due_comes_first() -> None:
    timeline = told(ask("a", 0), by=[rule("slow", 300), rule("fast", 30)])
    assert [clock.rule.id for clock in urgent_first(timeline)] == ["fast", "slow"]


def test_one_warning_for_a_turn() -> None:
    commands = tell("warn", 85, told(ask("a", 0), ask("b", 1), by=[rule("R", 160)]))
    assert brief(commands) == ["warn R a"]
    assert fired(commands) == [("warn", "a", "R")]


def test_nothing_is_due_yet() -> None:
    assert tell("warn", 49.999, TWO_QUESTIONS) == []


def test_a_warning_gives_way_to_an_escalation() -> None:
    commands = tell("warn", 70, TWO_QUESTIONS)
    assert brief(commands) == []
    assert fired(commands) == [("warn", "a", "R")]
    assert brief(tell("escalate", 70, TWO_QUESTIONS)) == ["escalate R a waiting"]


def test_every_breach_is_reported_and_people_are_told_once() -> None:
    assert brief(tell("breach", 100, TWO_QUESTIONS)) == [], "inclusive: the last instant is in time"
    commands = tell("breach", 131, TWO_QUESTIONS)
    assert brief(commands) == ["breach R a", "escalate R a waiting", "breach R b"]
    assert brief(tell("breach", 131, TWO_QUESTIONS, {("escalate", "a", "R")})) == [
        "breach R a",
        "breach R b",
    ]


def test_a_promise_that_nobody_kept() -> None:
    rules = [rule("R", 30), rule("human", 1000, counts=HUMAN_ONLY)]
    timeline = told(ask("a", 0), say("h", 20, "hold"), by=rules)
    assert break_promises(ms(319), timeline, set(), TERMS) == []
    commands = break_promises(ms(320), timeline, set(), TERMS)
    assert brief(commands) == ["escalate human a follow_up", "follow-up h escalated"]
    assert break_promises(ms(321), timeline, set(fired(commands)), TERMS) == []


def test_one_escalation_for_all_the_holds_that_are_lost() -> None:
    clocks = hold_clocks(TWO_QUESTIONS, set())
    assert skip_lost(clocks, ms(160), set()) == []
    commands = skip_lost(clocks, ms(191), set())
    assert brief(commands) == ["skip-hold too_late", "escalate R a hold_too_late"]
    assert fired(commands) == [("hold", "a", "R"), ("hold", "b", "R"), ("escalate", "a", "R")]
    assert brief(skip_lost(clocks, ms(191), {("escalate", "a", "R")})) == ["skip-hold too_late"]
