"""A conversation as a pure state machine: events in, commands out.

What is known (turns, clocks, promises) follows from the facts and the terms alone, in whatever
order the facts arrive; what was done (holds sent, legs fired) is remembered beside it, so that
nothing is done twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

from replygate.model import Origin
from replygate.timing.agenda import Agenda
from replygate.timing.clocks import Clock, ClockKey
from replygate.timing.commands import (
    Arm,
    Cancel,
    Command,
    Escalate,
    Fired,
    FollowUp,
    Leg,
    LegKey,
    SendHold,
    SkipHold,
)
from replygate.timing.events import (
    Answered,
    Answering,
    Event,
    Fact,
    HoldDone,
    LegDue,
    LegKind,
    Mark,
    Refresh,
)
from replygate.timing.facts import Facts
from replygate.timing.firing import break_promises, skip_lost, tell_people, urgent_first
from replygate.timing.holding import Need, choose, hold_due_ms
from replygate.timing.legs import Terms, changed, hold_clocks, leg_for
from replygate.timing.timeline import Promise, Turn

HoldState = Literal["sending", "sent", "unknown", "failed", "cancelled"]

_MAY_BE_OUT: frozenset[HoldState] = frozenset({"sending", "sent", "unknown"})


@dataclass(frozen=True, slots=True)
class Hold:
    """A holding reply that was asked for: `at_ms` is when (Unix ms)."""

    turn: str
    seq: int
    template: str
    at_ms: int
    state: HoldState


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a conversation can not work out again: plain dataclasses, numbers and strings."""

    facts: tuple[Fact, ...] = ()
    marks: tuple[Mark, ...] = ()
    holds: tuple[Hold, ...] = ()
    done: tuple[LegKey, ...] = ()
    floor_ms: int = 0


