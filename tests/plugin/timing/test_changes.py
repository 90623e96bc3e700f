from __future__ import annotations

from replygate.model import Origin
from replygate.timing.changes import before_all, between
from replygate.timing.deadline import Counts, DeadlineRule
from replygate.timing.events import Fact
from replygate.timing.timeline import Before, Timeline
from talk import ask, brief, ms, rule, say

RULES = [rule("R", 60)]


def told(*facts: Fact, by: list[DeadlineRule] | None = None, floor: float = -1) -> Timeline:
    timeline = Timeline(floor_ms=ms(floor))
    for fact in facts:
        timeline.apply(fact, RULES if by is None else by)
    return timeline


def changes(before: Timeline, after: Timeline) -> list[str]:
    return brief(between(before_all(before, after), after))


def answered(origin: Origin, second: float = 5) -> Timeline:
    return told(ask("a", 0), say("x", second, origin), by=[rule("R", 60, counts=Counts())])


def test_equal_states_differ_in_nothing() -> None:
    assert changes(told(ask("a", 0), say("x", 5)), told(ask("a", 0), say("x", 5))) == []


def test_a_timeline_remembers_what_the_last_fact_touched() -> None:
    timeline = told(ask("a", 0), say("x", 5), ask("b", 9))
    timeline.before = Before()
    timeline.apply(say("y", 10), RULES)
    assert brief(between(timeline.before, timeline)) == ["close-turn b", "stop-clock R b"]


def test_a_promise_is_kept_once() -> None:
    held = told(ask("a", 0), say("h", 5, "hold"))
    kept = told(ask("a", 0), say("h", 5, "hold"), say("x", 9))
    later = told(ask("a", 0), say("h", 5, "hold"), say("x", 10))
    assert changes(held, kept) == ["follow-up h answered"]
    assert changes(kept, later) == []
    assert changes(told(ask("a", 0)), kept)[-1] == "follow-up h answered"


def test_all_that_happened_before_anybody_looked() -> None:
    everything = told(ask("a", 0), say("x", 5), ask("b", 9))
    assert changes(told(), everything) == [
        "open-turn a",
        "close-turn a",
        "open-turn b",
        "open-clock R a",
        "stop-clock R a",
        "open-clock R b",
    ]


def test_an_answer_that_turns_out_earlier() -> None:
    assert changes(answered("human", 9), answered("human", 5)) == ["close-turn a", "stop-clock R a"]


def test_a_reply_whose_origin_becomes_known() -> None:
    assert changes(answered("unknown"), answered("human")) == ["close-turn a", "stop-clock R a"]
    assert changes(answered("human"), answered("bot")) == [
        "close-turn a",
        "open-clock R a",
        "doubt-clock R a",
    ]
    assert changes(answered("human"), answered("platform")) == ["open-turn a", "open-clock R a"]


def test_a_doubt_that_moves() -> None:
    assert changes(answered("bot", 9), answered("bot", 5)) == ["close-turn a", "doubt-clock R a"]


def test_withdrawn_rows_come_first() -> None:
    assert changes(told(ask("b", 5)), told(ask("a", 0), ask("b", 5)))[:1] == ["void-turn b"]


def test_what_is_forgotten_is_not_withdrawn() -> None:
    assert changes(told(ask("a", 0)), told(floor=1)) == []
    assert changes(told(ask("a", 0)), told()) == ["void-clock R a", "void-turn a"]
