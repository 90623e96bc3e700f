"""The command line. See `docs/cli.md`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import cast

from replygate.cli import exits
from replygate.cli.output import abandon_stdout, prepare_streams, say
from replygate.cli.parser import COMMANDS, parse
from replygate.errors import ConfigError, ReplygateError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. `argv` comes without the program's name."""
    try:
        prepare_streams()
        code = _run(argv)
        # Here and not at exit, where a reader that went away could only be told as a traceback.
        sys.stdout.flush()
    except KeyboardInterrupt:
        abandon_stdout()
        return exits.INTERRUPTED
    except BrokenPipeError:
        abandon_stdout()
        return exits.CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - the last stop: whatever it is, it is said
        return _explain(error)
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = parse(argv)
    except SystemExit as done:
        return cast("int", done.code)
    return cast("int", importlib.import_module(COMMANDS[args.command]).run(args))


def _explain(error: Exception) -> int:
    if os.environ.get("REPLYGATE_DEBUG") == "1":
        sys.__excepthook__(type(error), error, error.__traceback__)
    if isinstance(error, ConfigError):
        for problem in error.problems:
            say(str(problem))
        return exits.WRONG
    if isinstance(error, ReplygateError):
        say(str(error))
        return exits.WRONG
    abandon_stdout()
    if isinstance(error, OSError):
        say(f"replygate: {error.strerror or error}")
        return exits.WRONG
    say(
        f"replygate: internal error: {type(error).__name__}: {error}; REPLYGATE_DEBUG=1 shows where"
    )
    return exits.OUR_FAULT


if __name__ == "__main__":
    sys.exit(main())
