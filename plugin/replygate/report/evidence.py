"""Everything of one conversation, for an appeal."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Final

from replygate.ledger import (
    ClockRow,
    FindingRow,
    Ledger,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TakeoverRow,
    TaskRow,
    TurnRow,
)
from replygate.ledger.pages import CONVERSATION_ROWS_MAX
from replygate.ledger.queries import HISTORY_MESSAGES_MAX, SENDS_MAX
from replygate.runtime.history import is_notice

BEGINNING_MS: Final = 0
"""Before every fact."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ledger knows of one conversation, each part by time. Times are Unix ms.

    `messages` are of both sides, with the platform's time (`at_ms`) and ours (`received_ms`);
    `text` is None where the store keeps no texts. `notices` are what the platform said (transfers,
    sessions, marks), as messages whose topic names the kind after `runtime.history.NOTICE`.
    `tasks` are what people had to decide, `takeover` says who has the conversation now. A
    finding's `message_id` is that of a message or of a send. `truncated`: the ledger holds more
    of something than it gives at once, and the oldest of that is left out.
    """

    store: str
    conversation: str
    messages: tuple[MessageFact, ...]
    notices: tuple[MessageFact, ...]
    findings: tuple[FindingRow, ...]
    sends: tuple[OutboxRow, ...]
    turns: tuple[TurnRow, ...]
    clocks: tuple[ClockRow, ...]
    legs: tuple[LegRow, ...]
    ratings: tuple[RatingRow, ...]
    tasks: tuple[TaskRow, ...]
    takeover: TakeoverRow | None
    truncated: bool

    @property
    def is_empty(self) -> bool:
        """Whether the ledger knows nothing of it: a wrong name, or it was forgotten."""
        return not (self.messages or self.notices or self.sends or self.ratings)


async def evidence(ledger: Ledger, store: str, conversation: str) -> Evidence:
    """What the ledger knows of one conversation. Raises LedgerError."""
    history = await ledger.history(store, conversation, BEGINNING_MS)
    more = await ledger.days.of_conversation(store, conversation)
    limits: tuple[tuple[Sized, int], ...] = (
        (history.messages, HISTORY_MESSAGES_MAX),
        (history.sends, SENDS_MAX),
        (more.findings, CONVERSATION_ROWS_MAX),
        (more.ratings, CONVERSATION_ROWS_MAX),
        (more.tasks, CONVERSATION_ROWS_MAX),
    )
    return Evidence(
        store=store,
        conversation=conversation,
        messages=tuple(row for row in history.messages if not is_notice(row)),
        notices=tuple(row for row in history.messages if is_notice(row)),
        findings=more.findings,
        sends=history.sends,
        turns=history.turns,
        clocks=tuple(sorted(history.clocks, key=lambda clock: (clock.opened_ms, clock.due_ms))),
        legs=tuple(sorted(history.legs, key=lambda leg: (leg.due_ms, leg.kind, leg.seq))),
        ratings=more.ratings,
        tasks=more.tasks,
        takeover=more.takeover,
        truncated=any(len(rows) >= limit for rows, limit in limits),
    )
