"""Our own messages coming back from the platform: recognised, and never taken for a human's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from replygate.ledger import OutboxRow, SendState

ECHO_WINDOW_MS = 120_000
"""An echo comes this soon after its send, or we take it for somebody else's message."""

SENDS_REMEMBERED = 50

_MAY_BE_OUT: frozenset[SendState] = frozenset({"sending", "sent", "unknown"})


@dataclass(slots=True)
class OwnSend:
    """A send that may come back. `echo_id` and `echo_ms` are how it did."""

    row: OutboxRow
    at_ms: int
    echo_id: str | None = None
    echo_ms: int = 0

    @property
    def state(self) -> SendState:
        """What is known of it."""
        return self.row.state


class Echoes:
    """The latest sends of one conversation."""

    __slots__ = ("_sends",)

    def __init__(self, rows: tuple[OutboxRow, ...] = ()) -> None:
        sends = (OwnSend(row, row.intent_ms, row.platform_id) for row in rows)
        self._sends: deque[OwnSend] = deque(sends, maxlen=SENDS_REMEMBERED)

    def begin(self, row: OutboxRow) -> OwnSend:
        """A send is going out: its echo may come before its receipt."""
        send = OwnSend(row, row.intent_ms)
        self._sends.append(send)
        return send

    def find(self, message_id: str | None, text_hash: str, at_ms: int) -> OwnSend | None:
        """The send that this message is the echo of.

        By the platform's id; else by content and time, each send once, the oldest first.
        """
        if message_id is not None:
            for send in self._sends:
                if message_id in {send.row.platform_id, send.echo_id, send.row.client_id}:
                    return send
        for send in self._sends:
            if (
                send.echo_id is None
                and send.row.text_hash == text_hash
                and send.state in _MAY_BE_OUT
                and abs(at_ms - send.at_ms) <= ECHO_WINDOW_MS
            ):
                return send
        return None
