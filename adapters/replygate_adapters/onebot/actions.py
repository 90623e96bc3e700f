"""What a bot asks a OneBot v11 implementation to do: which of it says something to a buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from replygate.model import Edit, Kind
from replygate_adapters.onebot.cards import walk_strings
from replygate_adapters.onebot.message import is_empty, walk_file, walk_message
from replygate_adapters.onebot.pieces import Piece, Unreadable, Walk, plain_text, spread

QUICK_OPERATION: Final = "handle_quick_operation"

_SUFFIXES: Final = ("_async", "_rate_limited")

_MESSAGES: Final = frozenset({"message", "messages"})

_BESIDE: Final = frozenset(
    {
        "caption",
        "content",
        "file_name",
        "name",
        "news",
        "nickname",
        "prompt",
        "reason",
        "source",
        "summary",
        "text",
        "title",
    }
)
"""Other parameters that people read."""

_MUST_SPEAK: Final = frozenset(
    {
        "send_msg",
        "send_private_msg",
        "send_group_msg",
        "send_temp_msg",
        "send_guild_channel_msg",
        "send_forward_msg",
        "send_private_forward_msg",
        "send_group_forward_msg",
    }
)
"""Actions that can do nothing without a message."""

_SPEAKING: Final = ("send", "upload", "reply", "comment", "publish", "post")
"""In the name of an action that other parameters than a message make speak."""

_FORWARDING: Final = frozenset({"forward_friend_single_msg", "forward_group_single_msg"})
"""They repeat what was said before: an answer, and no text of their own."""

_SILENT: Final = (
    *("can", "check", "clean", "create", "del", "download", "fetch", "get", "mark", "move"),
    *("nc_get", "ocr", "rename", "set", "translate"),
)
"""How the names of actions begin that say nothing to anybody."""

_REQUEST: Final = "set_group_add_request"
"""Its `reason` is what the one who is refused reads."""

_OPAQUE: Final = frozenset({"send_packet", "llonebot_debug"})
"""They reach below the protocol, where a text can not be seen."""

_PLAIN: Final = frozenset({"send_group_notice"})
"""Their content is never CQ codes."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to a buyer.

    `conversation` is the buyer's id, or `group:ID`. `text` is all that the buyer reads, lines
    joined by a line break; empty for a picture alone.
    """

    conversation: str
    text: str
    kind: Kind
    _action: str = field(repr=False)
    _params: Mapping[str, Any] = field(repr=False)
    _pieces: tuple[Piece, ...] = field(repr=False)

    def rewritten(self, edits: Sequence[Edit]) -> dict[str, Any]:
        """The action's parameters, with `edits` of `text` made; all else stays as it was.

        Raises Unreadable where no message is left.
        """
        walk = Walk(spread(self._pieces, edits))
        params = _walk_params(self._action, self._params, walk)
        for key in _MESSAGES & params.keys():
            if is_empty(params[key]) and not is_empty(self._params[key]):
                raise Unreadable(f"{self._action}: nothing is left of the message")
        return params


def outgoing(action: str, params: Mapping[str, Any]) -> Outgoing | None:
    """What an action says to a buyer; None where it says nothing to anybody.

    Raises Unreadable where it speaks and can not be understood: then it must not be sent.
    """
    name = base_name(action)
    if name in _OPAQUE:
        raise Unreadable(f"{action}: what it would send can not be judged")
    if name == QUICK_OPERATION:
        return _quick_operation(name, params)
    if name == _REQUEST:
        asked = f"request:{_id(params.get('flag')) or ''}"
        return _read(name, params, asked) if params.get("reason") else None
    if not _speaks(name, params):
        return None
    if name in _MUST_SPEAK and not _given(_MESSAGES, params):
        raise Unreadable(f"{action}: expected a message")
    conversation = _conversation(params, private="private" in name)
    if conversation is None:
        if not _has_message(name, params):
            return None  # a file on its way to the implementation, not to a person
        raise Unreadable(f"{action}: expected a user_id or a group_id")
    return _read(name, params, conversation)


def base_name(action: str) -> str:
    """The action's name without what only says how it is run."""
    name = action.strip().lstrip("._").lower()
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _speaks(name: str, params: Mapping[str, Any]) -> bool:
    if name in _MUST_SPEAK | _FORWARDING:
        return True
    if name.startswith(_SILENT):
        return False
    if _given(_MESSAGES | {"content"}, params):
        return True
    if "upload" in name and params.get("file"):
        return True
    return any(word in name for word in _SPEAKING) and _given(_BESIDE, params)


