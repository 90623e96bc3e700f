"""Everything that replygate can raise on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a configuration, and where.

    `line` counts from 1; 0 means that the problem has no line (a missing file, a flag).
    `key` is the dotted key (`screening.rule[2].words[0]`), empty for the file as a whole.
    """

    file: str
    line: int
    key: str
    what: str
    hint: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        mark = " warning:" if self.level == "warning" else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}:{mark}{key} {self.what}{hint}"


class ReplygateError(Exception):
    """Base of every error that replygate raises on purpose."""


class ConfigError(ReplygateError):
    """A configuration can not be used. `problems` holds all of them, in reading order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        assert problems, "a ConfigError names at least one problem"
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UnknownStore(ReplygateError):
    """No store has this id or path."""


class LedgerError(ReplygateError):
    """The facts could not be written."""


class PlatformError(ReplygateError):
    """The selling platform did not take a message."""


class PlatformRefused(PlatformError):
    """The platform said no. Sending it again would be refused again."""


class PlatformBusy(PlatformError):
    """The platform asks to wait; nothing was delivered. `retry_after_s` is in seconds.

    `reached` is False where there was not even a connection.
    """

    def __init__(self, message: str = "", *, retry_after_s: float, reached: bool = True) -> None:
        super().__init__(message or f"the platform asks to wait {retry_after_s:g} s")
        self.retry_after_s = retry_after_s
        self.reached = reached


class SendUncertain(PlatformError):
    """No answer came; it may be out. Repeated only where the platform dedupes by our id."""
