"""From opening to draining: what a gate is made of, takes up when it starts, and leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from importlib.metadata import version
from pathlib import Path
from typing import Literal, NamedTuple, Self

from replygate.clock import Clock
from replygate.config import Store
from replygate.errors import LedgerError, ReplygateError
from replygate.journal import Journal
from replygate.ledger import Ledger, Restored, SqliteLedger
from replygate.notify import Notifier, require_http
from replygate.runtime import housekeeping, resume, shifts
from replygate.runtime.conversations import Conversations
from replygate.runtime.core import ConversationKey, Core, Emit, Served, TimerKey
from replygate.runtime.doubt import Doubts
from replygate.runtime.faults import Faults
from replygate.runtime.tasks import Tasks
from replygate.runtime.telling import Telling
from replygate.runtime.timers import leg_due
from replygate.runtime.wheel import Wheel

DRAIN_S = 10.0

FAREWELL_S = 1.0
"""People are told what waits for so long at least, where draining took all its time."""

QUIET_LOOK_S = 0.05

_JOURNAL_KEY = "\0journal"
"""What no message says: its hash is the journal's key."""

Phase = Literal["catching up", "open", "draining", "closed"]


class Ready(NamedTuple):
    """Whether the gate does all that it promises; `reasons` say in words why it does not."""

    ok: bool
    reasons: tuple[str, ...]


