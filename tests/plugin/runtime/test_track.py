from __future__ import annotations

from replygate.model import Origin
from replygate.runtime.track import Track
from replygate.timing.commands import SendHold
from replygate.timing.deadline import Counts, DeadlineRule, Severity
from replygate.timing.events import HoldDone, LegDue, Mark, Message
from replygate.timing.facts import RETAIN_MS
from replygate.timing.holding import HoldingPolicy
from replygate.timing.legs import Terms

NOW = 1_790_000_000_000


def rule(name: str, due_s: int, severity: Severity = "hard", **counts: str) -> DeadlineRule:
    given = Counts(**counts)  # type: ignore[arg-type]  # the words are checked where they are used
    return DeadlineRule(name, name, "turn", due_s, "test", severity=severity, counts=given)


def track(*rules: DeadlineRule) -> Track:
    return Track("c-1", Terms(rules, HoldingPolicy(texts=("收到",))), NOW)


def asked(at_s: int, name: str = "m-1") -> Message:
    return Message(name, NOW + at_s * 1000, NOW + at_s * 1000, "in", "buyer")


def told(at_s: int, origin: Origin, name: str | None = None) -> Message:
    at_ms = NOW + at_s * 1000
    return Message(name or f"o-{at_s}", at_ms, at_ms, "out", origin)


def tell(track: Track, *messages: Message | Mark) -> None:
    for message in messages:
        track.tell(message, message.received_ms)


def test_the_reply_that_counts_is_that_of_the_hard_deadline() -> None:
    played = track(rule("hard", 30), rule("soft", 15, "soft", bot="yes"))
    tell(played, asked(0), told(5, "bot"), told(9, "human"))
    (turn,) = played.turns()
    assert [clock.rule.id for clock in turn.clocks] == ["soft", "hard"]
    assert turn.first_counted_ms == NOW + 9_000


def test_a_soft_deadline_speaks_where_none_is_hard() -> None:
    played = track(rule("soft", 15, "soft", bot="yes"))
    tell(played, asked(0), told(5, "bot"), told(9, "human"))
    (turn,) = played.turns()
    assert turn.first_counted_ms == NOW + 5_000
    assert turn.first_human_ms == NOW + 9_000


def test_without_a_deadline_nothing_counts() -> None:
    played = track()
    tell(played, asked(0), told(5, "human"))
    (turn,) = played.turns()
    assert (turn.clocks, turn.first_counted_ms, turn.turn.closed_ms) == ((), None, NOW + 5_000)


def test_two_reports_of_one_message_that_disagree_are_never_human() -> None:
    orders: tuple[tuple[Origin, Origin], ...] = (("human", "bot"), ("bot", "human"))
    for first, second in orders:
        played = track(rule("r", 30))
        tell(played, asked(0), told(5, first, "o"), told(5, second, "o"))
        (turn,) = played.turns()
        assert (turn.first_human_ms, turn.turn.closed_origin) == (None, "bot")


def test_a_human_reply_at_the_instant_of_the_question_is_none() -> None:
    played = track(rule("r", 30))
    tell(played, asked(5), told(5, "human"), told(4, "human"))
    (turn,) = played.turns()
    assert (turn.first_human_ms, turn.turn.closed_ms) == (None, None)


def test_a_turn_that_never_was_is_gone() -> None:
    played = track(rule("r", 30))
    tell(played, asked(0), Mark("m-1", "recall", NOW + 1000, NOW + 1000))
    assert played.turns() == []


def test_what_is_too_old_is_not_played() -> None:
    played = track(rule("r", 30))
    tell(played, told(-RETAIN_MS // 1000 - 1, "human"), asked(-RETAIN_MS // 1000 - 2))
    assert played.turns() == []


def test_the_due_time_of_a_promise_is_that_before_its_answer() -> None:
    played = track(rule("short", 30), rule("long", 200))
    tell(played, asked(0))
    (hold,) = (
        one
        for one in played.tell(LegDue("hold", NOW + 20_000), NOW + 20_000)
        if isinstance(one, SendHold)
    )
    at_ms = NOW + 20_000
    played.tell(Message("h", at_ms, at_ms, "out", "hold", own=True), at_ms)
    played.tell(HoldDone(hold.turn, hold.seq, "sent", at_ms), at_ms)
    tell(played, told(60, "human"))
    ((due_ms, outcome),) = ((one.due_ms, one.outcome) for one in played.follow_ups())
    # 200 s less a lead of 20 s comes before the five minutes.
    assert (due_ms, outcome) == (NOW + 180_000, "answered")
