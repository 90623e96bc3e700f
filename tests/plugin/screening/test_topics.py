import pytest
from hypothesis import given

from replygate.screening.rule import Exempt, Rule, RulePart, Word
from replygate.screening.topics import READ_CHARS, Topics
from strategies import TEXTS, parts

URGE = Rule("urge", "warn", "", words=(Word("快点发货"),), evasions=True)
BROKEN = Rule(
    "broken",
    "warn",
    "",
    words=(Word("质量问题"),),
    together=(("杯子", "瓶子"), ("碎了", "漏了")),
    exceptions=(Exempt("有没有质量问题"),),
)
TOPICS = Topics.compile((URGE, BROKEN))


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("快点发货啊", {"urge"}),
        ("快❤点發貨", {"urge"}),
        ("杯子碎了，快点发货", {"urge", "broken"}),
        ("杯子好看。碎了怎么办", set()),
        ("有没有质量问题", set()),
        ("有没有质量问题？我这个质量问题很大", {"broken"}),
        ("", set()),
    ],
)
def test_a_text_has_the_topics_that_it_speaks_of(text: str, topics: set[str]) -> None:
    assert TOPICS.of(text) == topics


def test_without_topics_nothing_is_one() -> None:
    assert Topics.compile(()).of("快点发货") == frozenset()


def test_the_ids_are_known() -> None:
    assert TOPICS.ids == {"urge", "broken"}


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert TOPICS.of("好" * READ_CHARS + "快点发货") == frozenset()
    assert TOPICS.of("快点发货" + "好" * 1_000_000) == {"urge"}


@given(parts(), TEXTS)
def test_nothing_raises_and_only_known_topics_are_named(part: RulePart, text: str) -> None:
    topics = Topics.compile(part.rules)
    assert topics.of(text) <= topics.ids
