"""The facade: one object that knows the stores, keeps the clocks and sends what was cleared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, ParamSpec, Self, TypeVar

from cachetools import TTLCache

from replygate.clock import Clock, SystemClock
from replygate.config import Store
from replygate.errors import ConfigError, ReplygateError, UnknownStore
from replygate.events import (
    Event,
    Inbound,
    Marked,
    Outbound,
    Presence,
    Rating,
    Session,
    Transferred,
)
from replygate.ledger import Ledger, TakeoverRow, TaskOutcome, TaskRow, one_thread
from replygate.model import Cleared, Draft, Origin, Receipt
from replygate.runtime import elsewhere, feedback, intake, takeover, todo
from replygate.runtime.answers import answer
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core, Emit, Served
from replygate.runtime.duty import Agent
from replygate.runtime.elsewhere import Observed
from replygate.runtime.forget import forget
from replygate.runtime.handover import Unfinished, handover
from replygate.runtime.housekeeping import refresh
from replygate.runtime.intake import Deadline, Received
from replygate.runtime.lifetime import DRAIN_S, Lifetime, Ready
from replygate.runtime.onloop import send_now
from replygate.runtime.outgoing import Sent
from replygate.runtime.platform import Platform, Port, port_of
from replygate.runtime.release import release
from replygate.runtime.sends import SendIdReused, Sends
from replygate.runtime.stores import Stores, gather, gather_aside
from replygate.runtime.waiting import Waiting, waiting_of
from replygate.runtime.wrap import Means, wrap

E = TypeVar("E", Inbound, Outbound, Marked | Transferred | Session)
Side = Literal["platform", "bot"]
"""An end of an adapter: where buyers are, and who answers them."""

P = ParamSpec("P")
R = TypeVar("R")

SEEN_MAX = 100_000

SEEN_S = 3_600.0
"""How long a repeat is recognised without asking the ledger, which knows it for longer."""


class ReplyGate:
    """Every reply passes it, in time. Made by `open`; belongs to the event loop that opened it."""

    def __init__(self, lifetime: Lifetime) -> None:
        core = lifetime.core
        self._lifetime = lifetime
        self._core = core
        self._sends = Sends(core.tasks, core.clock)
        self._seen: TTLCache[tuple[str, str, str], tuple[Deadline, ...]] = TTLCache(
            SEEN_MAX, SEEN_S, timer=core.clock.monotonic_s
        )
        self.loop = asyncio.get_running_loop()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        stores: Stores,
        ledger: str = "sqlite:///replygate.db",
        journal: Emit | str | Path | None = None,
        clock: Clock | None = None,
        executor: Callable[[], Executor] = one_thread,
        drain_s: float = DRAIN_S,
    ) -> AsyncIterator[Self]:
        """Open the gate, and drain it at the end.

        `journal` is a `Journal`, a file, or None for standard error. `executor` makes what the
        ledger works behind. Raises ConfigError, UnknownStore, LedgerError; OSError for a journal
        that can not be opened.
        """
        lifetime = await Lifetime.begin(
            gather(stores), ledger, journal, clock or SystemClock(), executor
        )
        gate = cls(lifetime)
        try:
            yield gate
        finally:
            await lifetime.drain(drain_s)

    @property
    def ready(self) -> Ready:
        """Whether it does all that it promises, and what keeps it from that."""
        return self._lifetime.ready

    @property
    def stores(self) -> dict[str, Store]:
        """The stores in service, by id."""
        return {name: served.store for name, served in self._core.stores.items()}

    def connect(self, store: str, platform: Platform) -> None:
        """Send this store's messages by `platform`, from now on.

        Raises UnknownStore; TypeError for what is no platform.
        """
        self._core.served(store)
        self._core.ports[store] = port_of(platform)

    def connection_opened(self, store: str, side: Side) -> None:
        """Say in the journal that one end of a store's adapter is connected."""
        self._core.journal.emit("connection.opened", store=store, side=side)

    def connection_closed(self, store: str, side: Side, code: int | None = None) -> None:
        """Say in the journal that it no longer is. `code` is the protocol's own, of the close."""
        self._core.journal.emit("connection.closed", store=store, side=side, code=code)

    def now_ms(self) -> int:
        """The time on its clock, Unix ms."""
        return self._core.clock.wall_ms()

    @property
    def ledger(self) -> Ledger:
        """Where the facts are; for reports, which write nothing but what closed days come to."""
        return self._core.ledger

    def hear_timers(self, late: Callable[[int], None]) -> None:
        """Tell, of every timer that fires, how many microseconds after its time that is."""
        self._core.wheel.late = late

    def disconnect(self, store: str) -> None:
        """Send nothing of this store any more; what is on its way goes on."""
        self._core.ports.pop(store, None)

    def screen(self, draft: Draft) -> Cleared:
        """Judge a text by its store's rules; sends and records nothing. Raises UnknownStore."""
        return self._store(draft).store.gate.screen(draft)

    async def received(self, event: Event) -> Received:
        """Take in what happened: written down, with the timers that it sets, before it returns.

        A repeat changes nothing. Raises UnknownStore; ReplygateError while draining. A fault of
        the ledger raises nothing: the event is kept in memory, and `recorded` is False.
        """
        self._lifetime.require_open()
        self._core.served(event.store)
        if isinstance(event, Outbound):
            observed = await self.sent_elsewhere(event)
            return Received(observed.new, recorded=observed.recorded)
        if isinstance(event, Rating):
            return await self._core.tasks.finish("intake", feedback.rated(self._core, event))
        if isinstance(event, Presence):
            return await self._core.tasks.finish("intake", feedback.came_or_left(self._core, event))
        if isinstance(event, Inbound):
            return await self._message(event)
        return await self._take_in(intake.told, event)

    async def sent_elsewhere(self, event: Outbound) -> Observed:
        """Take in a message that did not go through the gate, or the echo of one that did.

        The clock stops; the text is judged after the fact. Raises as `received` does.
        """
        self._lifetime.require_open()
        self._core.served(event.store)
        return await self._take_in(elsewhere.sent_elsewhere, event)

    async def send(self, draft: Draft, *, send_id: str | None = None) -> Sent:
        """Screen a draft and send it once, in its conversation's order.

        A blocked text, and whatever the platform says, is an outcome and no error. The same
        `send_id` of a store sends once: who asks again gets the recorded outcome. A cancelled
        caller does not stop the send. Raises UnknownStore; ReplygateError where no platform is
        connected or while draining; SendIdReused where the id was another message's; LedgerError
        where the ledger can not be written and the store wants nothing sent then.
        """
        self._lifetime.require_open()
        port = self._port(self._store(draft).store.id)
        return await self.send_by(port, draft, send_id=send_id)

    async def send_by(self, port: Port, draft: Draft, *, send_id: str | None = None) -> Sent:
        """`send` by another way than the connected platform."""
        self._lifetime.require_open()
        store = self._store(draft).store.id

        async def work(name: str) -> Sent:
            with self._lifetime.conversations.using(store, draft.conversation) as conversation:
                return await answer(self._core, conversation, draft, name, port)

        sent = await self._sends.once(store, send_id, work)
        if sent.cleared.draft != draft:
            raise SendIdReused
        return sent

    def send_now(self, draft: Draft, send: Callable[[Cleared], Receipt]) -> Sent:
        """`send_by` for a caller on the loop's own thread that can not await; see `onloop.py`.

        Raises what `send` raises, and LedgerError as `send` of the gate does.
        """
        self._lifetime.require_open()
        self._store(draft)
        return send_now(self._core, self._lifetime.conversations, draft, send)

    def wrap(
        self,
        fn: Callable[P, R],
        *,
        store: str,
        conversation: str | Callable[[Any], str],
        text: str,
        origin: Origin = "bot",
        on_block: Callable[[Cleared], Any] | None = None,
        platform_id: Callable[[Any], str | None] | None = None,
    ) -> Callable[P, R]:
        """`fn`, a function that sends a text, with the gate before it; `wrap.py` says what holds.

        `text` names the parameter that holds the text. `conversation` names one too, or takes the
        bound arguments (`lambda a: a.uid`). What was blocked is not sent: the call returns
        `on_block(cleared)`, or None. `platform_id` takes the platform's message id from what `fn`
        returns. Raises UnknownStore; TypeError for a parameter that is not there.
        """
        self._core.served(store)
        means = Means(store, text, conversation, origin, on_block, platform_id)
        return wrap(self, fn, means)

    async def waiting(self, store: str) -> tuple[Waiting, ...]:
        """Who waits in this store, the longest first. Raises UnknownStore, LedgerError."""
        served = self._core.served(store)
        facts = await self._core.ledger.waiting(store)
        return tuple(waiting_of(each, served.store) for each in facts)

    async def take_over(self, store: str, conversation: str, agent: str) -> TakeoverRow:
        """A person has the conversation now: no text of the bot's begins to go out any more.

        It stays theirs until it is handed back, or `people.takeover_s` after the last that they did
        there. Raises UnknownStore.
        """
        self._lifetime.require_open()
        self._core.served(store)

        async def work() -> TakeoverRow:
            with self._lifetime.conversations.using(store, conversation) as used:
                return await takeover.take_over(self._core, used, agent, "asked")

        return await self._core.tasks.finish("take-over", work())

    async def hand_back(self, store: str, conversation: str) -> TakeoverRow | None:
        """The bot answers again; who had it, None where nobody had. Raises UnknownStore.

        The bot's texts that were kept meanwhile are dropped: they were written for another moment.
        """
        self._lifetime.require_open()
        self._core.served(store)

        async def work() -> TakeoverRow | None:
            with self._lifetime.conversations.using(store, conversation) as used:
                return await takeover.hand_back(self._core, used)

        return await self._core.tasks.finish("hand-back", work())

    def agents(self, store: str) -> tuple[Agent, ...]:
        """Who is planned and who was heard of, and whether they are there. Raises UnknownStore."""
        served = self._core.served(store)
        return self._core.duty.agents(served.store, self.now_ms())

    async def handover(self, store: str) -> tuple[Unfinished, ...]:
        """What somebody must go on with, the longest waiting first.

        Raises UnknownStore, LedgerError.
        """
        self._core.served(store)
        return await handover(self._core, store)

    async def tasks(self, store: str) -> tuple[TaskRow, ...]:
        """What people must decide, the oldest first. Raises UnknownStore, LedgerError."""
        self._core.served(store)
        return await todo.tasks(self._core, store)

    async def decide(self, store: str, task: str, outcome: TaskOutcome, *, by: str) -> TaskRow:
        """A person has looked after a task: `OUTCOMES` says what can have come of each kind.

        Of a send that may be out `sent` or `not_sent` is written as its result. The same word twice
        changes nothing. Raises UnknownStore, TaskError, LedgerError.
        """
        self._lifetime.require_open()
        self._core.served(store)

        async def work() -> TaskRow:
            found = await todo.task_of(self._core, store, task)
            with self._lifetime.conversations.using(store, found.conversation) as used:
                return await todo.decide(self._core, used, found, outcome, by)

        return await self._core.tasks.finish("task", work())

    async def release(self, store: str, task: str, *, by: str, force: bool = False) -> Sent:
        """Send a text that was kept back, by a person's word; once, whoever asks.

        `force` sends it where somebody has answered the buyer meanwhile, too. Raises TaskError
        where it may not go out; else as `send` does.
        """
        self._lifetime.require_open()
        self._core.served(store)
        port = self._port(store)

        async def work(name: str) -> Sent:
            found = await todo.task_of(self._core, store, task)
            with self._lifetime.conversations.using(store, found.conversation) as used:
                return await release(self._core, used, found, name, port, by=by, force=force)

        # No client's id holds a blank.
        return await self._sends.once(store, f"release {task}", work)

    async def forget(self, store: str, conversation: str) -> int:
        """Remove everything about a buyer, on the disk and in memory; how many rows went.

        Sends that are on their way end first. Raises UnknownStore, LedgerError; after the latter
        ask again: rows may be gone whose place in the file could not be overwritten.
        """
        self._lifetime.require_open()
        self._core.served(store)

        async def work() -> int:
            with self._lifetime.conversations.using(store, conversation) as used:
                return await forget(self._core, used)

        count = await self._core.tasks.finish("forget", work())
        for key in [key for key in self._seen if key[:2] == (store, conversation)]:
            self._seen.pop(key, None)
        return count

    async def reload(self, stores: Stores) -> None:
        """Serve these stores from now on; open conversations go on under the new terms.

        Raises ConfigError or UnknownStore, and then nothing has changed.
        """
        try:
            found = await gather_aside(stores)
        except ConfigError as error:
            problems = [str(problem) for problem in error.problems]
            self._core.journal.emit("config.rejected", problems=problems)
            raise
        except UnknownStore as error:
            self._core.journal.emit("config.rejected", problems=[str(error)])
            raise
        added = found.keys() - self._core.stores.keys()
        self._lifetime.serve(found)
        keys = await self._lifetime.open_conversations(added)
        work = refresh(self._core, self._lifetime.conversations, keys)
        await self._core.tasks.finish("reload", work)

    async def drain(self, timeout_s: float = DRAIN_S) -> None:
        """Stop intake, finish what is under way or due within the time, and close.

        Timers that are left stay armed in the ledger, for the next process.
        """
        await self._lifetime.drain(timeout_s)

    async def _message(self, event: Inbound) -> Received:
        key = (event.store, event.conversation, event.id)
        seen: tuple[Deadline, ...] | None = self._seen.get(key)
        if seen is not None:
            intake.tell_received(self._core, event, new=False)
            return Received(new=False, deadlines=seen)
        received = await self._take_in(intake.inbound, event)
        self._seen[key] = received.deadlines
        return received

    async def _take_in(
        self, take_in: Callable[[Core, Conversation, E], Coroutine[Any, Any, R]], event: E
    ) -> R:
        """Take an event in, to the end even where the caller is cancelled."""

        async def work() -> R:
            with self._lifetime.conversations.using(event.store, event.conversation) as used:
                return await take_in(self._core, used, event)

        return await self._core.tasks.finish("intake", work())

    def _port(self, store: str) -> Port:
        port = self._core.ports.get(store)
        if port is None:
            raise ReplygateError(f'no platform is connected for the store "{store}"')
        return port

    def _store(self, draft: Draft) -> Served:
        if draft.store is None:
            raise UnknownStore("the draft names no store; expected Draft(…, store=ID)")
        return self._core.served(draft.store)
