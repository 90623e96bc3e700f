from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from replygate.timing.calendar import Interval, Window
from replygate.timing.deadline import Counts, DeadlineRule
from replygate.timing.events import Fact
from replygate.timing.timeline import Timeline, Turn
from talk import (
    ANYONE,
    HUMAN_ONLY,
    MORNING_MS,
    ask,
    ms,
    notice,
    rule,
    say,
    session,
    session_end,
    transfer,
)

HOUR_S = 3600
FROM_TEN = Window((Interval(10 * HOUR_S, 23 * HOUR_S),))


def told(*facts: Fact, by: list[DeadlineRule]) -> Timeline:
    timeline = Timeline()
    for fact in sorted(facts, key=lambda fact: fact.order):
        timeline.apply(fact, by)
    return timeline


def clocks(timeline: Timeline) -> dict[tuple[str, str], float]:
    return {key: (clock.due_ms - MORNING_MS) / 1000 for key, clock in timeline.clocks.items()}


def turns(timeline: Timeline) -> list[tuple[str, str | None]]:
    return [(turn.id, turn.closed_by) for turn in timeline.turns.values()]


def test_every_message_or_the_first_of_the_turn() -> None:
    timeline = told(
        ask("a", 0), ask("b", 10), by=[rule("each", 60), rule("first", 30, opens="turn")]
    )
    assert clocks(timeline) == {("each", "a"): 60, ("first", "a"): 30, ("each", "b"): 70}
    assert turns(timeline) == [("a", None)]
    assert timeline.turns["a"] == Turn("a", ms(0), ms(10), "message")


def test_rounds_are_counted_from_the_first_question() -> None:
    # OUT-TB-04, its own example: 10:10:15 q, 10:15:20 q, 10:18:10 a, 10:18:30 q, 10:19:00 a.
    timeline = told(
        ask("a", 615), ask("b", 920), say("x", 1090), ask("c", 1110), say("y", 1140),
        by=[rule("round", 180, opens="turn")],
    )  # fmt: skip
    assert [(c.opened_by, c.met_strictly) for c in timeline.clocks.values()] == [
        ("a", False),
        ("c", True),
    ]


def test_a_question_outside_one_rules_window_opens_anothers_and_a_repeat_inside_its_own() -> None:
    rules = [rule("day", 60, opens="turn", window=FROM_TEN), rule("always", 300, opens="turn")]
    timeline = told(ask("a", -5), ask("b", 5), ask("c", 8), by=rules)
    assert clocks(timeline) == {("always", "a"): 295, ("day", "b"): 65}


def test_the_last_second_of_a_window() -> None:
    evening = 13 * HOUR_S
    timeline = told(
        ask("in", evening - 1),
        ask("out", evening + 1),
        by=[rule("PDD-D-01", 3600, window=FROM_TEN)],
    )
    assert list(timeline.clocks) == [("PDD-D-01", "in")]


def test_a_topics_rule_opens_for_its_topic_only() -> None:
    rules = [rule("R", 300), rule("quality", 180, topic="quality", opens="turn")]
    timeline = told(ask("a", 0), ask("b", 5, "urge", "quality"), ask("c", 9, "quality"), by=rules)
    assert [key for key in timeline.clocks if key[0] == "quality"] == [("quality", "b")]


def test_a_question_is_judged_by_the_edition_of_its_day() -> None:
    change = dt.date(2026, 11, 21)
    rules = [
        replace(rule("R", 300), effective_to=change),
        replace(rule("R", 180), effective_from=change),
    ]
    midnight = 14 * HOUR_S
    timeline = told(ask("a", midnight - 1), ask("b", midnight), by=rules)
    assert clocks(timeline) == {("R", "a"): midnight + 299, ("R", "b"): midnight + 180}


def test_several_platform_clocks_run_at_once() -> None:
    # rules.md C1: quality 3 min, 5 min, 60 min, same day, 24 h.
    rules = [
        rule("PDD-D-05", 180, topic="quality"),
        rule("PDD-D-04", 300),
        rule("PDD-D-01", 3600, window=FROM_TEN),
        rule("PDD-D-07", None, window=FROM_TEN),
        rule("PDD-D-06", 86_400),
    ]
    assert clocks(told(ask("a", 0, "quality"), by=rules)) == {
        ("PDD-D-05", "a"): 180,
        ("PDD-D-04", "a"): 300,
        ("PDD-D-01", "a"): 3600,
        ("PDD-D-07", "a"): 14 * HOUR_S,
        ("PDD-D-06", "a"): 86_400,
    }


def test_an_answer_stops_everything_before_it_that_it_counts_for() -> None:
    rules = [rule("any", 60), rule("human", 60, counts=HUMAN_ONLY)]
    timeline = told(ask("a", 0), ask("b", 1), say("x", 5, "bot"), ask("c", 9), by=rules)
    assert list(timeline.open_clocks) == [
        ("human", "a"),
        ("human", "b"),
        ("any", "c"),
        ("human", "c"),
    ]
    assert turns(timeline) == [("a", "x"), ("c", None)]


