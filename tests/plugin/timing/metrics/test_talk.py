from __future__ import annotations

from replygate.timing.metrics.talk import Facts, Line, RatingFact, Talk


def test_what_a_line_need_not_say() -> None:
    line = Line(1, "question")
    assert (line.origin, line.agent, line.topics, line.excuses) == ("unknown", "", (), ())


def test_facts_are_equal_where_they_say_the_same() -> None:
    one = Facts((Talk("c", (Line(1, "question"),)),), (RatingFact(1, "c"),))
    assert one == Facts((Talk("c", (Line(1, "question"),)),), (RatingFact(1, "c"),))
    assert Facts() == Facts((), (), ())
