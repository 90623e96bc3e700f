"""From the timing room's commands to the ledger's rows, one conversation at a time.

The timing room names turns by the message that opened them and asks for timers by kind; the ledger
names turns over all stores and keeps one row for each try of a timer. This is the bridge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import quote

from replygate.ledger import Change, ClockRow, History, LegKey, LegRow, TurnRow
from replygate.ledger.facts import LegKind
from replygate.timing.clocks import Clock, ClockKey
from replygate.timing.commands import (
    CloseTurn,
    Command,
    DoubtClock,
    ExtendTurn,
    Fired,
    Leg,
    OpenClock,
    OpenTurn,
    SendHold,
    SkipHold,
    StopClock,
    VoidClock,
    VoidTurn,
)
from replygate.timing.timeline import Turn

VOID = "void"
"""Closes a turn, or stops a clock, that turned out never to have been."""

TURNS_PER_MS = 1_000

Ended = Literal["fired", "skipped"]


def turn_id(store: str, conversation: str, key: str) -> str:
    """The ledger's name for a turn; `key` is the timing room's."""
    return _prefix(store, conversation) + key


def _prefix(store: str, conversation: str) -> str:
    return f"{store}/{quote(conversation, safe='')}/"


def turn_key(turn_id: str) -> str:
    """The timing room's name for a turn."""
    return turn_id.split("/", 2)[2]


