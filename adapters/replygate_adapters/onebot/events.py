"""What a OneBot v11 implementation reports, as the gate's events."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from replygate.events import Inbound, Marked, Outbound
from replygate.model import Kind
from replygate_adapters.onebot.message import walk_message
from replygate_adapters.onebot.pieces import Piece, Unreadable, Walk, plain_text

_MILLISECONDS: Final = 10**11
"""A time that is larger is in milliseconds: as seconds it would be the year 5138."""

_NONSENSE: Final = 10**14

_SECOND_MS: Final = 999
"""What a time in whole seconds leaves out, at most."""

_RECALLS: Final = ("friend_recall", "group_recall")


def canonical(
    event: Mapping[str, Any], store: str, *, now_ms: int | None = None
) -> Inbound | Outbound | Marked | None:
    """The event as the gate takes it; None for what means nothing to it, or can not be read.

    A message of the account itself is `Outbound` of a person: the gate knows its own sends.
    `now_ms` is when it was seen; its own time is in whole seconds, so a question would seem to come
    before the answer of the same second that it followed. Raises nothing.
    """
    found = _read(event, store)
    if found is None or found.at_ms is None or now_ms is None or found.at_ms > now_ms:
        return found
    return replace(found, at_ms=min(found.at_ms + _SECOND_MS, now_ms))


def _read(event: Mapping[str, Any], store: str) -> Inbound | Outbound | Marked | None:
    post_type = event.get("post_type")
    if post_type in ("message", "message_sent"):
        is_own = post_type == "message_sent" or _is_own(event)
        return _sent(event, store) if is_own else _received(event, store)
    if post_type == "notice" and event.get("notice_type") in _RECALLS:
        return _recalled(event, store)
    return None


def _received(event: Mapping[str, Any], store: str) -> Inbound | None:
    conversation = _conversation(event, "user_id")
    if conversation is None:
        return None
    text, kind = _content(event)
    return Inbound(
        store,
        conversation,
        _message_id(event) or _made_up(event, text),
        text,
        # In a group this is what the platform says itself.
        origin="platform" if event.get("sub_type") == "notice" else "buyer",
        kind=kind,
        at_ms=_at_ms(event),
    )


def _sent(event: Mapping[str, Any], store: str) -> Outbound | None:
    conversation = _conversation(event, "target_id")
    if conversation is None or conversation == name_of(event.get("self_id")):
        return None
    text, kind = _content(event)
    return Outbound(
        store,
        conversation,
        text,
        _message_id(event),
        origin="human",
        kind=kind,
        at_ms=_at_ms(event),
    )


def _recalled(event: Mapping[str, Any], store: str) -> Marked | None:
    conversation, message = _conversation(event, "user_id"), _message_id(event)
    if conversation is None or message is None:
        return None
    return Marked(store, conversation, message, "recall", at_ms=_at_ms(event))


def _content(event: Mapping[str, Any]) -> tuple[str, Kind]:
    """The text of a message. What implementations add beside it, such as the name of a picture, is
    left out where there is another: an echo must read as what was sent.
    """
    walk = Walk()
    try:
        main = walk.line()
        message = event.get("message", event.get("raw_message", ""))
        walk_message(message, walk, line=main)
    except Unreadable:
        raw = event.get("raw_message")
        return (raw, "text") if isinstance(raw, str) else ("", "other")
    own = _of_line(walk.pieces, main)
    if own:
        return own, "text"
    kind = walk.kinds[0] if walk.kinds else walk.kind
    return plain_text(walk.pieces), kind


def _of_line(pieces: list[Piece], line: int) -> str:
    return plain_text([piece for piece in pieces if piece.line == line])


def _conversation(event: Mapping[str, Any], peer: str) -> str | None:
    if event.get("message_type") == "group" or event.get("notice_type") == "group_recall":
        group = name_of(event.get("group_id"))
        return None if group is None else f"group:{group}"
    if event.get("message_type") == "guild":
        guild, channel = name_of(event.get("guild_id")), name_of(event.get("channel_id"))
        return f"guild:{guild or ''}:{channel or ''}"
    return name_of(event.get(peer))


def _is_own(event: Mapping[str, Any]) -> bool:
    own = name_of(event.get("self_id"))
    return own is not None and own == name_of(event.get("user_id"))


def _message_id(event: Mapping[str, Any]) -> str | None:
    return name_of(event.get("message_id"))


def _made_up(event: Mapping[str, Any], text: str) -> str:
    """An id for a message without one: the same again for a repeat."""
    said = f"{event.get('time')}:{event.get('user_id')}:{text}"
    return f"at-{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _at_ms(event: Mapping[str, Any]) -> int | None:
    time = event.get("time")
    if isinstance(time, bool) or not isinstance(time, int | float) or not 0 < time < _NONSENSE:
        return None
    return round(time if time >= _MILLISECONDS else time * 1000)


def name_of(value: object) -> str | None:
    """An account, group or message, as text; None for what names none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
