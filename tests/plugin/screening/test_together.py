import pytest

from replygate.screening.rule import Rule, RulePart
from replygate.screening.rulebook import Rulebook

RULE = Rule("r", "block", "why", together=(("好评", "五星"), ("返现", "红包")), within=4)
BOOK = Rulebook.compile(RulePart((RULE,)), RulePart())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("好评返现", ["好评返现"]),
        ("给红包的五星哦", ["红包的五星"]),
        ("好评一二三四返现", ["好评一二三四返现"]),
        ("好评一二三四五返现", []),
        ("好评。返现", []),
        ("好评，返现", ["好评，返现"]),
        ("好评好评", []),
        ("好评\n红包", []),
        ("好评返现！五星红包", ["好评返现", "五星红包"]),
    ],
)
def test_one_phrase_of_each_group_in_one_sentence(text: str, found: list[str]) -> None:
    assert [finding.matched for finding in BOOK.find(text)] == found
