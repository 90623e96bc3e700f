"""What the gate says, as JSON. The shapes stand in `models.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from replygate.runtime import Deadline, Observed, Received, Sent, Waiting
from replygate.sidecar.verdicts import verdict_json
from replygate.timing.calendar import PLATFORM_ZONE

Json = dict[str, Any]


def sent(outcome: Sent) -> Json:
    """What became of a message."""
    receipt = outcome.receipt
    return {
        **verdict_json(outcome.cleared),
        "state": outcome.state,
        "receipt": receipt and {"platform_id": receipt.platform_id, "at": time(receipt.at_ms)},
        "error": outcome.error,
        "recorded": outcome.recorded,
    }


def received(outcome: Received) -> Json:
    """What became of an event."""
    return {
        "new": outcome.new,
        "deadlines": [deadline(one) for one in outcome.deadlines],
        "recorded": outcome.recorded,
    }


def observed(outcome: Observed) -> Json:
    """What became of a message that went out elsewhere."""
    return {
        "new": outcome.new,
        "own": outcome.own,
        "verdict": outcome.cleared and verdict_json(outcome.cleared),
        "recall_left_s": outcome.recall_left_s,
        "recorded": outcome.recorded,
    }


def waiting(one: Waiting) -> Json:
    """One buyer who waits."""
    upcoming = None
    if one.next_kind is not None and one.next_ms is not None:
        upcoming = {"what": one.next_kind, "at": time(one.next_ms)}
    return {
        "conversation": one.conversation,
        "waiting_since": time(one.since_ms),
        "last_message_at": time(one.last_message_ms),
        "deadlines": [deadline(each) for each in one.deadlines],
        "next": upcoming,
    }


def deadline(one: Deadline) -> Json:
    """One deadline."""
    return {
        "rule": one.rule,
        "name": one.name,
        "due_at": time(one.due_ms),
        "hard": one.severity == "hard",
    }


def time(at_ms: int) -> str:
    """Unix ms as the canonical event writes it: with the platforms' offset."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, PLATFORM_ZONE)
    return at.isoformat(timespec="milliseconds")
