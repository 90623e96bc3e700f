from __future__ import annotations

import argparse
import datetime as dt

import pytest

from replygate.cli.arguments import (
    Parser,
    add_json,
    add_ledger,
    add_store,
    address,
    column_map,
    command,
    day,
    setting,
)

URL = "sqlite:///replygate.db"


def test_a_usage_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Parser(prog="p").error("two\n lines")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "p: two lines; see 'p --help'\n"


def test_a_command_inside_a_command_is_named_whole() -> None:
    commands = Parser(prog="replygate").add_subparsers(prog="replygate words", parser_class=Parser)
    inner = command(commands, "words lint", "FILE", "About.", "about")
    assert list(commands.choices) == ["lint"]
    assert inner.usage == "replygate words lint FILE"


def test_the_flags_of_a_store() -> None:
    parser = Parser(prog="p")
    add_store(parser, required=False)
    add_json(parser, "print objects")
    add_ledger(parser)
    given = parser.parse_args(["-s", "a", "--enable", "b", "--set", "c=d", "--json"])
    assert vars(given) == {
        "store": "a",
        "enable": ["b"],
        "set": ["c=d"],
        "json": True,
        "ledger": URL,
    }
    assert parser.parse_args([]).store is None


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (setting, "mode"),
        (setting, " =x"),
        (day, "20.11."),
        (address, "8787"),
        (column_map, "text="),
    ],
)
def test_what_is_not_understood(read: argparse._ActionType, text: str) -> None:
    assert callable(read)
    with pytest.raises(argparse.ArgumentTypeError, match="expected"):
        read(text)


def test_what_is_understood() -> None:
    assert setting("a.b=c=d") == "a.b=c=d"
    assert day("2026-11-20") == dt.date(2026, 11, 20)
    assert address("127.0.0.1:80").port == 80
    assert column_map("text=回复 话术, at=时间") == {"text": "回复 话术", "at": "时间"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("txt=a", "no field 'txt'; did you mean text?"),
        ("x=a", "no field 'x'; there are at, who, text"),
        ("text=a,text=b", "text is given twice"),
    ],
)
def test_a_column_map_that_can_not_be_meant(text: str, said: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        column_map(text)
    assert said in str(caught.value)
