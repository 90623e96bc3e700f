from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replygate.config import check_file, limits
from replygate.config.word_import import Imported, Row, Wanted, import_words
from replygate.model import FindingAction


def done(*rows: tuple[str, str], action: FindingAction | None = None) -> Imported:
    wanted = Wanted("mine", dt.date(2026, 11, 20), "w", "s", action)
    numbered = (Row(f"line {line}", *row) for line, row in enumerate(rows, 1))
    return import_words(numbered, wanted)


def parts(imported: Imported) -> tuple[list[str], dict[str, str]]:
    words: list[str] = []
    rewrites: dict[str, str] = {}
    for rule in tomllib.loads(imported.text).get("rule", []):
        words += rule.get("words", [])
        rewrites |= rule.get("rewrites", {})
    return words, rewrites


def test_words_are_sorted_and_stand_once() -> None:
    imported = done(("骗子", ""), ("Abc", ""), ("騙子", ""), ("abc", ""), ("假货", ""))
    assert parts(imported) == (["Abc", "假货", "骗子"], {})
    assert imported.repeated == 2


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [("丙", "三"), ("甲", ""), ("乙", "二"), ("丁", "")]
    assert done(*rows).text == done(*reversed(rows)).text


def test_a_replacement_wins_over_none() -> None:
    for rows in ([("最便宜", "实惠"), ("最便宜", "")], [("最便宜", ""), ("最便宜", "实惠")]):
        imported = done(*rows)
        assert parts(imported) == ([], {"最便宜": "实惠"})
        assert imported.repeated == 1


@pytest.mark.parametrize(
    ("action", "words", "rewrites", "refused"),
    [
        (None, ["骗子"], {"最便宜": "实惠"}, []),
        ("block", ["最便宜", "骗子"], {}, []),
        ("warn", ["最便宜", "骗子"], {}, []),
        ("rewrite", [], {"最便宜": "实惠"}, ["has no replacement"]),
    ],
)
def test_the_action(
    action: FindingAction | None, words: list[str], rewrites: dict[str, str], refused: list[str]
) -> None:
    imported = done(("骗子", ""), ("最便宜", "实惠"), action=action)
    assert parts(imported) == (words, rewrites)
    assert [one.why for one in imported.refused] == refused


@pytest.mark.parametrize(
    ("word", "replacement", "why"),
    [
        ("", "x", "is blank, or only invisible characters"),
        ("\u200b", "", "is blank, or only invisible characters"),
        ("长" * 101, "", "has 101 characters; at most 100 are allowed"),
        ("{a|b}", "", "has braces, which mean alternatives in a lexicon"),
        ("一\n二", "", "has a line break or a control character"),
        ("甲", "长" * 501, "its replacement has 501 characters; at most 500 are allowed"),
        ("甲", "{1}", "its replacement has braces, which mean alternatives in a lexicon"),
        ("ABC", "abc", "its replacement reads the same"),
        ("微信", "V信", 'its replacement "V信" is caught by the rule "contact.'),
        ("甲", "骗子店", 'its replacement "骗子店" is caught by this list itself'),
        ("最便宜", "划算", 'is replaced by "实惠" already, at line 2'),
    ],
)
def test_rows_that_can_not_be_taken(word: str, replacement: str, why: str) -> None:
    imported = done(("骗子", ""), ("最便宜", "实惠"), (word, replacement))
    (refused,) = imported.refused
    assert (refused.row.place, refused.row.word) == ("line 3", word)
    assert refused.why.startswith(why)
    assert parts(imported) == (["骗子"], {"最便宜": "实惠"})


def test_nothing_left_is_no_lexicon() -> None:
    assert done(("", "")).text == ""


def test_a_list_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RULE_WORDS", 1)
    imported = done(("甲", ""), ("乙", ""), ("丙", "三"), ("丁", "四"))
    assert parts(imported) == (["甲"], {"丙": "三"})
    assert {one.why for one in imported.refused} == {"is one too many: 1 are allowed"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text("甲乙丙aA\"\\'#{}\n\t\x7f 微信v", max_size=4), st.text('乙x"\n{', max_size=3)
        )
    )
)
def test_whatever_goes_in_a_sound_lexicon_comes_out(
    tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    imported = done(*rows)
    assert len(rows) == (
        len(imported.words) + len(imported.rewrites) + len(imported.refused) + imported.repeated
    )
    if imported.text:
        path = tmp_path / "mine.toml"
        path.write_text(imported.text, "utf-8")
        assert check_file(path).problems == ()
