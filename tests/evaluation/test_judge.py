from __future__ import annotations

import pytest

from evaluation.judge import Case, belongs, judge
from evaluation.sentences import Expect, Label, Sentence
from replygate import Finding, load_store
from replygate.model import FindingAction


def finding(rule: str, action: FindingAction) -> Finding:
    return Finding(
        rule, "微信", 0, 2, action, "客服" if action == "rewrite" else None, "why", "test"
    )


def case(expect: Expect, *findings: Finding, category: str = "contact") -> Case:
    label: Label = "look-alike" if expect == "pass" else "hit"
    return Case(Sentence("微信", "pdd", category, label, expect, "an example"), "pdd", findings)


@pytest.mark.parametrize(
    ("expect", "action", "right"),
    [
        ("rewrite", "rewrite", True),
        ("rewrite", "block", True),
        ("rewrite", "warn", False),
        ("block", "rewrite", False),
        ("warn", "warn", True),
        ("pass", "warn", False),
    ],
)
def test_a_stricter_finding_will_do_and_a_softer_one_will_not(
    expect: Expect, action: FindingAction, right: bool
) -> None:
    assert case(expect, finding("contact.wechat", action)).right is right


def test_nothing_found_is_right_only_where_nothing_should_be() -> None:
    assert case("pass").right
    assert not case("warn").right


def test_a_finding_of_another_category_does_not_serve() -> None:
    assert not case("warn", finding("insult.plain", "block")).right
    assert case("warn", finding("payment.account", "block")).right


@pytest.mark.parametrize(
    ("rule", "category", "expected"),
    [
        ("contact.wechat", "contact", True),
        ("contact.wechat", "payment", True),
        ("tone.cold", "contact", False),
        ("PDD-F-09", "contact", True),
        ("contact.wechat", "platform-words", True),
    ],
)
def test_which_rules_belong_to_a_category(rule: str, category: str, expected: bool) -> None:
    assert belongs(rule, category) is expected


def test_a_sentence_is_judged_on_each_of_its_platforms() -> None:
    gate = load_store("demo-pdd").gate
    sentences = [Sentence("今天发货", "any", "everyday", "clean", "pass", "an example")]
    cases = list(judge(sentences, dict.fromkeys(sentences[0].platforms, gate)))
    assert [one.platform for one in cases] == list(sentences[0].platforms)
    assert all(one.right for one in cases)
