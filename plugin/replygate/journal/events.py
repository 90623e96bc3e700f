"""The journal's vocabulary: one event per fact, and what each of its fields says.

`docs/journal.md` describes the same events; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Sensitivity = Literal["plain", "buyer", "text", "findings"]
"""What a field may give away. `plain` nothing; `buyer` who the buyer is; `text` what was said;
`findings` what a rule matched in it."""

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
    "hold.skipped": {**_CLOCK, "reason": "plain"},
    "promise.kept": {**_CONVERSATION, "turn": "buyer", "waited_ms": "plain"},
    "promise.broken": {**_CONVERSATION, "turn": "buyer"},
    "people.told": {**_CLOCK, "reason": "plain", "due_in_ms": "plain"},
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
        "gate.fault",
        "ledger.fault",
        "config.rejected",
        "task.failed",
        "journal.dropped",
    }
)
"""Events somebody should look at: level `warning`, written at once."""