def test_each_turn_opens_a_clock_though_an_older_one_runs() -> None:
    # The bot's answer counts for nothing here; the buyer who asks again must not go unnoticed.
    timeline = told(
        ask("a", 0),
        say("x", 5, "bot"),
        ask("b", 600),
        by=[rule("R", opens="turn", counts=HUMAN_ONLY)],
    )
    assert list(timeline.open_clocks) == [("R", "a"), ("R", "b")]


def test_the_platforms_text_stops_only_what_says_so_and_closes_no_turn() -> None:
    rules = [
        rule("yes", opens="turn", counts=Counts(platform="yes")),
        rule("no", opens="turn"),
        rule("unknown", opens="turn", counts=Counts(platform="unknown")),
    ]
    timeline = told(ask("a", 0), say("p", 1, "platform"), ask("b", 2), by=rules)
    assert turns(timeline) == [("a", None)]
    assert list(timeline.open_clocks) == [
        ("no", "a"),
        ("unknown", "a"),
        ("yes", "b"),
        ("unknown", "b"),
    ]


def test_notices_open_and_stop_nothing() -> None:
    timeline = told(ask("a", 0), notice("n", 1), by=[rule("R")])
    assert turns(timeline) == [("a", None)]
    assert turns(told(notice("n", 1), by=[rule("R")])) == []


def test_an_excused_question_opens_nothing() -> None:
    timeline = Timeline()
    timeline.apply(ask("a", 0), [rule("R")], excused=True)
    assert turns(timeline) == []
    assert clocks(timeline) == {}


def test_a_turn_is_only_thanks_when_all_of_it_is() -> None:
    def topics(*facts: Fact) -> tuple[str, ...]:
        timeline = told(*facts, by=[])
        assert timeline.open_turn is not None
        return timeline.turns[timeline.open_turn].topics

    assert topics(ask("a", 0, "thanks"), ask("b", 1, "thanks", "bye")) == ("thanks",)
    assert topics(ask("a", 0, "thanks"), ask("b", 1)) == ()
    assert topics(ask("a", 0, "thanks"), transfer(1)) == ()


def test_a_transfer_opens_a_turn_where_nobody_waited_and_joins_one_where_somebody_did() -> None:
    rules = [rule("DY-D-01", 120, opens="transfer", counts=HUMAN_ONLY), rule("R", 60)]
    timeline = told(transfer(0, "t"), ask("a", 3), transfer(5, "u"), say("x", 9), by=rules)
    assert turns(timeline) == [("transfer:t", "x")]
    assert timeline.turns["transfer:t"].last_asked_ms == ms(5)
    assert clocks(timeline) == {
        ("DY-D-01", "transfer:t"): 120,
        ("R", "a"): 63,
        ("DY-D-01", "transfer:u"): 125,
    }


def test_a_session_rule_runs_from_the_sessions_start_once_somebody_asks() -> None:
    rules = [rule("XHS", 180, opens="session")]
    assert clocks(told(session(0), by=rules)) == {}
    asked = told(session(0), ask("a", 3), say("x", 5), ask("b", 9), by=rules)
    assert clocks(asked) == {("XHS", f"session:{ms(0)}"): 180}


def test_a_new_session_opens_a_new_clock() -> None:
    rules = [rule("XHS", 180, opens="session")]
    timeline = told(
        session(0), ask("a", 1), say("x", 2), session_end(9), session(20), ask("b", 21), by=rules
    )
    assert list(clocks(timeline).values()) == [180, 200]


@pytest.mark.parametrize(("silence", "sessions"), [(600, 1), (600.001, 2)])
def test_where_sessions_have_no_name_silence_ends_them(silence: float, sessions: int) -> None:
    timeline = told(
        ask("a", 0), say("x", 5), ask("b", 5 + silence), by=[rule("S", 180, opens="session")]
    )
    assert len(timeline.clocks) == sessions


def test_a_question_that_overtakes_its_session_is_in_it() -> None:
    rules = [rule("S", 180, opens="session")]
    assert clocks(told(ask("a", 0), session(0.2), ask("b", 700), by=rules)) == {("S", "a"): 180}
    late = told(ask("a", 0), session(100), ask("b", 101), by=rules)
    assert list(clocks(late).values()) == [180, 280]


def test_a_window_anchored_on_the_session() -> None:
    # OUT-JD-01: opened 08:56, answered 09:01 of a nine o'clock window: not assessed.
    rules = [rule("JD-D-01", 30, opens="turn", window=Window(FROM_TEN.intervals, anchor="session"))]
    assert clocks(told(session(-240), ask("a", -230), say("x", 60), by=rules)) == {}
    assert clocks(told(session(-240), ask("a", 30), by=rules)) == {}
    assert clocks(told(session(10), ask("a", 30), by=rules)) == {("JD-D-01", "a"): 60}


def test_a_hold_is_a_promise_that_the_next_real_answer_keeps() -> None:
    timeline = told(
        ask("a", 0),
        say("h", 20, "hold"),
        say("p", 25, "platform"),
        say("h2", 30, "hold"),
        say("x", 40, "bot"),
        by=[rule("R", counts=ANYONE)],
    )
    assert [(p.hold, p.turn, p.kept_by) for p in timeline.promises.values()] == [
        ("h", "a", "x"),
        ("h2", "a", "x"),
    ]


def test_a_hold_to_nobody_is_still_a_promise() -> None:
    assert told(say("h", 20, "hold"), by=[]).promises["h"].turn == ""
