"""The durable facts, one frozen class per table. All times are Unix milliseconds.

The fields stand in the order of the table's columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replygate.events import RatingLabel, RatingSource
from replygate.model import Action, FindingAction, Kind, Origin

TEXT_CHARS_MAX = 4000
"""A longer text is cut when it is stored; `text_hash` is of the whole."""

Direction = Literal["in", "out"]

LegKind = Literal["warn", "hold", "escalate", "breach", "follow_up"]

LegState = Literal["armed", "fired", "skipped", "cancelled"]
"""A leg leaves `armed` once and never comes back; another try is another `seq`."""

SendState = Literal["armed", "sending", "sent", "unknown", "failed", "skipped", "cancelled"]
"""`unknown`: it may be out. `failed`: provably not delivered. `skipped`: never tried."""


@dataclass(frozen=True, slots=True)
class MessageFact:
    """One message, known by (store, conversation, id).

    `at_ms` is the platform's time, `received_ms` ours. `text_hash` comes from
    `Ledger.text_hash`; `text` is None where the store keeps no texts.
    """

    store: str
    conversation: str
    id: str
    direction: Direction
    origin: Origin
    agent: str | None
    kind: Kind
    at_ms: int
    received_ms: int
    topic: str | None
    text_hash: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn. `generation` puts the turns of a conversation in order: the latest has the highest.

    `last_buyer_ms` is the buyer's last message or the transfer to a human, whichever is later:
    a holding reply goes out only while nothing from the store has gone out after it.
    `asked_id` and `closed_by` are message ids. A turn is open while `closed_ms` is None.
    """

    turn_id: str
    store: str
    conversation: str
    generation: int
    asked_ms: int
    asked_id: str | None
    last_buyer_ms: int
    closed_ms: int | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One deadline rule running. `opened_by` and `stopped_by` name the message or event."""

    store: str
    conversation: str
    rule_id: str
    opened_by: str
    opened_ms: int
    due_ms: int
    stopped_ms: int | None = None
    stopped_by: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class LegKey:
    """Names one timer of a turn. `seq` counts the legs of one kind."""

    turn_id: str
    kind: LegKind
    seq: int = 0


@dataclass(frozen=True, slots=True)
class LegRow:
    """One timer. `result` says in a word what came of it; for a hold the state of its send.

    `opened_by` and `rule_id` name the clock it runs for; a `follow_up` has its hold's message id
    in `opened_by`.
    """

    turn_id: str
    kind: LegKind
    seq: int
    due_ms: int
    state: LegState = "armed"
    result: str | None = None
    opened_by: str = ""
    rule_id: str = ""

    @property
    def key(self) -> LegKey:
        """What names this leg."""
        return LegKey(self.turn_id, self.kind, self.seq)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One send, answer or hold. `send_id` is unique over all stores.

    A hold (`origin="hold"`) belongs to the leg (`turn_id`, "hold", `leg_seq`); an answer has no
    `leg_seq`. `intent_ms` is when the send was last asked for. `client_id` is the message id that
    we give the platform, `platform_id` the one it gave us. `text_hash` recognises our own echo.
    """

    send_id: str
    store: str
    conversation: str
    turn_id: str | None
    origin: Origin
    agent: str | None
    state: SendState
    intent_ms: int
    client_id: str | None = None
    platform_id: str | None = None
    result: str | None = None
    verdict: Action | None = None
    leg_seq: int | None = None
    text_hash: str | None = None

    def __post_init__(self) -> None:
        assert (self.origin == "hold") == (self.leg_seq is not None), "a hold is sent by its leg"
        assert self.leg_seq is None or self.turn_id is not None, "a leg belongs to a turn"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One rule that matched. `message_id` is the message's id, or the send's where none went out.

    `start` and `stop` count code points of the original. `masked` is what matched, with contact
    data masked; None where the store keeps no texts.
    """

    store: str
    conversation: str
    message_id: str
    at_ms: int
    rule_id: str
    action: FindingAction
    start: int
    stop: int
    evasion: bool
    masked: str | None = None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What a buyer thought of the service, known by (store, conversation, id).

    `score` is of `scale_max`. `reason` has contact data masked; None where the store keeps no
    texts.
    """

    store: str
    conversation: str
    id: str
    at_ms: int
    received_ms: int
    agent: str | None = None
    score: float | None = None
    scale_max: float | None = None
    label: RatingLabel | None = None
    reason: str | None = None
    source: RatingSource | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """An agent came online or left, known by everything but `received_ms`."""

    store: str
    agent: str
    at_ms: int
    received_ms: int
    online: bool


