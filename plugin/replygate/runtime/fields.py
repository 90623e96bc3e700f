"""The fields of a JSON object, taken one by one; what is wrong is one clear error."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Mapping
from typing import Any

from replygate.errors import ReplygateError

ID_CHARS_MAX = 256
TEXT_CHARS_MAX = 100_000
SHOWN_CHARS_MAX = 40

YEARS = (2000, 2100)
"""A time outside is a wrong unit."""


class EventError(ReplygateError):
    """An event can not be read. `field` names the place, `what` says what was expected there."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field}: {what}" if field else what)
        self.field = field
        self.what = what


class Fields:
    """The fields of one JSON object, each taken once; what is left is kept as `extra`."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self._left = dict(data)

    def extra(self) -> dict[str, object]:
        """What nobody has taken."""
        return self._left

    def text(self, name: str, *, most: int = ID_CHARS_MAX, empty: bool = False) -> str:
        """A string that must be there."""
        value = self._left.pop(name, None)
        if value is None:
            raise EventError(name, "is missing")
        if not isinstance(value, str):
            raise EventError(name, f"expected a string, got {shown(value)}")
        if not value and not empty:
            raise EventError(name, "is empty")
        if len(value) > most:
            raise EventError(name, f"has {len(value)} characters, {most} are the limit")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise EventError(name, "holds half a character (a lone surrogate)")
        return value

    def maybe_text(self, name: str, *, most: int = ID_CHARS_MAX) -> str | None:
        """A string, or None where it is missing or null."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return None
        return self.text(name, most=most)

    def one_of(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> Any:
        """One of these words; `default` where it is missing."""
        if default is not None and self._left.get(name) is None:
            self._left.pop(name, None)
            return default
        value = self.text(name)
        if value not in allowed:
            near = difflib.get_close_matches(value, allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise EventError(
                name, f"expected one of {', '.join(allowed)}; got {shown(value)}{hint}"
            )
        return value

    def number(self, name: str) -> float | None:
        """A number, or None where it is missing or null."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise EventError(name, f"expected a number, got {shown(value)}")
        if not math.isfinite(value):
            raise EventError(name, f"expected a finite number, got {shown(value)}")
        return float(value)

    def time(self, name: str) -> int | None:
        """An ISO 8601 time with its offset, as Unix ms; None where it is missing or null."""
        value = self._left.pop(name, None)
        return None if value is None else parse_time(value, name)


def parse_time(value: object, field: str) -> int:
    """Unix ms of an ISO 8601 time with an offset. Raises EventError."""
    example = "2026-11-20T10:10:15.000+08:00"
    if not isinstance(value, str):
        raise EventError(field, f"expected a time such as {example}, got {shown(value)}")
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError:
        raise EventError(field, f"expected a time such as {example}, got {shown(value)}") from None
    if time.tzinfo is None:
        raise EventError(field, f"has no offset; expected one as in {example}")
    if not YEARS[0] <= time.year < YEARS[1]:
        raise EventError(field, f"lies in the year {time.year}")
    return round(time.timestamp() * 1000)


def shown(value: object) -> str:
    """A value in an error: short, and as JSON would say it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str() | int() | float():
            text = repr(value) if not isinstance(value, str) else f'"{value}"'
            return text if len(text) <= SHOWN_CHARS_MAX else text[:SHOWN_CHARS_MAX] + "…"
        case list():
            return "a list"
        case _:
            return "an object"
