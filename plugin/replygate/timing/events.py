"""What happens in a conversation, as it reaches the timing room.

Facts say what happened, each with the time it happened (`at_ms`) and the time we saw it
(`received_ms`), both Unix ms. Signals say what the runtime is doing. Facts may come late, twice and
in any order; signals may not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from replygate.model import Origin

Direction = Literal["in", "out"]

Excuse = Literal["recall", "platform_spam", "ad_reported", "platform_no_reply_needed"]
"""Why a buyer's message needs no reply. Which of them a platform accepts is profile data."""

CLOSING = "closing"
"""The topic of a message that only says thanks or good-bye: nobody is told to wait for it."""

LegKind = Literal["hold", "warn", "escalate", "breach", "follow_up"]

HoldOutcome = Literal["sent", "unknown", "failed", "cancelled"]
"""`failed`: provably not delivered, or blocked by the gate. `cancelled`: an answer went first."""

Order = tuple[int, int, int, str]

# A reply of the same instant is no answer to a question (a greeting, a clock of whole seconds),
# unless it came through us: then the question was there first.
_SESSION, _STORE_ELSEWHERE, _BUYER, _TRANSFER, _STORE_OWN, _CLOSE = range(6)

# Two reports of one message that disagree: never call automatic what was human's the other way.
_ORIGINS: tuple[Origin, ...] = ("hold", "bot", "platform", "human", "unknown")


@dataclass(frozen=True, slots=True)
class Message:
    """A message of either side, known by its id.

    Only `direction="in"` with origin `buyer` is a question; anything else that comes in is a
    notice or an echo, and opens and stops nothing. `own` says that it went out through our gate.
    """

    id: str
    at_ms: int
    received_ms: int
    direction: Direction
    origin: Origin
    topics: tuple[str, ...] = ()
    own: bool = False

    def __post_init__(self) -> None:
        assert self.direction == "in" or self.origin != "buyer", "a buyer's message comes in"

    @property
    def key(self) -> str:
        """What it is known by within its conversation."""
        return self.id

    @property
    def is_question(self) -> bool:
        """Whether the buyer wrote it."""
        return self.direction == "in" and self.origin == "buyer"

    @property
    def order(self) -> Order:
        """Its place among the facts of the conversation."""
        told = _STORE_OWN if self.own else _STORE_ELSEWHERE
        rank = _BUYER if self.is_question else told
        return (self.at_ms, self.received_ms, rank, self.key)


@dataclass(frozen=True, slots=True)
class Transfer:
    """The platform handed the conversation to a person. An empty id is known by its time."""

    at_ms: int
    received_ms: int
    id: str = ""

    @property
    def key(self) -> str:
        """What it is known by within its conversation."""
        return f"transfer:{self.id or self.at_ms}"

    @property
    def order(self) -> Order:
        """Its place among the facts of the conversation."""
        return (self.at_ms, self.received_ms, _TRANSFER, self.key)


@dataclass(frozen=True, slots=True)
class SessionOpen:
    """The platform opened a session. An empty id is known by its time."""

    at_ms: int
    received_ms: int
    id: str = ""

    @property
    def key(self) -> str:
        """What it is known by within its conversation."""
        return f"session:{self.id or self.at_ms}"

    @property
    def order(self) -> Order:
        """Its place among the facts of the conversation."""
        return (self.at_ms, self.received_ms, _SESSION, self.key)


@dataclass(frozen=True, slots=True)
class SessionClose:
    """The platform closed the session. An empty id is known by its time."""

    at_ms: int
    received_ms: int
    id: str = ""

    @property
    def key(self) -> str:
        """What it is known by within its conversation."""
        return f"close:{self.id or self.at_ms}"

    @property
    def order(self) -> Order:
        """Its place among the facts of the conversation."""
        return (self.at_ms, self.received_ms, _CLOSE, self.key)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something was said of a message, which may itself come later."""

    message: str
    excuse: Excuse
    at_ms: int
    received_ms: int


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer (`send`) entered the gate: until it is through, no holding reply goes out."""

    send: str
    now_ms: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer left the gate, sent or not. What was sent arrives as a `Message`, before this."""

    send: str
    now_ms: int


@dataclass(frozen=True, slots=True)
class HoldDone:
    """What became of a holding reply. One that was sent arrives as a `Message` too, before this."""

    turn: str
    seq: int
    outcome: HoldOutcome
    now_ms: int


@dataclass(frozen=True, slots=True)
class LegDue:
    """The timer of the armed leg of this kind ran out.

    The rest matters to a hold only: the buyer's name and order, which its text may hold.
    """

    kind: LegKind
    now_ms: int
    buyer: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """Nothing happened, but terms or measurements may have changed (a reload): plan again."""

    now_ms: int


Fact = Message | Transfer | SessionOpen | SessionClose
Signal = Answering | Answered | HoldDone | LegDue | Refresh
Event = Fact | Mark | Signal


def merge(one: Fact, other: Fact) -> Fact:
    """Two reports of one fact, whichever came first: our own receipt, else the earlier sight.

    Of two origins the more automatic one stands, and any stands against `unknown`: a bot's or a
    holding text is never labelled human.
    """
    assert one.key == other.key, "these are two facts"
    base, second = sorted((one, other), key=_standing)
    if not (isinstance(base, Message) and isinstance(second, Message)):
        return base
    if base.direction != second.direction or base.is_question != second.is_question:
        return base
    origin = base.origin if base.is_question else min(base.origin, second.origin, key=_automatic)
    topics = tuple(sorted({*base.topics, *second.topics}))
    if origin == base.origin and topics == tuple(sorted(base.topics)):
        return base
    return replace(base, origin=origin, topics=topics)


def _standing(fact: Fact) -> tuple[bool, int, int, str]:
    return (not getattr(fact, "own", False), fact.received_ms, fact.at_ms, repr(fact))


def _automatic(origin: Origin) -> int:
    return _ORIGINS.index(origin)
