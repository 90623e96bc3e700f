from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config.places import Report
from replygate.config.word_lists import WordLists, find_rules, read_word_lists
from replygate.errors import UnknownStore

LEXICON = """\
id = "own"
title = "t"
as_of = 2026-11-20

[[rule]]
id = "own.a"
action = "block"
why = "w"
source = "s"
words = ["{|大}减价", "骗子"]
except = ["不是骗子"]
detector = "mobile"
applies_to = ["human"]
evidence = true

[[rule]]
id = "own.b"
action = "rewrite"
why = "w"
source = "s"
match = "lone"
words = ["亲"]
replace = ""
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(*sources: str) -> WordLists:
    report = Report()
    lists = read_word_lists(sources, report)
    assert report.problems == ()
    return lists


def found(lists: WordLists, text: str) -> list[str]:
    return [word.text for word, _ in lists.find(text)]


def test_every_word_of_a_lexicon_with_its_rule_and_place() -> None:
    Path("own.toml").write_text(LEXICON, "utf-8")
    lists = read("own.toml")
    assert [
        (word.text, word.rule.id, word.rule_index, str(word.place)) for word in lists.words
    ] == [
        ("减价", "own.a", 0, "own.toml:10"),
        ("大减价", "own.a", 0, "own.toml:10"),
        ("骗子", "own.a", 0, "own.toml:10"),
        ("亲", "own.b", 1, "own.toml:22"),
    ]
    assert [word.entry for word in lists.words][:2] == [(10, "rule[0].words[0]")] * 2


def test_words_are_found_by_themselves_as_their_rule_finds_them() -> None:
    Path("own.toml").write_text(LEXICON, "utf-8")
    lists = read("own.toml")
    assert found(lists, "大 減 價, 骗子") == ["骗子"]
    assert found(lists, "大減價，他不是骗子，13800000000") == ["大减价", "减价"]
    assert found(lists, "亲亲，在吗") == ["亲"]
    assert found(lists, "在吗") == []


def test_a_list_a_store_a_group_and_a_profile() -> None:
    Path("own.txt").write_text("# ours\n一二 # so\n\n三四\n", "utf-8")
    rule = '[[screening.rule]]\nid = "r"\naction = "warn"\nwords = ["五六"]\n'
    Path("shop.toml").write_text(f'id = "a"\nplatform = "general"\n{rule}', "utf-8")
    Path("group.toml").write_text(f'platform = "general"\n{rule}', "utf-8")
    Path("p.toml").write_text(
        'id = "p"\nname = "P"\n[editions.e]\nas_of = 2026-11-20\nsources = ["s"]\n'
        '[[rule]]\nid = "r"\naction = "warn"\nwhy = "w"\nsource = "s"\nwords = ["七八"]\n',
        "utf-8",
    )

    lists = read("own.txt", "shop.toml", "group.toml", "p.toml")

    assert [(word.text, str(word.place)) for word in lists.words] == [
        ("一二", "own.txt:2"),
        ("三四", "own.txt:4"),
        ("五六", "shop.toml:6"),
        ("五六", "group.toml:5"),
        ("七八", "p.toml:11"),
    ]


def test_words_that_check_refuses_are_told_and_left_out() -> None:
    Path("own.txt").write_text("\u200b\n好\n" + "长" * 101 + "\n", "utf-8")
    Path("own.toml").write_text(LEXICON.replace('["亲"]', '["亲", "亲们", "亲"]'), "utf-8")
    report = Report()
    lists = read_word_lists(["own.txt", "own.toml"], report)
    assert [(problem.file, problem.line, problem.level) for problem in report.problems] == [
        ("own.txt", 1, "error"),
        ("own.txt", 3, "error"),
        ("own.toml", 22, "error"),
        ("own.toml", 22, "warning"),
    ]
    assert [word.text for word in lists.words][:1] == ["好"]
    assert found(lists, "好") == ["好"]


def test_files_that_are_not_there_or_broken() -> None:
    Path("bad.toml").write_text("a = \n", "utf-8")
    report = Report()
    assert read_word_lists(["none.txt", "bad.toml"], report).words == ()
    assert [problem.file for problem in report.problems] == ["none.txt", "bad.toml"]
    with pytest.raises(UnknownStore):
        read_word_lists(["nowhere"], Report())


def test_packaged_files_by_their_id_and_files_before_them() -> None:
    packaged = find_rules("contact", Report())
    assert packaged is not None
    assert packaged.data["id"] == "contact"
    Path("contact").write_text('id = "mine"\n', "utf-8")
    own = find_rules("contact", Report())
    assert own is not None
    assert own.data["id"] == "mine"
    store = find_rules("demo-jd", Report())
    assert store is not None
    assert store.data["id"] == "demo-jd"
