from __future__ import annotations

import random

import pytest

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.metrics.count import count
from replygate.timing.metrics.days import Days
from replygate.timing.metrics.duty import on_duty, overlap_ms, stretches_online, united
from replygate.timing.metrics.measure import NEVER_MS
from replygate.timing.metrics.talk import Facts, OnlineFact
from replygate.timing.metrics.tally import Tally

from .kit import DAY, ONE_DAY, ms, rule, window

# JD-D-02: 09:00 to 18:00 is 32400 s.
DUTY = rule("JD-D-02", "duty", window=window("09:00-18:00"))
DAYS = Days(DAY, DAY, PLATFORM_ZONE)


def facts(script: str) -> list[OnlineFact]:
    """`anna+09:00 anna-12:00`: comes and goes."""
    found = []
    for word in script.split():
        agent, sign, time = word.partition("+") if "+" in word else word.partition("-")
        found.append(OnlineFact(ms(time), agent, sign == "+"))
    return found


def good(script: str, now: str = "1/00:00", agent: str = "") -> str:
    tallies = count([DUTY], Facts(online=facts(script)), DAY, DAY, now_ms=ms(now))
    tally = tallies.get(("JD-D-02", DAY, agent), Tally())
    return f"{tally.strict_good}/{tally.units}"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", "0/0"),  # nobody ever said anything
        ("a+09:00 a-18:00", "32400/32400"),
        ("a+08:00 a-20:00", "32400/32400"),  # outside does not count
        ("a+10:00 a-18:00", "28800/32400"),  # 8 h
        ("a+09:00 a-12:00 b+12:00 b-18:00", "32400/32400"),  # one after the other
        ("a+09:00 a-12:00 b+11:00 b-13:00", "14400/32400"),  # 4 h together
        ("a+09:00 a-12:00 b+13:00 b-18:00", "28800/32400"),  # lunch: 3 + 5 h
        ("a+09:00", "32400/32400"),  # has not left
        ("a-18:00", "0/32400"),  # came nobody knows when
        ("a+09:00 a+10:00 a-11:00", "7200/32400"),  # says it twice
        ("a+09:00 a-10:00 a-11:00", "3600/32400"),
        ("a+19:00", "0/32400"),
        ("a+09:00 a-09:00", "0/32400"),
    ],
)
def test_seconds_of_the_window(script: str, told: str) -> None:
    assert good(script) == told


def test_the_day_so_far() -> None:
    assert good("a+10:00", now="11:00") == "3600/7200"
    assert good("a+10:00", now="09:00") == "0/0", "the window has not opened"


def test_each_agent_has_his_own_seconds() -> None:
    script = "a+09:00 a-12:00 b+11:00 b-13:00"
    assert good(script, agent="a") == "10800/32400"
    assert good(script, agent="b") == "7200/32400"


def test_who_was_online_before_still_is() -> None:
    online = [OnlineFact(ms("-1/09:00"), "a", online=True)]
    tallies = dict(on_duty(DUTY, online, DAYS, ms("1/00:00")))
    assert tallies[0, ""].strict_good == 32_400


def test_a_day_that_the_window_leaves_out_has_none() -> None:
    online = facts("a+09:00")
    assert list(on_duty(DUTY, online, DAYS, ms("08:00"))) == []


def test_stretches() -> None:
    assert stretches_online(facts("b+10:00 a-12:00 a+09:00"), ms("11:00")) == {
        "a": [(ms("09:00"), ms("12:00"))],
        "b": [(ms("10:00"), ms("11:00"))],
    }
    assert stretches_online(facts("a+10:00"), ms("09:00")) == {"a": []}, "he will come"
    assert united([(5, 9), (1, 3), (3, 4), (6, 7)]) == [(1, 4), (5, 9)]
    assert overlap_ms([(0, 10), (20, 30)], [(5, 25)]) == 10


@pytest.mark.parametrize("seed", range(10))
def test_against_every_second(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same for ever
    minutes = window("09:00-09:10", "23:55-24:05")
    online = [
        OnlineFact(
            ms(chance.choice(["08:58", "09:00", "23:50", "23:59"])) + chance.randrange(700) * 1000,
            chance.choice("ab"),
            online=chance.random() < 0.6,
        )
        for _ in range(chance.randrange(1, 12))
    ]
    online.sort(key=lambda fact: (fact.at_ms, not fact.online))
    duty = rule("d", "duty", window=minutes)
    now_ms = ms("2/00:00")
    tallies = count([duty], Facts(online=online), DAY, DAY + ONE_DAY, now_ms=now_ms)
    for day, number in ((DAY, 0), (DAY + ONE_DAY, 1)):
        here, total, state = 0, 0, dict.fromkeys("ab", False)
        told = iter([*online, OnlineFact(now_ms * 2, "a", online=False)])
        fact = next(told)
        midnight_ms = ms(f"{number}/00:00")
        for second in range(86_400):
            while fact.at_ms <= midnight_ms + second * 1000:
                state[fact.agent] = fact.online
                fact = next(told)
            looked = 32_400 <= second < 33_000 or second >= 86_100 or second < 300
            total += looked
            here += looked and any(state.values())
        tally = tallies["d", day, ""]
        assert (tally.units, tally.strict_good) == (total, here)


def test_who_is_online_changes_by_the_second() -> None:
    online = facts("a+09:00")
    soon = count([DUTY], Facts(online=online), DAY, DAY, now_ms=ms("10:00"))
    assert soon.until_ms == ms("10:00") + 1
    over = count([DUTY], Facts(online=online), DAY, DAY, now_ms=ms("1/00:00"))
    assert over.until_ms == NEVER_MS
    assert count([DUTY], Facts(), DAY, DAY, now_ms=ms("10:00")).until_ms == NEVER_MS
