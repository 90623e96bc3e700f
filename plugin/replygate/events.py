"""What adapters, the sidecar and `replay` tell the gate: the canonical events, as frozen classes.

Times are Unix ms; None means now. `received_ms` is when we saw it. `extra` keeps the fields of a
JSON event that mean nothing to the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

from replygate.model import Kind, Origin

Excuse = Literal["recall", "platform_spam", "ad_reported", "platform_no_reply_needed"]
"""What the platform can say of a message, after which it may need no reply."""

RatingLabel = Literal["satisfied", "average", "disappointed"]

RatingSource = Literal["buyer", "invited", "system"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that came in. Only one of origin `buyer` is a question; others are notices.

    It is known by (store, conversation, id). `topics` are what the question is about. `buyer_name`
    and `order` are what a holding text may call the buyer and the order.
    """

    store: str
    conversation: str
    id: str
    text: str = ""
    _: KW_ONLY
    origin: Origin = "buyer"
    kind: Kind = "text"
    at_ms: int | None = None
    received_ms: int | None = None
    agent: str | None = None
    topics: tuple[str, ...] = ()
    buyer_name: str | None = None
    order: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message that went out to the buyer and not through the gate: a console, an echo.

    Without an `id` it is known by its time and text.
    """

    store: str
    conversation: str
    text: str
    id: str | None = None
    _: KW_ONLY
    origin: Origin = "unknown"
    kind: Kind = "text"
    at_ms: int | None = None
    received_ms: int | None = None
    agent: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        assert self.origin != "buyer", "a buyer's message comes in"


@dataclass(frozen=True, slots=True)
class Marked:
    """The platform said something of a message (`message` is its id), or it was recalled."""

    store: str
    conversation: str
    message: str
    excuse: Excuse
    _: KW_ONLY
    at_ms: int | None = None
    received_ms: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Transferred:
    """The platform handed the conversation to a person."""

    store: str
    conversation: str
    id: str = ""
    _: KW_ONLY
    at_ms: int | None = None
    received_ms: int | None = None
    agent: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """The platform opened or closed a session."""

    store: str
    conversation: str
    state: Literal["open", "close"]
    id: str = ""
    _: KW_ONLY
    at_ms: int | None = None
    received_ms: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    """What the buyer thought of the service: `score` of `scale_max`, or a `label`."""

    store: str
    conversation: str
    id: str = ""
    _: KW_ONLY
    score: float | None = None
    scale_max: float | None = None
    label: RatingLabel | None = None
    reason: str | None = None
    source: RatingSource | None = None
    at_ms: int | None = None
    received_ms: int | None = None
    agent: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent came online or left."""

    store: str
    agent: str
    online: bool
    _: KW_ONLY
    at_ms: int | None = None
    received_ms: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


Event = Inbound | Outbound | Marked | Transferred | Session | Rating | Presence
