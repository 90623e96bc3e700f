"""Which answer belongs to which action, by the `echo` that both carry."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from uuid import uuid4

from replygate.errors import SendUncertain
from replygate_adapters.onebot.frames import MISSING, Frame, dumps

REMEMBERED: Final = 2_000
"""Actions that were passed on without an answer so far."""


@dataclass(frozen=True, slots=True)
class Call:
    """An action on its way. `echo` is what it must go out under, MISSING for "as it came"."""

    key: str
    echo: object
    answer: asyncio.Future[object]


class Calls:
    """The actions of one connection to the implementation.

    The bot's own `echo` goes out as it came, unless another action under it is on its way: then,
    and for what we call ourselves, a private one takes its place, which the bot never sees.
    """

    def __init__(self) -> None:
        self._prefix = f"replygate:{uuid4().hex}:"
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[object]] = {}
        self._passing: OrderedDict[str, None] = OrderedDict()
        self._replaced: OrderedDict[str, object] = OrderedDict()

    def own(self) -> Call:
        """A call of ours: its answer is for us alone."""
        return self._begin(self._private())

    def begin(self, echo: object) -> Call:
        """An action of the bot whose answer we wait for; the bot gets it, too."""
        key = _key(echo)
        if key not in self._waiting and key not in self._passing:
            return Call(key, MISSING, self._wait(key))
        private = self._private()
        self._remember(self._replaced, private, echo)
        return self._begin(private)

    def passing(self, echo: object) -> object:
        """An action that only passes: the echo it must go out under, MISSING for "as it came"."""
        key = _key(echo)
        if key not in self._waiting:
            self._remember(self._passing, key, None)
            return MISSING
        private = self._private()
        self._remember(self._replaced, private, echo)
        return private

    def done(self, call: Call) -> None:
        """Nobody waits for its answer any more."""
        self._waiting.pop(call.key, None)

    def answered(self, frame: Frame, value: Mapping[str, Any]) -> Frame | None:
        """Hand an answer to who waits for it; what the bot is to get, None for nothing."""
        echo = value.get("echo", MISSING)
        key = _key(echo)
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            self._passing.pop(key, None)
        elif not waiting.done():
            waiting.set_result(value)
        if not (isinstance(echo, str) and echo.startswith(self._prefix)):
            return frame
        if echo not in self._replaced:
            return None
        original = self._replaced.pop(echo)
        rest = {name: part for name, part in value.items() if name != "echo"}
        restored = dumps(rest if original is MISSING else {**rest, "echo": original})
        return restored.encode() if isinstance(frame, bytes) else restored

    def lose(self) -> None:
        """The connection is gone: what has no answer may be out."""
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(
                    SendUncertain("the connection was lost before an answer; it may be out")
                )
                # Where nobody waits any more, nobody is to hear of it.
                answer.exception()

    def _private(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"

    def _begin(self, private: str) -> Call:
        key = _key(private)
        return Call(key, private, self._wait(key))

    def _wait(self, key: str) -> asyncio.Future[object]:
        made = self._waiting[key] = asyncio.get_running_loop().create_future()
        return made

    @staticmethod
    def _remember(known: OrderedDict[str, Any], key: str, value: object) -> None:
        known[key] = value
        if len(known) > REMEMBERED:
            known.popitem(last=False)


def _key(echo: object) -> str:
    """Equal for equal JSON. Where there was none, implementations answer with none, null or ""."""
    if echo is MISSING or echo is None or echo == "":
        return "null"
    return json.dumps(echo, sort_keys=True)