@dataclass(frozen=True, slots=True)
class TakeoverRow:
    """A person has taken a conversation over from the bot.

    `last_ms` is when the person last did something there: took it over, or wrote.
    """

    store: str
    conversation: str
    agent: str
    since_ms: int
    last_ms: int


TaskKind = Literal["unknown", "blocked", "draft"]
"""What a person is asked for: a send that may be out, a text that the gate kept back, a bot's
text that came while a person had the conversation."""

TaskOutcome = Literal["sent", "not_sent", "released", "dropped", "answered"]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something that a person must decide; there is one at most of each kind for a send.

    `text` is what may still be released, kept only while the task is open. `done_by` is None
    where the platform itself settled it (an echo, its history). Open while `done_ms` is None.
    """

    task_id: str
    store: str
    conversation: str
    kind: TaskKind
    at_ms: int
    send_id: str
    turn_id: str | None
    origin: Origin
    agent: str | None
    reason: str | None
    text: str | None = None
    done_ms: int | None = None
    done_by: str | None = None
    outcome: TaskOutcome | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person, or the platform itself (`by` None), made of a task, and when."""

    outcome: TaskOutcome
    at_ms: int
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A send that ends a task: it begins only while the task is open, and closes it."""

    task_id: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Change:
    """What one event changes besides its own message; written in the same transaction.

    A turn or clock that the ledger knows is updated (a turn keeps its generation). A leg that it
    knows gets the new due time if it is still armed; one that has left `armed` stays as it is.
    `cancel` is done before `legs`. `done` are legs that fired or were skipped, known or not; a hold
    that is sent is not among them, as it fires through `begin` only.
    """

    turns: tuple[TurnRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    legs: tuple[LegRow, ...] = ()
    cancel: tuple[LegKey, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    done: tuple[LegRow, ...] = ()

    def __post_init__(self) -> None:
        assert all(leg.state in {"fired", "skipped"} for leg in self.done), "done legs are done"


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """What must be known to carry on with a conversation.

    `turn` is the latest one, open or closed; None where there was none. `clocks` are those not
    stopped, by due time; `legs` the armed ones of every turn, by due time. `messages` are those
    since the turn was asked, oldest first, the latest `CONVERSATION_MESSAGES_MAX` of them.
    `last_store_ms` is when the store last said anything, the platform's automatic texts aside.
    """

    store: str
    conversation: str
    turn: TurnRow | None
    clocks: tuple[ClockRow, ...]
    legs: tuple[LegRow, ...]
    messages: tuple[MessageFact, ...]
    last_store_ms: int | None

    @property
    def next_clock(self) -> ClockRow | None:
        """The deadline that comes first."""
        return self.clocks[0] if self.clocks else None

    @property
    def next_leg(self) -> LegRow | None:
        """What will happen next."""
        return self.legs[0] if self.legs else None


@dataclass(frozen=True, slots=True)
class History:
    """What happened in a conversation, so that its state can be worked out again.

    `messages` (by time, the latest `HISTORY_MESSAGES_MAX`), `turns` and `sends` (oldest first) are
    those since the moment that was asked for, or since its latest turn was asked where that is
    still open and older. `clocks` are those that run or began since then; `legs` are of `turns`.
    """

    turns: tuple[TurnRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    legs: tuple[LegRow, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    sends: tuple[OutboxRow, ...] = ()
