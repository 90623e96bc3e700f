"""Who waits, since when, and what will happen."""

from __future__ import annotations

from dataclasses import dataclass

from replygate.config import Store
from replygate.ledger import ConversationFacts
from replygate.ledger.facts import LegKind
from replygate.runtime.intake import Deadline


@dataclass(frozen=True, slots=True)
class Waiting:
    """A buyer whom nobody has answered. Times are Unix ms.

    `deadlines` run, the earliest first; overdue ones are among them. `next_kind` is the timer that
    runs out next, at `next_ms`.
    """

    store: str
    conversation: str
    since_ms: int
    last_message_ms: int
    deadlines: tuple[Deadline, ...]
    next_kind: LegKind | None
    next_ms: int | None


def waiting_of(facts: ConversationFacts, store: Store) -> Waiting:
    """What the ledger knows of an open turn, for people."""
    assert facts.turn is not None, "who waits has a turn"
    rules = {rule.id: rule for rule in store.deadlines}
    deadlines = tuple(
        Deadline(clock.rule_id, rule.name, clock.due_ms, rule.severity)
        for clock in facts.clocks
        if (rule := rules.get(clock.rule_id)) is not None
    )
    leg = facts.next_leg
    return Waiting(
        store=facts.store,
        conversation=facts.conversation,
        since_ms=facts.turn.asked_ms,
        last_message_ms=facts.turn.last_buyer_ms,
        deadlines=deadlines,
        next_kind=None if leg is None else leg.kind,
        next_ms=None if leg is None else leg.due_ms,
    )
