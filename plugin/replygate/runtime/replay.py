"""Plays recorded events through a store on a virtual clock: what would have been sent and missed.

No event loop and no waiting: the timing room's state machines, one per conversation, and a heap of
their timers. Conversations know nothing of each other, so the order among them means nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from replygate.config import Store
from replygate.events import Event, Inbound, Marked, Outbound, Session, Transferred
from replygate.model import Action, Cleared, Draft
from replygate.runtime.intake import Times, platform_fact, topics_of
from replygate.runtime.stamps import AHEAD_MAX_MS
from replygate.runtime.terms import terms_of
from replygate.runtime.track import PlayedFollowUp, PlayedTurn, Track
from replygate.timing.calendar import local_day
from replygate.timing.commands import Arm, Command, Fired, SendHold
from replygate.timing.events import (
    Event as TimingEvent,
)
from replygate.timing.events import (
    Fact,
    HoldDone,
    LegDue,
    LegKind,
    Mark,
    Message,
)
from replygate.timing.facts import RETAIN_MS

IDLE_MS = 2 * RETAIN_MS
"""A conversation without a timer that was silent for so long is written off to save memory."""

EXAMPLES_MAX = 20
"""Judged texts that are kept to be shown, of each verdict."""


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both inclusive; None is without bound."""

    since: dt.date | None = None
    until: dt.date | None = None

    def holds(self, at_ms: int) -> bool:
        """Whether an instant lies inside."""
        if self.since is None and self.until is None:
            return True
        day = local_day(at_ms)
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class PlayedHold:
    """A holding reply that would have gone out for a clock of `rule`. Times are Unix ms."""

    conversation: str
    due_ms: int
    sent_ms: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A recorded text, and what the gate makes of it."""

    at_ms: int
    cleared: Cleared


@dataclass(slots=True)
class Report:
    """What a replay found, within its span. `first_day` and `last_day` are those of the events."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None
    verdicts: Counter[Action] = field(default_factory=Counter)
    examples: list[Judged] = field(default_factory=list)
    holds: list[PlayedHold] = field(default_factory=list)
    follow_ups: list[PlayedFollowUp] = field(default_factory=list)
    turns: list[PlayedTurn] = field(default_factory=list)


def replay(store: Store, events: Iterable[Event], span: Span | None = None) -> Report:
    """Play one store's events, given in the order of `received_ms`, until no timer is left.

    Every event has `at_ms`. Recorded messages of the store are answers at their recorded times;
    holding replies and follow-ups are what the store would have sent. Holds go out to the second:
    in service they are up to two seconds earlier, to flatten bursts.
    """
    assert store.mode == "enforce", "a replay tells what enforcing would do"
    return _Player(store, span or Span()).play(events)


