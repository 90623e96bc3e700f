"""Where the program writes: results to stdout, talk to stderr, always UTF-8."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from typing import Final, Literal, TextIO

from replygate.cli.columns import visible

Colour = Literal["green", "yellow", "red", "bold"]

_MIN_COLUMNS: Final = 30
_MAX_COLUMNS: Final = 100

_CODES: Final[dict[Colour, str]] = {"green": "32", "yellow": "33", "red": "31", "bold": "1"}

# A lone surrogate has no UTF-8, and a program that splits our output the way Python does would
# take the others for ends of lines.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def prepare_streams() -> None:
    """Write UTF-8 in any locale; what has no UTF-8 becomes a backslash escape."""
    sys.stdout = _usable(sys.stdout)
    sys.stderr = _usable(sys.stderr)


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed by whoever started us
        return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def abandon_stdout() -> None:
    """Give up on stdout, so that the interpreter does not fail on it once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except io.UnsupportedOperation:
        return  # not a real file: nothing to fail on


def say(line: str) -> None:
    """Tell the person one line on stderr, whatever the line quotes."""
    print(visible(line), file=sys.stderr)


def dump_json(value: object) -> str:
    """Write compact JSON on one line: Chinese as it is, lone surrogates as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def terminal_width() -> int:
    """Columns to fill: the terminal's, or 80 where there is none, within what can be read."""
    return min(max(shutil.get_terminal_size().columns, _MIN_COLUMNS), _MAX_COLUMNS)


def has_colour() -> bool:
    """Whether stdout is a terminal that may be painted."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout.isatty()


def paint(text: str, colour: Colour) -> str:
    """Wrap `text` in a terminal colour."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m"
