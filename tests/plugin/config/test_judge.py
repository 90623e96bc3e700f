from pathlib import Path

import pytest

from replygate.config.judge import (
    VARIABLES,
    check_claims,
    check_lead,
    check_replacements,
    check_texts,
    replacements,
)
from replygate.config.places import Place, Report, Source
from replygate.config.read import Document
from replygate.config.rules import BuiltRule
from replygate.config.schema_holding import HoldingTable
from replygate.screening.gate import Gate
from replygate.screening.rule import Exempt, Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.timing.deadline import DeadlineRule

SOURCE = Source("s.toml", Path())
DOCUMENT = Document(SOURCE, {}, {("holding", "texts"): 7, ("holding", "off_duty_texts"): 9})
PLACE = Place(SOURCE, 3, "rule[0].id")


def gate(*rules: Rule) -> Gate:
    return Gate(Rulebook.compile(RulePart(), RulePart(rules)))


def holding(*texts: str, off_duty: tuple[str, ...] = ()) -> HoldingTable:
    return HoldingTable(texts=list(texts), off_duty_texts=list(off_duty))


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


@pytest.mark.parametrize(
    "text", ["已收到，客服会尽快回复您", "{buyer}您好", "{order}的{wait}", "{{好的}}"]
)
def test_an_honest_text(text: str) -> None:
    report = Report()
    check_claims(holding(text), DOCUMENT, report)
    check_texts(gate(), holding(text), DOCUMENT, report)
    assert not report.problems


@pytest.mark.parametrize("text", ["人工正在处理", "对方正在输入", "客服正在输入…"])
def test_nobody_is_said_to_type(text: str) -> None:
    report = Report()
    check_claims(holding(text, off_duty=(text,)), DOCUMENT, report)
    assert [problem.line for problem in report.problems] == [7, 9]


@pytest.mark.parametrize("text", ["正在为您查询", "马上来", "转人工"])
def test_off_duty_nothing_is_said_to_be_done(text: str) -> None:
    report = Report()
    check_claims(holding(text, off_duty=("好的", text)), DOCUMENT, report)
    assert [problem.key for problem in report.problems] == ["holding.off_duty_texts[1]"]


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{buyer", "{Buyer}", "{0}", "{}", "{buyer.name}", "{wait!s}", "{wait:3}", "{a{b}}"],
)
def test_unknown_variables_and_broken_braces(text: str) -> None:
    report = Report()
    check_claims(holding(text), DOCUMENT, report)
    assert len(report.problems) == 1
    assert report.problems[0].hint == "the variables are {buyer}, {order}, {wait}"


def test_a_text_that_the_rules_change_names_the_strictest() -> None:
    rules = (
        Rule("soft", "rewrite", "why", words=(Word("收到", ("看到",)),)),
        Rule("hard", "block", "why", words=(Word("微信"),)),
        Rule("mild", "warn", "why", words=(Word("您好"),)),
    )
    report = Report()
    check_texts(gate(*rules), holding("您好", "收到", "收到微信"), DOCUMENT, report)
    assert said(report) == [
        's.toml:7: holding.texts[1]: the rule "soft" changes this text at "收到": "收到"',
        's.toml:7: holding.texts[2]: the rule "hard" blocks this text at "微信": "收到微信"',
    ]


def test_a_text_is_judged_with_its_variables_filled_in() -> None:
    rule = Rule("buyer", "block", "why", words=(Word("buyer"),))
    report = Report()
    check_texts(gate(rule), holding("{buyer}您好"), DOCUMENT, report)
    assert not report.problems
    assert "buyer" in VARIABLES


def test_a_replacement_that_would_block_every_time() -> None:
    self_hit = Rule("again", "rewrite", "why", words=(Word("手环", ("手环二代",)),))
    into_block = Rule("into", "rewrite", "why", words=(Word("企鹅", ("好的", "微信")),))
    block = Rule("hard", "block", "why", words=(Word("微信"),))
    rules = (self_hit, into_block, block)
    report = Report()
    built = [BuiltRule(rule, PLACE) for rule in rules]
    check_replacements(gate(*rules), replacements(built), report)
    assert [str(problem).partition(", so it would")[0] for problem in report.problems] == [
        f'{PLACE}: rule[0].id: its replacement "手环二代" is caught by the rule "again" at "手环"',
        f'{PLACE}: rule[0].id: its replacement "微信" is caught by the rule "hard" at "微信"',
    ]


def test_a_replacement_that_goes_out_in_the_end_is_fine() -> None:
    rules = (
        Rule("first", "rewrite", "why", words=(Word("甲", ("乙",)),)),
        Rule("second", "rewrite", "why", words=(Word("乙", ("丙", "")),)),
        Rule(
            "dear",
            "rewrite",
            "why",
            words=(Word("亲", ("亲爱的",)),),
            exceptions=(Exempt("亲爱的"),),
        ),
        Rule("mild", "warn", "why", words=(Word("丙"),)),
    )
    report = Report()
    built = [BuiltRule(rule, PLACE) for rule in rules]
    check_replacements(gate(*rules), replacements(built), report)
    assert not report.problems


def test_a_replacement_of_a_pattern_is_judged_too() -> None:
    rule = Rule("any", "rewrite", "why", patterns=("v+",), replace=("v",))
    report = Report()
    check_replacements(gate(rule), replacements([BuiltRule(rule, PLACE)]), report)
    assert len(report.problems) == 1


@pytest.mark.parametrize(("lead_s", "count"), [(29.9, 0), (30.0, 1), (300.0, 2)])
def test_a_lead_is_shorter_than_every_deadline(lead_s: float, count: int) -> None:
    rules = [
        DeadlineRule("a", "n", "turn", 30, "s"),
        DeadlineRule("b", "n", "turn", 300, "s"),
        DeadlineRule("day", "n", "turn", None, "s"),
    ]
    report = Report()
    check_lead(lead_s, rules, PLACE, report)
    assert len(report.problems) == count
