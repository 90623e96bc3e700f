"""What the buyers got, held against what the gate says of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .buyers import HOLD_DUE_MS, Buyer
from .market import DUE_S, Key, Seen

LATE_MS = 500
"""A holding reply that comes so long after its time counts as late."""

ON_ITS_WAY_MS = 1_000
"""A holding reply that had left before the gate knew of an answer comes this soon after it."""

GRACE_MS = 60_000
"""So long after the deadline a holding reply may still go out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A send as the ledger has it."""

    send_id: str
    client_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the gate said of one conversation."""

    sends: tuple[Row, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    tasks: frozenset[str] = frozenset()
    """The sends that people are asked about."""

    def of(self, event: str) -> set[str]:
        """The sends that the journal tells this of."""
        return {each["send"] for each in self.events if each["event"] == event}

    @property
    def people_told(self) -> bool:
        return any(each["event"] == "people.told" for each in self.events)


@dataclass(slots=True)
class Tally:
    """One round, counted. The lists hold a line for each case, and must be empty."""

    taken: int = 0
    given: int = 0
    answered: int = 0
    holds: int = 0
    unknown: int = 0
    only_told: int = 0
    crossed: int = 0
    late: int = 0
    latest_ms: int = 0
    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [
            *(f"double: {line}" for line in self.doubles),
            *(f"lost: {line}" for line in self.lost),
            *(f"wrong: {line}" for line in self.wrong),
        ]

    def add(self, other: Tally) -> None:
        for name in ("taken", "given", "answered", "holds", "unknown", "only_told", "crossed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.late += other.late
        self.latest_ms = max(self.latest_ms, other.latest_ms)
        self.doubles += other.doubles
        self.lost += other.lost
        self.wrong += other.wrong


def words_of(
    ledger: Path, journal: Iterable[dict[str, Any]], keys: Sequence[Key]
) -> dict[Key, Words]:
    """What ledger and journal say of these conversations."""
    sends: dict[Key, list[Row]] = {key: [] for key in keys}
    events: dict[Key, list[dict[str, Any]]] = {key: [] for key in keys}
    with sqlite3.connect(ledger) as connection:
        rows = connection.execute(
            "SELECT store, conversation, send_id, client_id, state FROM outbox"
        ).fetchall()
        asked = connection.execute("SELECT send_id FROM task WHERE kind = 'unknown'").fetchall()
    connection.close()
    for store, conversation, *row in rows:
        if (store, conversation) in sends:
            sends[store, conversation].append(Row(*row))
    for event in journal:
        key = (event.get("store", ""), event.get("conversation", ""))
        if key in events:
            events[key].append(event)
    tasks = frozenset(send for (send,) in asked)
    return {key: Words(tuple(sends[key]), tuple(events[key]), tasks) for key in keys}


def judge(
    buyers: Sequence[Buyer], seen: Mapping[Key, Sequence[Seen]], words: Mapping[Key, Words]
) -> Tally:
    """One round. What of a buyer is in no list of `seen` he did not get."""
    tally = Tally()
    for buyer in buyers:
        got = seen.get(buyer.key, ())
        said = words.get(buyer.key, Words())
        _count(tally, buyer, got, said)
        _find_doubles(tally, buyer, got)
        _find_lost(tally, buyer, got, said)
        _find_wrong(tally, buyer, got, said)
    return tally


def _count(tally: Tally, buyer: Buyer, got: Sequence[Seen], said: Words) -> None:
    texts = {seen.text for seen in got}
    tally.taken += buyer.taken_ms is not None
    tally.given += len(buyer.given)
    tally.answered += sum(given.text in texts for given in buyer.given)
    tally.unknown += len(said.of("reply.unknown"))
    tally.only_told += not got and said.people_told
    for hold in got:
        if not hold.hold:
            continue
        tally.holds += 1
        late_ms = hold.asked_ms - buyer.asked_ms - HOLD_DUE_MS
        if late_ms > LATE_MS:
            tally.late += 1
            tally.latest_ms = max(tally.latest_ms, late_ms)
        if buyer.elsewhere is not None and buyer.elsewhere.at_ms < hold.asked_ms:
            tally.crossed += 1


def _find_doubles(tally: Tally, buyer: Buyer, got: Sequence[Seen]) -> None:
    # A buyer asks once, so he is held once, however the holding reply is worded.
    times = Counter("the holding reply" if seen.hold else seen.text for seen in got)
    times_by_id = Counter(seen.client_id for seen in got)
    tally.doubles += [f"{buyer.key}: {text}" for text, count in times.items() if count > 1]
    if max(times.values(), default=0) <= 1:
        tally.doubles += [f"{buyer.key}: {name}" for name, n in times_by_id.items() if n > 1]


def _find_lost(tally: Tally, buyer: Buyer, got: Sequence[Seen], said: Words) -> None:
    texts = {seen.text for seen in got}
    ids = {seen.client_id for seen in got}
    if buyer.taken_ms is not None and not got and not said.people_told:
        tally.lost.append(f"{buyer.key}: the question")
    told = said.of("reply.unknown") | said.tasks
    for given in buyer.given:
        if (given.result or {}).get("state") == "sent" and given.text not in texts:
            tally.lost.append(f"{buyer.key}: said to be sent: {given.text}")
    for row in said.sends:
        if row.state == "sent" and row.client_id not in ids:
            tally.lost.append(f"{buyer.key}: recorded as sent: {row.send_id}")
        if row.state == "unknown" and row.send_id not in told:
            tally.lost.append(f"{buyer.key}: nobody was told: {row.send_id}")
        if row.state in {"armed", "sending"}:
            tally.lost.append(f"{buyer.key}: has no end: {row.send_id}")


def _find_wrong(tally: Tally, buyer: Buyer, got: Sequence[Seen], said: Words) -> None:
    states = {row.client_id: row.state for row in said.sends}
    tally.wrong += [f"{buyer.key}: taken for another's: {text}" for text in buyer.mistaken]
    for seen in got:
        if seen == buyer.elsewhere:
            continue
        state = states.get(seen.client_id, "not recorded")
        if state not in {"sent", "unknown"}:
            tally.wrong.append(f"{buyer.key}: the buyer saw {seen.text}, which is {state}")
        if not seen.hold:
            continue
        answered_ms = buyer.answered_ms
        if answered_ms is not None and seen.asked_ms > answered_ms + ON_ITS_WAY_MS:
            tally.wrong.append(f"{buyer.key}: held after an answer")
        if seen.asked_ms > buyer.asked_ms + DUE_S * 1_000 + GRACE_MS + LATE_MS:
            tally.wrong.append(f"{buyer.key}: held when it helped nobody any more")
