from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from replygate.__main__ import main
from workbooks import write_workbook

RULE = '[[rule]]\nid = "{id}"\naction = "{action}"\nwhy = "w"\nsource = "s"\nwords = ["{word}"]\n'
HEAD = 'id = "mine"\ntitle = "t"\nas_of = 2026-11-20\n'


def lexicon(path: str, *rules: tuple[str, str, str]) -> str:
    text = "".join(RULE.format(id=name, action=action, word=word) for name, action, word in rules)
    Path(path).write_text(HEAD + text, "utf-8")
    return path


@pytest.fixture(autouse=True)
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("c.txt").write_text("您好\n骗子\n便宜\n假货\n实惠\n", "utf-8")
    return "c.txt"


def test_each_changed_text_with_its_rules(
    corpus: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = lexicon("old.toml", ("a", "block", "骗子"), ("b", "block", "便宜"), ("c", "warn", "假货"))
    new = lexicon("new.toml", ("z", "block", "骗子"), ("b", "warn", "便宜"), ("c", "block", "假货"))

    assert main(["words", "diff", old, new, "--corpus", corpus]) == 0

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "line 3  BLOCK 已拦截 -> PASS 通过 (提醒 warn)",
        "   原文 original   便宜",
        "   原先 old        b「便宜」w",
        "   现在 new        b「便宜」w",
        "",
        "line 4  PASS 通过 (提醒 warn) -> BLOCK 已拦截",
        "   原文 original   假货",
        "   原先 old        c「假货」w",
        "   现在 new        c「假货」w",
        "",
    ]
    assert said.err == "c.txt: 5 texts: 2 change: 1 block -> warn, 1 warn -> block\n"


def test_stores_and_another_replacement(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(store).read_text("utf-8").replace("本店手环", "这款手环")
    Path("new.toml").write_text(text.replace('id = "corner', 'mode = "observe"\nid = "corner'))
    name = write_workbook(tmp_path / "c.xlsx", {"a": [["x"], ["小米手环"], ["您好"]]})

    argv = ["words", "diff", store, "new.toml", "--corpus", name, "--column", "x"]
    assert main([*argv, "--json"]) == 0

    said = capsys.readouterr()
    (change,) = [json.loads(line) for line in said.out.splitlines()]
    assert list(change) == ["sheet", "line", "original", "old", "new"]
    assert (change["sheet"], change["line"], change["original"]) == ("a", 2, "小米手环")
    assert (change["old"]["text"], change["new"]["text"]) == ("本店手环", "这款手环")
    assert change["new"]["findings"][0]["rule"] == "brand"
    assert said.err == f"{name}: 2 texts: 1 changes: 1 rewrite -> rewrite\n"

    assert main(argv) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "   现在 new        这款手环" in shown


def test_nothing_changes(corpus: str, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "diff", store, store, "--corpus", corpus]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "c.txt: 5 texts: no verdict changes\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere", "a.toml", "--corpus", "c.txt"], 'no packaged store "nowhere"'),
        (["a.toml", "a.toml", "--corpus", "none.txt"], "none.txt: can not be read"),
        (["a.toml", "a.toml", "--corpus", "c.txt", "--column", "x"], "--column is for tables"),
    ],
)
def test_what_can_not_be_used(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lexicon("a.toml", ("a", "block", "骗子"))
    assert main(["words", "diff", *argv]) == 1
    output = capsys.readouterr()
    assert said in output.err
    assert output.out == ""


def test_a_person_who_watches_sees_how_far_it_is(
    corpus: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = lexicon("a.toml", ("a", "block", "骗子"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["words", "diff", own, own, "--corpus", corpus])
    assert "judging [" in capsys.readouterr().err
