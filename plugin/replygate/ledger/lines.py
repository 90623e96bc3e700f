"""What a start and reports read of the facts, and what is kept of a day. Tuples: they are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from replygate.ledger.facts import (
    Direction,
    DutyRow,
    FindingRow,
    LegKind,
    LegState,
    OutboxRow,
    RatingRow,
    SendState,
    TakeoverRow,
    TaskRow,
)
from replygate.model import Action, Origin

Place = tuple[str, str]
"""A conversation: its store and its name there."""


class ArmedLeg(NamedTuple):
    """A timer that is to fire at `due_ms`."""

    store: str
    conversation: str
    kind: LegKind
    due_ms: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a process finds when it starts.

    `legs` are the timers to set, the earliest first; `conversations` those in which somebody waits
    or a deadline runs. `unknown` sends are those that the last process left under way: they may be
    out, and people must look. Those from before it are open tasks already.
    """

    legs: tuple[ArmedLeg, ...]
    conversations: tuple[Place, ...]
    unknown: tuple[OutboxRow, ...]
    takeovers: tuple[TakeoverRow, ...] = ()
    duty: tuple[DutyRow, ...] = ()


FOREVER_MS: Final = 2**62
"""Later than everything."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """What one day of a store comes to. `day` is the ordinal of the local date.

    `law` is a hash of the rules that it was worked out by; of a claim it is the claimant's token,
    and `body` is empty. It holds at every instant from `from_ms` on and before `until_ms`: then
    somebody's time to answer is over, and the day comes to something else.
    """

    store: str
    day: int
    law: str
    body: str
    from_ms: int = 0
    until_ms: int = FOREVER_MS


class MessageLine(NamedTuple):
    """A message without its text."""

    conversation: str
    id: str
    direction: Direction
    origin: Origin
    agent: str | None
    at_ms: int
    received_ms: int
    topic: str | None
    rowid: int


class SendLine(NamedTuple):
    """A send, as far as reports look at it."""

    intent_ms: int
    rowid: int
    send_id: str
    platform_id: str | None
    origin: Origin
    state: SendState
    verdict: Action | None


class FindingLine(NamedTuple):
    """A finding, with what is known of the message that it is about; None where nothing is.

    `verdict` is the gate's; None for a text that went out past it.
    """

    row: FindingRow
    origin: Origin | None
    agent: str | None
    text: str | None
    verdict: Action | None
    is_message: int

    @property
    def went_out(self) -> bool:
        """Whether the text went out as it was."""
        return bool(self.is_message) and self.verdict in {None, "pass"}


class LegLine(NamedTuple):
    """A timer of a holding reply or a promise, of a turn that was asked at `asked_ms`."""

    asked_ms: int
    turn_id: str
    kind: LegKind
    state: LegState
    result: str | None
    opened_by: str


@dataclass(frozen=True, slots=True)
class SpanPage:
    """Facts of a span of time that were read in one transaction, each kind by its time.

    On the first page of a span, `duty` begins with the last word of each agent before the span,
    however old.
    """

    lines: tuple[MessageLine, ...]
    sends: tuple[SendLine, ...]
    findings: tuple[FindingLine, ...]
    legs: tuple[LegLine, ...]
    ratings: tuple[RatingRow, ...]
    duty: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """What is known of one conversation besides its messages and turns, each part by time.

    `takeover` is there while a person has the conversation.
    """

    findings: tuple[FindingRow, ...]
    ratings: tuple[RatingRow, ...]
    tasks: tuple[TaskRow, ...]
    takeover: TakeoverRow | None
