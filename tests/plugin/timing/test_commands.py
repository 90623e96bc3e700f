from __future__ import annotations

from replygate.timing.commands import Leg


def test_people_are_told_once_a_turn_and_rule_and_the_rest_happens_once_a_clock() -> None:
    assert Leg("warn", 1, "turn", "message", "R").key == ("warn", "turn", "R")
    assert Leg("escalate", 1, "turn", "message", "R").key == ("escalate", "turn", "R")
    assert Leg("breach", 1, "turn", "message", "R").key == ("breach", "message", "R")
    assert Leg("hold", 1, "turn", "message", "R").key == ("hold", "message", "R")
    assert Leg("follow_up", 1, "turn", "h", "").key == ("follow_up", "h", "")
