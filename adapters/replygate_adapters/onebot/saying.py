"""A text of ours as an action: in its conversation, and as a segment, so that nothing is code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from replygate_adapters.onebot.events import name_of


@dataclass(frozen=True, slots=True)
class Route:
    """How a buyer was last heard: by which account, and through which group a stranger writes."""

    self_id: str | None
    group: str | None = None


def route_of(event: Mapping[str, Any]) -> Route:
    """The way that a message came."""
    group = None
    if event.get("message_type") == "private" and event.get("sub_type") == "group":
        sender = event.get("sender")
        in_sender = name_of(sender.get("group_id")) if isinstance(sender, Mapping) else None
        group = in_sender or name_of(event.get("group_id"))
    return Route(name_of(event.get("self_id")), group)


def saying(conversation: str, text: str, route: Route | None = None) -> tuple[str, dict[str, Any]]:
    """The action that says a text in a conversation, as its name and parameters."""
    message = [{"type": "text", "data": {"text": text}}]
    kind, _, rest = conversation.rpartition(":")
    if kind == "group":
        return "send_group_msg", {"group_id": _number(rest), "message": message}
    if kind.startswith("guild:"):
        guild = kind.removeprefix("guild:")
        return "send_guild_channel_msg", {"guild_id": guild, "channel_id": rest, "message": message}
    to: dict[str, Any] = {"user_id": _number(conversation)}
    if route is not None and route.group is not None:
        to["group_id"] = _number(route.group)
    return "send_private_msg", {**to, "message": message}


def _number(name: str) -> int | str:
    return int(name) if name.isascii() and name.isdecimal() else name
