"""Recorded events as the facts of days: what `replay` counts metrics from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from replygate.config import Store
from replygate.events import Event, Presence, Rating
from replygate.ledger import DutyRow, RatingRow
from replygate.report.days import END_MS
from replygate.report.gather import ONE_DAY, Placed, Rows, facts_of, rating_fact
from replygate.report.law import counted
from replygate.runtime.replay import told
from replygate.timing.calendar import local_day
from replygate.timing.events import (
    Excuse,
    Fact,
    Mark,
    Message,
    SessionClose,
    SessionOpen,
    Transfer,
    merge,
)
from replygate.timing.metrics.count import count
from replygate.timing.metrics.talk import Facts, Line, OnlineFact, Talk, What
from replygate.timing.metrics.tally import Tally, TallyKey

Said = dict[tuple[str, str], set[Excuse]]
"""What the platform said of a message, by conversation and id."""

_WHAT: dict[type[Transfer | SessionOpen | SessionClose], What] = {
    Transfer: "transfer",
    SessionOpen: "session_open",
    SessionClose: "session_close",
}


class _Heard:
    """Everything that was recorded, each fact once, however often it was reported."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._facts: dict[tuple[str, str], Fact] = {}
        self._agents: dict[tuple[str, str], str] = {}
        self._said: Said = defaultdict(set)
        self._ratings: dict[tuple[str, str], RatingRow] = {}
        self._duty: set[tuple[int, str, bool]] = set()

    def hear(self, event: Event) -> None:
        assert event.at_ms is not None, "a recorded event says when it happened"
        match event:
            case Rating():
                name = event.id or f"{event.at_ms}:{event.score}:{event.label}"
                self._ratings.setdefault((event.conversation, name), _rating_row(event, name))
            case Presence():
                self._duty.add((event.at_ms, event.agent, event.online))
            case _:
                self._hear_fact(event, told(event, self._store))

    def _hear_fact(self, event: Event, fact: Fact | Mark | None) -> None:
        assert not isinstance(event, Rating | Presence), "these are no facts of a conversation"
        if fact is None:
            return
        if isinstance(fact, Mark):
            self._said[event.conversation, fact.message].add(fact.excuse)
            return
        key = (event.conversation, fact.key)
        known = self._facts.get(key)
        self._facts[key] = fact if known is None else merge(known, fact)
        agent = getattr(event, "agent", None)
        if agent:
            self._agents.setdefault(key, agent)

    def by_day(self) -> defaultdict[dt.date, Rows]:
        """The same as the ledger's rows of each day."""
        by_day = defaultdict[dt.date, Rows](Rows)
        for (conversation, key), fact in self._facts.items():
            placed = self._placed(conversation, key, fact)
            if placed is not None:
                by_day[local_day(fact.at_ms)].talks[conversation].append(placed)
        for row in self._ratings.values():
            by_day[local_day(row.at_ms)].ratings.append(row)
        for at_ms, agent, online in self._duty:
            row_of_duty = DutyRow(self._store.id, agent, at_ms, at_ms, online)
            by_day[local_day(at_ms)].duty.append(row_of_duty)
        return by_day

    def _placed(self, conversation: str, key: str, fact: Fact) -> Placed | None:
        if not isinstance(fact, Message):
            return (*fact.order, Line(fact.at_ms, _WHAT[type(fact)], fact.key))
        agent = self._agents.get((conversation, key), "")
        if fact.direction == "out":
            return (*fact.order, Line(fact.at_ms, "answer", fact.id, fact.origin, agent))
        if not fact.is_question:
            return None
        said = tuple(sorted(self._said.get((conversation, key), ())))
        line = Line(fact.at_ms, "question", fact.id, fact.origin, agent, fact.topics, said)
        return (*fact.order, line)


def tallies_of_events(
    store: Store, events: Iterable[Event]
) -> dict[dt.date, dict[TallyKey, Tally]]:
    """The counts of each day of a recording, as the ledger's facts of it would give them.

    Every event has `at_ms` and is the store's. What nobody answered in the recording is late.
    """
    by_day = _rows(store, events)
    return {
        day: count(
            counted(store),
            facts_of(by_day, day, _before(by_day, day - ONE_DAY)),
            day,
            day,
            now_ms=END_MS,
            excuses=store.excuses,
            session_gap_s=store.session_gap_s,
        )
        for day in sorted(by_day)
    }


def _before(by_day: Mapping[dt.date, Rows], day: dt.date) -> list[DutyRow]:
    """Who came and who left before a day."""
    return [row for each, rows in by_day.items() if each < day for row in rows.duty]


def facts_of_events(store: Store, events: Iterable[Event]) -> Facts:
    """All facts of a recording."""
    by_day = _rows(store, events)
    talks: defaultdict[str, list[Placed]] = defaultdict(list)
    for rows in by_day.values():
        for conversation, placed in rows.talks.items():
            talks[conversation] += placed
    return Facts(
        [Talk(name, [one[-1] for one in sorted(placed)]) for name, placed in talks.items()],
        [rating_fact(row) for rows in by_day.values() for row in rows.ratings],
        [
            OnlineFact(row.at_ms, row.agent, row.online)
            for rows in by_day.values()
            for row in rows.duty
        ],
    )


def _rows(store: Store, events: Iterable[Event]) -> Mapping[dt.date, Rows]:
    heard = _Heard(store)
    for event in events:
        assert event.store == store.id, "another store's event"
        heard.hear(event)
    return heard.by_day()


def _rating_row(event: Rating, name: str) -> RatingRow:
    assert event.at_ms is not None, "a recorded event says when it happened"
    return RatingRow(
        store=event.store,
        conversation=event.conversation,
        id=name,
        at_ms=event.at_ms,
        received_ms=event.at_ms if event.received_ms is None else event.received_ms,
        agent=event.agent,
        score=event.score,
        scale_max=event.scale_max,
        label=event.label,
        reason=event.reason,
        source=event.source,
    )
