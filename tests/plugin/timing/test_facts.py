from __future__ import annotations

import csv
import itertools
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replygate.model import Origin
from replygate.timing.calendar import Interval, Window
from replygate.timing.commands import (
    CloseTurn,
    Command,
    DoubtClock,
    ExtendTurn,
    Leg,
    OpenClock,
    OpenTurn,
    StopClock,
    VoidClock,
    VoidTurn,
)
from replygate.timing.deadline import Counts
from replygate.timing.events import Direction, Excuse, Fact, LegKind, Mark, Message
from replygate.timing.facts import MAX_FACTS, Facts
from replygate.timing.timeline import Timeline
from replygate.timing.turn import Conversation
from talk import (
    ANYONE,
    HUMAN_ONLY,
    ask,
    brief,
    mark,
    ms,
    notice,
    rule,
    say,
    session,
    session_end,
    terms,
    transfer,
)

HOUR_S = 3600
SHOP_DAY = Window((Interval(8 * HOUR_S, 23 * HOUR_S),))
RULES = terms(
    rule("each", 180, window=SHOP_DAY),
    rule("turn", 60, opens="turn", counts=Counts()),
    rule("human", 3600, opens="turn", counts=HUMAN_ONLY),
    rule("session", 90, opens="session", window=Window(SHOP_DAY.intervals, anchor="session")),
    rule("transfer", 120, opens="transfer", counts=HUMAN_ONLY),
    rule("topic", 30, topic="urge", counts=ANYONE),
    rule("day", None),
)


def take(facts: Facts, event: Fact | Mark) -> list[Command]:
    return facts.mark(event) if isinstance(event, Mark) else facts.learn(event)


def known(events: list[Fact | Mark]) -> Facts:
    facts = Facts(RULES)
    for event in events:
        take(facts, event)
    return facts


def state(timeline: Timeline) -> tuple[object, ...]:
    return (
        sorted(timeline.turns.items()),
        sorted(timeline.clocks.items(), key=lambda item: item[0]),
        sorted(timeline.open_clocks),
        sorted(timeline.promises.items()),
        timeline.open_turn,
        timeline.session,
    )


