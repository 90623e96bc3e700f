"""What the timing room asks for: facts to write down, timers to set, things to do.

The ledger writes the fact commands of one event in one transaction. They carry whole rows: written
again, a row replaces the one of the same key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replygate.timing.clocks import Clock
from replygate.timing.events import Fact, LegKind, Mark
from replygate.timing.timeline import Turn

LegKey = tuple[LegKind, str, str]

SkipReason = Literal[
    "too_late",
    "max_per_turn",
    "max_per_day",
    "min_gap",
    "quota",
    "not_needed",
    "no_text",
]

EscalateReason = Literal["waiting", "hold_too_late", "hold_failed", "hold_unknown", "follow_up"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One timer of a conversation; at most one of each kind is armed.

    `opened_by` and `rule_id` name the clock it runs for; a `follow_up` has the hold's message
    id in `opened_by` and no rule.
    """

    kind: LegKind
    due_ms: int
    turn: str
    opened_by: str
    rule_id: str

    @property
    def key(self) -> LegKey:
        """What it is done once for: people are told once a turn and rule, the rest once a clock."""
        once_a_turn = self.kind in {"warn", "escalate"}
        return (self.kind, self.turn if once_a_turn else self.opened_by, self.rule_id)


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A buyer waits."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class ExtendTurn:
    """The buyer, who waits, wrote again, or was transferred."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class CloseTurn:
    """The store answered; or it turned out that another message did, at another time."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class VoidTurn:
    """There was no such turn: a late fact showed another opening, or the question was excused."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class OpenClock:
    """A deadline runs."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class StopClock:
    """A reply counted; `clock.met_strictly` says whether in time."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class DoubtClock:
    """A reply came of which the sources do not say whether it counts."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class VoidClock:
    """There was no such clock: see `VoidTurn`."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Arm:
    """Set this timer, in place of any of the same kind."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take this timer back."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Fired:
    """This leg is done and must not be armed again, after a restart either."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class SendHold:
    """Send this holding reply; what became of it comes back as `HoldDone(turn, seq)`.

    `template` is the text before its variables were filled in: what rotation goes by.
    """

    turn: str
    seq: int
    rule_id: str
    clock_due_ms: int
    template: str
    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SkipHold:
    """A hold was due and was not sent."""

    turn: str
    rule_id: str
    clock_due_ms: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Warn:
    """Half of the time is gone: tell people on duty."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Escalate:
    """Tell people now. `clock` is the deadline at stake, where one still runs."""

    turn: str
    reason: EscalateReason
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A deadline passed, and nobody gave a reply in time that may count."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of the promise in a holding reply. `at_ms` is the answer's or the leg's time."""

    hold: str
    turn: str
    outcome: Literal["answered", "escalated"]
    at_ms: int


@dataclass(frozen=True, slots=True)
class TooOld:
    """Older than what the conversation remembers: written down, but nothing follows from it."""

    fact: Fact | Mark


Command = (
    OpenTurn
    | ExtendTurn
    | CloseTurn
    | VoidTurn
    | OpenClock
    | StopClock
    | DoubtClock
    | VoidClock
    | Arm
    | Cancel
    | Fired
    | SendHold
    | SkipHold
    | Warn
    | Escalate
    | Breach
    | FollowUp
    | TooOld
)
