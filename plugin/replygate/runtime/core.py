"""What every part of the room works with: one of each, made by the facade."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from replygate.clock import Clock
from replygate.config import Store
from replygate.errors import UnknownStore
from replygate.ledger import Ledger
from replygate.runtime.faults import Faults
from replygate.runtime.platform import Port
from replygate.runtime.tasks import Tasks
from replygate.runtime.terms import terms_of
from replygate.runtime.wheel import Wheel
from replygate.timing.events import LegKind
from replygate.timing.legs import Terms

ConversationKey = tuple[str, str]
"""Store and conversation."""

TimerKey = tuple[str, str, LegKind]


class Emit(Protocol):
    """Where events go: `replygate.journal.Journal`, or anything with its `emit`."""

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Take one event. Cheap; raises nothing because of the disk."""


@dataclass(frozen=True, slots=True)
class Served:
    """A store in service: its configuration, and what follows from it.

    `templates` are the holding texts by the ledger's hash of them.
    """

    store: Store
    terms: Terms
    templates: dict[str, str]

    @classmethod
    def of(cls, store: Store, ledger: Ledger) -> Served:
        """What a store's configuration means here."""
        texts = (*store.holding.texts, *store.holding.off_duty_texts)
        return cls(store, terms_of(store), {ledger.text_hash(text): text for text in texts})


@dataclass(slots=True)
class Core:
    """The collaborators of the room. `ports` are the connected platforms by store."""

    clock: Clock
    ledger: Ledger
    journal: Emit
    tasks: Tasks
    faults: Faults
    wheel: Wheel[TimerKey]
    stores: dict[str, Served] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)

    def served(self, store: str) -> Served:
        """The store of this id. Raises UnknownStore."""
        served = self.stores.get(store)
        if served is None:
            known = ", ".join(sorted(self.stores)) or "none"
            raise UnknownStore(f'there is no store "{store}"; open are {known}')
        return served
