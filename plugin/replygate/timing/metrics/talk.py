"""What metrics are counted from: who said what when, who was online, and how buyers rated it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from replygate.model import Origin
from replygate.timing.events import Excuse

What = Literal["question", "answer", "session_open", "session_close", "transfer"]
"""`answer` is any message of the store, whoever sent it: whether it counts is up to each rule."""


class Line(NamedTuple):
    """One fact of a conversation. `at_ms` is Unix ms; `agent` is "" where nobody is named.

    `origin`, `topics` and `excuses` matter to messages only.
    """

    at_ms: int
    what: What
    id: str = ""
    origin: Origin = "unknown"
    agent: str = ""
    topics: tuple[str, ...] = ()
    excuses: tuple[Excuse, ...] = ()


class Talk(NamedTuple):
    """A conversation: its lines as they happened, in the order of `timing.events`."""

    conversation: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class RatingFact:
    """A buyer's rating. Without a score and without a label it is a card that nobody filled in."""

    at_ms: int
    conversation: str
    agent: str = ""
    score: float | None = None
    scale_max: float | None = None
    label: str | None = None
    reason: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class OnlineFact:
    """An agent came (`online`) or went. Before the first word of an agent he is away."""

    at_ms: int
    agent: str
    online: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that metrics need of some days of a store.

    The days around those that are counted belong to it as context: answers that came after
    midnight, the start of a session, who was online before. Talks may come in any order, each
    conversation once; ratings and comings and goings in any order.
    """

    talks: Sequence[Talk] = ()
    ratings: Sequence[RatingFact] = ()
    online: Sequence[OnlineFact] = ()
