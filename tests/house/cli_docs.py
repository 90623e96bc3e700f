"""The parts of `docs/cli.md` that come from the parser.

`PYTHONPATH=tests python -m house.cli_docs` writes them anew.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from house.tree import REPO
from replygate.cli.exits import MEANINGS
from replygate.cli.parser import build_parser

PAGE = REPO / "docs" / "cli.md"

_BLOCK = re.compile(r"(<!-- from the parser: ([\w -]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def rendered(page: str) -> str:
    """Give the page with every generated block as the parser has it now."""
    return _BLOCK.sub(lambda block: f"{block[1]}{_body(block[2])}{block[3]}", page)


def blocks(page: str) -> list[str]:
    """Name the generated blocks in their order."""
    return [block[2] for block in _BLOCK.finditer(page)]


def commands() -> dict[str, argparse.ArgumentParser]:
    """Give every command's own parser, by all that is typed for it (`words lint`)."""
    return dict(_commands(build_parser(), ""))


def _commands(
    parser: argparse.ArgumentParser, before: str
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                inner = dict(_commands(command, f"{before}{name} "))
                yield from inner.items() if inner else [(f"{before}{name}", command)]


def _body(name: str) -> str:
    if name == "exit-codes":
        return _table("exit code", ((str(code), what) for code, what in MEANINGS.items()))
    parser = build_parser() if name == "replygate" else commands()[name]
    assert parser.usage is not None
    assert parser.description is not None
    about = f"```text\n{parser.usage}\n\n{parser.description}\n```\n\n"
    rows = ((_form(action), action.help or "") for action in parser._actions if action.help)
    return about + _table("argument", rows)


def _form(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else ""
    if action.choices and not value:
        value = " or ".join(action.choices)
    if not action.option_strings:
        return f"{value}..." if action.nargs == "+" else value
    return ", ".join(f"{flag} {value}".strip() for flag in action.option_strings)


def _table(head: str, rows: Iterator[tuple[str, str]]) -> str:
    lines = [f"| `{left}` | {right.replace('|', chr(92) + '|')} |" for left, right in rows]
    return "\n".join([f"| {head} | meaning |", "|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text("utf-8")), "utf-8")
