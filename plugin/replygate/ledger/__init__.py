"""Durable facts: who wrote what when, who waits, which timers run, what was sent."""

from replygate.ledger.executors import InlineExecutor, one_thread
from replygate.ledger.facts import (
    NO_CHANGE,
    Change,
    ClockRow,
    ConversationFacts,
    DutyRow,
    FindingRow,
    History,
    LegKey,
    LegKind,
    LegRow,
    LegState,
    MessageFact,
    OutboxRow,
    RatingRow,
    Restored,
    SendState,
    TurnRow,
)
from replygate.ledger.protocol import Ledger
from replygate.ledger.sqlite import SqliteLedger

__all__ = [
    "NO_CHANGE",
    "Change",
    "ClockRow",
    "ConversationFacts",
    "DutyRow",
    "FindingRow",
    "History",
    "InlineExecutor",
    "Ledger",
    "LegKey",
    "LegKind",
    "LegRow",
    "LegState",
    "MessageFact",
    "OutboxRow",
    "RatingRow",
    "Restored",
    "SendState",
    "SqliteLedger",
    "TurnRow",
    "one_thread",
]
