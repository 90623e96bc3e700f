"""What the command line offers stands in `docs/cli.md`, and what stands there is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from house.cli_docs import PAGE, blocks, commands, rendered
from house.tree import REPO
from replygate.cli.phrases import COLUMNS

PAGE_TEXT = PAGE.read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", PAGE_TEXT)


def test_the_page_is_what_the_parser_says() -> None:
    assert rendered(PAGE_TEXT) == PAGE_TEXT, (
        "write it anew: PYTHONPATH=tests python -m house.cli_docs"
    )


def test_every_command_and_the_exit_codes_are_on_the_page() -> None:
    assert blocks(PAGE_TEXT) == ["replygate", "exit-codes", *commands()]
    for command in commands():
        assert f"\n## {command}\n" in PAGE_TEXT


def test_every_flag_is_on_the_page_under_its_command() -> None:
    for command, parser in commands().items():
        _, _, after = PAGE_TEXT.partition(f"\n## {command}\n")
        section = after.partition("\n## ")[0]
        for action in parser._actions:
            for flag in action.option_strings:
                assert flag in section, (command, flag)


def test_every_environment_variable_is_on_the_page() -> None:
    sources = [*(REPO / "plugin/replygate/cli").glob("*.py"), REPO / "plugin/replygate/__main__.py"]
    read = {
        name
        for source in sources
        for name in re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source.read_text("utf-8"))
    }
    assert "REPLYGATE_DEBUG" in read
    for name in read - {"TERM"}:
        assert f"| `{name}` |" in PAGE_TEXT


def test_every_known_column_is_on_the_page() -> None:
    listed = PAGE_TEXT.partition("holds the phrases:")[2].partition(". Empty")[0]
    assert tuple(listed.replace("\n", " ").strip().split(", ")) == COLUMNS


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_an_example_prints_what_the_page_shows(command: str, output: str, tmp_path: Path) -> None:
    store = re.search(r"```toml\n(.*?)```", PAGE_TEXT, re.DOTALL)
    assert store is not None
    (tmp_path / "corner-shop.toml").write_text(store[1], "utf-8")
    program = tmp_path / "replygate"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m replygate "$@"\n', "utf-8")
    program.chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])

    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "COLUMNS": "80"},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert _timeless(done.stdout.decode()) == _timeless(output)


def test_the_page_has_an_example_of_each_judging_command() -> None:
    shown = " ".join(command for command, _ in EXAMPLES)
    for command in ("try", "screen", "check", "lint", "replay"):
        assert f"replygate {command} " in shown


def _timeless(output: str) -> str:
    return re.sub(r"[\d.]+ µs，加载后判断 \d+ 次", "T µs，加载后判断 N 次", output)