class Conversation:
    """One buyer and one store. Never waits, never reads a clock.

    `jitter_ms` (0 to 2000) makes this conversation's holds that much earlier; the caller draws it
    once per conversation. The caller serialises calls, and writes down what one event asks for
    before acting on it.
    """

    __slots__ = (
        "_agenda",
        "_answering",
        "_done",
        "_facts",
        "_holds",
        "_jitter_ms",
        "_legs",
        "_terms",
    )

    def __init__(
        self, terms: Terms, *, jitter_ms: int = 0, snapshot: Snapshot | None = None
    ) -> None:
        self._terms = terms
        self._jitter_ms = jitter_ms
        known = snapshot or Snapshot()
        self._facts = Facts(terms, known.facts, known.marks, known.floor_ms)
        self._holds = list(known.holds)
        self._done: set[LegKey] = set(known.done)
        self._answering: set[str] = set()
        self._legs: dict[LegKind, Leg] = {}
        self._agenda = Agenda(self._facts.timeline, terms)

    @classmethod
    def restore(
        cls, snapshot: Snapshot, terms: Terms, *, jitter_ms: int = 0
    ) -> tuple[Self, list[Command]]:
        """The conversation as it was, and its timers to arm.

        A hold still `sending` keeps others back until a `HoldDone` says what became of it.
        """
        self = cls(terms, jitter_ms=jitter_ms, snapshot=snapshot)
        return self, self._replan()

    def snapshot(self) -> Snapshot:
        """What `restore` needs. Answers in flight are not part of it: after a crash none is."""
        return Snapshot(
            self._facts.ordered,
            self._facts.marks,
            tuple(self._holds),
            tuple(sorted(self._done)),
            self._facts.timeline.floor_ms,
        )

    @property
    def open_turn(self) -> Turn | None:
        """The turn in which the buyer waits, if any."""
        timeline = self._facts.timeline
        return None if timeline.open_turn is None else timeline.turns[timeline.open_turn]

    @property
    def open_clocks(self) -> list[Clock]:
        """The deadlines that run, the earliest first; overdue ones are among them."""
        return urgent_first(self._facts.timeline)

    @property
    def answering(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._answering)

    @property
    def latest_ms(self) -> int:
        """When the latest fact that is known happened, Unix ms; 0 where nothing is known."""
        return self._facts.latest_ms

    @property
    def answered_last(self) -> Origin | None:
        """Who of the store wrote last, as far as is remembered."""
        return self._facts.answered_last

    @property
    def turns(self) -> list[Turn]:
        """The turns remembered, oldest first."""
        return list(self._facts.timeline.turns.values())

    @property
    def clocks(self) -> dict[ClockKey, Clock]:
        """The clocks remembered."""
        return dict(self._facts.timeline.clocks)

    @property
    def promises(self) -> list[Promise]:
        """The holding replies remembered, and what answered them."""
        return list(self._facts.timeline.promises.values())

    @property
    def legs(self) -> dict[LegKind, Leg]:
        """The timers that are armed. With none, the conversation may be dropped from memory."""
        return dict(self._legs)

    def handle(self, event: Event, terms: Terms) -> list[Command]:
        """Take one event in.

        Terms with other rules than before judge all that is remembered again; a rule that is to
        hold for later questions only says so by its dates (KS-P-02).
        """
        commands: list[Command] = []
        if terms is not self._terms:
            self._terms = terms
            commands += self._facts.judge_by(terms) + self._replan()
        match event:
            case Answering():
                self._answering.add(event.send)
                return commands + self._replan_hold()
            case Answered():
                self._answering.discard(event.send)
                return commands + self._replan_hold()
            case LegDue():
                commands += self._fire(event)
            case HoldDone():
                commands += self._hold_done(event)
            case Refresh():
                pass
            case Mark():
                self._forget(event.received_ms)
                commands += self._facts.mark(event)
            case _:
                self._forget(event.received_ms)
                commands += self._facts.learn(event)
        commands = [command for command in commands if not self._is_stale(command)]
        self._done.update(command.leg.key for command in commands if isinstance(command, Fired))
        if self._agenda.timeline is self._facts.timeline:
            self._agenda.take(commands)
        return commands + self._replan()

    def _is_stale(self, command: Command) -> bool:
        """An answer after the promise was reported broken does not mend it."""
        return (
            isinstance(command, FollowUp)
            and command.outcome == "answered"
            and ("follow_up", command.hold, "") in self._done
        )

    def _forget(self, now_ms: int) -> None:
        if self._facts.forget(now_ms):
            floor_ms = self._facts.timeline.floor_ms
            self._holds = [hold for hold in self._holds if hold.at_ms >= floor_ms]
            self._done = {key for key in self._done if key[1] in self._facts}

    def _replan(self) -> list[Command]:
        timeline, terms = self._facts.timeline, self._terms
        if not self._agenda.fits(timeline, terms):
            self._agenda = Agenda(timeline, terms)
        self._agenda.terms = terms
        return self._rearm(self._agenda.plan(self._done))

    def _replan_hold(self) -> list[Command]:
        """An answer that comes and goes changes no other leg, and is on every send's path."""
        return self._rearm({kind: leg for kind, leg in self._legs.items() if kind != "hold"})

    def _rearm(self, legs: dict[LegKind, Leg]) -> list[Command]:
        if self._may_hold():
            hold = self._agenda.hold(self._done, self._jitter_ms)
            if hold is not None:
                legs["hold"] = hold
        gone, new = changed(self._legs, legs)
        self._legs = legs
        return [*(Cancel(leg) for leg in gone), *(Arm(leg) for leg in new)]

    def _may_hold(self) -> bool:
        if self._answering or any(hold.state == "sending" for hold in self._holds):
            return False
        return self._holds_in_turn() < self._terms.holding.max_per_turn

    def _holds_in_turn(self) -> int:
        turn = self.open_turn
        if turn is None:
            return 0
        # By time, not by name: a late question gives the turn another opening.
        return sum(
            hold.state in _MAY_BE_OUT and hold.at_ms >= turn.asked_ms for hold in self._holds
        )

    def _fire(self, event: LegDue) -> list[Command]:
        leg = self._legs.get(event.kind)
        if leg is None:
            return []
        if leg.due_ms > event.now_ms:
            # The wall clock was set back: the timer is spent, the leg is not.
            return [Arm(leg)]
        timeline, done, terms = self._facts.timeline, self._done, self._terms
        if event.kind == "hold":
            return self._fire_hold(event)
        if event.kind == "follow_up":
            return break_promises(event.now_ms, timeline, done, terms)
        return tell_people(event.kind, event.now_ms, self._agenda, done)

    def _fire_hold(self, event: LegDue) -> list[Command]:
        clocks = hold_clocks(self._facts.timeline, self._done)
        commands = skip_lost(clocks, event.now_ms, self._done)
        lost = {command.leg.key for command in commands if isinstance(command, Fired)}
        for clock in clocks:
            due_ms = hold_due_ms(clock, self._terms.holding, self._terms.margin, self._jitter_ms)
            leg = leg_for(clock, "hold", due_ms)
            if leg.key in lost:
                continue
            if due_ms <= event.now_ms:
                commands += [Fired(leg), self._hold(clock, event)]
            break
        return commands

    def _hold(self, clock: Clock, event: LegDue) -> SendHold | SkipHold:
        turn = self.open_turn
        assert turn is not None, "a hold is for a buyer who waits"
        assert self._may_hold(), "a hold is planned only where one may go out"
        out = [hold for hold in self._holds if hold.state in _MAY_BE_OUT]
        asked_ms, since_asked = self._facts.since_asked()
        # A hold that was sent is among the facts.
        unseen = sum(hold.state != "sent" and hold.at_ms >= (asked_ms or 0) for hold in out)
        need = Need(
            now_ms=event.now_ms,
            clock_due_ms=clock.due_ms,
            topics=turn.topics,
            in_turn=self._holds_in_turn(),
            holds_ms=[hold.at_ms for hold in out],
            used=[hold.template for hold in out],
            asked_ms=asked_ms,
            since_asked=since_asked + unseen,
            buyer=event.buyer,
            order=event.order,
        )
        chosen = choose(need, self._terms.holding, self._terms.zone)
        if isinstance(chosen, str):
            return SkipHold(turn.id, clock.rule.id, clock.due_ms, chosen)
        seq = sum(hold.turn == turn.id for hold in self._holds)
        self._holds.append(Hold(turn.id, seq, chosen.template, event.now_ms, "sending"))
        return SendHold(
            turn=turn.id,
            seq=seq,
            rule_id=clock.rule.id,
            clock_due_ms=clock.due_ms,
            template=chosen.template,
            text=chosen.text,
            at_ms=event.now_ms,
        )

    def _hold_done(self, event: HoldDone) -> list[Command]:
        at_stake = next(iter(self.open_clocks), None)
        for place, hold in enumerate(self._holds):
            if (hold.turn, hold.seq) == (event.turn, event.seq):
                self._holds[place] = replace(hold, state=event.outcome)
        match event.outcome:
            case "failed":
                return [Escalate(event.turn, "hold_failed", at_stake)]
            case "unknown":
                return [Escalate(event.turn, "hold_unknown", at_stake)]
            case "sent" | "cancelled":
                return []
