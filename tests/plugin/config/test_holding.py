from __future__ import annotations

import pytest

from replygate.config import load_store
from replygate.config.check import check_file
from replygate.timing.calendar import Interval, Window
from replygate.timing.holding import HoldingTexts, Quota

from .conftest import Write

HOUR_S = 3_600
TOPICS = '[screening]\nlexicons = ["topics"]\n'


def problems(write: Write, text: str) -> list[str]:
    name = write("s.toml", f'id = "s"\n{text}')
    return [str(problem) for problem in check_file(name).problems]


def test_a_store_that_says_nothing_has_texts_for_every_case() -> None:
    holding = load_store("demo-pdd").holding
    assert holding.texts
    assert holding.closers
    assert "{wait}" in holding.off_duty_texts[0]
    assert "{wait}" not in holding.off_duty_texts[-1], "for a shop that never opens again"
    assert (holding.special, holding.quota) == ((), None)
    assert set(holding.closers) < set(holding.all_texts)


def test_texts_of_topics_and_hours(write: Write) -> None:
    name = write(
        "s.toml",
        f"""id = "s"
{TOPICS}
[[holding.text]]
texts = "发货的事已记下"
topics = ["urge_ship"]
[[holding.text]]
texts = ["夜里好", "晚上好，已收到"]
hours = ["22:00-24:00"]
off_duty = true
[holding.quota]
messages = 5
""",
    )
    holding = load_store(name).holding
    night = Window((Interval(22 * HOUR_S, 24 * HOUR_S),))
    assert holding.special == (
        HoldingTexts(("发货的事已记下",), ("urge_ship",)),
        HoldingTexts(("夜里好", "晚上好，已收到"), (), night, off_duty=True),
    )
    assert holding.quota == Quota(5, 48 * HOUR_S, 2)
    assert "夜里好" in holding.all_texts


def test_the_groups_texts_come_first(write: Write) -> None:
    write("group.toml", '[[holding.text]]\ntexts = ["一"]\nhours = ["09:00-10:00"]\n')
    text = 'id = "s"\nextends = "group.toml"\n'
    more = '[[holding.text]]\ntexts = ["二"]\nhours = ["09:00-12:00"]\n'
    special = load_store(write("s.toml", text + more)).holding.special
    assert [one.texts for one in special] == [("一",), ("二",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[holding.text]]\ntexts = ["好"]\n',
            "s.toml:2: holding.text[0]: is for no topics and no hours",
        ),
        (
            TOPICS + '[[holding.text]]\ntexts = ["好"]\ntopics = ["urge_shop"]\n',
            'there is no topic "urge_shop"; did you mean urge_ship?',
        ),
        (
            '[[holding.text]]\ntexts = ["好"]\ntopics = ["closing"]\n',
            "whoever only says thanks gets one of closers; write closers",
        ),
        ('[[holding.text]]\ntexts = []\nhours = ["09:00-10:00"]\n', "expected at least one entry"),
        ('[[holding.text]]\ntexts = ["好"]\nhours = ["9"]\n', "expected a time of day"),
        (
            '[[holding.text]]\ntexts = ["马上来"]\nhours = ["22:00-24:00"]\noff_duty = true\n',
            'holding.text[0].texts[0]: "马上" is not true off duty',
        ),
        ('[holding]\nclosers = ["不客气，请稍等"]\n', 'holding.closers[0]: "稍等" asks somebody'),
        ("[holding.quota]\nmessages = 2\n", "leaves no holding reply: 2 messages, 2 are kept"),
        ("[holding.quota]\nkeep = 2\n", "holding.quota.messages: is missing"),
    ],
)
def test_what_is_refused(write: Write, text: str, said: str) -> None:
    [problem] = problems(write, text)
    assert said in problem


def test_the_rules_judge_every_text(write: Write) -> None:
    text = """
[[screening.rule]]
id = "wechat"
action = "block"
words = ["微信"]
[holding]
closers = ["加微信"]
[[holding.text]]
texts = ["{wait}看微信"]
hours = ["09:00-10:00"]
"""
    found = problems(write, text)
    assert len(found) == 2
    assert all('the rule "wechat" blocks this text' in one for one in found)


def test_a_group_may_name_topics_that_its_stores_have(write: Write) -> None:
    text = '[[holding.text]]\ntexts = ["好"]\ntopics = ["urge_ship"]\n'
    assert not check_file(write("group.toml", text)).problems
