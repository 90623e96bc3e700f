"""How the program ends: its exit codes, and the error for input that can not be used."""

from __future__ import annotations

from typing import Final

from replygate.errors import ReplygateError

OK: Final = 0
WRONG: Final = 1
USAGE: Final = 2
REWRITTEN: Final = 3
BLOCKED: Final = 4
OUR_FAULT: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141
"""128 + SIGPIPE, as a shell reports it: whoever read our output stopped reading."""

MEANINGS: Final = {
    OK: "fine",
    WRONG: "the configuration, the input or the place for the output is wrong",
    USAGE: "the command line is wrong",
    REWRITTEN: "a text is rewritten (try, lint)",
    BLOCKED: "a text is blocked (try, lint)",
    OUR_FAULT: "a fault of replygate itself; REPLYGATE_DEBUG=1 shows the traceback",
    INTERRUPTED: "interrupted by Ctrl-C",
    CLOSED_PIPE: "the reader of the output went away",
}


class InputError(ReplygateError):
    """A file or the standard input can not be used. The text names the place first."""
