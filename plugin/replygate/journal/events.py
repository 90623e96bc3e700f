"""The journal's vocabulary: one event per fact, and what each of its fields says.

`docs/journal.md` describes the same events; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Sensitivity = Literal["plain", "buyer", "buyers", "text", "findings"]
"""What a field may give away. `plain` nothing; `buyer` who the buyer is, `buyers` who several
are; `text` what was said; `findings` what a rule matched in it."""

COMMON: Mapping[str, Sensitivity] = {
    "event": "plain",
    "at": "plain",
    "store": "plain",
}
"""Fields of every event; `store` is missing where an event is about the whole process."""

_CONVERSATION: dict[str, Sensitivity] = {"conversation": "buyer"}
_SEND: dict[str, Sensitivity] = {
    **_CONVERSATION,
    "send": "plain",
    "turn": "buyer",
    "origin": "plain",
    "agent": "plain",
}
_VERDICT: dict[str, Sensitivity] = {"action": "plain", "text": "text", "findings": "findings"}
_CLOCK: dict[str, Sensitivity] = {**_CONVERSATION, "turn": "buyer", "rule": "plain"}

EVENTS: Mapping[str, Mapping[str, Sensitivity]] = {
    "message.received": {
        **_CONVERSATION,
        "id": "buyer",
        "origin": "plain",
        "kind": "plain",
        "text": "text",
        "late_ms": "plain",
        "new": "plain",
    },
    "turn.opened": {**_CONVERSATION, "turn": "buyer", "deadlines": "plain"},
    "turn.closed": {**_CONVERSATION, "turn": "buyer", "origin": "plain", "waited_ms": "plain"},
    "deadline.missed": {**_CLOCK, "late_ms": "plain", "hard": "plain"},
    "reply.screened": {**_SEND, **_VERDICT, "would": "plain", "took_us": "plain"},
    "reply.sent": {**_SEND, "text": "text", "platform_id": "plain", "took_ms": "plain"},
    "reply.blocked": {**_SEND, **_VERDICT},
    "reply.failed": {**_SEND, "reason": "plain"},
    "reply.unknown": {**_SEND, "reason": "plain"},
    "reply.violated": {
        **_CONVERSATION,
        "id": "buyer",
        "origin": "plain",
        "agent": "plain",
        **_VERDICT,
        "recall_left_s": "plain",
    },
    "reply.kept": {**_SEND, "by": "plain", "text": "text"},
    "reply.released": {
        **_SEND,
        "by": "plain",
        "task": "plain",
        "text": "text",
        "findings": "findings",
    },
    "hold.skipped": {**_CLOCK, "reason": "plain"},
    "promise.kept": {**_CONVERSATION, "turn": "buyer", "waited_ms": "plain"},
    "promise.broken": {**_CONVERSATION, "turn": "buyer"},
    "people.told": {
        **_CLOCK,
        "reason": "plain",
        "due_in_ms": "plain",
        "agents": "plain",
        "gone": "plain",
        "open": "plain",
        "waiting": "plain",
        "promised": "plain",
        "tasks": "plain",
        "conversations": "buyers",
    },
    "people.asked": {
        **_CONVERSATION,
        "task": "plain",
        "kind": "plain",
        "send": "plain",
        "reason": "plain",
    },
    "people.decided": {
        **_CONVERSATION,
        "task": "plain",
        "kind": "plain",
        "by": "plain",
        "outcome": "plain",
    },
    "conversation.taken": {**_CONVERSATION, "agent": "plain", "reason": "plain"},
    "conversation.returned": {**_CONVERSATION, "agent": "plain", "reason": "plain"},
    "agent.online": {"agent": "plain"},
    "agent.offline": {"agent": "plain"},
    "shift.ended": {"shift": "plain", "agents": "plain", "late_ms": "plain"},
    "notify.sent": {"webhook": "plain", "notices": "plain", "took_ms": "plain"},
    "notify.failed": {
        "webhook": "plain",
        "reason": "plain",
        "retry_s": "plain",
        "waiting": "plain",
    },
    "notify.recovered": {"webhook": "plain"},
    "notify.dropped": {"webhook": "plain", "notices": "plain", "reason": "plain"},
    "people.suggested": {
        **_CONVERSATION,
        "turn": "buyer",
        "id": "buyer",
        "topic": "plain",
        "suggestion": "plain",
    },
    "platform.silent": {"failures": "plain"},
    "platform.answers": {},
    "buyer.forgotten": {"rows": "plain"},
    "gate.fault": {**_CONVERSATION, "reason": "plain"},
    "ledger.fault": {"reason": "plain"},
    "ledger.recovered": {},
    "clock.jumped": {"drift_ms": "plain"},
    "connection.opened": {"side": "plain"},
    "connection.closed": {"side": "plain", "code": "plain"},
    "config.loaded": {"stores": "plain"},
    "config.rejected": {"problems": "plain"},
    "process.started": {"version": "plain", "stores": "plain", "restored": "plain"},
    "process.drained": {"took_ms": "plain", "left_armed": "plain"},
    "task.failed": {"task": "plain", "reason": "plain"},
    "journal.dropped": {"lines": "plain"},
}
"""Every event and its own fields."""

ALARMS = frozenset(
    {
        "reply.blocked",
        "reply.failed",
        "reply.unknown",
        "reply.violated",
        "deadline.missed",
        "promise.broken",
        "people.told",
        "platform.silent",
        "notify.failed",
        "notify.dropped",
        "gate.fault",
        "ledger.fault",
        "config.rejected",
        "task.failed",
        "journal.dropped",
    }
)
"""Events somebody should look at: level `warning`, written at once."""
