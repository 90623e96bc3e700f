import sys
from pathlib import Path

import pytest

from replygate.config.places import Report, Source
from replygate.config.read import parse_toml
from replygate.config.rules import BuiltRule, blank, build_rule
from replygate.config.schema_screening import StoreRuleEntry
from replygate.screening.rule import Exempt, Rule, Word


def build(text: str, *, in_store: bool = True) -> tuple[BuiltRule, list[str]]:
    report = Report()
    document = parse_toml(f"[[rule]]\n{text}\n", Source("deep/s.toml", Path("deep")), report)
    assert document
    entry = StoreRuleEntry.model_validate(document.data["rule"][0])
    built = build_rule(entry, ("rule", 0), document, report, in_store=in_store)
    return built, [str(problem) for problem in report.problems]


def test_a_rule_with_everything() -> None:
    Path("deep").mkdir()
    Path("deep/more.txt").write_text("# by hand\r\n企鹅号  # QQ\r\n\r\n", "utf-8")
    built, lines = build(
        """
        id = "all"
        action = "rewrite"
        words = ["微信"]
        words_file = "more.txt"
        rewrites = { "支付宝" = "", "淘宝" = ["别处", "他处"] }
        patterns = ["v信[0-9]+"]
        detector = "mobile"
        replace = ["本店", "这里"]
        except = ["微信小程序"]
        except_unless = { "微信支付" = "宝" }
        why = "so"
        source = "the terms"
        enabled = false
        override = ["other"]
        """
    )
    assert not lines
    here = ("本店", "这里")
    assert built.rule == Rule(
        id="all",
        action="rewrite",
        why="so",
        source="the terms",
        words=(
            Word("微信", here),
            Word("支付宝", ("",)),
            Word("淘宝", ("别处", "他处")),
            Word("企鹅号", here),
        ),
        detector="mobile",
        patterns=("v信[0-9]+",),
        match="any",
        exceptions=(Exempt("微信小程序"), Exempt("微信支付", "宝")),
        replace=here,
    )
    assert (built.enabled, built.override) == (False, ("other",))
    assert str(built.place) == "deep/s.toml:3"


def test_a_store_s_rule_needs_no_reason() -> None:
    built, lines = build('id = "a"\naction = "block"\nwords = ["x"]')
    assert not lines
    assert (built.rule.why, built.rule.source) == ("a rule of this store", "s.toml")


def test_an_empty_replacement_deletes() -> None:
    built, lines = build('id = "a"\naction = "rewrite"\nwords = ["x"]\nreplace = ""')
    assert not lines
    assert built.rule.words == (Word("x", ("",)),)
    assert built.rule.replace == ("",)


def test_rewrites_need_no_common_replacement() -> None:
    built, lines = build('id = "a"\naction = "rewrite"\nrewrites = { x = "y" }')
    assert not lines
    assert built.rule.words == (Word("x", ("y",)),)


def test_one_entry_may_stand_for_several_words() -> None:
    built, lines = build(
        """
        id = "a"
        action = "rewrite"
        words = ["{加|+}微信"]
        rewrites = { "{给|帮}亲{，|}" = ["{1}您{2}", "{1}你"] }
        replace = ""
        except = ["{父|母}亲"]
        """
    )
    assert not lines
    assert built.rule.words == (
        Word("加微信", ("",)),
        Word("+微信", ("",)),
        Word("给亲，", ("给您，", "给你")),
        Word("给亲", ("给您", "给你")),
        Word("帮亲，", ("帮您，", "帮你")),
        Word("帮亲", ("帮您", "帮你")),
    )
    assert built.rule.exceptions == (Exempt("父亲"), Exempt("母亲"))


@pytest.mark.parametrize("target", ["words_file = 'w.txt'", "patterns = ['x']", 'detector = "url"'])
def test_what_is_found_needs_a_replacement(target: str) -> None:
    Path("deep").mkdir()
    Path("deep/w.txt").write_text("x", "utf-8")
    _, lines = build(f'id = "a"\naction = "rewrite"\nrewrites = {{ a = "b" }}\n{target}')
    assert lines == ['deep/s.toml:1: rule[0].replace: is missing; replace = "" deletes']


def test_a_word_that_stands_twice_is_kept_once() -> None:
    built, lines = build('id = "a"\naction = "block"\nwords = ["VX", "v\\u200bx"]')
    assert [word.text for word in built.rule.words] == ["VX"]
    assert len(lines) == 1
    assert lines[0].endswith('is the same as "VX"')


def test_words_of_a_file_are_placed_in_it() -> None:
    Path("deep").mkdir()
    Path("deep/w.txt").write_text(f"{'好' * 100}\n{'长' * 101}\n", "utf-8")
    _, lines = build('id = "a"\naction = "block"\nwords_file = "w.txt"')
    assert lines == ["deep/w.txt:2: has 101 characters; at most 100 are allowed"]


@pytest.mark.parametrize(
    ("match", "word", "fine"),
    [
        ("lone", "亲", True),
        ("lone", "亲\u200b", True),
        ("lone", "亲亲", False),
        ("word", "TB", True),
        ("word", "ＴＢ店", True),
        ("word", "店1", True),
        ("word", "京东", False),
        ("word", "京v东", False),
    ],
)
def test_which_words_may_match_how(match: str, word: str, fine: bool) -> None:
    _, lines = build(f'id = "a"\naction = "block"\nmatch = "{match}"\nwords = ["{word}"]')
    assert (not lines) == fine


def test_a_rule_of_too_many_words_is_not_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replygate.config.limits.RULE_WORDS", 3)
    built, lines = build('id = "a"\naction = "block"\nwords = ["{1|2}{3|4}", "5", ""]')
    assert lines == ["deep/s.toml:1: rule[0]: has more than 3 words"]
    assert len(built.rule.words) == 4


def test_patterns_without_their_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    _, lines = build('id = "a"\naction = "block"\npatterns = ["x"]')
    assert len(lines) == 1
    assert "replygate[patterns]" in lines[0]


@pytest.mark.parametrize(
    ("text", "nothing"), [("", True), (" \t", True), ("\u200b\ufe0f", True), ("。", False)]
)
def test_what_counts_as_blank(text: str, nothing: bool) -> None:
    assert blank(text) == nothing


def test_a_phrase_counts_in_one_group_of_those_that_stand_together() -> None:
    head = 'id = "a"\naction = "block"\n'
    _, lines = build(f'{head}all = ["{{好评|晒图}}", "{{返现|ＱＱ红包}}", "{{qq红包|晒图}}"]')
    hint = "; it would count beside itself"
    assert lines == [
        f'deep/s.toml:4: rule[0].all[2]: "qq红包" stands in all[1], too{hint}',
        f'deep/s.toml:4: rule[0].all[2]: "晒图" stands in all[0], too{hint}',
    ]
    built, lines = build(f'{head}all = ["{{好评|ＱＱ|qq}}", "返现"]')
    assert not lines
    assert built.rule.together == (("好评", "qq"), ("返现",))
