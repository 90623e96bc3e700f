from __future__ import annotations

import importlib

import pytest

from replygate.__main__ import main
from replygate.cli.parser import build_parser, parse
from replygate.cli.words import COMMANDS


def test_every_command_has_its_module() -> None:
    for module in COMMANDS.values():
        assert callable(importlib.import_module(module).run)


def test_the_parser_offers_exactly_these_commands() -> None:
    lines = {
        "lint": ["words", "lint", "a.txt"],
        "import": ["words", "import", "a.csv", "--id", "mine"],
        "diff": ["words", "diff", "a", "b", "--corpus", "c.txt"],
    }
    assert lines.keys() == COMMANDS.keys()
    for name, line in lines.items():
        assert parse(line).words_command == name
    assert "words" in build_parser().format_help()


def test_the_command_that_was_named_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "lint", "nowhere.toml"]) == 1
    assert capsys.readouterr().err == "there is no file nowhere.toml\n"