def _given(keys: frozenset[str], params: Mapping[str, Any]) -> bool:
    return any(params.get(key) is not None for key in keys)


def _has_message(name: str, params: Mapping[str, Any]) -> bool:
    return name in _MUST_SPEAK | _FORWARDING or _given(_MESSAGES, params)


def _quick_operation(name: str, params: Mapping[str, Any]) -> Outgoing | None:
    operation = params.get("operation")
    if not isinstance(operation, Mapping):
        return None
    if not any(operation.get(key) for key in ("reply", "reason")):
        return None
    context = params.get("context")
    conversation = _conversation(context) if isinstance(context, Mapping) else None
    if conversation is None:
        raise Unreadable(f"{name}: expected the event of a user or a group as its context")
    return _read(name, params, conversation)


def _read(name: str, params: Mapping[str, Any], conversation: str) -> Outgoing:
    walk = Walk()
    _walk_params(name, params, walk)
    if "upload" in name or name.endswith("_file"):
        walk.saw("file")
    return Outgoing(
        conversation, plain_text(walk.pieces), walk.kind, name, params, tuple(walk.pieces)
    )


def _walk_params(name: str, params: Mapping[str, Any], walk: Walk) -> dict[str, Any]:
    if name == QUICK_OPERATION:
        return {**params, "operation": _walk_operation(params["operation"], walk)}
    # What the buyer reads first comes first, whatever order the keys are in.
    rewritten = dict(params)
    escaped = _is_true(params.get("auto_escape"))
    for key in params:
        if key in _MESSAGES and params[key] is not None:
            rewritten[key] = walk_message(params[key], walk, auto_escape=escaped)
    for key in params:
        if key in _BESIDE:
            rewritten[key] = _walk_beside(name, key, params[key], walk)
    if "upload" in name and "file" in params:
        rewritten |= _file_name(params, walk)
    return rewritten


def _walk_beside(name: str, key: str, value: Any, walk: Walk) -> Any:
    if key == "content" and value is not None and not isinstance(value, bool):
        return walk_message(value, walk, auto_escape=name in _PLAIN)
    return walk_strings(value, walk)


def _walk_operation(operation: Mapping[str, Any], walk: Walk) -> dict[str, Any]:
    rewritten = dict(operation)
    if operation.get("reply"):
        escaped = _is_true(operation.get("auto_escape"))
        reply = walk_message(operation["reply"], walk, auto_escape=escaped)
        if is_empty(reply):
            raise Unreadable(f"{QUICK_OPERATION}: nothing is left of the reply")
        rewritten["reply"] = reply
    if operation.get("reason"):
        rewritten["reason"] = walk_strings(operation["reason"], walk)
    return rewritten


def _file_name(params: Mapping[str, Any], walk: Walk) -> dict[str, Any]:
    """The name of an uploaded file, where none is given beside it."""
    if any(params.get(key) for key in ("name", "file_name")):
        return {}
    named = walk_file({"file": params["file"]}, walk)
    return {"name": named["name"]} if "name" in named else {}


def _is_true(value: object) -> bool:
    """Whether a flag is set, in any of the ways in which HTTP and JSON write it."""
    return value is True or str(value).lower() in {"1", "true", "yes"}


def _conversation(params: Mapping[str, Any], *, private: bool = False) -> str | None:
    """Where a message goes. A private one with a group as well goes to the user, by the group."""
    user, group = (_id(params.get(key)) for key in ("user_id", "group_id"))
    private = private or params.get("message_type") == "private"
    if group and not (user and private):
        return f"group:{group}"
    if user:
        return user
    guild, channel = (_id(params.get(key)) for key in ("guild_id", "channel_id"))
    return f"guild:{guild or ''}:{channel}" if channel else None


def _id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if str(value).strip() in {"", "0"} else str(value).strip()
