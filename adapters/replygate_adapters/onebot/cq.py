"""CQ codes: a message as one string, `[CQ:face,id=1]` between texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from replygate_adapters.onebot.pieces import Unreadable

_CODE: Final = re.compile(r"\[CQ:([A-Za-z0-9_.\-]+)((?:,[^\]]*)?)\]")


@dataclass(frozen=True, slots=True)
class Code:
    """One CQ code, and how it was written."""

    raw: str
    type: str
    data: dict[str, str]


def split(message: str) -> Iterator[str | Code]:
    """The texts (still escaped) and codes of a message, in order; nothing is left out.

    What is no well-formed code is text. Raises Unreadable for a code that names a key twice.
    """
    end = 0
    for found in _CODE.finditer(message):
        if found.start() > end:
            yield message[end : found.start()]
        yield Code(found.group(), found.group(1), _data(found.group(1), found.group(2)))
        end = found.end()
    if end < len(message):
        yield message[end:]


def code(type_: str, data: Mapping[str, object]) -> str:
    """A CQ code as a string."""
    written = (
        f"{key}={escape_value(str(value))}" if key else escape_value(str(value))
        for key, value in data.items()
    )
    return f"[CQ:{','.join([type_, *written])}]"


def escape(text: str) -> str:
    """Text as it stands outside of codes."""
    return text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")


def escape_value(text: str) -> str:
    """Text as it stands inside of a code."""
    return escape(text).replace(",", "&#44;")


def unescape(text: str) -> str:
    """What an escaped text means."""
    for written, meant in (("&#44;", ","), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


def _data(type_: str, parameters: str) -> dict[str, str]:
    data: dict[str, str] = {}
    for parameter in parameters.split(",")[1:]:
        key, equals, value = parameter.partition("=")
        key, value = (key.strip(), value) if equals else ("", parameter)
        if key in data:
            raise Unreadable(f"a CQ code of type {type_} names {key or 'nothing'!r} twice")
        data[key] = unescape(value)
    return data
