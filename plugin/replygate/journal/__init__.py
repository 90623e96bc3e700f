"""The journal: one structured event per fact, as JSON lines."""

from __future__ import annotations

from replygate.journal.events import EVENTS
from replygate.journal.journal import Journal, Listener

__all__ = ["EVENTS", "Journal", "Listener"]
