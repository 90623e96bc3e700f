from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config.places import Report
from replygate.config.word_lint import (
    Remark,
    Surroundings,
    Tally,
    lint_words,
    surroundings,
    usual_surroundings,
)
from replygate.config.word_lists import WordLists, read_word_lists
from replygate.errors import ConfigError

NOTHING = Surroundings((), ())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(*bodies: str) -> WordLists:
    """A lexicon of these rules; blocking ones, unless they say something else."""
    text = 'id = "own"\ntitle = "t"\nas_of = 2026-11-20\n'
    for number, body in enumerate(bodies):
        action = "" if "action" in body else 'action = "block"\n'
        text += f'[[rule]]\nid = "own.{number}"\nwhy = "w"\nsource = "s"\n{action}{body}\n'
    Path("own.toml").write_text(text, "utf-8")
    report = Report()
    lists = read_word_lists(["own.toml"], report)
    assert not report.failed()
    return lists


def said(lists: WordLists, around: Surroundings = NOTHING) -> list[tuple[str, str]]:
    return [(remark.kind, remark.problem.what) for remark in lint_words(lists, around)]


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        (['words = ["骗子", "大骗子"]'], [("inside", '"大骗子" is found by "骗子" already')]),
        (
            ['words = ["{大|老}骗子", "骗子"]'],
            [("inside", '"大骗子" and 1 more are found by "骗子" already')],
        ),
        # An optional part is a way to write, no waste.
        (['words = ["{|大}骗子"]'], []),
        (
            ['words = ["{大骗|骗|坏}子", "骗子们"]'],
            [("inside", '"骗子们" is found by "骗子" already')],
        ),
        # Another rule is another demand.
        (['words = ["骗子"]', 'words = ["大骗子"]'], []),
        # An exception may spare the shorter one where the longer is meant.
        (['words = ["骗子", "大骗子"]\nexcept = ["防骗子网"]'], []),
        # The longest rewrite wins.
        (['action = "rewrite"\nreplace = "x"\nwords = ["骗子", "大骗子"]'], []),
        (
            ['action = "rewrite"\nreply = "x"\nwords = ["骗子", "大骗子"]'],
            [("inside", '"大骗子" is found by "骗子" already')],
        ),
        # A word by itself does not stand inside a longer one.
        (
            ['match = "word"\nwords = ["tb", "tbx", "上tb"]'],
            [("inside", '"上tb" is found by "tb" already')],
        ),
    ],
)
def test_words_that_another_finds(bodies: list[str], expected: list[tuple[str, str]]) -> None:
    assert said(rules(*bodies)) == expected


def test_words_of_several_rules() -> None:
    lists = rules('words = ["骗子"]', 'words = ["騙子"]', 'words = ["骗子"]\nevidence = true')
    (remark,) = lint_words(lists, NOTHING)
    assert (remark.kind, remark.word) == ("twice", "騙子")
    assert str(remark.problem) == (
        'own.toml:15: warning: rule[1].words[0]: "騙子" is a word of the rule "own.0" too; '
        "at own.toml:9"
    )


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('words = ["亲"]', 1),
        ('words = ["亲"]\nmatch = "lone"', 0),
        ('words = ["亲"]\nexcept = ["亲子"]', 0),
        ('words = ["亲"]\nevidence = true', 0),
        ('words = ["亲们"]', 0),
    ],
)
def test_single_characters(body: str, count: int) -> None:
    assert [kind for kind, _ in said(rules(body))] == ["single"] * count


def test_words_that_are_never_found() -> None:
    lists = rules(
        'words = ["微信支付", "微信"]\nexcept = ["微信支付"]',
        'words = ["{大|小}减价", "{特|}价"]\nexcept_unless = { "特价" = "了" }',
    )
    around = Surroundings((), ("小減價", "大减价", "价"))
    assert [what for kind, what in said(lists, around) if kind == "covered"] == [
        '"微信支付" is never found: an exception of the rule says the same',
        '"大减价" and 1 more are never found: the store allows the same everywhere',
    ]


def test_words_that_the_stores_own_texts_hold() -> None:
    lists = rules(
        'words = ["客服"]',
        'words = ["稍后"]\naction = "warn"',
        'words = ["您"]\nexcept = ["您好"]\napplies_to = ["bot"]',
    )
    remarks = list(lint_words(lists, Surroundings(("您稍后，客服就来",), ())))
    assert [(one.kind, one.word, one.problem.level) for one in remarks] == [
        ("holding", "稍后", "warning"),
        ("holding", "客服", "error"),
    ]


def test_a_tally_counts_texts_and_keeps_an_example() -> None:
    tally = Tally(rules('words = ["便宜", "贵"]', 'words = ["没有"]'))
    for text in ("贵", "便宜，真便宜", "不便宜", "您好"):
        tally.add(text)
    remarks: list[Remark] = list(tally.remarks())
    assert [(one.kind, one.word, one.hits) for one in remarks] == [
        ("hits", "便宜", 2),
        ("hits", "贵", 1),
    ]
    assert str(remarks[0].problem).endswith(
        'rule[0].words[0]: "便宜" stands in 2 of 4 texts; such as "便宜，真便宜"'
    )


def test_what_surrounds_the_words_in_a_store() -> None:
    Path("shop.toml").write_text(
        'id = "a"\nplatform = "general"\n[screening]\n'
        'allow = ["微信支付"]\nstock_replies = ["三"]\n'
        '[holding]\ntexts = ["一"]\noff_duty_texts = ["二"]\nclosers = []\n',
        "utf-8",
    )
    assert surroundings("shop.toml", [], []) == Surroundings(("一", "二", "三"), ("微信支付",))
    assert surroundings("shop.toml", [], ['holding.texts=["四"]']).texts[0] == "四"
    with pytest.raises(ConfigError, match="nowhere"):
        surroundings("shop.toml", ["nowhere"], [])
    assert len(usual_surroundings().texts) == 5
