from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.noise import GAP_CHARS_MAX, has_marks, is_disguise, without_noise
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

KINDS = (
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\ufe0f",
    "\u0301",
    "\u20e3",
    "\u202e",
    "\u3164",
    " ",
    "\u3000",
    "\t",
    "  ",
    "丶",
    "丨",
    "〇",
    "·",
    "・",
    "•",
    ".",
    "..",
    "-",
    "_",
    "/",
    "\\",
    "|",
    "*",
    "+",
    "~",
    "～",
    "^",
    "、",
    "❤",
    "♡",
    "😊",
    "👍🏻",
    "#",
    "&",
    "=",
    "(",
    "】",
    "“",
    "…",
    "—",
    "の",
    "°",
    "√",
    "★",
    "→",
    "ㄧ",
)

CLEAN = (
    ("微信", "价格很微，信不信由你"),
    ("微信", "价格很微。信不信由你"),
    ("微信", "价格很微\n信不信由你"),
    ("微信", "这个不是微 信我"),
    ("微信", "稍微 信号加强"),
    ("微信", "只是轻微|信任我们"),
    ("微信", "很微~信不信由你"),
    ("加v", "加 V 领"),
    ("支付宝", "可以支付 宝贝已备好"),
    ("xl", "尺码 S M L X L"),
)


def finds(term: str, text: str) -> bool:
    rule = Rule(id="t.name", action="block", why="", words=(Word(term),), evasions=True)
    book = Rulebook.compile(shared=RulePart(), own=RulePart(rules=(rule,)))
    return any(finding.evasion for finding in book.find(text))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_stands_between_the_letters_is_seen_through(kind: str) -> None:
    assert finds("微信", f"微{kind}信")
    assert finds("微信", f"您的微{kind}信号多少")


@pytest.mark.parametrize(("term", "text"), CLEAN)
def test_marks_and_blanks_part_words(term: str, text: str) -> None:
    assert not finds(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [("qq", "加Q Q吧"), ("加v", "可以加 V 聊"), ("支付宝", "支 付 宝"), ("vx", "v-x")],
)
def test_spelled_apart(term: str, text: str) -> None:
    assert finds(term, text)


def test_a_text_without_noise_costs_no_more() -> None:
    assert without_noise("您好，已经发货。abc123：好") is None
    assert without_noise("好的~") is None


def test_too_much_to_be_read_as_one_word() -> None:
    assert without_noise("微" + "~" * GAP_CHARS_MAX + "信") is not None
    assert without_noise("微" + "~" * (GAP_CHARS_MAX + 1) + "信") is None


@given(st.text("微信加v ~丶の，。😊ａ1", max_size=40))
def test_the_index_leads_to_the_letters(text: str) -> None:
    found = without_noise(text)
    if found is not None:
        bare, index = found
        assert "".join(text[at] for at in index) == bare
        assert all(one < other for one, other in pairwise(index))
        assert len(bare) < len(text)


@given(st.text("微信加v ~丶の，。😊1", min_size=2, max_size=20), st.integers(1, 4))
def test_judging_a_match_never_fails(text: str, chars: int) -> None:
    assert is_disguise(text, 0, len(text), chars) in {True, False}
    assert not is_disguise(text, 0, len(text), len(text))


@pytest.mark.parametrize(("text", "marks"), [("微~信", True), ("微 信", False), ("微信", False)])
def test_marks_are_told_from_blanks(text: str, marks: bool) -> None:
    assert has_marks(text, 0, len(text)) is marks


def test_a_denial_behind_the_word_parts_nothing() -> None:
    assert finds("发票", "发.票不提供")
    assert not finds("微信", "价格很微~信不信由您")
    assert not finds("微信", "利润很微~信不过就别买")


def test_every_character_alone_is_no_list() -> None:
    assert finds("平台", "我是平 台 官 方的")
    assert not finds("微信", "利润轻微 信用好")


@pytest.mark.parametrize("text", ["支付~宝", "支*付*宝", "二.维.码"])
def test_words_inside_the_word_itself_part_nothing(text: str) -> None:
    assert is_disguise(text, 0, len(text), 3)
