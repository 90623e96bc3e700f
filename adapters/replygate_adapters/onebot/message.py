"""A OneBot v11 message: a string with CQ codes, a list of segments, or one segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from replygate.model import Kind
from replygate_adapters.onebot import cq
from replygate_adapters.onebot.cards import NOT_SHOWN, walk_json, walk_strings, walk_xml
from replygate_adapters.onebot.pieces import DEPTH_MAX, Unreadable, Walk

_KINDS: Final[Mapping[str, Kind]] = {
    "image": "image",
    "mface": "image",
    "record": "voice",
    "voice": "voice",
    "video": "video",
    "file": "file",
    "onlinefile": "file",
    "flashtransfer": "file",
    **dict.fromkeys(
        ("json", "xml", "share", "music", "contact", "location", "ark", "markdown", "cardimage"),
        "card",
    ),
    **dict.fromkeys(("forward", "node", "miniapp", "lightapp", "keyboard", "longmsg"), "card"),
}

_MEDIA: Final = frozenset({"image", "mface", "record", "voice", "video", "file", "onlinefile"})

_MEDIA_SKIP: Final = NOT_SHOWN | {"url"}

_CONTACT_SKIP: Final = NOT_SHOWN - {"id"}
"""A contact card is its number."""

_NAMES: Final = ("name", "file_name")

_NESTED: Final = frozenset({"content", "message", "messages"})


def walk_message(
    message: Any, walk: Walk, *, auto_escape: bool = False, line: int | None = None, depth: int = 0
) -> Any:
    """Visit every text of a message; what comes back is the message with the walk's texts.

    The given message is not changed. Text segments that were emptied are gone: what is left may be
    an empty list or string. With `auto_escape` a string is plain text. Raises Unreadable.
    """
    if depth > DEPTH_MAX:
        raise Unreadable(f"messages inside messages, more than {DEPTH_MAX} deep")
    main = walk.line() if line is None else line
    if isinstance(message, bool) or message is None:
        raise Unreadable(f"expected a message, got {message!r}")
    if isinstance(message, int | float):
        rewritten = walk.visit(str(message), main)
        return message if rewritten == str(message) else rewritten
    if isinstance(message, str):
        if auto_escape:
            return walk.visit(message, main)
        return _string(message, walk, main, depth)
    if isinstance(message, Mapping):
        segment = _segment(message, walk, main, depth)
        return [] if segment is None else segment
    if isinstance(message, list | tuple):
        return _segments(message, walk, main, depth)
    raise Unreadable(f"expected a message, got a {type(message).__name__}")


def is_empty(message: Any) -> bool:
    """Whether nothing is left of a message."""
    return message in ("", [])


def _string(message: str, walk: Walk, main: int, depth: int) -> str:
    parts = list(cq.split(message))
    return "".join(
        _text(part, walk, main) if isinstance(part, str) else _code(part, walk, main, depth)
        for part in parts
    )


def _text(escaped: str, walk: Walk, main: int) -> str:
    meant = cq.unescape(escaped)
    rewritten = walk.visit(meant, main)
    return escaped if rewritten == meant else cq.escape(rewritten)


def _code(code: cq.Code, walk: Walk, main: int, depth: int) -> str:
    given: dict[str, Any] = {"type": code.type, "data": code.data}
    segment = _segment(given, walk, main, depth)
    if segment is None:
        return ""
    return code.raw if segment == given else cq.code(code.type, segment["data"])


def _segments(message: Iterable[Any], walk: Walk, main: int, depth: int) -> list[Any]:
    kept: list[Any] = []
    for each in message:
        if isinstance(each, Mapping):
            segment = _segment(each, walk, main, depth)
            if segment is not None:
                kept.append(segment)
            continue
        rewritten = walk_message(each, walk, line=main, depth=depth + 1)
        if not is_empty(rewritten) or is_empty(each):
            kept.append(rewritten)
    return kept


def _segment(
    segment: Mapping[str, Any], walk: Walk, main: int, depth: int
) -> dict[str, Any] | None:
    """The segment with the walk's texts; None where its text was its all, and is gone."""
    type_ = segment.get("type")
    if not isinstance(type_, str):
        raise Unreadable(f"a segment's type is a string, not {type_!r}")
    if type_ in _KINDS:
        walk.saw(_KINDS[type_])
    if "data" not in segment or not isinstance(segment["data"], Mapping):
        rest = {key: value for key, value in segment.items() if key != "type"}
        return {**segment, **walk_strings(rest, walk)}
    data: Mapping[str, Any] = segment["data"]
    rewritten = _data(type_, data, walk, main, depth)
    return None if rewritten is None else {**segment, "data": rewritten}


