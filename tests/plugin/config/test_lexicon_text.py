from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from replygate.config.lexicon_text import LexiconDraft, quote, write_lexicon


def draft(words: list[str], rewrites: dict[str, str]) -> LexiconDraft:
    return LexiconDraft("mine", dt.date(2026, 11, 20), "w", "s", "warn", words, rewrites)


@pytest.mark.parametrize(
    "text", ["您好", 'a"b\\c', "a\nb\tc\r", "\x00\x1f\x7f\x80", "😀 'x' # [y]", "C:\\users\\u0041"]
)
def test_a_quoted_text_reads_back(text: str) -> None:
    assert tomllib.loads(f"a = {quote(text)}")["a"] == text
    assert tomllib.loads(f"{quote(text)} = 1") == {text: 1}


def test_a_lexicon_reads_back() -> None:
    data = tomllib.loads(write_lexicon(draft(["乙", "甲"], {"丙": '"丁"'})))
    common = {"why": "w", "source": "s"}
    assert data == {
        "id": "mine",
        "title": "mine",
        "as_of": dt.date(2026, 11, 20),
        "rule": [
            {"id": "mine.words", "action": "warn", "words": ["乙", "甲"], **common},
            {"id": "mine.rewrites", "action": "rewrite", "rewrites": {"丙": '"丁"'}, **common},
        ],
    }


@pytest.mark.parametrize(
    ("words", "rewrites", "ids"),
    [
        (["甲"], {}, ["mine.words"]),
        ([], {"甲": "乙"}, ["mine.rewrites"]),
    ],
)
def test_a_rule_that_would_be_empty_is_left_out(
    words: list[str], rewrites: dict[str, str], ids: list[str]
) -> None:
    data = tomllib.loads(write_lexicon(draft(words, rewrites)))
    assert [rule["id"] for rule in data["rule"]] == ids
