"""From a canonical JSON event to its frozen class. One clear error names the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from replygate.events import (
    Event,
    Excuse,
    Inbound,
    Marked,
    Outbound,
    Presence,
    Rating,
    RatingLabel,
    RatingSource,
    Session,
    Transferred,
)
from replygate.model import Kind, Origin
from replygate.runtime.fields import TEXT_CHARS_MAX, EventError, Fields, shown


def parse_event(data: object, *, store: str | None = None) -> Event:
    """The event that a JSON object describes. Raises EventError.

    `store` is the one that the event came to: a field `store` may be missing then, and must be the
    same where it is not. Unknown fields are kept in `extra`; an unknown type is an error.
    """
    if not isinstance(data, Mapping):
        raise EventError("", f"expected an object, got {shown(data)}")
    fields = Fields(data)
    kind = fields.one_of("type", tuple(_PARSERS))
    named = fields.maybe_text("store") if store is not None else fields.text("store")
    if store is not None and named not in {None, store}:
        raise EventError("store", f"expected {shown(store)}, got {shown(named)}")
    place = store if store is not None else named
    assert place is not None, "one of the two is there"
    return _PARSERS[kind](kind, place, fields)


def _times(fields: Fields) -> dict[str, Any]:
    at_ms = fields.time("at")
    if at_ms is None:
        raise EventError("at", "is missing")
    return {"at_ms": at_ms, "received_ms": fields.time("received_at")}


def _message(_type: str, store: str, fields: Fields) -> Event:
    direction = fields.one_of("direction", ("in", "out"))
    common = {
        "store": store,
        "conversation": fields.text("conversation"),
        "kind": fields.one_of("kind", get_args(Kind), "text"),
        "text": _words(fields),
        "agent": fields.maybe_text("agent"),
        **_times(fields),
    }
    if direction == "in":
        origin = fields.one_of("origin", get_args(Origin), "buyer")
        return Inbound(
            **common,
            id=fields.text("id"),
            origin=origin,
            buyer_name=fields.maybe_text("buyer_name"),
            order=fields.maybe_text("order"),
            extra=fields.extra(),
        )
    origin = fields.one_of("origin", get_args(Origin), "unknown")
    if origin == "buyer":
        raise EventError("origin", 'is "buyer", whose messages come in; direction is "out"')
    return Outbound(**common, id=fields.maybe_text("id"), origin=origin, extra=fields.extra())


def _words(fields: Fields) -> str:
    """An image or a card has no text."""
    try:
        return fields.text("text", most=TEXT_CHARS_MAX, empty=True)
    except EventError as error:
        if error.what == "is missing":
            return ""
        raise


def _marked(type_: str, store: str, fields: Fields) -> Event:
    excuses: dict[str, Excuse] = {excuse: excuse for excuse in get_args(Excuse)}
    return Marked(
        store,
        fields.text("conversation"),
        fields.text("message"),
        excuses[type_],
        **_times(fields),
        extra=fields.extra(),
    )


def _transferred(_type: str, store: str, fields: Fields) -> Event:
    return Transferred(
        store,
        fields.text("conversation"),
        fields.maybe_text("id") or "",
        agent=fields.maybe_text("agent"),
        **_times(fields),
        extra=fields.extra(),
    )


def _session(type_: str, store: str, fields: Fields) -> Event:
    return Session(
        store,
        fields.text("conversation"),
        "open" if type_ == "session_open" else "close",
        fields.maybe_text("id") or "",
        **_times(fields),
        extra=fields.extra(),
    )


def _rating(_type: str, store: str, fields: Fields) -> Event:
    score, label = fields.number("score"), fields.maybe_text("label")
    if score is None and label is None:
        raise EventError("score", "is missing; expected score with scale_max, or label")
    if label is not None and label not in get_args(RatingLabel):
        raise EventError("label", f"expected one of {', '.join(get_args(RatingLabel))}")
    scale_max = fields.number("scale_max")
    if score is not None and scale_max is None:
        raise EventError("scale_max", "is missing beside score")
    if score is not None and scale_max is not None and not 0 <= score <= scale_max:
        raise EventError("score", f"{score:g} is not between 0 and {scale_max:g}")
    labels: dict[str, RatingLabel] = {name: name for name in get_args(RatingLabel)}
    sources: dict[str, RatingSource] = {name: name for name in get_args(RatingSource)}
    return Rating(
        store,
        fields.text("conversation"),
        fields.maybe_text("id") or "",
        score=score,
        scale_max=scale_max,
        label=None if label is None else labels[label],
        reason=fields.maybe_text("reason", most=TEXT_CHARS_MAX),
        source=sources[fields.one_of("source", get_args(RatingSource), "buyer")],
        agent=fields.maybe_text("agent"),
        **_times(fields),
        extra=fields.extra(),
    )


def _presence(type_: str, store: str, fields: Fields) -> Event:
    agent = fields.text("agent")
    return Presence(store, agent, type_ == "agent_online", **_times(fields), extra=fields.extra())


_PARSERS: dict[str, Callable[[str, str, Fields], Event]] = {
    "message": _message,
    "recall": _marked,
    "session_open": _session,
    "session_close": _session,
    "transfer_to_human": _transferred,
    "rating": _rating,
    "ad_reported": _marked,
    "platform_spam": _marked,
    "platform_no_reply_needed": _marked,
    "agent_online": _presence,
    "agent_offline": _presence,
}