def _data(
    type_: str, data: Mapping[str, Any], walk: Walk, main: int, depth: int
) -> dict[str, Any] | None:
    match type_:
        case "text":
            return _text_data(data, walk, main)
        case "node" | "forward":
            return _node(data, walk, depth)
        case "json" | "ark" | "lightapp" | "miniapp" | "xml":
            return _card(type_, data, walk)
        case "file" | "onlinefile":
            return walk_file(data, walk)
        case "contact":
            return _strings(data, walk, _CONTACT_SKIP)
        case "markdown" | "long_msg":
            return {key: _markup(value, walk) for key, value in data.items()}
        case _:
            return _strings(data, walk, _MEDIA_SKIP if type_ in _MEDIA else NOT_SHOWN)


def _text_data(data: Mapping[str, Any], walk: Walk, main: int) -> dict[str, Any] | None:
    text = data.get("text")
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return _strings(data, walk, NOT_SHOWN)
    rewritten = walk.visit(str(text), main)
    if rewritten == str(text):
        return dict(data)
    return {**data, "text": rewritten} if rewritten else None


def _node(data: Mapping[str, Any], walk: Walk, depth: int) -> dict[str, Any] | None:
    """A message that is forwarded, with the name above it."""
    rewritten: dict[str, Any] = {}
    emptied = False
    for key, value in data.items():
        if key in _NESTED and value is not None:
            rewritten[key] = walk_message(value, walk, depth=depth + 1)
            emptied = emptied or (is_empty(rewritten[key]) and not is_empty(value))
        else:
            rewritten[key] = value if key in NOT_SHOWN else walk_strings(value, walk)
    return None if emptied else rewritten


def _card(type_: str, data: Mapping[str, Any], walk: Walk) -> dict[str, Any]:
    inside = walk_xml if type_ == "xml" else walk_json
    rewritten: dict[str, Any] = {}
    for key, value in data.items():
        if key in NOT_SHOWN:
            rewritten[key] = value
        else:
            rewritten[key] = (
                inside(value, walk) if isinstance(value, str) else walk_strings(value, walk)
            )
    return rewritten


def _markup(value: Any, walk: Walk) -> Any:
    return walk_json(value, walk) if isinstance(value, str) else walk_strings(value, walk)


def walk_file(data: Mapping[str, Any], walk: Walk) -> dict[str, Any]:
    """A file with the name that the buyer sees: the given one, else the last part of its path.

    Raises Unreadable where nothing is left of the name: the other one would be seen.
    """
    rewritten = _strings(data, walk, _MEDIA_SKIP)
    named = [key for key in _NAMES if isinstance(data.get(key), str) and data[key]]
    path = data.get("file")
    if not named and isinstance(path, str) and not path.startswith(("base64://", "data:")):
        name = PurePosixPath(path.replace("\\", "/")).name
        shown = walk.visit(name)
        if shown != name:
            rewritten["name"] = shown
            named = ["name"]
    if any(not rewritten[key] for key in named):
        raise Unreadable("nothing is left of the file's name")
    return rewritten


def _strings(data: Mapping[str, Any], walk: Walk, skip: frozenset[str]) -> dict[str, Any]:
    return {
        key: value if key.lower() in skip else walk_strings(value, walk, skip=skip)
        for key, value in data.items()
    }