class Record:
    """What the ledger knows of a conversation, and what it is yet to be told."""

    __slots__ = (
        "_armed",
        "_clocks",
        "_conversation",
        "_done",
        "_generations",
        "_prefix",
        "_sending",
        "_seqs",
        "_store",
        "_turns",
    )

    def __init__(self, store: str, conversation: str, known: History | None = None) -> None:
        self._store = store
        self._conversation = conversation
        self._prefix = _prefix(store, conversation)
        self._turns: dict[str, TurnRow] = {}
        self._clocks: dict[ClockKey, ClockRow] = {}
        self._done: list[LegRow] = []
        self._sending: LegRow | None = None
        self._generations: dict[str, int] = {}
        self._armed: dict[LegKind, LegRow] = {}
        self._seqs: defaultdict[tuple[str, LegKind], int] = defaultdict(int)
        for turn in known.turns if known else ():
            self._generations[turn_key(turn.turn_id)] = turn.generation
        for leg in known.legs if known else ():
            self._seqs[leg.turn_id, leg.kind] = leg.seq + 1
            if leg.state == "armed":
                self._armed[leg.kind] = leg

    def turn_id(self, key: str) -> str:
        """The ledger's name for a turn of this conversation."""
        return self._prefix + key

    def note(self, commands: Iterable[Command], edition: str | None) -> None:
        """Remember what the next write must say; a later command overrules an earlier one."""
        fired: list[Leg] = []
        for command in commands:
            match command:
                case OpenTurn(turn) | ExtendTurn(turn) | CloseTurn(turn):
                    self.turn(turn)
                case VoidTurn(turn):
                    self.void_turn(turn)
                case OpenClock(clock) | StopClock(clock) | DoubtClock(clock):
                    self.clock(clock, edition)
                case VoidClock(clock):
                    self.void_clock(clock, edition)
                case Fired(leg):
                    fired.append(leg)
                case SendHold():
                    self._reserve(fired.pop())
                case SkipHold(reason=reason):
                    self._end((leg for leg in fired if leg.kind == "hold"), "skipped", reason)
                    fired = [leg for leg in fired if leg.kind != "hold"]
                case _:
                    pass
        self._end(fired, "fired", None)

    def turn(self, turn: Turn) -> None:
        """A turn as it stands."""
        self._turns[turn.id] = self._turn_row(turn)

    def void_turn(self, turn: Turn) -> None:
        """There was no such turn."""
        row = self._turn_row(turn)
        self._turns[turn.id] = replace(row, closed_ms=row.asked_ms, closed_by=VOID)

    def clock(self, clock: Clock, edition: str | None) -> None:
        """A clock as it stands."""
        self._clocks[clock.key] = ClockRow(
            self._store,
            self._conversation,
            clock.rule.id,
            clock.opened_by,
            clock.opened_ms,
            clock.due_ms,
            clock.stopped_ms,
            clock.stopped_by,
            edition,
        )

    def void_clock(self, clock: Clock, edition: str | None) -> None:
        """There was no such clock."""
        stopped = replace(clock, stopped_ms=clock.opened_ms, stopped_by=VOID)
        self.clock(stopped, edition)

    def void_rows(self, turns: Iterable[TurnRow], clocks: Iterable[ClockRow]) -> None:
        """The ledger has these open, and they never were."""
        for turn in turns:
            void = replace(turn, closed_ms=turn.asked_ms, closed_by=VOID)
            self._turns[turn_key(turn.turn_id)] = void
        for clock in clocks:
            key = (clock.rule_id, clock.opened_by)
            self._clocks[key] = replace(clock, stopped_ms=clock.opened_ms, stopped_by=VOID)

    def sending(self) -> LegKey:
        """The leg that the hold which is to be sent belongs to."""
        assert self._sending is not None, "a hold is sent by its leg"
        return self._sending.key

    def give_up(self, result: str) -> None:
        """The hold did not get through `begin`: its leg is done all the same."""
        assert self._sending is not None, "a hold was to be sent"
        self._done.append(replace(self._sending, state="skipped", result=result))
        self._sending = None

    def begun(self) -> None:
        """`begin` has settled the leg of the hold."""
        self._sending = None

    def take(self, legs: Mapping[LegKind, Leg]) -> Change:
        """What the next write says: all that was noted, and the timers that changed."""
        cancel, arm = self._retime(legs)
        if self._sending is not None:
            arm.append(self._sending)
        change = Change(
            turns=tuple(self._turns.values()),
            clocks=tuple(self._clocks.values()),
            legs=tuple(arm),
            cancel=tuple(cancel),
            done=tuple(self._done),
        )
        self._turns, self._clocks, self._done = {}, {}, []
        return change

    def _retime(self, legs: Mapping[LegKind, Leg]) -> tuple[list[LegKey], list[LegRow]]:
        cancel: list[LegKey] = []
        arm: list[LegRow] = []
        for kind, row in list(self._armed.items()):
            leg = legs.get(kind)
            if leg is None or not self._is_for(row, leg):
                cancel.append(row.key)
                del self._armed[kind]
        for kind, leg in legs.items():
            if self._turn_of(leg) is None:
                # A promise where nobody ever asked: its timer lives in memory only.
                continue
            known = self._armed.get(kind)
            if known is not None and known.due_ms == leg.due_ms:
                continue
            row = self._row(leg) if known is None else replace(known, due_ms=leg.due_ms)
            self._armed[kind] = row
            arm.append(row)
        return cancel, arm

    def _reserve(self, leg: Leg) -> None:
        """Keep the leg armed until `begin` fires it, whatever the timing room plans next."""
        assert leg.kind == "hold", "only a hold's leg sends"
        assert self._sending is None, "one hold at a time"
        row = self._armed.get("hold")
        if row is not None and self._is_for(row, leg):
            del self._armed["hold"]
        else:
            row = self._row(leg)
        self._sending = row

    def _end(self, legs: Iterable[Leg], state: Ended, result: str | None) -> None:
        for leg in legs:
            if self._turn_of(leg) is None:
                continue
            row = self._armed.get(leg.kind)
            if row is not None and self._is_for(row, leg):
                del self._armed[leg.kind]
            else:
                row = self._row(leg)
            self._done.append(replace(row, state=state, result=result))

    def _is_for(self, row: LegRow, leg: Leg) -> bool:
        name = self._turn_of(leg)
        return (row.turn_id, row.opened_by, row.rule_id) == (name, leg.opened_by, leg.rule_id)

    def _turn_of(self, leg: Leg) -> str | None:
        """The ledger's turn for a timer. One whose question was taken back has that one's.

        Such a promise stands in no turn any more, and is to be followed up all the same.
        """
        if leg.turn in self._generations:
            return self.turn_id(leg.turn)
        if not self._generations:
            return None
        return self.turn_id(max(self._generations, key=self._generations.__getitem__))

    def _row(self, leg: Leg) -> LegRow:
        name = self._turn_of(leg)
        assert name is not None, "a timer is written where there is a turn"
        seq = self._seqs[name, leg.kind]
        self._seqs[name, leg.kind] = seq + 1
        return LegRow(name, leg.kind, seq, leg.due_ms, opened_by=leg.opened_by, rule_id=leg.rule_id)

    def _turn_row(self, turn: Turn) -> TurnRow:
        return TurnRow(
            turn_id=self.turn_id(turn.id),
            store=self._store,
            conversation=self._conversation,
            generation=self._generation(turn),
            asked_ms=turn.asked_ms,
            asked_id=turn.id,
            last_buyer_ms=turn.last_asked_ms,
            closed_ms=turn.closed_ms,
            closed_by=turn.closed_by,
        )

    def _generation(self, turn: Turn) -> int:
        """By time, not by arrival: a question that comes late may open a turn of the past."""
        known = self._generations.get(turn.id)
        if known is None:
            known = turn.asked_ms * TURNS_PER_MS
            taken = set(self._generations.values())
            while known in taken:
                known += 1
            self._generations[turn.id] = known
        return known
