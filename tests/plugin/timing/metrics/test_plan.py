from __future__ import annotations

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.days import Days
from replygate.timing.metrics.plan import TALK_UNITS, plan_of
from replygate.timing.metrics.reading import TALKS_AT_ONCE

from .kit import ANYONE, DAY, RULES, ms, rule, tally, window


def test_rules_that_look_alike_share_their_work() -> None:
    rules = [
        rule("a", "message", within_s=30),
        rule("b", "message", within_s=300),
        rule("c", "round", within_s=30),
        rule("d", "message", within_s=30, counts=ANYONE),
        rule("e", "message", within_s=30, window=window("09:00-18:00")),
        rule("f", "message", within_s=30, excuses=frozenset({"recall"})),
        rule("g", "message", value="mean_s", unanswered_s=600),
    ]
    days = Days(DAY, DAY, PLATFORM_ZONE)
    plan = plan_of(rules, days, now_ms=ms("12:00"), excuses=ALL_EXCUSES, gap_ms=600_000)
    assert len(plan.measures) == len(rules)
    assert len(plan.readings) == 2, "the store's excuses, and f's own"
    assert len(plan.sieves) == 2, "always, and e's window"
    assert len(plan.readings[ALL_EXCUSES]) == 3, "a, d and g see other answers"


def test_units_that_are_found_in_conversations() -> None:
    assert {"rating", "duty", "external"}.isdisjoint(TALK_UNITS)
    assert {each.unit for each in RULES.values()} == TALK_UNITS


def test_more_conversations_than_are_read_at_once() -> None:
    number = TALKS_AT_ONCE + 1
    found = tally(RULES["msg300"], f"{number}* q@10:00 h@10:01 ; A q@10:00")
    assert (found.strict_good, found.units) == (number, number + 1)
