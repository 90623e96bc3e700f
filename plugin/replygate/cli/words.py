"""`replygate words`: chooses among its commands."""

from __future__ import annotations

import importlib
from argparse import Namespace
from typing import Final, cast

COMMANDS: Final = {
    "lint": "replygate.cli.words_lint",
    "import": "replygate.cli.words_import",
    "diff": "replygate.cli.words_diff",
}


def run(args: Namespace) -> int:
    """Run the command that was named."""
    return cast("int", importlib.import_module(COMMANDS[args.words_command]).run(args))