class Written:
    """A ledger's rows, as the commands write them."""

    def __init__(self) -> None:
        self.turns: dict[str, object] = {}
        self.clocks: dict[tuple[str, str], object] = {}

    def write(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case OpenTurn(turn) | ExtendTurn(turn) | CloseTurn(turn):
                    self.turns[turn.id] = turn
                case VoidTurn(turn):
                    del self.turns[turn.id]
                case OpenClock(clock) | DoubtClock(clock) | StopClock(clock):
                    self.clocks[clock.key] = clock
                case VoidClock(clock):
                    del self.clocks[clock.key]
                case _:
                    pass


ORIGINS: tuple[Origin, ...] = ("human", "bot", "hold", "platform", "unknown")
EXCUSES: tuple[Excuse, ...] = ("recall", "platform_spam")
# Few names and few seconds, so that facts collide, tie and speak of each other.
seconds = st.integers(0, 40).map(lambda n: n * 25) | st.integers(0, 3)
names = st.integers(0, 12).map(lambda n: f"m{n}")
delays = st.sampled_from([0, 0, 0, 1, 300])


@st.composite
def messages(draw: st.DrawFn) -> Message:
    name, second = draw(names), draw(seconds)
    seen = second + draw(delays)
    if draw(st.booleans()):
        topics = draw(st.sampled_from([(), ("urge",), ("thanks",)]))
        return ask(f"ask-{name}", second, *topics, seen=seen)
    origin = draw(st.sampled_from(ORIGINS))
    return say(f"say-{name}", second, origin, seen=seen, own=draw(st.booleans()))


marks = st.builds(mark, names.map("ask-{}".format), st.sampled_from(EXCUSES), seconds)
events = st.one_of(
    messages(),
    messages(),
    messages(),
    st.builds(transfer, seconds),
    st.builds(session, seconds),
    st.builds(session_end, seconds),
    st.builds(notice, names.map("note-{}".format), seconds),
    marks,
)


@given(st.lists(events, max_size=14), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_any_order_of_arrival_leads_to_the_same_state(
    happened: list[Fact | Mark], chance: random.Random
) -> None:
    expected = state(known(happened).timeline)
    shuffled = [*happened, *chance.sample(happened, len(happened) // 3)]
    chance.shuffle(shuffled)
    assert state(known(shuffled).timeline) == expected


@given(st.lists(events, max_size=14), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_any_order_of_arrival_arms_the_same_timers(
    happened: list[Fact | Mark], chance: random.Random
) -> None:
    def armed(arrived: list[Fact | Mark]) -> dict[LegKind, Leg]:
        conversation = Conversation(RULES)
        for event in arrived:
            conversation.handle(event, RULES)
        return conversation.legs

    shuffled = [*happened, *chance.sample(happened, len(happened) // 3)]
    chance.shuffle(shuffled)
    assert armed(shuffled) == armed(happened)


@given(st.lists(events, max_size=14))
def test_what_is_written_is_what_follows(happened: list[Fact | Mark]) -> None:
    facts, written = Facts(RULES), Written()
    for event in happened:
        written.write(take(facts, event))
    assert written.turns == facts.timeline.turns
    assert written.clocks == facts.timeline.clocks


@given(st.lists(events, max_size=14))
def test_a_restored_conversation_knows_the_same(happened: list[Fact | Mark]) -> None:
    facts = known(happened)
    again = Facts(RULES, facts.ordered, facts.marks)
    assert state(again.timeline) == state(facts.timeline)


@given(st.lists(messages(), max_size=12))
def test_no_clock_is_invented_or_lost(happened: list[Message]) -> None:
    facts = known(list(happened))
    told = [fact for fact in facts.ordered if isinstance(fact, Message)]
    questions = {fact.id: fact for fact in told if fact.is_question}
    clocks = {key[1]: c for key, c in facts.timeline.clocks.items() if key[0] == "each"}
    assert clocks.keys() == questions.keys()
    for opened_by, clock in clocks.items():
        counted = [
            fact.id
            for fact in told
            if fact.origin in {"human", "bot", "hold"} and fact.order > questions[opened_by].order
        ]
        assert clock.stopped_by == next(iter(counted), None)


@given(st.lists(events, max_size=14))
def test_turns_follow_each_other(happened: list[Fact | Mark]) -> None:
    turns = list(known(happened).timeline.turns.values())
    for before, after in itertools.pairwise(turns):
        assert before.closed_ms is not None
        assert before.asked_ms <= before.last_asked_ms <= before.closed_ms <= after.asked_ms


def test_what_is_still_needed_is_no_reason_to_forget_again_and_again() -> None:
    day_s = 86_400
    facts = known([session(0), ask("a", 1), say("x", 2)])
    assert facts.forget(ms(7 * day_s))
    folded = facts.timeline
    for minute in range(10):
        assert not facts.forget(ms(7 * day_s + 60 * minute))
    assert facts.timeline is folded
    assert facts.forget(ms(11 * day_s))
    assert "session:" in next(iter(facts.ordered)).key


def test_what_the_store_sent_since_the_buyer_wrote() -> None:
    assert known([]).since_asked() == (None, 0)
    facts = known([ask("a", 0), say("x", 5), ask("b", 10), say("y", 11), notice("n", 12)])
    assert facts.since_asked() == (ms(10), 1)
    facts.learn(say("p", 13, "platform"))
    facts.learn(say("h", 14, "hold"))
    assert facts.since_asked() == (ms(10), 2)
    assert facts.answered_last == "hold"
    assert known([ask("a", 0), say("p", 1, "platform")]).answered_last is None


def test_a_fact_that_is_known_changes_nothing() -> None:
    facts = known([ask("a", 0), say("x", 5)])
    assert facts.learn(ask("a", 0)) == []
    assert facts.mark(mark("b", "recall", 1)) == []
    assert facts.mark(mark("b", "recall", 1)) == []
    assert facts.mark(mark("a", "recall", 1)) != []
    assert facts.mark(mark("a", "recall", 1)) == []
    assert "a" in facts
    assert "b" not in facts


def test_a_mark_of_the_store_excuses_nothing() -> None:
    facts = known([ask("a", 0), say("x", 5)])
    assert facts.mark(mark("x", "recall", 6)) == []


def test_which_marks_excuse_is_the_platforms_word() -> None:
    strict = terms(rule("R"))
    strict = type(strict)(strict.rules, strict.holding, excuses=frozenset({"platform_spam"}))
    facts = Facts(strict)
    facts.learn(ask("a", 0))
    assert facts.mark(mark("a", "ad_reported", 1)) == []
    assert brief(facts.mark(mark("a", "platform_spam", 2))) == ["void-clock R a", "void-turn a"]


def test_a_named_session_outlives_what_was_said_in_it() -> None:
    week_s = 7 * 24 * HOUR_S
    facts = known([session(0), ask("a", 1), say("x", 2)])
    assert facts.forget(ms(week_s))
    assert [fact.key for fact in facts.ordered] == [f"session:{ms(0)}"]
    facts.learn(ask("b", week_s))
    assert facts.timeline.session is not None
    assert facts.timeline.session.start_ms == ms(0)
    assert ("session", f"session:{ms(0)}") not in facts.timeline.clocks, (
        "that was its first question"
    )
    assert not facts.forget(ms(week_s))


def test_a_conversation_that_never_rests_does_not_grow_for_ever() -> None:
    facts = Facts(terms(rule("R", opens="turn")))
    for second in range(MAX_FACTS + 10):
        facts.forget(ms(second))
        facts.learn(ask(f"m{second}", second))
    assert len(facts.ordered) <= MAX_FACTS // 2 + 12
    assert facts.timeline.open_turn == "m0"


# A real shop's trace.

ROLES: dict[str, Origin] = {"u": "buyer", "m": "unknown", "s": "platform"}
EPOCH_S = 1_791_270_000


def cases() -> dict[str, list[Message]]:
    """The sessions of the trace; `m` may be bot or agent, `s` are notices labelled as buyer's."""
    folder = os.environ.get("REPLYGATE_CORPUS")
    if not folder:
        pytest.skip("REPLYGATE_CORPUS names no folder with timing-trace.tsv")
    lines = Path(folder, "timing-trace.tsv").read_text("utf-8").splitlines()
    sessions: dict[str, list[Message]] = {}
    ids: dict[tuple[str, str, str, str], str] = {}
    for number, row in enumerate(csv.DictReader(lines[2:], delimiter="\t")):
        happened = round((EPOCH_S + float(row["ts"])) * 1000)
        seen = round((EPOCH_S + float(row["cap"])) * 1000)
        same = (row["case"], row["role"], row["ts"], row["hash"])
        name = ids.setdefault(same, f"{row['role']}{number}")
        if row["role"] == "s":
            name = f"s{number}"
        way: Direction = "out" if row["role"] == "m" else "in"
        message = Message(name, happened, seen, way, ROLES[row["role"]])
        sessions.setdefault(row["case"], []).append(message)
    return sessions


def test_the_trace_replayed_as_it_arrived_and_in_any_other_order() -> None:
    late = 0
    for session_facts in cases().values():
        arrived = sorted(session_facts, key=lambda fact: fact.received_ms)
        late += sum(fact.received_ms - fact.at_ms > 30_000 for fact in arrived)
        expected = state(known(list(arrived)).timeline)
        for start in range(len(arrived)):
            turned: list[Fact | Mark] = [*arrived[start:], *arrived[::3], *arrived[:start]]
            assert state(known(turned).timeline) == expected
            assert state(known(turned[::-1]).timeline) == expected
    assert late, "the trace is known for its late events"


def test_the_trace_invents_and_loses_no_clock() -> None:
    for session_facts in cases().values():
        facts, written = Facts(RULES), Written()
        for fact in sorted(session_facts, key=lambda fact: fact.received_ms):
            written.write(facts.learn(fact))
        timeline = facts.timeline
        questions = {fact.id for fact in session_facts if fact.is_question}
        notices = {fact.id for fact in session_facts if fact.origin == "platform"}
        assert {key[1] for key in timeline.clocks if key[0] == "each"} == questions
        assert not notices & {turn.id for turn in timeline.turns.values()}
        assert not notices & {key[1] for key in timeline.clocks}
        assert written.clocks == timeline.clocks
        assert written.turns == timeline.turns


def test_the_traces_turns_by_hand() -> None:
    session_facts = cases()["03"]
    timeline = known(sorted(session_facts, key=lambda fact: fact.received_ms)).timeline
    offsets = [
        (turn.asked_ms / 1000 - EPOCH_S, turn.closed_ms / 1000 - EPOCH_S)
        for turn in timeline.turns.values()
        if turn.closed_ms is not None
    ]
    assert offsets == [(6432, 6442), (6444, 6445), (6488, 6504)]