class Lifetime:
    """Makes the room's parts, starts its background work, and ends both in order."""

    def __init__(self, clock: Clock, ledger: Ledger, journal: Emit, *, own: Journal | None) -> None:
        self._own_journal = own
        self._background = Tasks(self._failed)
        self._phase: Phase = "catching up"
        self._telling = Telling(journal)
        self._notices = Tasks(self._failed)
        self._notifier = Notifier(
            clock, journal, self._notices.start, self._telling.shown, on_duty=self._on_duty
        )
        self.core = Core(
            clock=clock,
            ledger=ledger,
            journal=self._telling,
            tasks=Tasks(self._failed),
            faults=Faults(ledger, told=self._fault, lost=self._lost),
            wheel=Wheel(clock, self._fire, self._jumped),
        )
        self.conversations = Conversations(self.core)

    @classmethod
    async def begin(
        cls,
        stores: Mapping[str, Store],
        ledger_url: str,
        journal: Emit | str | Path | None,
        clock: Clock,
        executor: Callable[[], Executor],
    ) -> Self:
        """Open the ledger and the journal, take up what the last process left, and start."""
        require_http(stores.values())
        own = Journal.open(journal or "-") if isinstance(journal, str | Path | None) else None
        emit: Emit = own if own is not None else _given(journal)
        try:
            ledger = await SqliteLedger.open(ledger_url, executor=executor)
        except BaseException:
            if own is not None:
                own.close()
            raise
        if isinstance(emit, Journal):
            # A buyer has one name in the log, whatever process wrote the line.
            emit.key_by(bytes.fromhex(ledger.text_hash(_JOURNAL_KEY)))
        self = cls(clock, ledger, emit, own=own)
        self.serve(stores)
        try:
            await self._start()
        except BaseException:
            await self._close()
            raise
        return self

    @property
    def ready(self) -> Ready:
        """Whether it does all that it promises, and what keeps it from that."""
        faults = self.core.faults
        reasons = [] if self._phase == "open" else [f"the gate is {self._phase}"]
        if faults.down:
            reasons.append(faults.reason or "the ledger can not be written")
        return Ready(not reasons, tuple(reasons))

    def require_open(self) -> None:
        """Raises ReplygateError while draining and after."""
        if self._phase in {"draining", "closed"}:
            raise ReplygateError(f"the gate is {self._phase}; it takes nothing in any more")

    def serve(self, stores: Mapping[str, Store]) -> None:
        """Have these stores in service, and no others.

        Raises ReplygateError where a webhook can not be called here; then nothing has changed.
        """
        core = self.core
        self._notifier.serve(stores.values())
        self._telling.tell(self._notifier, stores)
        core.stores = {name: Served.of(store, core.ledger) for name, store in stores.items()}
        for name in stores:
            core.reckon(name)
        core.ports = {name: port for name, port in core.ports.items() if name in stores}
        core.journal.emit("config.loaded", stores=sorted(stores))

    async def open_conversations(self, added: Iterable[str]) -> list[ConversationKey]:
        """Those in memory, those with timers, and those where buyers wait in `added` stores."""
        timed = [(store, conversation) for store, conversation, _ in self.core.wheel]
        found = dict.fromkeys([*self.conversations, *timed])
        for store in added:
            try:
                waiting = await self.core.ledger.waiting(store)
            except LedgerError as error:
                self.core.faults.note(error)
            else:
                found.update(dict.fromkeys((store, facts.conversation) for facts in waiting))
        return list(found)

    async def drain(self, timeout_s: float) -> None:
        """Take nothing in, finish what is under way or due within the time, and close. Once."""
        if self._phase in {"draining", "closed"}:
            return
        self._phase = "draining"
        core = self.core
        began_s = core.clock.monotonic_s()
        await self._background.cancel()
        try:
            async with asyncio.timeout(timeout_s):
                await self._quiet(core.clock.wall_ms() + round(timeout_s * 1000))
        except TimeoutError:
            pass
        # What is cut off arms its timers again, so the wheel stops after it.
        await core.tasks.cancel()
        core.wheel.stop()
        await self._last_words()
        left_s = timeout_s - (core.clock.monotonic_s() - began_s)
        await self._notifier.close(max(left_s, min(timeout_s, FAREWELL_S)))
        took_ms = round((core.clock.monotonic_s() - began_s) * 1000)
        core.journal.emit("process.drained", took_ms=took_ms, left_armed=len(core.wheel))
        await self._close()

    async def _start(self) -> None:
        core = self.core
        restored = await resume.restore(core)
        housekeeping.tell_unknown(core, restored.unknown)
        start = self._background.start
        start("recording", core.faults.run())
        start("janitor", housekeeping.janitor(core, self.conversations))
        start("doubts", Doubts(core, self.conversations).watch())
        start("shifts", shifts.watch(core, self.conversations))
        if self._own_journal is not None:
            start("journal", housekeeping.flush(self._own_journal.flush))
        core.journal.emit(
            "process.started",
            version=version("replygate"),
            stores=len(core.stores),
            restored=len(restored.conversations),
        )
        if restored.conversations or restored.legs:
            start("catching up", self._catch_up(restored))
        else:
            self._phase = "open"

    async def _catch_up(self, restored: Restored) -> None:
        await resume.catch_up(self.core, self.conversations, restored)
        self._phase = "open"
        await resume.look_over(self.core, self.conversations, restored)

    async def _quiet(self, until_ms: int) -> None:
        """Wait for work under way, and for the holding replies that come due before then."""
        core = self.core
        while True:
            await core.tasks.idle()
            if not any(kind == "hold" for *_, kind in core.wheel.due_before(until_ms)):
                return
            await asyncio.sleep(QUIET_LOOK_S)

    async def _last_words(self) -> None:
        """What was cut off may be out; what could not be written is tried once more."""
        core = self.core
        if not await core.faults.resume():
            self._lost(f"{core.faults.unwritten} writes: {core.faults.reason}")
            return
        try:
            cut_off = await core.ledger.stale_sending(core.clock.wall_ms() + 1)
        except LedgerError as error:
            self._lost(str(error))
        else:
            housekeeping.tell_unknown(core, cut_off)

    async def _close(self) -> None:
        self._phase = "closed"
        self.core.wheel.stop()
        await self._background.cancel()
        await self._notifier.close(0)
        await self.core.ledger.close()
        if self._own_journal is not None:
            self._own_journal.close()

    def _on_duty(self, store: str, at_ms: int) -> tuple[str, ...]:
        served = self.core.stores.get(store)
        return () if served is None else self.core.duty.on_duty(served.store, at_ms)

    def _fire(self, key: TimerKey) -> None:
        if key[0] in self.core.stores:
            self.core.tasks.start(f"leg {key[2]}", self._leg(key))

    async def _leg(self, key: TimerKey) -> None:
        store, conversation, kind = key
        with self.conversations.using(store, conversation) as used:
            try:
                await leg_due(self.core, used, kind)
            except Exception:
                # Whatever it left half done, the ledger knows better: load it again.
                used.blind = True
                raise

    def _jumped(self, drift_ms: int) -> None:
        self.core.journal.emit("clock.jumped", drift_ms=drift_ms)

    def _fault(self, reason: str | None) -> None:
        if reason is None:
            self.core.journal.emit("ledger.recovered")
        else:
            self.core.journal.emit("ledger.fault", reason=reason)

    def _lost(self, reason: str) -> None:
        self.core.journal.emit("ledger.fault", reason=f"given up: {reason}")

    def _failed(self, task: str, error: BaseException) -> None:
        self.core.journal.emit("task.failed", task=task, reason=repr(error))


def _given(journal: Emit | str | Path | None) -> Emit:
    assert not isinstance(journal, str | Path | None), "a file was opened before"
    return journal
