from __future__ import annotations

import pytest

from replygate.config import load_store
from replygate.config.check import check_file
from replygate.config.workflow import _wording
from replygate.screening.closing import is_closing

from .conftest import Write

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")
ANSWERABLE = [topic for topic, wording in _wording().items() if wording.answer]
TOPICS = '[screening]\nlexicons = ["topics"]\n'


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_packaged_answer_passes_the_rules_of_every_platform(platform: str) -> None:
    store = load_store(f"demo-{platform}", settings=[f"workflow.answers={ANSWERABLE}"])
    assert sorted(store.workflow.answers) == sorted(ANSWERABLE)
    assert store.workflow.suggestions.keys() == _wording().keys()


def test_every_topic_with_a_suggestion_can_be_told() -> None:
    known = load_store("demo-pdd").topics.ids | {"closing"}
    assert _wording().keys() <= known


def test_no_packaged_answer_promises_or_claims_what_is_not_so() -> None:
    for wording in _wording().values():
        for word in ("点不开", "打不开", "马上", "稍等", "人工", "正在", "稍后"):
            assert word not in (wording.answer or "")


def test_a_platform_has_words_of_its_own() -> None:
    pdd, jd = load_store("demo-pdd").workflow, load_store("demo-jd").workflow
    assert "小额打款" in pdd.suggestions["price_difference"]
    assert "小额打款" not in jd.suggestions["price_difference"]
    assert pdd.answers == {}


def test_a_store_writes_its_own_answer_and_wants_no_suggestions(write: Write) -> None:
    text = """id = "s"
[workflow]
suggestions = false
answers = ["compare_platform"]
[[workflow.answer]]
topic = "invoice"
text = "发票请在订单详情页申请"
[[workflow.answer]]
topic = "closing"
text = "祝您愉快"
"""
    workflow = load_store(write("s.toml", text + TOPICS)).workflow
    assert workflow.suggestions == {}
    assert workflow.answers["invoice"] == "发票请在订单详情页申请"
    assert workflow.answers.keys() == {"compare_platform", "invoice", "closing"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[workflow]\nanswers = ["foreign_links"]\n',
            'no packaged answer for the topic "foreign_links"; did you mean foreign_link?',
        ),
        ('[workflow]\nanswers = ["invoice"]\n', "write your own: [[workflow.answer]]"),
        (
            '[[workflow.answer]]\ntopic = "invoices"\ntext = "好"\n' + TOPICS,
            'there is no topic "invoices"; did you mean invoice?',
        ),
        (
            '[[workflow.answer]]\ntopic = "invoice"\ntext = "加微信"\n'
            + TOPICS
            + '[[screening.rule]]\nid = "w"\naction = "block"\nwords = ["微信"]\n',
            'workflow.answer[0].text: the rule "w" catches this text',
        ),
    ],
)
def test_what_is_refused(write: Write, text: str, said: str) -> None:
    name = write("s.toml", f'id = "s"\n{text}')
    [problem] = [str(problem) for problem in check_file(name).problems]
    assert said in problem


def test_the_packaged_closers_are_for_whoever_only_says_thanks() -> None:
    assert is_closing("谢谢")
    assert "closing" in ANSWERABLE
