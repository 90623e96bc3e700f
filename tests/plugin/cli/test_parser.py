from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import replygate.cli
from replygate.__main__ import main
from replygate.cli.columns import width_of
from replygate.cli.parser import COMMANDS, build_parser, parse

STORE = ("-s", "demo-pdd")

# A command line, and what its one line on stderr says.
BAD_LINES = [
    (
        (),
        "a command is missing: try, screen, check, lint, words, replay, report, evidence, ",
    ),
    (("tri",), "replygate: argument COMMAND: invalid choice: 'tri'"),
    (("reprot",), "replygate: argument COMMAND: invalid choice: 'reprot'"),
    (("report", "--by-agnt"), "unknown option '--by-agnt', did you mean --by-agent?"),
    (("evidence", *STORE), "the following arguments are required: --conversation;"),
    (("forget", *STORE), "the following arguments are required: --conversation;"),
    (("replay", "x", *STORE, "--map", "text"), "argument --map: expected FIELD=COLUMN, got 'text'"),
    (("replay", "x", *STORE, "--map", "txt=a"), "no field 'txt'; did you mean text?"),
    (("serve",), "replygate serve: the following arguments are required: --stores;"),
    (("serve", "--stores", "x", "--no-aut"), "'--no-aut', did you mean --no-auth?"),
    (("serve", "--stores", "x", "--listen", "8787"), "--listen: expected HOST:PORT, got '8787'"),
    (("",), "replygate: argument COMMAND: invalid choice: ''"),
    (("--verison",), "replygate: unknown option '--verison', did you mean --version?"),
    (("--version", "--json"), "replygate: unknown option '--json'"),
    (("--quiet",), "replygate: unknown option '--quiet';"),
    (("try",), "replygate try: the following arguments are required: TEXT, -s/--store;"),
    (("try", "您好"), "replygate try: the following arguments are required: -s/--store;"),
    (("try", *STORE), "replygate try: the following arguments are required: TEXT;"),
    (("try", "您好", "-s"), "replygate try: argument -s/--store: expected one argument;"),
    (("try", "您好", "您好", *STORE), "replygate try: unknown argument '您好'"),
    (("try", "x", *STORE, "--jsn"), "replygate try: unknown option '--jsn', did you mean --json?"),
    (("try", "x", *STORE, "--js"), "replygate try: unknown option '--js', did you mean --json?"),
    (("try", "x", *STORE, "--sett=a=b"), "unknown option '--sett=a=b', did you mean --set?"),
    (("try", "x", *STORE, "-5折"), "'-5折' (a TEXT that starts with a dash needs -- in front)"),
    (("try", "x", *STORE, "--json=1"), "argument --json: ignored explicit argument '1'"),
    (("try", "x", *STORE, "--set"), "argument --set: expected one argument"),
    (("try", "x", *STORE, "--set", "mode"), "argument --set: expected KEY=VALUE, got 'mode'"),
    (("try", "x", *STORE, "--set", "=x"), "argument --set: expected KEY=VALUE, got '=x'"),
    (("try", "x", *STORE, "--set", ""), "argument --set: expected KEY=VALUE, got ''"),
    (("try", "x", *STORE, "--enable"), "argument --enable: expected one argument"),
    (("screen",), "replygate screen: the following arguments are required: -s/--store;"),
    (("screen", *STORE, "texts.txt"), "replygate screen: unknown argument 'texts.txt';"),
    (("check",), "replygate check: the following arguments are required: FILE;"),
    (("check", "a", "--shw"), "replygate check: unknown option '--shw', did you mean --show?"),
    (("check", "a", "--file"), "replygate check: unknown option '--file';"),
    (("check", "a", "-s", "b"), "replygate check: unknown option '-s'"),
    (("lint", "a.csv"), "replygate lint: the following arguments are required: -s/--store;"),
    (("lint", *STORE), "replygate lint: the following arguments are required: FILE;"),
    (("lint", "a.csv", *STORE, "--column"), "argument --column: expected one argument"),
    (("lint", "a.csv", "b.csv", *STORE), "replygate lint: unknown argument 'b.csv';"),
    (("completion",), "replygate completion: the following arguments are required: shell;"),
    (("completion", "fish"), "replygate completion: argument shell: invalid choice: 'fish'"),
    (("try", "x", *STORE, "--set", "a\nb"), "expected KEY=VALUE, got 'a\\nb'"),
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


@pytest.mark.parametrize("command", ["", *(name for name in COMMANDS if name != "version")])
def test_help_fits_a_terminal_of_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert main([*filter(None, [command]), "--help"]) == 0

    output = capsys.readouterr()
    assert output.err == ""
    assert output.out.startswith(f"usage: replygate {command}".rstrip())
    assert all(width_of(line) <= 80 for line in output.out.splitlines())


def test_every_command_has_its_module() -> None:
    folder = Path(replygate.cli.__path__[0])
    for module in COMMANDS.values():
        assert callable(importlib.import_module(module).run)
        assert (folder / f"{module.rsplit('.', 1)[1]}.py").is_file()


def test_the_parser_offers_exactly_these_commands() -> None:
    assert "{try" not in build_parser().format_help()
    for command in ("try", "screen", "check", "lint", "words", "completion"):
        assert f"\n    {command}" in build_parser().format_help()
        assert command in COMMANDS


def test_repeatable_flags_start_empty_each_time() -> None:
    first = parse(["screen", "-s", "x", "--enable", "a", "--enable", "b", "--set", "c=d=e"])
    second = parse(["screen", "-s", "x"])

    assert (first.enable, first.set) == (["a", "b"], ["c=d=e"])
    assert (second.enable, second.set) == ([], [])
