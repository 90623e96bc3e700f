from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from replygate.__main__ import main


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("own.txt").write_text("便宜货\n便宜\n客服\n马上到\n\u200b\n", "utf-8")
    return "own.txt"


def test_every_remark_has_its_place(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "lint", words]) == 1

    said = capsys.readouterr()
    text = "stands in a text of the store itself"
    assert said.out.splitlines() == [
        "own.txt:5: expected some text, got only blanks or invisible characters",
        'own.txt:1: warning: "便宜货" is found by "便宜" already; see own.txt:2',
        f'own.txt:3: "客服" {text}: "已收到您的消息，客服会尽快回复您～"',
        f'own.txt:3: "客服" {text}: "已收到您的消息，客服{{wait}}上班，上班后会回复您～"',
        f'own.txt:3: "客服" {text}: "已收到您的消息，客服上班后会尽快回复您～"',
    ]
    assert said.err == "4 words: 4 errors, 1 warning\n"


def test_json_has_one_object_per_remark(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("replies.txt").write_text("便宜的有\n您好\n便宜货没有\n", "utf-8")
    main(["words", "lint", words, "--corpus", "replies.txt", "--json"])

    remarks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    keys = ["kind", "word", "file", "line", "key", "what", "hint", "level", "hits"]
    assert [list(remark) for remark in remarks] == [keys] * 7
    assert [(one["kind"], one["word"], one["line"], one["hits"]) for one in remarks] == [
        ("file", None, 5, None),
        ("inside", "便宜货", 1, None),
        ("holding", "客服", 3, None),
        ("holding", "客服", 3, None),
        ("holding", "客服", 3, None),
        ("hits", "便宜", 2, 2),
        ("hits", "便宜货", 1, 1),
    ]


def test_the_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("便宜\n", "utf-8")
    assert main(["words", "lint", str(path), "--strict"]) == 0
    path.write_text("便宜\n便宜货\n", "utf-8")
    assert main(["words", "lint", str(path)]) == 0
    assert main(["words", "lint", str(path), "--strict"]) == 1


def test_a_store_brings_its_texts_and_what_it_allows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.txt").write_text("稍候\n小店\n客服\n", "utf-8")
    shop = tmp_path / "shop.toml"
    shop.write_text(
        'id = "a"\nplatform = "general"\n[screening]\nallow = ["小店"]\n'
        '[holding]\ntexts = ["请稍候"]\noff_duty_texts = ["明早回复您"]\n',
        "utf-8",
    )

    assert main(["words", "lint", str(tmp_path / "own.txt"), "-s", str(shop)]) == 1
    said = capsys.readouterr().out
    assert '"小店" is never found: the store allows the same everywhere' in said
    assert '"稍候" stands in a text of the store itself: "请稍候"' in said
    assert "客服" not in said


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--enable", "contact"], "--enable and --set change a store; name it with -s;"),
        (["--set", "mode=observe"], "--enable and --set change a store; name it with -s;"),
        (["--column", "x"], "--column is for the corpus; name it with --corpus;"),
    ],
)
def test_flags_that_need_another(
    words: str, flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["words", "lint", words, *flags]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["own.toml"], "there is no file own.toml"),
        (["own.txt", "-s", "nowhere"], 'no packaged store "nowhere"'),
        (["own.txt", "-s", "shop.toml", "--set", "nokey=1"], "nokey"),
        (["own.txt", "--corpus", "none.txt"], "none.txt: can not be read"),
    ],
)
def test_what_can_not_be_used(
    words: str, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("shop.toml").write_text('id = "a"\nplatform = "general"\n', "utf-8")
    assert main(["words", "lint", *argv]) == 1
    assert said in capsys.readouterr().err


def test_counting_shows_how_far_it_is(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["words", "lint", words, "--corpus", words])
    assert "counting [" in capsys.readouterr().err
