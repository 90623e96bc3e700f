from __future__ import annotations

import pytest

from replygate.__main__ import main
from replygate.cli.columns import width_of
from replygate.cli.parser import parse
from replygate.cli.words_arguments import ID, NAME_CHARS
from replygate.config import limits

IMPORT = ("words", "import", "a.csv")
DIFF = ("words", "diff", "a", "b")

BAD_LINES = [
    (("words",), "replygate words: the following arguments are required: COMMAND;"),
    (("words", "lnt"), "replygate words: argument COMMAND: invalid choice: 'lnt'"),
    (("words", "lint"), "replygate words lint: the following arguments are required: FILE;"),
    (("words", "lint", "a", "--stric"), "'--stric', did you mean --strict?"),
    (IMPORT, "replygate words import: the following arguments are required: --id;"),
    ((*IMPORT, "--id", "../x"), "argument --id: expected up to 100 letters, digits, points and"),
    ((*IMPORT, "--id", "x", "--action", "pass"), "argument --action: invalid choice: 'pass'"),
    ((*IMPORT, "--id", "x", "--why", " "), "argument --why: expected some text of at most 200"),
    ((*IMPORT, "--id", "x", "--as-of", "soon"), "--as-of: expected a day such as 2026-11-20"),
    ((*IMPORT, "--id", "x", "b.csv"), "replygate words import: unknown argument 'b.csv';"),
    (DIFF, "replygate words diff: the following arguments are required: --corpus;"),
    ((*DIFF[:3], "--corpus", "c"), "words diff: the following arguments are required: NEW;"),
    ((*DIFF, "--corpus", "c", "--old", "d"), "replygate words diff: unknown option '--old'"),
]


@pytest.mark.parametrize(("argv", "said"), BAD_LINES)
def test_a_usage_error_is_one_line_and_code_2(
    argv: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.endswith("--help'\n")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize("command", ["lint", "import", "diff"])
def test_help_fits_a_terminal_of_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["words", command, "--help"]) == 0
    output = capsys.readouterr().out
    assert output.startswith(f"usage: replygate words {command} ")
    assert all(width_of(line) <= 80 for line in output.splitlines())


def test_what_the_parser_takes_the_configuration_takes() -> None:
    assert NAME_CHARS == limits.NAME_CHARS
    for name in ("my-list", "我的词表", "a.b_c-1"):
        assert ID.fullmatch(name)
        assert parse([*IMPORT, "--id", name]).id == name
    # The rule ids get a longer end.
    assert not ID.fullmatch("a" * (NAME_CHARS // 2 + 1))
