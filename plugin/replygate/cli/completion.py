"""`replygate completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import importlib
from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from typing import Any, Final

from replygate.cli.exits import OK, InputError
from replygate.cli.parser import build_parser

_FILES: Final = frozenset(
    {"corpus", "file", "files", "journal", "new", "old", "operators", "store", "stores"}
)


def run(args: Namespace) -> int:
    """Print the script. Raises InputError where shtab, an extra, is not installed."""
    try:
        shtab: Any = importlib.import_module("shtab")
    except ModuleNotFoundError as fault:
        raise InputError(
            "completion: shtab is not installed; run pip install 'replygate[completion]'"
        ) from fault
    parser = build_parser()
    for action in _actions(parser):
        if action.dest in _FILES:
            vars(action)["complete"] = shtab.FILE
    print(shtab.complete(parser, shell=args.shell))
    return OK


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list them
        yield action
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
