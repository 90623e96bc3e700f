"""Conversations as scripts: events in, commands out."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.timing.clocks import Clock, answer
from replygate.timing.commands import Arm, SendHold
from replygate.timing.deadline import Counts
from replygate.timing.events import (
    CLOSING,
    Answered,
    Answering,
    Event,
    HoldDone,
    HoldOutcome,
    LegDue,
    LegKind,
    Message,
    Refresh,
)
from replygate.timing.holding import HoldingPolicy, Quota
from replygate.timing.legs import Terms
from replygate.timing.turn import Conversation, Snapshot
from talk import (
    HOLD_TEXTS,
    HUMAN_ONLY,
    ask,
    brief,
    mark,
    ms,
    notice,
    rule,
    say,
    terms,
    transfer,
)

THREE_MINUTES = terms(rule("R", 180))
FIRST, SECOND = HOLD_TEXTS


def due(kind: LegKind, second: float) -> LegDue:
    return LegDue(kind, ms(second))


def hold_done(outcome: HoldOutcome, second: float, *, turn: str = "a", seq: int = 0) -> HoldDone:
    return HoldDone(turn, seq, outcome, ms(second))


def hold(name: str, second: float) -> Message:
    return say(name, second, "hold", own=True)


class Play:
    """A conversation to which things happen, one after another."""

    def __init__(self, judged_by: Terms = THREE_MINUTES) -> None:
        self.terms = judged_by
        self.conversation = Conversation(judged_by)

    def __call__(self, *events: Event) -> list[str]:
        """What the last of these events asks for; whatever the ones before asked for is dropped."""
        commands = [self.conversation.handle(event, self.terms) for event in events]
        return brief(commands[-1])


def test_a_question_opens_a_turn_and_its_clock_and_arms_the_legs() -> None:
    assert Play()(ask("a", 0)) == [
        "open-turn a",
        "open-clock R a",
        "arm breach 180.001",
        "arm escalate 126",
        "arm warn 90",
        "arm hold 160",
    ]


def test_an_answer_closes_and_cancels() -> None:
    assert Play()(ask("a", 0), say("x", 30)) == [
        "close-turn a",
        "stop-clock R a",
        "cancel breach",
        "cancel escalate",
        "cancel warn",
        "cancel hold",
    ]


def test_a_second_question_extends_the_turn_and_opens_its_own_clock() -> None:
    assert Play()(ask("a", 0), ask("b", 10)) == ["extend-turn a", "open-clock R b"]


def test_a_buyer_nobody_answers() -> None:
    play = Play()
    assert play(ask("a", 0), due("warn", 90)) == ["warn R a", "cancel warn"]
    assert play(due("escalate", 126)) == ["escalate R a waiting", "cancel escalate"]
    assert play(due("hold", 160)) == [f"send-hold {FIRST}", "cancel hold"]
    assert play(hold("h", 160.2)) == [
        "close-turn a",
        "stop-clock R a",
        "cancel breach",
        "arm follow_up 460.2",
    ]
    assert play(hold_done("sent", 160.2)) == []
    assert play(due("follow_up", 460.2)) == [
        "escalate follow_up",
        "follow-up h escalated",
        "cancel follow_up",
    ]
    assert play(say("x", 500)) == [], "an answer after the report does not mend the promise"


def test_an_answer_keeps_the_promise_of_a_hold() -> None:
    play = Play()
    play(ask("a", 0), due("hold", 160), hold("h", 160), hold_done("sent", 160))
    assert play(say("p", 170, "platform")) == []
    assert play(hold("h2", 180)) == []
    assert play(say("x", 200, "bot")) == [
        "follow-up h answered",
        "follow-up h2 answered",
        "cancel follow_up",
    ]


def test_the_next_running_deadline_comes_before_five_minutes() -> None:
    play = Play(terms(rule("R", 30), rule("S", 180, counts=HUMAN_ONLY)))
    assert play(ask("a", 0), due("hold", 20), hold("h", 20))[-1] == "arm follow_up 160"


def test_a_hold_that_does_not_count_leaves_the_clock_to_people() -> None:
    play = Play(terms(rule("R", 180, counts=HUMAN_ONLY)))
    commands = play(ask("a", 0), due("hold", 160), hold("h", 160))
    assert commands == ["close-turn a", "arm follow_up 460"]
    assert play(due("breach", 180.001)) == [
        "breach R a",
        "escalate R a waiting",
        "cancel breach",
        "cancel escalate",
        "cancel warn",
    ]


def test_a_bots_answer_that_does_not_count_drives_warn_and_escalate_but_no_hold() -> None:
    play = Play(terms(rule("R", 180, counts=HUMAN_ONLY)))
    assert play(ask("a", 0), say("x", 2, "bot")) == ["close-turn a", "cancel hold"]
    assert play(due("hold", 160)) == []
    assert play(due("warn", 90)) == ["warn R a", "cancel warn"]


def test_what_is_unknown_keeps_the_clock_open_and_is_recorded() -> None:
    play = Play(terms(rule("R", 180, counts=Counts(bot="unknown"))))
    assert play(ask("a", 0), say("x", 2, "bot")) == [
        "close-turn a",
        "doubt-clock R a",
        "cancel breach",
        "cancel hold",
    ]
    clock = play.conversation.clocks["R", "a"]
    assert clock.is_open
    assert clock.met_strictly is None
    assert clock.met_leniently


def test_where_nobody_knows_whether_a_bots_answers_count_people_are_told_once_a_turn() -> None:
    play = Play(terms(rule("R", 180, counts=Counts(bot="unknown"))))
    play(ask("a", 0), ask("b", 1), ask("c", 2), say("x", 3, "bot"))
    assert play(due("warn", 92)) == ["warn R a", "cancel warn"]
    assert play(due("escalate", 128)) == ["escalate R a waiting", "cancel escalate"]
    assert play.conversation.legs == {}, "and no miss is claimed"


def test_an_answer_in_doubt_that_came_too_late_is_a_miss() -> None:
    play = Play(terms(rule("R", 180, counts=Counts(bot="unknown"))))
    play(ask("a", 0), due("escalate", 126), say("x", 181, "bot"))
    assert play(due("breach", 182)) == ["breach R a", "cancel breach"]


def test_a_message_of_unknown_origin_answers_but_perhaps_does_not_count() -> None:
    assert Play()(ask("a", 0), say("x", 2, "unknown")) == [
        "close-turn a",
        "doubt-clock R a",
        "cancel breach",
        "cancel hold",
    ]


def test_the_platforms_own_greeting_answers_nobody() -> None:
    assert Play()(ask("a", 0), say("p", 1, "platform")) == []


def test_a_notice_opens_nothing() -> None:
    assert Play()(notice("n", 0)) == []


def test_nothing_opens_for_what_needs_no_reply() -> None:
    play = Play()
    assert play(ask("a", 0), mark("a", "recall", 5)) == [
        "void-clock R a",
        "void-turn a",
        "cancel breach",
        "cancel escalate",
        "cancel warn",
        "cancel hold",
    ]
    assert play(mark("b", "platform_spam", 6)) == []
    assert play(ask("b", 7)) == []


def test_a_transfer_that_nobody_takes_up_is_a_wait() -> None:
    play = Play(terms(rule("T", 120, opens="transfer", counts=HUMAN_ONLY)))
    play(ask("a", 0), say("x", 2, "bot"))
    assert play(transfer(10, "t")) == [
        "open-turn transfer:t",
        "open-clock T transfer:t",
        "arm breach 130.001",
        "arm escalate 94",
        "arm warn 70",
        "arm hold 110",
    ]
    assert play(say("y", 20))[:2] == ["close-turn transfer:t", "stop-clock T transfer:t"]


def test_no_hold_while_an_answer_is_on_its_way() -> None:
    play = Play()
    assert play(ask("a", 0), Answering("s", ms(159))) == ["cancel hold"]
    assert play(due("hold", 160)) == []
    assert play(Answered("s", ms(170))) == ["arm hold 160"], "it failed: due at once"
    assert play(due("hold", 170)) == [f"send-hold {FIRST}", "cancel hold"]


def test_an_answer_that_was_sent_leaves_nothing_to_hold() -> None:
    play = Play()
    play(ask("a", 0), Answering("s", ms(150)), say("x", 151, "bot", own=True))
    assert play(Answered("s", ms(151))) == []


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("failed", ["escalate R a hold_failed"]),
        ("unknown", ["escalate R a hold_unknown"]),
        ("cancelled", []),
        ("sent", []),
    ],
)
def test_what_becomes_of_a_hold(outcome: HoldOutcome, expected: list[str]) -> None:
    play = Play()
    assert play(ask("a", 0), due("hold", 160), hold_done(outcome, 165)) == expected


def test_a_turn_holds_once_even_where_nobody_knows_whether_it_did() -> None:
    play = Play(terms(rule("R", 180), rule("S", 300)))
    play(ask("a", 0), due("hold", 160))
    assert "hold" not in play.conversation.legs, "the first is on its way"
    assert "arm hold 280" not in play(hold_done("unknown", 165))


def test_a_hold_that_failed_leaves_the_next_deadline_its_own() -> None:
    play = Play(terms(rule("R", 180), rule("S", 300)))
    assert play(ask("a", 0), due("hold", 160), hold_done("failed", 165))[-1] == "arm hold 280"
    assert play(due("hold", 280)) == [f"send-hold {FIRST}", "cancel hold"]


def test_texts_rotate_and_a_gap_is_kept() -> None:
    play = Play(terms(rule("R", 30)))
    play(ask("a", 0), due("hold", 20), hold("h", 20), hold_done("sent", 20))
    play(ask("b", 25))
    assert play(due("hold", 45)) == ["skip-hold min_gap", "cancel hold"]
    play(say("x", 50), ask("c", 100))
    assert play(due("hold", 120)) == [f"send-hold {SECOND}", "cancel hold"]


def test_a_quota_keeps_two_messages_for_the_answer() -> None:
    quota = Quota(messages=5, window_s=1_000)
    play = Play(terms(rule("R", 180), holding=HoldingPolicy(HOLD_TEXTS, quota=quota)))
    play(ask("a", 0), say("x", 1, "bot"), say("p", 1, "platform"), say("y", 2, "bot"))
    play(transfer(5, "t"), ask("b", 10))
    assert play(due("hold", 170))[0] == f"send-hold {FIRST}", (
        "a question of the buyer's begins anew"
    )
    play = Play(terms(rule("T", 180, opens="transfer"), holding=play.terms.holding))
    play(ask("a", 0), say("x", 1, "bot"), say("y", 2, "bot"), say("z", 3), transfer(5, "t"))
    assert play(due("hold", 165))[0] == "skip-hold quota"


def test_a_hold_that_may_be_out_is_counted_in_the_quota() -> None:
    quota = Quota(messages=2, window_s=1_000, keep=1)
    holding = HoldingPolicy(HOLD_TEXTS, max_per_turn=2, min_gap_s=0, quota=quota)
    play = Play(terms(rule("R", 60), rule("S", 180), holding=holding))
    assert play(ask("a", 0), due("hold", 40))[0] == f"send-hold {FIRST}"
    play(hold_done("unknown", 45))
    assert play(due("hold", 160))[0] == "skip-hold quota"


def test_whoever_only_says_thanks_gets_a_closer_that_promises_nothing() -> None:
    polite = HoldingPolicy(HOLD_TEXTS, closers=("不客气",))
    play = Play(terms(rule("R", 180), holding=polite))
    play(ask("a", 0, CLOSING))
    assert play(due("hold", 160))[0] == "send-hold 不客气"
    assert play(hold("h", 160), hold_done("sent", 160)) == []
    assert play.conversation.promises == []
    assert play.conversation.legs == {}


def test_thanks_after_a_question_is_a_question() -> None:
    play = Play(terms(rule("R", 180), holding=HoldingPolicy(HOLD_TEXTS, closers=("不客气",))))
    play(ask("a", 0), ask("b", 5, CLOSING))
    assert play(due("hold", 160))[0] == f"send-hold {FIRST}"


def test_where_nothing_is_said_to_thanks_people_hear_of_the_deadline() -> None:
    play = Play()
    play(ask("a", 0, CLOSING))
    assert play(due("hold", 160))[0] == "skip-hold not_needed"
    assert play(due("warn", 160)) == ["cancel warn"]


def test_a_burst_of_one_buyer_is_one_wait_and_one_hold() -> None:
    play = Play(terms(rule("R", 180), rule("S", 300, opens="turn")))
    for number in range(300):
        play(ask(f"m{number:03d}", 0.001 * number))
    assert len(play.conversation.clocks) == 301, "every message has its clock"
    assert [turn.id for turn in play.conversation.turns] == ["m000"]
    assert play(due("warn", 91)) == ["warn R m000", "arm warn 150"]
    assert play(due("escalate", 127)) == ["escalate R m000 waiting", "arm escalate 210"]
    assert play(due("hold", 160)) == [f"send-hold {FIRST}", "cancel hold"]
    commands = play(hold("h", 160.2))
    assert len([one for one in commands if one.startswith("stop-clock")]) == 301
    assert play.conversation.open_clocks == []


def test_a_day_of_answers_in_doubt_stays_cheap() -> None:
    """What an event costs must not grow with the clocks that run beside it."""
    doubtful = Counts(bot="unknown", hold="unknown")
    play = Play(terms(rule("R", 86_400, counts=doubtful), rule("S", None, counts=doubtful)))
    looked_at = 0

    def counted(clock: Clock, **kwargs: object) -> Clock:
        nonlocal looked_at
        looked_at += 1
        return answer(clock, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("replygate.timing.timeline.answer", counted)
        for number in range(200):
            play(ask(f"q{number}", number * 10), say(f"a{number}", number * 10 + 1, "bot"))
    assert len(play.conversation.open_clocks) == 400
    assert looked_at == 400, "each was looked at when it was answered, and never again"
    assert play.conversation.legs.keys() == {"escalate", "warn"}


def test_jitter_is_only_earlier() -> None:
    early = Conversation(THREE_MINUTES, jitter_ms=1500)
    early.handle(ask("a", 0), THREE_MINUTES)
    assert early.legs["hold"].due_ms == ms(158.5)


def test_a_late_answer_closes_the_turn_in_the_past() -> None:
    play = Play()
    play(ask("a", 0), ask("b", 60))
    assert play(say("x", 30, seen=70)) == [
        "close-turn a",
        "open-turn b",
        "stop-clock R a",
        "open-clock R b",
        "arm breach 240.001",
        "arm escalate 186",
        "arm warn 150",
        "arm hold 220",
    ]


def test_a_late_answer_takes_back_what_seemed_a_breach() -> None:
    play = Play()
    play(ask("a", 0), due("breach", 181))
    play(say("x", 179, seen=200))
    assert play.conversation.clocks["R", "a"].met_strictly


def test_a_late_question_may_be_answered_already() -> None:
    play = Play()
    assert play(say("x", 30), ask("a", 0, seen=40)) == [
        "open-turn a",
        "close-turn a",
        "open-clock R a",
        "stop-clock R a",
    ]
    assert play.conversation.legs == {}


def test_a_late_question_may_be_overdue_already() -> None:
    play = Play()
    assert play(ask("a", 0, seen=250))[-4:] == [
        "arm breach 180.001",
        "arm escalate 126",
        "arm warn 90",
        "arm hold 160",
    ]
    assert play(due("warn", 250)) == ["cancel warn"], "the escalation says it all"
    assert play(due("hold", 250)) == [
        "skip-hold too_late",
        "escalate R a hold_too_late",
        "cancel escalate",
        "cancel hold",
    ]
    assert play(due("breach", 250)) == ["breach R a", "cancel breach"]


def test_a_question_overdue_by_less_than_a_minute_still_gets_its_hold() -> None:
    assert Play()(ask("a", 0, seen=239), due("hold", 239))[0] == f"send-hold {FIRST}"


def test_a_late_first_question_moves_the_opening() -> None:
    play = Play(terms(rule("R", 180, opens="turn")))
    assert play(ask("b", 10), ask("a", 0, seen=20)) == [
        "void-clock R b",
        "void-turn b",
        "open-turn a",
        "open-clock R a",
        "arm breach 180.001",
        "arm escalate 126",
        "arm warn 90",
        "arm hold 160",
    ]


def test_a_hold_out_before_the_late_first_question_still_counts_for_the_turn() -> None:
    play = Play()
    play(ask("b", 10), due("hold", 170), hold_done("unknown", 172, turn="b"))
    assert "hold" not in play.conversation.legs
    play(ask("a", 0, seen=175))
    assert "hold" not in play.conversation.legs


def test_the_same_message_twice_is_one() -> None:
    play = Play()
    play(ask("a", 0), say("x", 30))
    assert play(ask("a", 0, seen=60)) == []
    assert play(say("x", 30, "unknown", seen=61)) == []


def test_an_echo_first_seen_as_unknown_is_recognised_by_our_receipt() -> None:
    play = Play()
    play(ask("a", 0), say("x", 30, "unknown"))
    assert play(say("x", 30, "bot", own=True))[:2] == ["close-turn a", "stop-clock R a"]


def test_a_timer_that_is_not_armed_does_nothing() -> None:
    play = Play()
    assert play(due("hold", 0)) == []
    play(ask("a", 0), due("warn", 90))
    assert play(due("warn", 90)) == []


def test_a_timer_before_its_time_is_set_again() -> None:
    assert Play()(ask("a", 0), due("hold", 100)) == ["arm hold 160"]


def test_people_are_told_once_a_turn_and_rule() -> None:
    play = Play()
    play(ask("a", 0), ask("b", 30))
    assert play(due("warn", 90)) == ["warn R a", "cancel warn"]
    assert play(due("breach", 181)) == [
        "breach R a",
        "escalate R a waiting",
        "cancel escalate",
        "arm breach 210.001",
    ]
    assert play.conversation.legs["breach"].opened_by == "b"


def test_new_terms_judge_again() -> None:
    play = Play()
    play(ask("a", 0))
    play.terms = terms(rule("S", 60))
    assert play(Refresh(ms(1)))[:2] == ["void-clock R a", "open-clock S a"]
    play.terms = terms(rule("S", 60), holding=HoldingPolicy(HOLD_TEXTS, lead_s=30))
    assert play(Refresh(ms(2))) == ["arm hold 30"]


def test_nothing_of_a_crash_is_forgotten() -> None:
    play = Play(terms(rule("R", 180), rule("S", 300, counts=HUMAN_ONLY)))
    play(ask("a", 0), due("warn", 90), due("hold", 160), hold("h", 160), hold_done("sent", 161))
    play(mark("z", "recall", 165), ask("b", 200), Answering("s", ms(201)))
    snapshot = play.conversation.snapshot()

    again, commands = Conversation.restore(snapshot, play.terms)
    assert again.snapshot() == snapshot
    assert again.clocks == play.conversation.clocks
    assert again.turns == play.conversation.turns
    assert again.promises == play.conversation.promises
    assert {c.leg for c in commands if isinstance(c, Arm)} == set(again.legs.values())
    assert again.legs.keys() - play.conversation.legs.keys() == {"hold"}, "no answer is on its way"
    assert again.handle(LegDue("hold", ms(360)), play.terms) != []
    assert json.dumps(dataclasses.asdict(snapshot)), "numbers and strings only"


def test_a_hold_in_flight_at_the_crash_keeps_others_back() -> None:
    play = Play()
    play(ask("a", 0), due("hold", 160))
    again, _ = Conversation.restore(play.conversation.snapshot(), play.terms)
    assert "hold" not in again.legs
    again.handle(hold_done("unknown", 200), play.terms)
    assert "hold" not in again.legs


def test_an_empty_snapshot_is_an_empty_conversation() -> None:
    conversation, commands = Conversation.restore(Snapshot(), THREE_MINUTES)
    assert commands == []
    assert conversation.open_turn is None
    assert conversation.open_clocks == []


BUSY = terms(rule("R", 180), rule("S", 30, opens="turn", counts=Counts()), rule("D", None))
happenings = st.one_of(
    st.builds(ask, st.integers(0, 9).map("a{}".format), st.integers(0, 400)),
    st.builds(
        say,
        st.integers(0, 9).map("x{}".format),
        st.integers(0, 400),
        st.sampled_from(("human", "bot", "platform")),
    ),
    st.builds(transfer, st.integers(0, 400)),
    st.builds(mark, st.integers(0, 9).map("a{}".format), st.just("recall"), st.integers(0, 400)),
    st.integers(1, 200),
)


def live(conversation: Conversation, judged_by: Terms, until_ms: int) -> list[SendHold]:
    """Let the timers run out until then; every hold goes out a moment later."""
    sent: list[SendHold] = []
    while legs := [leg for leg in conversation.legs.values() if leg.due_ms <= until_ms]:
        leg = min(legs, key=lambda leg: (leg.due_ms, leg.kind))
        for command in conversation.handle(LegDue(leg.kind, until_ms), judged_by):
            if isinstance(command, SendHold):
                assert conversation.open_turn is not None, "nobody waits"
                sent.append(command)
                name = f"hold-{command.at_ms}"
                out = Message(name, until_ms, until_ms, "out", "hold", own=True)
                conversation.handle(out, judged_by)
                done = HoldDone(command.turn, command.seq, "sent", until_ms)
                conversation.handle(done, judged_by)
    return sent


@given(st.lists(happenings, max_size=25))
def test_whatever_happens_and_whenever_it_crashes(story: list[Event | int]) -> None:
    conversation = Conversation(BUSY)
    now_s = 400.0
    holds: list[int] = []
    for event in story:
        if isinstance(event, int):
            now_s += event
            holds += [sent.at_ms for sent in live(conversation, BUSY, ms(now_s))]
        else:
            conversation.handle(event, BUSY)
        again, commands = Conversation.restore(conversation.snapshot(), BUSY)
        assert again.legs == conversation.legs
        assert {c.leg for c in commands if isinstance(c, Arm)} == set(again.legs.values())
        assert again.clocks == conversation.clocks
    assert len(holds) <= 6
    assert all(later - earlier >= 60_000 for earlier, later in itertools.pairwise(holds))
    live(conversation, BUSY, ms(3 * 86_400))
    assert conversation.legs == {}, "in the end nothing is left to do"


DAY = 86_400


def test_old_facts_are_forgotten_and_what_is_done_with_them() -> None:
    play = Play()
    play(ask("a", 0), due("hold", 160), hold("h", 160), hold_done("sent", 161), say("x", 200))
    assert play(ask("b", 7 * DAY))[:2] == ["open-turn b", "open-clock R b"]
    snapshot = play.conversation.snapshot()
    assert [fact.key for fact in snapshot.facts] == ["b"]
    assert snapshot.holds == ()
    assert snapshot.done == ()
    assert play(ask("c", 1, seen=7 * DAY)) == ["too-old c"]
    assert play(mark("c", "recall", 1)) == ["too-old "]


def test_a_buyer_who_waits_for_a_week_is_not_forgotten() -> None:
    play = Play()
    play(ask("a", 0), ask("b", 7 * DAY))
    assert play.conversation.open_turn is not None
    assert play.conversation.open_turn.id == "a"
    assert play(say("x", 7 * DAY + 5))[0] == "close-turn a"


def test_a_clock_that_still_runs_is_not_forgotten() -> None:
    play = Play(terms(rule("slow", 8 * DAY, counts=HUMAN_ONLY), rule("R", 180)))
    play(ask("a", 0), say("x", 5, "bot"), ask("b", 7 * DAY))
    assert ("slow", "a") in play.conversation.clocks
    assert play(say("y", 7 * DAY + 5))[1] == "stop-clock slow a"


def test_a_hold_is_told_apart_by_turn_and_number() -> None:
    conversation = Conversation(THREE_MINUTES)
    conversation.handle(ask("a", 0), THREE_MINUTES)
    sent = conversation.handle(due("hold", 160), THREE_MINUTES)
    holds = [command for command in sent if isinstance(command, SendHold)]
    assert [(h.turn, h.seq, h.rule_id, h.clock_due_ms, h.at_ms) for h in holds] == [
        ("a", 0, "R", ms(180), ms(160))
    ]
