from __future__ import annotations

from replygate.timing.clocks import Clock, answer
from replygate.timing.deadline import Counts
from replygate.timing.running import Running
from talk import HUMAN_ONLY, ms, rule


def clock(name: str, second: float, turn: str = "t") -> Clock:
    return Clock(DOUBTFUL, name, ms(second), ms(second + 180), turn)


DOUBTFUL = rule("R", counts=Counts(bot="unknown", hold="no"))


def test_an_answer_finds_what_it_changes() -> None:
    running = Running(DOUBTFUL)
    first, second = clock("a", 0), clock("b", 10)
    running.put(first)
    running.put(second)
    assert running.answered_by("hold") == []
    assert running.answered_by("bot") == [first, second]
    doubted = answer(first, by="x", at_ms=ms(20), origin="bot")
    running.put(doubted)
    assert running.answered_by("bot") == [second]
    assert running.answered_by("human") == [second, doubted]
    for each in (second, doubted):
        running.put(answer(each, by="y", at_ms=ms(30), origin="human"))
    assert running.answered_by("human") == []


def test_whether_somebody_waits_in_the_latest_turn() -> None:
    running = Running(rule("R", counts=HUMAN_ONLY))
    assert not running.waits_in("t")
    running.put(clock("a", 0))
    assert running.waits_in("t")
    running.put(clock("b", 10, turn="u"))
    assert running.waits_in("u")
    assert not running.waits_in("t")
