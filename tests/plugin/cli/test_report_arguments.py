from __future__ import annotations

import pytest

from replygate.cli.arguments import Parser
from replygate.cli.report_arguments import add_evidence, add_replay, add_report


@pytest.fixture
def parser() -> Parser:
    parser = Parser(prog="replygate")
    commands = parser.add_subparsers(dest="command", parser_class=Parser)
    for add in (add_replay, add_report, add_evidence):
        add(commands)
    return parser


def test_a_report_is_of_stores_or_of_all(parser: Parser) -> None:
    one = parser.parse_args(["report", "-s", "a", "-s", "b", "--html", "p.html"])
    assert (one.store, one.all, one.html, one.ledger) == (
        ["a", "b"],
        False,
        "p.html",
        "sqlite:///replygate.db",
    )
    every = parser.parse_args(["report", "--all", "--stores", "d", "--by-agent", "--csv", "-"])
    assert (every.store, every.stores, every.by_agent, every.csv) == (None, "d", True, "-")


def test_mappings_add_up(parser: Parser) -> None:
    given = parser.parse_args(
        ["replay", "x.csv", "-s", "a", "--map", "at=t,who=w", "--map", "id=n"]
    )
    assert given.map == [{"at": "t", "who": "w"}, {"id": "n"}]
    assert parser.parse_args(["replay", "x.csv", "-s", "a"]).compare is None


@pytest.mark.parametrize("command", ["report", "evidence"])
def test_one_form_at_a_time(
    parser: Parser, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--conversation", "c"] if command == "evidence" else []
    with pytest.raises(SystemExit):
        parser.parse_args([command, "-s", "a", *named, "--json", "--csv", "-"])
    assert "not allowed with" in capsys.readouterr().err
