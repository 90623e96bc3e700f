import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.fold import (
    _TABLE,
    _TABLE_LIMIT,
    NOT_PLAIN,
    disguised,
    fold,
    fold_all,
    fold_with_index,
)

ANY_TEXT = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("QQ", "qq"),
        ("ＱＱ１２３", "qq123"),
        ("Ⓠⓠ①②", "qq12"),
        ("𝐖𝐗𝟠", "wx8"),
        ("ｅ＠ｘ．ｃｏｍ", "e@x.com"),
        ("微\u200b信", "微信"),
        ("微\ufe0f信", "微信"),
        ("微\u0301信", "微信"),
        ("微\u3164信", "微信"),
        ("微\x00信", "微信"),
        ("\u202e信\u202c", "信"),
        ("\U000e0041微", "微"),
        ("㎏", "㎏"),
        ("⒈⑴❶", "111"),
        ("⑩", "⑩"),
        ("加Ⅴ🆆ᴡ⒲🅆🅦ʷⓌ", "加vwwwwwww"),
        ("вхА к νⅹ", "вxa k vx"),
        ("wēi xìn", "wei xin"),
        ("請於後著", "请于后着"),
        ("徵信", "徵信"),
        ("×", "×"),
        ("价格，微。信！", "价格，微。信！"),
        ("a\tb\r\nc", "a\tb\r\nc"),
        ("\ud800", "\ud800"),
    ],
)
def test_each_character_becomes_one_or_none(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("mark", "，。！？：；（）～…—")
def test_sentence_marks_are_kept_so_that_they_never_join_words(mark: str) -> None:
    assert fold(f"很微{mark}信不信") == f"很微{mark}信不信"


@given(ANY_TEXT)
def test_the_index_leads_back_to_the_original(text: str) -> None:
    folded, index = fold_with_index(text)
    if index is None:
        assert len(folded) == len(text)
    else:
        assert len(index) == len(folded) < len(text)
        assert sorted(set(index)) == list(index)
        assert all(fold(text[at]) == char for at, char in zip(index, folded, strict=True))


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_code_point_folds_to_at_most_one_and_stays() -> None:
    for start in range(0, sys.maxunicode + 1, 4096):
        for char in map(chr, range(start, start + 4096)):
            folded = fold(char)
            assert len(folded) <= 1, ascii(char)
            assert fold(folded) == folded, ascii(char)


def test_strange_texts_do_not_make_the_table_grow_for_good() -> None:
    for start in range(0x10000, 0x10000 + 2 * _TABLE_LIMIT, 1024):
        fold("".join(map(chr, range(start, start + 1024))))
    assert len(_TABLE) <= _TABLE_LIMIT


def test_a_plain_text_folds_to_itself() -> None:
    plain = [c for c in map(chr, range(sys.maxunicode + 1)) if NOT_PLAIN.search(c) is None]
    assert "中" in plain
    assert "，" in plain
    for char in plain:
        assert fold(char) == char, ascii(char)


def test_what_is_dropped_can_not_be_seen() -> None:
    for char in map(chr, range(0x3000)):
        if fold(char) == "":
            category = unicodedata.category(char)
            assert category in {"Cc", "Cf", "Mn", "Me"} or char in "\u115f\u1160\u2800", ascii(char)


@pytest.mark.parametrize("text", ["微信", "WX", "ｗｘ", "支付寶", "v　信", "電話"])
def test_case_width_and_traditional_characters_are_no_disguise(text: str) -> None:
    assert not disguised(text, fold(text))


@pytest.mark.parametrize("text", ["微\u200b信", "ⓥ信", "ᴠx", "𝐰x", "wх", "wèixin"])
def test_lookalikes_and_invisible_characters_are_a_disguise(text: str) -> None:
    assert disguised(text, fold(text))


@given(st.lists(st.text("aA微信ｑ\u200b\n é臺Σ", max_size=6), max_size=6))
def test_many_texts_fold_as_each_of_them_does(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
