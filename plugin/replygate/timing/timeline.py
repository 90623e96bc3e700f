"""The facts of one conversation, folded in the order in which they happened.

`Timeline.apply` takes facts in order only. Whoever learns of an older one folds them all again:
so the outcome depends on the facts, never on the order in which they arrived.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from replygate.model import Origin
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.clocks import Clock, ClockKey, answer, in_force, open_clock
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import CLOSING, Fact, Message, SessionClose, SessionOpen, Transfer
from replygate.timing.running import Running

SESSION_GAP_S = 600
"""Where the platform names no sessions: silence after which the next question starts one."""

ADOPT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Turn:
    """From the oldest unanswered question, or a transfer that nobody took up, to the next answer.

    `id` is the key of the fact that opened it; times are Unix ms. `topics` are those that every
    question in it has: a turn is only thanks when all of it is. The platform's own automatic
    text does not close a turn; a message of unknown origin does.
    """

    id: str
    asked_ms: int
    last_asked_ms: int
    opened: Literal["message", "transfer"]
    topics: tuple[str, ...] = ()
    closed_ms: int | None = None
    closed_by: str | None = None
    closed_origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A holding reply that went out, and the first answer after it."""

    hold: str
    turn: str
    sent_ms: int
    kept_ms: int | None = None
    kept_by: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The session that runs. `named`: the platform opened it; else a question after silence did."""

    key: str
    start_ms: int
    named: bool


@dataclass(slots=True)
class Before:
    """Rows as they stood before something happened; None where there was none."""

    turns: dict[str, Turn | None] = field(default_factory=dict)
    clocks: dict[ClockKey, Clock | None] = field(default_factory=dict)
    promises: dict[str, Promise | None] = field(default_factory=dict)


@dataclass(slots=True)
class Timeline:
    """What follows from the facts so far. Nothing that opened before `floor_ms` is opened again.

    `before` holds every row that was written since somebody last put an empty one there.
    """

    zone: dt.tzinfo = PLATFORM_ZONE
    session_gap_s: int = SESSION_GAP_S
    floor_ms: int = 0
    turns: dict[str, Turn] = field(default_factory=dict)
    clocks: dict[ClockKey, Clock] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    open_clocks: dict[ClockKey, Clock] = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)
    open_turn: str | None = None
    session: Session | None = None
    last_ms: int = 0
    before: Before = field(default_factory=Before)

    def apply(self, fact: Fact, rules: Iterable[DeadlineRule], *, excused: bool = False) -> None:
        """Fold the next fact in. `excused`: a question that needs no reply opens nothing."""
        match fact:
            case Message() if fact.is_question:
                if not excused:
                    self._asked(fact, rules)
            case Message(direction="out"):
                self._told(fact)
            case Message():
                pass
            case Transfer():
                self._transferred(fact, rules)
            case SessionOpen():
                self._session_opened(fact)
            case SessionClose():
                self.session = None

    def _asked(self, fact: Message, rules: Iterable[DeadlineRule]) -> None:
        self._run_session(fact)
        self.last_ms = fact.at_ms
        turn = self.turns.get(self.open_turn) if self.open_turn is not None else None
        if turn is None:
            turn = Turn(fact.key, fact.at_ms, fact.at_ms, "message", fact.topics)
        else:
            common = tuple(topic for topic in turn.topics if topic in fact.topics)
            turn = replace(turn, last_asked_ms=fact.at_ms, topics=common)
        self._put_turn(turn)
        self.open_turn = turn.id
        for rule in rules:
            if rule.opens == "transfer" or not (rule.topic is None or rule.topic in fact.topics):
                continue
            if in_force(rule, fact.at_ms, self.zone):
                self._open_for_question(rule, fact, turn)

    def _open_for_question(self, rule: DeadlineRule, fact: Message, turn: Turn) -> None:
        assert self.session is not None, "a question stands in a session"
        opened_by, opened_ms = fact.key, fact.at_ms
        if rule.opens == "session":
            opened_by, opened_ms = self.session.key, self.session.start_ms
        elif rule.opens == "turn" and self._waits(rule, turn):
            return
        self._open(rule, opened_by, opened_ms, turn)

    def _open(self, rule: DeadlineRule, opened_by: str, opened_ms: int, turn: Turn) -> None:
        if opened_ms < self.floor_ms or (rule.id, opened_by) in self.clocks:
            return
        clock = open_clock(
            rule,
            opened_by=opened_by,
            opened_ms=opened_ms,
            turn=turn.id,
            session_ms=None if self.session is None else self.session.start_ms,
            zone=self.zone,
        )
        if clock is not None:
            self._put_clock(clock)

    def _waits(self, rule: DeadlineRule, turn: Turn) -> bool:
        running = self.running.get(rule.id)
        return running is not None and running.waits_in(turn.id)

    def _told(self, fact: Message) -> None:
        self.last_ms = fact.at_ms
        for running in self.running.values():
            for clock in running.answered_by(fact.origin):
                after = answer(clock, by=fact.key, at_ms=fact.at_ms, origin=fact.origin)
                self._put_clock(after)
        if fact.origin == "platform":
            return
        if fact.origin != "hold":
            self._keep_promises(fact)
        if self.open_turn is not None:
            turn = self.turns[self.open_turn]
            by, origin = fact.key, fact.origin
            turn = replace(turn, closed_ms=fact.at_ms, closed_by=by, closed_origin=origin)
            self._put_turn(turn)
        if fact.origin == "hold":
            self._promised(fact)
        self.open_turn = None

    def _promised(self, fact: Message) -> None:
        """Whoever only said thanks got a closing phrase, which promises nothing."""
        turn = self.open_turn or next(reversed(self.turns), "")
        if turn not in self.turns or CLOSING not in self.turns[turn].topics:
            self._put_promise(Promise(fact.key, turn, fact.at_ms))

    def _keep_promises(self, fact: Message) -> None:
        for promise in list(self.promises.values()):
            if promise.kept_ms is None:
                self._put_promise(replace(promise, kept_ms=fact.at_ms, kept_by=fact.key))

    def _transferred(self, fact: Transfer, rules: Iterable[DeadlineRule]) -> None:
        turn = self.turns.get(self.open_turn) if self.open_turn is not None else None
        if turn is None:
            turn = Turn(fact.key, fact.at_ms, fact.at_ms, "transfer")
        else:
            turn = replace(turn, last_asked_ms=fact.at_ms, topics=())
        self._put_turn(turn)
        self.open_turn = turn.id
        for rule in rules:
            opens = rule.opens == "transfer" and rule.topic is None
            if opens and in_force(rule, fact.at_ms, self.zone):
                self._open(rule, fact.key, fact.at_ms, turn)

    def _session_opened(self, fact: SessionOpen) -> None:
        running = self.session
        if running and not running.named and fact.at_ms - running.start_ms <= ADOPT_MS:
            # The first question overtook the platform's word that a session began: one session.
            self.session = replace(running, named=True)
        else:
            self.session = Session(fact.key, fact.at_ms, named=True)

    def _run_session(self, fact: Message) -> None:
        session = self.session
        silent = fact.at_ms - self.last_ms > self.session_gap_s * 1000
        if session is None or (silent and not session.named):
            self.session = Session(fact.key, fact.at_ms, named=False)

    def _put_turn(self, turn: Turn) -> None:
        self.before.turns.setdefault(turn.id, self.turns.get(turn.id))
        self.turns[turn.id] = turn

    def _put_clock(self, clock: Clock) -> None:
        key = clock.key
        self.before.clocks.setdefault(key, self.clocks.get(key))
        self.clocks[key] = clock
        running = self.running.get(clock.rule.id)
        if running is None:
            running = self.running[clock.rule.id] = Running(clock.rule)
        running.put(clock)
        if clock.is_open:
            self.open_clocks[key] = clock
        else:
            del self.open_clocks[key]

    def _put_promise(self, promise: Promise) -> None:
        self.before.promises.setdefault(promise.hold, self.promises.get(promise.hold))
        self.promises[promise.hold] = promise
