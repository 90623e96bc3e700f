from pathlib import Path
from typing import Any

import pytest

from replygate.config.contradictions import check_outcome, check_targets, check_texts
from replygate.config.limits import TEXT_CHARS
from replygate.config.places import Place, Report, Source
from replygate.config.schema_screening import RuleEntry, TopicEntry

SOURCE = Source("s.toml", Path())


def where(*keys: str | int) -> Place:
    return Place(SOURCE, 1, ".".join(map(str, keys)))


def entry(**keys: Any) -> RuleEntry:
    return RuleEntry.model_validate({"id": "r", "action": "block", **keys})


def said(check: Any, of: Any) -> list[str]:
    report = Report()
    check(of, where, report)
    return [f"{problem.key}: {problem.what}" for problem in report.problems]


@pytest.mark.parametrize(
    "keys",
    [
        {"words": ["a"]},
        {"words_file": "w.txt"},
        {"all": ["a", "b"], "within": 4},
        {"patterns": ["a"]},
        {"detector": "mobile"},
        {"action": "rewrite", "rewrites": {"a": ["b"]}},
        {"words": ["ab"], "evasions": True},
    ],
)
def test_a_rule_that_looks_for_something(keys: dict[str, Any]) -> None:
    assert said(check_targets, entry(**keys)) == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ": looks for nothing"),
        ({"all": ["a"]}, "all: one entry stands together with nothing"),
        ({"words": ["a"], "within": 4}, "within: only stands beside all"),
        ({"detector": "url", "evasions": True}, "evasions: looks for words in disguise, and there"),
        ({"words": ["亲"], "match": "lone", "evasions": True}, "evasions: looks for words"),
    ],
)
def test_a_rule_that_looks_for_nothing_or_for_too_little(
    keys: dict[str, Any], expected: str
) -> None:
    (problem,) = said(check_targets, entry(**keys))
    assert problem.startswith(expected)


def test_a_topic_looks_for_something_too() -> None:
    assert said(check_targets, TopicEntry(id="t")) == [": looks for nothing"]
    assert said(check_targets, TopicEntry(id="t", words=["a"])) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"replace": "b"},
        {"replace": ""},
        {"mask": "＊"},
        {"reply": "请稍等"},
        {"replace": "b", "rewrites": {"c": ["d"]}},
        {"replace": "b", "on_evasion": "rewrite"},
    ],
)
def test_a_rewrite_with_one_thing_to_put_in_place(keys: dict[str, Any]) -> None:
    assert said(check_outcome, entry(words=["a"], action="rewrite", **keys)) == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"action": "rewrite"}, "replace: is missing"),
        ({"action": "rewrite", "replace": "b", "mask": "*"}, "mask: does not go with replace"),
        ({"action": "rewrite", "mask": "*", "reply": "b"}, "reply: does not go with mask"),
        ({"action": "rewrite", "mask": " "}, "mask: expected one visible character"),
        ({"action": "rewrite", "reply": " "}, "reply.0: expected some text"),
        ({"action": "rewrite", "replace": "b", "first": True}, "first: does not stand where"),
        ({"replace": "b"}, "replace: only stands where"),
        ({"mask": "*"}, "mask: only stands where"),
        ({"on_evasion": "rewrite"}, 'on_evasion: "rewrite" only stands where'),
        ({"action": "warn", "on_block": "ask"}, "on_block: the rule never blocks"),
    ],
)
def test_keys_that_speak_against_each_other(keys: dict[str, Any], expected: str) -> None:
    (problem,) = said(check_outcome, entry(words=["a"], **keys))
    assert problem.startswith(expected)


def test_a_warning_that_blocks_what_is_disguised_may_say_what_becomes_of_that() -> None:
    keys = {"action": "warn", "on_evasion": "block", "on_block": "ask"}
    assert said(check_outcome, entry(words=["ab"], **keys)) == []


def test_texts_have_a_limit() -> None:
    report = Report()
    check_texts([], where, report, "reply")
    check_texts(["x" * (TEXT_CHARS + 1)], where, report, "reply")
    check_texts(None, where, report, "reply")
    assert [problem.key for problem in report.problems] == ["reply", "reply.0"]
