"""How far a long work is, for a person who watches."""

from __future__ import annotations

import sys
from typing import Final

_CELLS: Final = 24


class Progress:
    """One line on stderr that is rewritten; nothing at all where stderr is no terminal."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._shown = -1
        self._live = total > 0 and sys.stderr.isatty()

    def to(self, done: int) -> None:
        """Show that `done` of the total is done."""
        if not self._live:
            return
        percent = min(100 * done // self._total, 100)
        if percent != self._shown:
            self._shown = percent
            bar = "#" * (_CELLS * percent // 100)
            print(f"\r{self._what} [{bar:<{_CELLS}}] {percent:3} %", end="", file=sys.stderr)
            sys.stderr.flush()

    def end(self) -> None:
        """Take the line away again."""
        if self._shown >= 0:
            blank = " " * (len(self._what) + _CELLS + 9)
            print(f"\r{blank}\r", end="", file=sys.stderr)
            sys.stderr.flush()
