"""What the gate may know of a conversation: the last texts that went out, and who spoke last."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from replygate.ledger import MessageFact
from replygate.model import Memory, Origin

TEXTS_REMEMBERED = 20
"""Texts of a conversation that the gate may compare a draft with."""

# Nobody chose to send these now.
_NOT_CHOSEN = frozenset({"hold", "platform"})


class Recall:
    """A conversation's memory while the process runs."""

    __slots__ = ("_in_a_row", "_sent")

    def __init__(self, messages: Sequence[MessageFact] = ()) -> None:
        """`messages` are what the ledger has of it, oldest first; its texts may not be kept."""
        self._sent: deque[str] = deque(maxlen=TEXTS_REMEMBERED)
        self._in_a_row = 0
        for message in messages:
            if message.direction == "out":
                self.said(message.text, message.origin)
            elif message.origin == "buyer":
                self.heard()

    @property
    def memory(self) -> Memory:
        """What the gate is given."""
        return Memory(tuple(self._sent), self._in_a_row)

    def said(self, text: str | None, origin: Origin) -> None:
        """A message went out; None where its text is not known."""
        if text is not None:
            self._sent.append(text)
        if origin not in _NOT_CHOSEN:
            self._in_a_row += 1

    def heard(self) -> None:
        """The buyer said something."""
        self._in_a_row = 0
