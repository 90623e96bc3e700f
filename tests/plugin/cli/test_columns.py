from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.cli.columns import columns_of, mark, shorten, shown, visible, width_of, wrap

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("char", "columns"),
    [
        ("a", 1),
        ("信", 2),
        ("，", 2),
        ("Ａ", 2),
        ("ｱ", 1),
        ("🙂", 2),
        ("\u0301", 0),  # a combining accent
        ("\u200b", 0),  # a zero-width space
        ("\u200d", 0),  # a zero-width joiner
        ("\ufe0f", 0),  # a variation selector
        ("\u00ad", 1),  # a soft hyphen is drawn
        ("\u1160", 0),  # a Hangul vowel joins its consonant
        ("ᄀ", 2),
        ("é", 1),
        ("⏎", 1),
    ],
)
def test_columns_of(char: str, columns: int) -> None:
    assert columns_of(char) == columns


@pytest.mark.parametrize(
    ("char", "printed"),
    [
        ("微", "微"),
        ("\n", "⏎"),
        ("\r", "␍"),
        ("\t", "␉"),
        ("\0", "␀"),
        ("\x1b", "␛"),
        ("\x7f", "␡"),
        ("\x9b", "\\x9b"),
        ("\u2028", "\\u2028"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
        ("\udfff", "\\udfff"),
        ("\u200b", "\u200b"),
    ],
)
def test_shown(char: str, printed: str) -> None:
    assert shown(char) == printed


def test_visible_shows_the_character_that_disguises_a_word() -> None:
    assert visible("微\u200b信") == "微\\u200b信"
    assert visible("一行\n两行\U000e0041") == "一行⏎两行\\U000e0041"
    assert visible("加微信 wx") == "加微信 wx"


@given(ANY_TEXT)
def test_visible_text_is_one_line_that_a_terminal_prints_as_it_is(text: str) -> None:
    printed = visible(text)

    assert len(printed.splitlines()) <= 1
    assert printed.encode().decode() == printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    ("text", "matched", "row", "carets"),
    [
        ("加微信聊", "微信", "加微信聊", "  ^^^^"),
        ("add wx now", "wx", "add wx now", "    ^^"),
        ("🙂微信", "微信", "🙂微信", "  ^^^^"),
        ("e\u0301微信", "微信", "e\u0301微信", " ^^^^"),
        ("微\u200b信", "微\u200b信", "微\u200b信", "^^^^"),
        ("a\ud800微信", "微信", "a\\ud800微信", "       ^^^^"),
        ("a\t微信", "微信", "a␉微信", "  ^^^^"),
        ("\u202e微信", "\u202e微", "\\u202e微信", "^^^^^^^^"),
    ],
)
def test_carets_stand_under_what_matched(text: str, matched: str, row: str, carets: str) -> None:
    start = text.index(matched)

    assert list(mark(text, [(start, start + len(matched))], 40)) == [(row, carets)]


def test_a_long_text_is_cut_and_each_part_has_its_own_carets() -> None:
    text = "一二三四五微信七八九十"

    assert list(mark(text, [(5, 7)], 12)) == [
        ("一二三四五微", "          ^^"),
        ("信七八九十", "^^"),
    ]


def test_a_wide_character_is_not_split() -> None:
    assert list(mark("a一二", [(1, 3)], 4)) == [("a一", " ^^"), ("二", "^^")]


def test_a_combining_mark_stays_with_its_letter_at_the_edge() -> None:
    assert list(mark("ae\u0301b", [], 2)) == [("ae\u0301", ""), ("b", "")]


def test_a_newline_is_shown_and_ends_the_row() -> None:
    assert list(mark("好\n微信\n", [(2, 4)], 20)) == [("好⏎", ""), ("微信⏎", "^^^^")]


def test_an_empty_text_is_one_empty_row() -> None:
    assert list(mark("", [], 20)) == [("", "")]


@given(ANY_TEXT, st.integers(12, 40), st.data())
def test_marking_loses_no_character_and_no_caret(
    text: str, width: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    rows = list(mark(text, [(start, end)], width))

    assert "".join(row for row, _ in rows) == "".join(map(shown, text))
    assert all(width_of(row) <= width for row, _ in rows)
    carets = sum(line.count("^") for _, line in rows)
    assert carets == sum(width_of(shown(char)) for char in text[start:end])


def test_wrap_breaks_between_words_and_between_chinese_characters() -> None:
    assert wrap("promise to wait", 9) == ["promise", "to wait"]
    assert wrap("不得引导买家离开", 7) == ["不得引", "导买家", "离开"]
    assert wrap("见 rule-12 三", 9) == ["见", "rule-12", "三"]


def test_wrap_begins_no_line_with_closing_punctuation() -> None:
    assert wrap("请说“您好”，或去掉。", 10) == ["请说“您", "好”，或去", "掉。"]


def test_wrap_cuts_a_word_that_fits_no_line() -> None:
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]


def test_wrap_of_nothing_is_one_empty_line() -> None:
    assert wrap("", 10) == [""]


@given(st.text(alphabet="ab 信，。x-", max_size=60), st.integers(2, 20))
def test_wrap_keeps_every_character_but_spaces(text: str, width: int) -> None:
    rows = wrap(text, width)

    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(row) <= width for row in rows)


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [("微信", 4, "微信"), ("微信号", 5, "微信…"), ("微信号", 4, "微…"), ("abc", 2, "a…")],
)
def test_shorten(text: str, width: int, cut: str) -> None:
    assert shorten(text, width) == cut


def test_what_has_no_width_stays_in_a_full_row() -> None:
    assert list(mark("abc\u0301d", [(2, 4)], 3)) == [("abc\u0301", "  ^"), ("d", "")]