class _Player:
    def __init__(self, store: Store, span: Span) -> None:
        self._store = store
        self._span = span
        self._terms = terms_of(store)
        self._report = Report()
        self._tracks: dict[str, Track] = {}
        self._seen: dict[str, array[int]] = {}
        self._timers: list[tuple[int, str, LegKind]] = []
        self._now_ms = 0

    def play(self, events: Iterable[Event]) -> Report:
        day = 0
        for received_ms, together in groupby(events, key=_received_ms):
            assert received_ms >= self._now_ms, "events come in the order in which they were seen"
            # A timer of this very moment waits: an answer of the same moment is ahead of it.
            self._fire_until(received_ms)
            self._now_ms = received_ms
            for event in together:
                self._take(event)
            if received_ms // RETAIN_MS != day:
                day = received_ms // RETAIN_MS
                self._write_off()
        self._fire_until(None)
        for track in self._tracks.values():
            self._settle(track)
        return self._sorted()

    def _take(self, event: Event) -> None:
        assert event.store == self._store.id, "another store's event"
        fact = told(event, self._store)
        self._note_day(_at_ms(event))
        if fact is None or not isinstance(
            event, Inbound | Outbound | Marked | Transferred | Session
        ):
            return
        track = self._track(event.conversation)
        self._run(event.conversation, track, fact)
        if isinstance(event, Inbound) and event.origin == "buyer":
            track.recall.heard()
            track.buyer = track.buyer.told(event, self._store.gate)
        if isinstance(event, Outbound) and isinstance(fact, Message):
            self._judge(track, event, fact)

    def _note_day(self, at_ms: int) -> None:
        if self._span.holds(at_ms):
            day, report = local_day(at_ms), self._report
            report.first_day = min(report.first_day or day, day)
            report.last_day = max(report.last_day or day, day)

    def _track(self, conversation: str) -> Track:
        track = self._tracks.get(conversation)
        if track is None:
            track = self._tracks[conversation] = Track(conversation, self._terms, self._now_ms)
            track.seen.update(self._seen.pop(conversation, ()))
        return track

    def _judge(self, track: Track, event: Outbound, message: Message) -> None:
        """Screen a recorded text, once however often it is reported."""
        name = hash(message.id)
        if name in track.seen:
            return
        track.seen.add(name)
        draft = Draft(
            event.conversation,
            event.text,
            store=event.store,
            origin=event.origin,
            agent=event.agent,
            kind=event.kind,
        )
        cleared = self._store.gate.screen(draft, track.recall.memory)
        track.recall.said(event.text, event.origin)
        if not self._span.holds(message.at_ms):
            return
        action = cleared.action
        self._report.verdicts[action] += 1
        if action != "pass" and self._report.verdicts[action] <= EXAMPLES_MAX:
            self._report.examples.append(Judged(message.at_ms, cleared))

    def _run(self, conversation: str, track: Track, event: TimingEvent) -> None:
        commands = track.tell(event, self._now_ms)
        for command in commands:
            if isinstance(command, Arm):
                leg = command.leg
                heapq.heappush(self._timers, (leg.due_ms, conversation, leg.kind))
        hold = next((command for command in commands if isinstance(command, SendHold)), None)
        if hold is not None:
            self._hold(conversation, track, hold, _hold_due_ms(commands))

    def _fire_until(self, end_ms: int | None) -> None:
        """Let every timer run out that is due before `end_ms`; None: to the last."""
        while self._timers and (end_ms is None or self._timers[0][0] < end_ms):
            due_ms, conversation, kind = heapq.heappop(self._timers)
            track = self._tracks.get(conversation)
            leg = track.machine.legs.get(kind) if track else None
            # A timer that was taken back, or set anew, is left in the heap until its old time.
            if track is not None and leg is not None and leg.due_ms == due_ms:
                self._now_ms = max(self._now_ms, due_ms)
                buyer = track.buyer
                due = LegDue(kind, self._now_ms, buyer=buyer.name, order=buyer.order)
                self._run(conversation, track, due)

    def _hold(self, conversation: str, track: Track, hold: SendHold, due_ms: int) -> None:
        """Send a holding reply by the same gate as any text; the platform takes it at once."""
        now_ms = self._now_ms
        draft = Draft(conversation, hold.text, store=self._store.id, origin="hold")
        cleared = self._store.gate.screen(draft, track.recall.memory)
        if cleared.text is None:
            self._run(conversation, track, HoldDone(hold.turn, hold.seq, "failed", now_ms))
            return
        turn = track.machine.open_turn
        assert turn is not None, "a hold is for a buyer who waits"
        # After the question, whatever the platform's clock and ours say.
        at_ms = max(now_ms, turn.last_asked_ms)
        name = f"hold:{hold.turn}:{hold.seq}"
        self._run(conversation, track, Message(name, at_ms, now_ms, "out", "hold", own=True))
        self._run(conversation, track, HoldDone(hold.turn, hold.seq, "sent", now_ms))
        track.recall.said(cleared.text, "hold")
        if self._span.holds(at_ms):
            self._report.holds.append(
                PlayedHold(conversation, due_ms, at_ms, hold.rule_id, cleared.text)
            )

    def _write_off(self) -> None:
        """Keep of silent conversations only what is reported, and which texts were judged."""
        horizon_ms = self._now_ms - IDLE_MS
        for conversation, track in list(self._tracks.items()):
            if track.last_ms < horizon_ms and not track.machine.legs:
                self._settle(track)
                self._seen[conversation] = array("q", track.seen)
                del self._tracks[conversation]

    def _settle(self, track: Track) -> None:
        span, report = self._span, self._report
        report.turns += (turn for turn in track.turns() if span.holds(turn.turn.asked_ms))
        report.follow_ups += (one for one in track.follow_ups() if span.holds(one.due_ms))

    def _sorted(self) -> Report:
        report = self._report
        report.turns.sort(key=lambda one: (one.turn.asked_ms, one.conversation, one.turn.id))
        report.holds.sort(key=lambda one: (one.sent_ms, one.conversation))
        report.follow_ups.sort(key=lambda one: (one.due_ms, one.conversation))
        return report


def _hold_due_ms(commands: list[Command]) -> int:
    """When the timer of the hold that is to be sent ran out."""
    fired = [command.leg for command in commands if isinstance(command, Fired)]
    return fired[-1].due_ms


def _at_ms(event: Event) -> int:
    assert event.at_ms is not None, "a recorded event says when it happened"
    return event.at_ms


def _received_ms(event: Event) -> int:
    return _at_ms(event) if event.received_ms is None else event.received_ms


def told(event: Event, store: Store) -> Fact | Mark | None:
    """What the timing room is told of a recorded event; None where it has no interest."""
    at_ms, received_ms = _at_ms(event), _received_ms(event)
    if at_ms > received_ms + AHEAD_MAX_MS:
        at_ms = received_ms
    match event:
        case Inbound():
            return Message(
                event.id, at_ms, received_ms, "in", event.origin, topics_of(store, event)
            )
        case Outbound():
            return Message(event.id or _name(event), at_ms, received_ms, "out", event.origin)
        case Marked() | Transferred() | Session():
            return platform_fact(event, Times(at_ms, received_ms))
        case _:
            return None


def _name(event: Outbound) -> str:
    """A message without an id is known by its time and text."""
    text = event.text.encode("utf-8", "surrogatepass")
    return f"sent:{event.at_ms}:{hashlib.sha256(text).hexdigest()[:12]}"
