import pytest

from replygate.screening.exempt import Exemptions
from replygate.screening.matches import Matched, counting, in_order, is_model, is_torn, whole_word
from replygate.screening.rule import Rule

ANY = Rule("any", "block", "why")
LONE = Rule("lone", "block", "why", match="lone")
FIRST = Rule("first", "warn", "why", first=True)
NOTHING_EXEMPT = Exemptions([])


def spans(found: object) -> list[tuple[str, int, int]]:
    assert hasattr(found, "__iter__")
    return [(match.rule.id, match.start, match.end) for match in found]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("v", True), ("加v聊", True), ("av", False), ("v1", False), ("1v", False), ("é v，", True)],
)
def test_a_whole_word_touches_no_letter_or_digit(text: str, whole: bool) -> None:
    at = text.index("v")
    assert whole_word(text, at, at + 1) == whole


@pytest.mark.parametrize(
    ("text", "model"), [("vx-7", True), ("2vx", True), ("加vx聊", False), ("vx123456", False)]
)
def test_letters_with_a_short_number_are_a_model(text: str, model: bool) -> None:
    at = text.index("vx")
    assert is_model(text, at, at + 2) == model


def test_chinese_words_are_no_models() -> None:
    assert not is_model("微信7", 0, 2)


@pytest.mark.parametrize(("text", "torn"), [("桃宝宝", True), ("桃宝", False), ("桃宝贝", True)])
def test_a_pair_that_takes_its_end_from_a_word_is_torn(text: str, torn: bool) -> None:
    assert is_torn(text, 0, 2) == torn


def test_what_an_exemption_covers_does_not_count() -> None:
    exempt = Exemptions([("any", 0, 3)])
    assert spans(counting([Matched(ANY, 1, 3), Matched(ANY, 2, 5)], exempt)) == [("any", 2, 5)]


def test_neighbours_of_a_lone_rule_are_one() -> None:
    found = [Matched(LONE, 0, 1), Matched(LONE, 1, 2), Matched(LONE, 3, 4)]
    assert spans(counting(found, NOTHING_EXEMPT)) == [("lone", 0, 2), ("lone", 3, 4)]


def test_neighbours_of_other_rules_are_two() -> None:
    found = [Matched(ANY, 0, 1), Matched(ANY, 1, 2)]
    assert len([*counting(found, NOTHING_EXEMPT)]) == 2


def test_a_longer_match_around_an_exempt_one_is_none() -> None:
    exempt = Exemptions([("any", 1, 3)])
    found = [Matched(ANY, 0, 2), Matched(ANY, 1, 2)]
    assert spans(counting(found, exempt)) == []


def test_one_spelling_may_be_exempt_alone() -> None:
    exempt = Exemptions([(("any", "威信"), 0, 4)])
    plain, spelled = Matched(ANY, 1, 3), Matched(ANY, 1, 3, spelling="威信")
    assert [*counting([plain, spelled], exempt)] == [plain]


def test_matches_are_told_by_place_the_longer_first() -> None:
    found = [Matched(ANY, 2, 3), Matched(ANY, 0, 1), Matched(LONE, 0, 2)]
    assert spans(in_order(found)) == [("lone", 0, 2), ("any", 0, 1), ("any", 2, 3)]


def test_a_rule_may_report_its_first_match_alone() -> None:
    found = [Matched(FIRST, 5, 6), Matched(ANY, 0, 1), Matched(FIRST, 2, 3)]
    assert spans(in_order(found)) == [("any", 0, 1), ("first", 2, 3)]
