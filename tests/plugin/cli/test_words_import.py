from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from replygate.__main__ import main
from replygate.cli.words_import import REPLACEMENT_COLUMNS, WORD_COLUMNS
from replygate.config import check_file
from replygate.timing.calendar import PLATFORM_ZONE
from workbooks import write_workbook

LEXICON = """\
id = "mine"
title = "mine"
as_of = 2026-11-20

[[rule]]
id = "mine.words"
action = "block"
why = "店里不说"
source = "手册"
words = [
    "骗子",
]

[[rule]]
id = "mine.rewrites"
action = "rewrite"
why = "店里不说"
source = "手册"

[rule.rewrites]
"最便宜" = "实惠"
"""
SAID = ("--id", "mine", "--as-of", "2026-11-20", "--why", "店里不说", "--source", "手册")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bots_table_becomes_a_lexicon(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("id,Keyword,replacement\n1,最便宜,实惠\n2, 骗子,\n3,,\n", "gb18030")

    assert main(["words", "import", "t.csv", *SAID]) == 0

    said = capsys.readouterr()
    assert said.out == LEXICON
    assert said.err == "t.csv: 1 words, 1 rewrites, 0 repeated, 0 refused\n"
    Path("mine.toml").write_text(said.out, "utf-8")
    assert check_file("mine.toml").problems == ()


def test_a_workbook_gives_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = {"甲": [["违禁词", "替换为"], ["最便宜", "实惠"]], "乙": [["敏感词"], ["骗子"]]}
    name = write_workbook(here / "t.xlsx", sheets)
    assert main(["words", "import", name, *SAID]) == 0
    assert capsys.readouterr().out == LEXICON


def test_a_plain_list(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.txt").write_text("# ours\n骗子\n\n假货 # also\n骗子\n", "utf-8")
    assert main(["words", "import", "t.txt", "--id", "mine", "--json"]) == 0

    done = json.loads(capsys.readouterr().out)
    assert list(done) == ["toml", "words", "rewrites", "repeated", "refused"]
    assert (done["words"], done["rewrites"], done["repeated"], done["refused"]) == (2, 0, 1, [])
    assert 'source = "t.txt"' in done["toml"]
    assert f"as_of = {dt.datetime.now(PLATFORM_ZONE).date()}" in done["toml"]


def test_what_is_refused_is_told_and_the_rest_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("词,替换\n微信,V信\n骗子,\n,空\n", "utf-8")

    assert main(["words", "import", "t.csv", "--id", "mine"]) == 1

    said = capsys.readouterr()
    assert '"骗子"' in said.out
    assert "微信" not in said.out
    lines = said.err.splitlines()
    assert lines[0].startswith('t.csv: line 2: "微信" its replacement "V信" is caught by the rule')
    assert lines[1] == 't.csv: line 4: "" is blank, or only invisible characters'
    assert lines[2] == "t.csv: 1 words, 0 rewrites, 0 repeated, 2 refused"

    assert main(["words", "import", "t.csv", "--id", "mine", "--json"]) == 1
    refused = json.loads(capsys.readouterr().out)["refused"]
    assert [(one["place"], one["word"], one["replacement"]) for one in refused] == [
        ("line 2", "微信", "V信"),
        ("line 4", "", "空"),
    ]


def test_nothing_left_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.txt").write_text("{a}\n", "utf-8")
    assert main(["words", "import", "t.txt", "--id", "mine"]) == 1
    assert capsys.readouterr().out == ""


def test_one_action_for_all(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("词,替换\n最便宜,实惠\n骗子,\n", "utf-8")
    assert main(["words", "import", "t.csv", "--id", "mine", "--action", "warn"]) == 0
    said = capsys.readouterr().out
    assert 'action = "warn"' in said
    assert "实惠" not in said


def test_columns_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("a,b,词\n最便宜,实惠,x\n", "utf-8")
    flags = ["--id", "mine", "--column", "a", "--replacement", "b"]
    assert main(["words", "import", "t.csv", *flags]) == 0
    assert '"最便宜" = "实惠"' in capsys.readouterr().out


@pytest.mark.parametrize("columns", [WORD_COLUMNS, REPLACEMENT_COLUMNS])
def test_known_columns_are_written_as_they_are_compared(columns: tuple[str, ...]) -> None:
    assert all(name == name.strip().casefold() for name in columns)
    assert set(WORD_COLUMNS).isdisjoint(REPLACEMENT_COLUMNS)


@pytest.mark.parametrize(
    ("name", "content", "flags", "said"),
    [
        ("t.doc", "x", [], "t.doc: expected a .txt, .csv or .xlsx file"),
        ("t.txt", "# none\n", [], "t.txt: holds no word"),
        ("t.csv", "词\n", [], "t.csv: holds no word"),
        ("t.txt", "a", ["--column", "x"], "--column and --replacement are for tables"),
        ("t.csv", "词\na\n", ["--replacement", "x"], 'there is no column "x"; there are 词'),
        ("t.csv", "a\nb\n", [], "t.csv:1: no known column; there are a; choose one with --column"),
    ],
)
def test_files_that_can_not_be_used(
    name: str, content: str, flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(content, "utf-8")
    assert main(["words", "import", name, "--id", "mine", *flags]) == 1
    output = capsys.readouterr()
    assert said in output.err
    assert output.out == ""
