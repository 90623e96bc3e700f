"""A JSON body with variables. Values go in after parsing, so that no text can break out of it."""

from __future__ import annotations

import json
import string
from collections.abc import Collection, Mapping
from typing import Any

VARIABLES = ("text", "conversation", "store", "client_id", "origin", "agent")
"""What a body may name, each as `{name}`; `{{` and `}}` are braces."""


def variables_in(text: str, known: Collection[str] = VARIABLES) -> list[str]:
    """The variables that a string names.

    Raises ValueError where its braces are wrong or name what is not `known`.
    """
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError("has a brace that is not closed or not opened") from None
    found = []
    for _, name, form, conversion in parts:
        if name is None:
            continue
        # Nothing but a bare name: `{text.__class__}` would reach into the program.
        written = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        if written not in known:
            raise ValueError(f'there is no variable "{{{written}}}"')
        found.append(name)
    return found


def is_nested_json(text: str) -> bool:
    """Whether a string is itself a JSON object or list, into which a value would go unescaped."""
    try:
        value = json.loads(text.format_map(dict.fromkeys(VARIABLES, "0")))
    except ValueError:
        return False
    return isinstance(value, dict | list)


class BodyTemplate:
    """A JSON object whose strings may name variables. Checked before it is built; never changes."""

    __slots__ = ("_source",)

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source

    def fill(self, values: Mapping[str, str | None]) -> dict[str, Any]:
        """The object with every variable in its place; `values` has all of `VARIABLES`.

        A variable that is a whole string becomes null where its value is None; inside other text
        it becomes nothing.
        """
        texts = {name: value or "" for name, value in values.items()}
        return {key: _fill(value, values, texts) for key, value in self._source.items()}


def _fill(part: Any, values: Mapping[str, str | None], texts: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _fill(value, values, texts) for key, value in part.items()}
    if isinstance(part, list):
        return [_fill(value, values, texts) for value in part]
    if isinstance(part, str):
        whole = part[1:-1] if part.startswith("{") and part.endswith("}") else ""
        return values[whole] if whole in values else part.format_map(texts)
    return part
