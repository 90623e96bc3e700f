"""What a frame from the bot is: an action that can be judged, or surely none.

Parsers differ: some take the first of two equal keys, some the last, some do not mind capitals.
What the implementation might read in another way than we do is refused, never passed on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

FRAME_BYTES: Final = 16 * 1024 * 1024
"""One frame or body; pictures travel in them."""

Frame = str | bytes
"""A text frame or a binary one, as it came."""

MISSING: Final = object()
"""In place of an `echo` that is not there."""

_TOP: Final = frozenset({"action", "params", "echo"})
_TEXTS: Final = frozenset({"message", "messages", "content", "text", "operation", "reply", "name"})


class Unjudgeable(ValueError):
    """What was asked for can not be judged, so it does not go out. It says why, for a person."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the bot asks of the implementation.

    `echo` is MISSING where there is none. `whole` is the frame's object, with all that is in it.
    """

    name: str
    params: Mapping[str, Any]
    echo: object
    whole: Mapping[str, Any]

    def frame(self, params: Mapping[str, Any] | None = None, echo: object = MISSING) -> str:
        """The frame with other parameters, or under another echo."""
        changed = {**self.whole, "params": self.params if params is None else params}
        return dumps(changed if echo is MISSING else {**changed, "echo": echo})


def dumps(value: object) -> str:
    """Compact JSON in ASCII: a lone surrogate has no UTF-8."""
    return json.dumps(value, separators=(",", ":"))


def read_value(frame: Frame) -> Any:
    """What stands in a frame of the implementation; None where it is no JSON."""
    try:
        return json.loads(frame)
    except (ValueError, RecursionError):
        return None


def read_action(frame: Frame) -> Action | None:
    """The action of a frame; None where it surely has none. Raises Unjudgeable."""
    if not frame.strip():
        return None
    value = read_strictly(frame)
    if isinstance(value, list):
        raise Unjudgeable("expected one action, got a list")
    if not isinstance(value, dict):
        return None
    if not any(key.casefold() == "action" for key in value):
        return None
    _require_exact(value, _TOP)
    name, params = value["action"], value.get("params")
    if not isinstance(name, str):
        raise Unjudgeable("action: expected a string")
    if params is None:
        params = {}
    return Action(name, sound_params(params), value.get("echo", MISSING), value)


def read_strictly(frame: Frame) -> Any:
    """Read JSON that every parser reads alike. Raises Unjudgeable."""
    try:
        return json.loads(frame, object_pairs_hook=_unique, parse_constant=_no_number)
    except Unjudgeable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unjudgeable("expected JSON") from error


def echo_of(frame: Frame) -> object:
    """The echo of a frame that was refused, as far as it can be read."""
    value = read_value(frame)
    return value.get("echo", MISSING) if isinstance(value, dict) else MISSING


def sound_params(params: object) -> Mapping[str, Any]:
    """The parameters of an action. Raises Unjudgeable."""
    if not isinstance(params, dict):
        raise Unjudgeable("params: expected an object")
    _require_exact(params, _TEXTS)
    return params


def _require_exact(keys: Iterable[str], known: frozenset[str]) -> None:
    for key in keys:
        if key not in known and key.casefold() in known:
            raise Unjudgeable(f"expected the key {key.casefold()} in small letters")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unjudgeable("a key stands twice in one object")
    return found


def _no_number(_name: str) -> NoReturn:
    raise Unjudgeable("NaN and Infinity are not JSON")
