from __future__ import annotations

from replygate.timing.calendar import Window
from replygate.timing.deadline import Counts, DeadlineRule


def test_by_default_only_a_human_surely_counts_and_the_last_instant_does() -> None:
    rule = DeadlineRule("R", "name", "message", 60, "source")
    assert rule.counts == Counts(human="yes", bot="unknown", hold="unknown", platform="no")
    assert rule.inclusive
    assert rule.severity == "hard"
    assert rule.window == Window()
