"""Every unit by hand (`count.txt`), and whose it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from replygate.timing.metrics.count import count, in_force
from replygate.timing.metrics.talk import Facts
from replygate.timing.metrics.tally import Tally

from .kit import DAY, ONE_DAY, RULES, brief, ms, rule, script, table, talks, tally


def rows() -> list[tuple[str, str, str]]:
    return [(name, text, told) for name, text, told in table("count.txt")[""]]


@pytest.mark.parametrize(("name", "text", "told"), rows())
def test_by_hand(name: str, text: str, told: str) -> None:
    assert brief(RULES[name], tally(RULES[name], text)) == told


def test_all_rules_at_once_come_to_the_same() -> None:
    script_of_all = " ; ".join(text for _, text, _ in rows() if "@-1.." not in text)
    text = "days@0..2 " + " ".join(
        word for word in script_of_all.split() if not word.startswith(("now@", "days@"))
    )
    read = script(text)
    facts = Facts(read.talks)
    together = count(list(RULES.values()), facts, read.first, read.last, now_ms=read.now_ms)
    alone = [
        count([each], facts, read.first, read.last, now_ms=read.now_ms) for each in RULES.values()
    ]
    assert together == {key: tally for part in alone for key, tally in part.items()}


def test_days_add_up() -> None:
    facts = Facts(talks("A q@-1/23:50 q@00:10 h@00:20 q@23:50 b@1/00:01 q@1/09:00 ; B q@1/10:00"))
    rules, now_ms = list(RULES.values()), ms("5/00:00")
    first, last = DAY - ONE_DAY, DAY + ONE_DAY
    whole = count(rules, facts, first, last, now_ms=now_ms)
    days = [count(rules, facts, day, day, now_ms=now_ms) for day in (first, DAY, last)]
    assert whole == {key: tally for day in days for key, tally in day.items()}


def test_a_unit_is_his_who_answered_it() -> None:
    text = "A q@10:00 h=anna@10:01 q@10:10 h=bo@10:20 q@10:30 ; B q@10:00 b=robot@10:01"
    of = {agent: brief(RULES["msg300"], tally(RULES["msg300"], text, agent)) for agent in AGENTS}
    # Anna 60 s; Bo 600 s; the bot 60 s where it counts; one was never answered.
    assert of == {"": "1/4..2/4", "anna": "1/1", "bo": "0/1", "robot": "0/1..1/1"}


AGENTS = ("", "anna", "bo", "robot")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Bo's part of the day is late (3660 s), so is the store's; Anna's is not.
        ("pdd60", {"": "0/1", "anna": "1/1", "bo": "0/1"}),
        ("ks180", {"": "1/1", "anna": "1/1", "bo": "0/0"}),
        ("users", {"": "1", "anna": "1", "bo": "1"}),
        ("session-all", {"": "1/2", "anna": "1/1", "bo": "0/1"}),
        ("mean", {"": "3720s/2", "anna": "60s/1", "bo": "3660s/1"}),
    ],
)
def test_of_a_unit_with_several_answers_each_agent_has_his_part(
    name: str, expected: dict[str, str]
) -> None:
    text = "A q@10:00 h=anna@10:01 q@11:00 h=bo@12:01"
    rule_of = RULES[name]
    assert {agent: brief(rule_of, tally(rule_of, text, agent)) for agent in expected} == expected


def test_a_mean_of_several_waits_is_shared_out() -> None:
    mean = rule("m", "session", value="mean_s", answered="all")
    text = "A q@10:00 h=anna@10:01 q@10:02 h=bo@10:04"
    assert brief(mean, tally(mean, text)) == "180s/2"
    assert tally(mean, text).units == 1, "one session"
    assert brief(mean, tally(mean, text, "bo")) == "120s/1"


def test_a_mean_over_the_rounds_of_sessions() -> None:
    mean = rule("m", "session", value="mean_s", answered="mean", counts=RULES["tb"].counts)
    # One session, rounds of 120 s (two questions) and 30 s.
    assert brief(mean, tally(mean, "A q@10:00 q@10:01 h@10:02 q@10:03 h@10:03:30")) == "150s/2"


def test_a_rule_judges_the_days_it_is_in_force() -> None:
    old = dataclasses.replace(RULES["msg300"], effective_to=DAY + ONE_DAY)
    new = dataclasses.replace(old, within_s=60, effective_from=DAY + ONE_DAY, effective_to=None)
    text = "days@0..1 A q@10:00 h@10:02 q@1/10:00 h@1/10:02"
    read = script(text)
    tallies = count([old, new], Facts(read.talks), read.first, read.last, now_ms=read.now_ms)
    by_day = {day: brief(old, tally) for (_, day, _), tally in tallies.items()}
    assert by_day == {DAY: "1/1", DAY + ONE_DAY: "0/1"}, "120 s: within 300, then within 60"


def test_in_force() -> None:
    dated = dataclasses.replace(RULES["tb"], effective_from=DAY, effective_to=DAY + ONE_DAY)
    assert in_force(dated, DAY)
    assert not in_force(dated, DAY - ONE_DAY)
    assert not in_force(dated, DAY + ONE_DAY)
    assert in_force(RULES["tb"], DAY)


def test_the_store_says_what_needs_no_reply() -> None:
    facts = Facts(talks("A q!ad_reported@10:00"))
    rules, now_ms = [RULES["msg300"]], ms("1/00:00")
    assert count(rules, facts, DAY, DAY, now_ms=now_ms) == {}
    tallies = count(rules, facts, DAY, DAY, now_ms=now_ms, excuses={"recall"})
    assert tallies == {("msg300", DAY, ""): Tally(units=1, lenient_units=1)}


def test_how_long_silence_ends_a_session() -> None:
    facts = Facts(talks("A q@10:00 h@10:01 q@10:05 h@10:06"))
    rules, now_ms = [RULES["jd30"]], ms("1/00:00")
    tallies = count(rules, facts, DAY, DAY, now_ms=now_ms, session_gap_s=239)
    assert tallies["jd30", DAY, ""].units == 2, "240 s of silence"
    tallies = count(rules, facts, DAY, DAY, now_ms=now_ms, session_gap_s=240)
    assert tallies["jd30", DAY, ""].units == 1


def test_days_of_another_zone() -> None:
    # 2026-11-20T15:00Z is the 20th in London and (at 23:00) in Shanghai, 16:00Z the 21st there.
    facts = Facts(talks("A q@23:30 q@1/00:30"))
    rules, now_ms = [RULES["same-day"]], ms("5/00:00")
    london = count(rules, facts, DAY, DAY, now_ms=now_ms, zone=ZoneInfo("Europe/London"))
    assert london["same-day", DAY, ""].units == 2
    assert count(rules, facts, DAY, DAY, now_ms=now_ms)["same-day", DAY, ""].units == 1


def test_nothing_comes_to_nothing() -> None:
    assert count(list(RULES.values()), Facts(), DAY, DAY, now_ms=ms("1/00:00")) == {}
    external = rule("PDD-M-09", "external")
    facts = Facts(talks("A q@10:00"))
    assert count([external], facts, DAY, DAY, now_ms=ms("1/00:00")) == {}


def test_a_day_of_a_year_ago_is_no_other() -> None:
    facts = Facts(talks("A q@10:00"))
    year_ago = DAY - dt.timedelta(days=365)
    assert count([RULES["msg300"]], facts, year_ago, year_ago, now_ms=ms("1/00:00")) == {}
