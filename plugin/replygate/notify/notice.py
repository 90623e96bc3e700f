"""What people are told: one notice per event and webhook, with all that a message says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from replygate.config import Store, Webhook
from replygate.config.schema_notify import NoticeKind

Subject = tuple[str, str]
"""Store and conversation, as the platform names it."""

ANSWERED: Final = "turn.closed"
"""The event after which nobody needs to be told of a deadline any more."""

HEARD: Final = frozenset(
    {
        "people.told",
        "deadline.missed",
        "reply.violated",
        "gate.fault",
        "ledger.fault",
        "ledger.recovered",
        "platform.answers",
        ANSWERED,
    }
)
"""Events that something follows from here. All others cost one look into this set."""

_BY_EVENT: Final[Mapping[str, NoticeKind]] = {
    "deadline.missed": "breach",
    "reply.violated": "violated",
    "gate.fault": "fault",
    "ledger.fault": "fault",
    "ledger.recovered": "fault",
    "platform.answers": "fault",
}
_BY_REASON: Final[Mapping[str, NoticeKind | None]] = {
    "warn": "warn",
    "waiting": "escalate",
    "hold_too_late": "escalate",
    "hold_failed": "escalate",
    "hold_unknown": "escalate",
    "follow_up": "follow_up",
    "blocked": "blocked",
    "send_unknown": "send",
    "send_failed": "send",
    "platform_down": "fault",
    # `reply.violated` says more, among it how long the text can be recalled.
    "violated": None,
}
_CAN_WAIT: Final = 3
_RANKS: Final[Mapping[NoticeKind, int]] = {
    "fault": 0,
    "violated": 0,
    "escalate": 0,
    "follow_up": 1,
    "blocked": 1,
    "send": 1,
    "task": 1,
    "breach": 2,
    "warn": 4,
}
RANKS: Final = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that one webhook is told of.

    `conversation` is as it may be shown; `about` and `turn` are the platform's own names and are
    never shown. `said` are the event's fields as the journal writes them. `hard` is False only
    for a deadline of the store's own. `on_duty` are the agents who are there. Times are Unix ms.
    """

    id: str
    kind: NoticeKind
    event: str
    reason: str | None
    at_ms: int
    store: str | None
    shop: str
    platform: str
    conversation: str | None
    rule: str | None
    rule_name: str | None
    due_ms: int | None
    hard: bool
    mention: tuple[str, ...]
    on_duty: tuple[str, ...]
    said: Mapping[str, Any]
    about: Subject | None = field(repr=False)
    turn: str | None = field(repr=False)

    @property
    def rank(self) -> int:
        """How urgent its kind is, 0 the most: what can still be saved comes first."""
        is_own_wish = not self.hard and self.kind in {"escalate", "breach"}
        return _CAN_WAIT if is_own_wish else _RANKS[self.kind]

    @property
    def can_be_counted(self) -> bool:
        """Whether a number is enough where there are many: it asks for no act of its own."""
        return self.rank >= _CAN_WAIT

    @property
    def is_over_when_answered(self) -> bool:
        """Whether an answer makes it pointless."""
        return self.kind in {"warn", "escalate", "follow_up", "blocked"}

    @property
    def same(self) -> tuple[object, ...] | None:
        """What it is known by within its turn; None where each one counts."""
        if self.event == "gate.fault":
            return (self.store, self.event, self.reason)
        if self.turn is None:
            return None
        return (self.store, self.turn, self.kind, self.reason, self.rule)

    @property
    def urgency(self) -> tuple[int, int]:
        """Sorts notices, the most urgent first."""
        recall_ms = 1_000 * int(self.said.get("recall_left_s", 0))
        return (self.rank, self.at_ms + recall_ms if self.due_ms is None else self.due_ms)


def kind_of(event: str, reason: object) -> NoticeKind | None:
    """Under which word of a webhook's `events` this falls; None where nobody is told."""
    if event == "people.told":
        return _BY_REASON.get(str(reason), "task")
    return _BY_EVENT.get(event)


def notice_of(
    event: str,
    kind: NoticeKind,
    store: Store | None,
    webhook: Webhook,
    fields: Mapping[str, Any],
    said: Mapping[str, Any],
    at_ms: int,
    on_duty: tuple[str, ...] = (),
) -> Notice:
    """A notice for one webhook. `fields` are the event's own, `said` what may be shown of them."""
    conversation = fields.get("conversation")
    shown = said.get("conversation")
    if webhook.whole_ids and "conversations" in fields:
        said = {**said, "conversations": list(fields["conversations"])}
    rule_id = fields.get("rule")
    rules = store.deadlines if store else ()
    rule = next((each for each in rules if each.id == rule_id), None)
    due_ms = None
    if fields.get("due_in_ms") is not None:
        due_ms = at_ms + int(fields["due_in_ms"])
    elif fields.get("late_ms") is not None:
        due_ms = at_ms - int(fields["late_ms"])
    return Notice(
        id=uuid4().hex,
        kind=kind,
        event=event,
        reason=fields.get("reason"),
        at_ms=at_ms,
        store=store.id if store else None,
        shop=store.name if store else "",
        platform=(store.profile.name if store.profile else "") if store else "",
        conversation=conversation if webhook.whole_ids else shown,
        rule=rule_id,
        rule_name=rule.name if rule else None,
        due_ms=due_ms,
        hard=rule is None or rule.severity == "hard",
        mention=() if kind == "warn" else webhook.mention,
        on_duty=on_duty,
        said=said,
        about=(store.id, conversation) if store and conversation is not None else None,
        turn=fields.get("turn"),
    )
