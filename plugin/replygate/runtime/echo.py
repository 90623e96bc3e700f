"""Our own messages coming back from the platform: recognised, and never taken for a human's.

Some platforms name the message as their receipt did, some do not; some cut blanks or turn emoji
into words of their own. So an echo is known by its id, else by what it says and when.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import deque
from dataclasses import dataclass

from replygate.ledger import Ledger, OutboxRow, SendState

ECHO_WINDOW_MS = 120_000
"""An echo comes this soon after its send, or we take it for somebody else's message."""

DOUBT_WINDOW_MS = 1_800_000
"""The same where nobody knows whether it went out: its echo is all that there will be."""

SENDS_REMEMBERED = 50

NOT_SENT_SAYS = "not sent, says "
"""Begins the result of a send that a person looked for in vain; people can be wrong."""

_SURE: frozenset[SendState] = frozenset({"sending", "sent"})
_EMOJI_NAME = re.compile(r"\[[^\[\]]{1,12}\]|/:[a-z]{1,8}")


def echo_form(text: str) -> str:
    """What is left of a text that a platform may have changed: its letters and digits."""
    folded = unicodedata.normalize("NFKC", html.unescape(text)).casefold()
    kept = "".join(filter(str.isalnum, _EMOJI_NAME.sub("", folded)))
    # Of a text without any letter, nothing may be lost.
    return kept or text.strip()


def echo_hash(ledger: Ledger, text: str) -> str:
    """The ledger's hash by which an echo of this text is recognised."""
    return ledger.text_hash(echo_form(text))


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

    @property
    def echo_named(self) -> bool:
        """Whether it came back under a name that the platform gave it."""
        return self.echo_id not in {None, self.row.send_id}

    @property
    def window_ms(self) -> int:
        """How far its echo may be from it; negative where it surely is not out."""
        if self.state in _SURE:
            return ECHO_WINDOW_MS
        doubtful = self.state == "unknown" or (
            self.state == "failed" and (self.row.result or "").startswith(NOT_SENT_SAYS)
        )
        return DOUBT_WINDOW_MS if doubtful else -1


class Echoes:
    """The latest sends of one conversation."""

    __slots__ = ("_sends",)

    def __init__(self, rows: tuple[OutboxRow, ...] = ()) -> None:
        sends = (OwnSend(row, row.intent_ms) for row in rows)
        self._sends: deque[OwnSend] = deque(sends, maxlen=SENDS_REMEMBERED)

    def begin(self, row: OutboxRow) -> OwnSend:
        """A send is going out: its echo may come before its receipt."""
        send = OwnSend(row, row.intent_ms)
        self._sends.append(send)
        return send

    def of(self, send_id: str) -> OwnSend | None:
        """The send of this id, where it is remembered."""
        return next((send for send in self._sends if send.row.send_id == send_id), None)

    def find(
        self,
        message_id: str | None,
        echo_hash: str,
        at_ms: int,
        received_ms: int | None = None,
        *,
        ids_agree: bool = False,
    ) -> OwnSend | None:
        """The send that this message is the echo of. `at_ms` is the platform's stamp.

        By the platform's id; else by content and time, the oldest first that has none yet. Where
        `ids_agree`, the platform's echoes bear the ids of its receipts: then a message of another
        id is somebody else's, even if it says the same.
        """
        if message_id is not None:
            for send in self._sends:
                if message_id in {send.row.platform_id, send.echo_id, send.row.client_id}:
                    return send
        seen = (at_ms, at_ms if received_ms is None else received_ms)
        alike = [
            send
            for send in self._sends
            if send.row.text_hash == echo_hash
            # By either clock: ours may be wrong, and the platform may be late.
            and min(abs(each - send.at_ms) for each in seen) <= send.window_ms
            and not (ids_agree and None not in {send.row.platform_id, message_id})
        ]
        # Without an id one echo that came twice is known by its time, and a repeat is no human's.
        found = next((send for send in alike if send.echo_id is None), None)
        again = [
            send
            for send in alike
            if send.echo_id is not None and not (send.echo_named and message_id is not None)
        ]
        same = next((send for send in again if send.echo_ms == at_ms), None)
        if message_id is not None:
            return same or found
        return same or found or next(iter(again), None)
