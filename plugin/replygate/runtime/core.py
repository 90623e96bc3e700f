"""What every part of the room works with: one of each, made by the facade."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from replygate.clock import Clock
from replygate.config import Store
from replygate.errors import UnknownStore
from replygate.ledger import Ledger, TakeoverRow
from replygate.runtime.breaker import FAILURES_MAX, Turned
from replygate.runtime.duty import Duty
from replygate.runtime.faults import Faults
from replygate.runtime.lane import CONCURRENCY, Lane
from replygate.runtime.platform import Port
from replygate.runtime.tasks import Tasks
from replygate.runtime.terms import terms_of
from replygate.runtime.texts import Texts
from replygate.runtime.wheel import Wheel
from replygate.timing.events import LegKind
from replygate.timing.latency import LATENESS_MAX_MS, Recent, margin_of
from replygate.timing.legs import Terms

ConversationKey = tuple[str, str]
"""Store and conversation."""

TEMPLATE_HASH_CHARS = 12
"""Stands at the end of a hold's send id, so that texts rotate after a restart too."""

TimerKey = tuple[str, str, LegKind]


class Emit(Protocol):
    """Where events go: `replygate.journal.Journal`, or anything with its `emit`."""

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Take one event. Cheap; raises nothing because of the disk."""


def template_hash(ledger: Ledger, text: str) -> str:
    """What tells a holding text from the others, before its variables are filled in."""
    return ledger.text_hash(text)[:TEMPLATE_HASH_CHARS]


@dataclass(frozen=True, slots=True)
class Served:
    """A store in service: its configuration, and what follows from it.

    `templates` are the holding texts by `template_hash`.
    """

    store: Store
    terms: Terms
    templates: dict[str, str]

    @classmethod
    def of(cls, store: Store, ledger: Ledger) -> Served:
        """What a store's configuration means here."""
        templates = {template_hash(ledger, text): text for text in store.holding.all_texts}
        return cls(store, terms_of(store), templates)


@dataclass(slots=True)
class Core:
    """The collaborators of the room.

    `ports` are the connected platforms by store, `lanes` the ways to them, `takeovers` what people
    have taken over, `texts` what may be released and is not written anywhere. `ids_agree` are the
    stores whose platform was seen to give an echo the id of its receipt. `lateness` is that of the
    timers of holding replies.
    """

    clock: Clock
    ledger: Ledger
    journal: Emit
    tasks: Tasks
    faults: Faults
    wheel: Wheel[TimerKey]
    stores: dict[str, Served] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)
    takeovers: dict[ConversationKey, TakeoverRow] = field(default_factory=dict)
    duty: Duty = field(default_factory=Duty)
    texts: Texts = field(init=False)
    ids_agree: set[str] = field(default_factory=set)
    lanes: dict[str, Lane] = field(default_factory=dict)
    lateness: Recent = field(default_factory=Recent)

    def __post_init__(self) -> None:
        self.texts = Texts(self.clock)

    def lane(self, store: Store) -> Lane:
        """The store's way to its platform, as wide as its file says now."""
        lane = self.lanes.get(store.id)
        if lane is None:
            lane = self.lanes[store.id] = Lane(self.clock, partial(self._turned, store.id))
        lane.concurrency = CONCURRENCY if store.adapter is None else store.adapter.max_concurrency
        return lane

    def note_lateness(self, late_ms: int) -> None:
        """A timer ran out so much after its time; what a restart made late tells nothing."""
        if late_ms <= LATENESS_MAX_MS:
            self.lateness.note(late_ms, self.clock.monotonic_s())

    def reckon(self, store: str) -> None:
        """Have the store's holding replies go out as early as its sends take now."""
        served, lane = self.stores.get(store), self.lanes.get(store)
        if served is None or lane is None:
            return
        margin = margin_of(lane.took, self.lateness, self.clock.monotonic_s())
        if margin != served.terms.margin:
            terms = replace(served.terms, margin=margin)
            self.stores[store] = replace(served, terms=terms)

    def _turned(self, store: str, turned: Turned) -> None:
        if turned == "up":
            self.journal.emit("platform.answers", store=store)
            return
        # Once, however many sends fail: each of them is told of by itself besides.
        self.journal.emit("platform.silent", store=store, failures=FAILURES_MAX)
        self.journal.emit("people.told", store=store, reason="platform_down")

    def served(self, store: str) -> Served:
        """The store of this id. Raises UnknownStore."""
        served = self.stores.get(store)
        if served is None:
            known = ", ".join(sorted(self.stores)) or "none"
            raise UnknownStore(f'there is no store "{store}"; open are {known}')
        return served
