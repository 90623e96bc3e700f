"""One buyer and one store in memory: the state machine, the send gate, and what is written of it.

Two locks. `state` is held for as long as one event takes to be told and written. `door` is the
send gate: one sender at a time, in the order they came, held while the platform is at work; so a
platform that stalls keeps only this conversation's sends waiting, and its buyer's messages never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from replygate.errors import LedgerError
from replygate.ledger import Change, History
from replygate.model import Memory
from replygate.runtime.announce import announce
from replygate.runtime.buyer import Buyer
from replygate.runtime.core import ConversationKey, Core, Served, TimerKey
from replygate.runtime.echo import Echoes
from replygate.runtime.history import reconcile, snapshot_of
from replygate.runtime.recall import Recall
from replygate.runtime.record import Record
from replygate.runtime.terms import jitter_ms
from replygate.timing.commands import Arm, Cancel, Command
from replygate.timing.events import Event
from replygate.timing.facts import RETAIN_MS
from replygate.timing.turn import Conversation as Machine

Overdue = Callable[[TimerKey, int], int]
"""When a timer fires that is overdue at this time (both Unix ms)."""


def _at_once(_key: TimerKey, now_ms: int) -> int:
    return now_ms


class Conversation:
    """What the process knows of one conversation. Loaded from the ledger when first needed."""

    __slots__ = (
        "_answers",
        "_core",
        "_early",
        "_give_way",
        "_machine",
        "_record",
        "_served",
        "_suggested",
        "blind",
        "buyer",
        "door",
        "echoes",
        "key",
        "recall",
        "state",
        "uncommitted",
        "used_s",
        "users",
    )

    def __init__(self, core: Core, key: ConversationKey) -> None:
        self._core = core
        self.key = key
        self.door = asyncio.Lock()
        self.state = asyncio.Lock()
        self.echoes = Echoes()
        self.recall = Recall()
        self.buyer = Buyer()
        self._suggested: tuple[str, set[str]] = ("", set())
        self.users = 0
        self.used_s = core.clock.monotonic_s()
        self.uncommitted = 0
        self.blind = False
        self._give_way = asyncio.Event()
        self._answers = 0
        self._served: Served | None = None
        self._early: list[Event] = []
        self._machine: Machine | None = None
        self._record = Record(*key)

    @property
    def loaded(self) -> bool:
        """Whether its state is in memory."""
        return self._machine is not None

    @property
    def machine(self) -> Machine:
        """The timing room's view; only where it is loaded."""
        assert self._machine is not None, "load() comes first"
        return self._machine

    @property
    def record(self) -> Record:
        """What the ledger knows and is yet to be told."""
        return self._record

    @property
    def served(self) -> Served:
        """Its store; as it was, for what is under way when a reload takes it out of service.

        Raises UnknownStore where it never was in service.
        """
        self._served = self._core.stores.get(self.key[0], self._served)
        return self._core.served(self.key[0]) if self._served is None else self._served

    async def load(self, *, overdue: Overdue = _at_once) -> None:
        """Have the state in memory. `state` must be held.

        `overdue` says when a timer fires that should have fired before now. Where the ledger can
        not be read the conversation starts blind, and is loaded anew when recording resumes.
        """
        assert self.state.locked(), "one at a time"
        if self._machine is not None:
            return
        now_ms = self._core.clock.wall_ms()
        floor_ms = now_ms - RETAIN_MS
        history = History()
        try:
            history = await self._core.ledger.history(*self.key, floor_ms)
        except LedgerError as error:
            self._core.faults.note(error)
        self.blind = self._core.faults.down
        self._restore(history, floor_ms, overdue)

    def forget(self) -> None:
        """As if the buyer had never written. `state` must be held."""
        self._machine = None
        self._record = Record(*self.key)
        self._early.clear()
        self.echoes, self.recall, self.buyer = Echoes(), Recall(), Buyer()

    async def load_again(self) -> None:
        """Have the state as the ledger has it now. `state` must be held.

        While an answer is on its way, which the ledger may not know of, it stays as it is.
        """
        if not self.machine.answering and await self.write():
            self._machine = None
            await self.load()

    def _restore(self, history: History, floor_ms: int, overdue: Overdue) -> None:
        served = self.served
        opened = [turn.asked_ms for turn in history.turns if turn.closed_ms is None]
        floor_ms = min([floor_ms, *opened])
        snapshot = snapshot_of(history, floor_ms, served.templates)
        machine, commands = Machine.restore(snapshot, served.terms, jitter_ms=jitter_ms(*self.key))
        self._machine = machine
        self._record = Record(*self.key, history)
        self.echoes = Echoes(history.sends)
        # What this process saw itself is more than what the ledger keeps of texts.
        if self.recall.memory == Memory():
            self.recall = Recall(history.messages)
        differences = reconcile(history, machine, floor_ms)
        for turn in differences.turns:
            self._record.turn(turn)
        for clock in differences.clocks:
            self._record.clock(clock, served.store.edition)
        self._record.void_rows(differences.void_turns, differences.void_clocks)
        self._set_timers(commands, overdue)
        early, self._early = self._early, []
        for event in early:
            # Nobody else hears what it led to: told again it changes nothing.
            announce(self._core, self.key, self.tell(event))

    def tell(self, event: Event) -> list[Command]:
        """Give the state machine an event; timers are set at once, the rest waits for `take`."""
        served = self.served
        commands = self.machine.handle(event, served.terms)
        self._record.note(commands, served.store.edition)
        self._set_timers(commands)
        if self.machine.open_turn is None:
            # Nobody waits any more: a hold that is still being tried has lost its reason.
            self._give_way.set()
        return commands

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep it in memory meanwhile."""
        self.users += 1
        try:
            yield
        finally:
            self.users -= 1
            self.used_s = self._core.clock.monotonic_s()

    def suggests_first(self, turn: str, topic: str) -> bool:
        """Whether nothing was suggested for this topic in this turn; from now on it was."""
        if self._suggested[0] != turn:
            self._suggested = (turn, set())
        first = topic not in self._suggested[1]
        self._suggested[1].add(topic)
        return first

    def tell_early(self, event: Event) -> None:
        """Have it told before anything else, when the conversation is loaded."""
        assert not self.loaded, "tell() is for who is loaded"
        self._early.append(event)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """An answer waits for the door: a hold that is still being tried gives way to it."""
        self._answers += 1
        self._give_way.set()
        try:
            yield
        finally:
            self._answers -= 1

    def holding(self) -> asyncio.Event:
        """A hold begins: what it is given is set when it must give way, if it is not out by then.

        An answer waits for the door, or nobody waits for an answer any more.
        """
        if self._answers == 0:
            self._give_way.clear()
        return self._give_way

    def take(self) -> Change:
        """What the next write says."""
        return self._record.take(self.machine.legs)

    async def write(self) -> bool:
        """Write what an event without a message changed; False where it was put off."""
        change = self.take()
        if change == Change():
            return not self._core.faults.down
        written = await self._core.faults.write(lambda: self._core.ledger.record_change(change))
        return written is not None

    def _set_timers(self, commands: list[Command], overdue: Overdue = _at_once) -> None:
        wheel, now_ms = self._core.wheel, self._core.clock.wall_ms()
        for command in commands:
            match command:
                case Arm(leg):
                    key = (*self.key, leg.kind)
                    wheel.arm(key, leg.due_ms if leg.due_ms > now_ms else overdue(key, now_ms))
                case Cancel(leg):
                    wheel.cancel((*self.key, leg.kind))
                case _:
                    pass
