"""Where the room's events go: all into the journal, and to people those that are for them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from replygate.config import Store
from replygate.journal import EVENTS, Journal
from replygate.journal.journal import DEFAULT_LOG_TEXT
from replygate.journal.privacy import Privacy
from replygate.notify import HEARD, Emit, Notifier


class Telling:
    """An `Emit` before the journal. What people are told goes by each store's privacy too."""

    def __init__(self, journal: Emit) -> None:
        self.journal = journal
        self._notifier: Notifier | None = None
        self._stores: Mapping[str, Store] = {}
        # The journal's own key, so that people and the log name a buyer by the same hash.
        self._privacy = (
            journal.privacy if isinstance(journal, Journal) else Privacy(secrets.token_bytes(16))
        )

    def tell(self, notifier: Notifier, stores: Mapping[str, Store]) -> None:
        """Let `notifier` hear of these stores from now on."""
        self._notifier = notifier
        self._stores = stores
        if isinstance(self.journal, Journal):
            self.journal.set_privacy({name: store.log_text for name, store in stores.items()})

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Write one event; where it is for people, put it where they are told from."""
        self.journal.emit(event, store=store, **fields)
        if event in HEARD and self._notifier is not None:
            try:
                self._notifier.hear(event, store, fields)
            except Exception as error:  # noqa: BLE001 - a fault in telling must not stop a reply
                self.journal.emit("task.failed", task=f"telling {event}", reason=repr(error))

    def shown(self, event: str, store: str | None, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What may be shown of an event's fields, as the journal writes them."""
        known = self._stores.get(store or "")
        log_text = known.log_text if known else DEFAULT_LOG_TEXT
        declared = EVENTS[event]
        shown = {
            name: self._privacy.shown(value, declared[name], log_text)
            for name, value in fields.items()
        }
        return {name: value for name, value in shown.items() if value is not None}
