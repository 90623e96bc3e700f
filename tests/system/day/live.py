"""Lives the day: the real gate, its ledger on a disk, and a clock that waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from unittest import mock

from plugin.runtime.virtual import run
from replygate.config import Store
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
from replygate.journal import EVENTS
from replygate.ledger import InlineExecutor
from replygate.model import Cleared, Draft, Receipt
from replygate.runtime import ReplyGate, housekeeping
from replygate.testing import FakePlatform, VirtualClock

from .script import Act, Chat
from .shop import END_MS, PRESENCE, START_MS, at_ms

T = TypeVar("T")

CLOSE_MS = END_MS + 30 * 60_000
"""The gate goes on until half past midnight: what was promised before is followed up by then."""


class Pages:
    """The journal: all that is said of promises, and to people."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        assert not fields.keys() - EVENTS[event].keys(), f"{store}: {event}"
        if event in {"promise.broken", "promise.kept", "people.told"}:
            self.told.append((event, fields))


@dataclass
class Lived:
    """What was seen outside: the messages that the platform was given, and the journal."""

    holds: dict[str, list[Act]] = field(default_factory=dict)
    given: list[tuple[str, int, str]] = field(default_factory=list)
    journal: Pages = field(default_factory=Pages)
    asides: dict[int, Any] = field(default_factory=dict)


def live(
    store: Store,
    chats: Sequence[Chat],
    url: str,
    asides: dict[int, Callable[[], Coroutine[Any, Any, Any]]],
) -> Lived:
    """Let the day pass. `asides` are run at their times, beside the gate and in no time."""
    clock = VirtualClock(START_MS - 60_000)
    lived = Lived()
    platform = FakePlatform(clock)
    # Its round is for what went wrong, and every half minute of a day it would cost more than all.
    with mock.patch.object(housekeeping, "JANITOR_S", 3_600.0):
        run(clock, _Day(store, clock, platform, lived).pass_by(chats, url, asides))
    for sent in platform.sent:
        draft, text = sent.cleared.draft, sent.cleared.text
        assert text is not None
        lived.given.append((draft.conversation, sent.at_ms, text))
        if draft.origin == "hold":
            held = lived.holds.setdefault(draft.conversation, [])
            held.append(Act(sent.at_ms, "hold", f"hold-{len(held) + 1}", text, "hold"))
    return lived


class _Mute:
    """A platform that can not be asked what it shows; then nobody looks for a need every second."""

    def __init__(self, platform: FakePlatform) -> None:
        self._platform = platform

    async def send(self, cleared: Cleared) -> Receipt:
        return await self._platform.send(cleared)


@dataclass(frozen=True)
class _Day:
    store: Store
    clock: VirtualClock
    platform: FakePlatform
    lived: Lived

    async def pass_by(
        self,
        chats: Sequence[Chat],
        url: str,
        asides: dict[int, Callable[[], Coroutine[Any, Any, Any]]],
    ) -> None:
        agenda: list[tuple[int, int, Any]] = []
        for chat in chats:
            agenda += [
                (act.heard_ms, len(agenda) + i, (chat.name, act)) for i, act in enumerate(chat.acts)
            ]
        for event in presence(self.store.id):
            assert event.at_ms is not None
            agenda.append((event.at_ms, len(agenda), event))
        for when_ms, aside in asides.items():
            agenda.append((when_ms, len(agenda), aside))
        agenda.sort(key=lambda one: one[:2])
        async with ReplyGate.open(
            stores=self.store,
            ledger=url,
            journal=self.lived.journal,
            clock=self.clock,
            executor=InlineExecutor,
            drain_s=0.0,
        ) as gate:
            gate.connect(self.store.id, _Mute(self.platform))
            for when_ms, _, what in agenda:
                await self.until(when_ms)
                match what:
                    case (str(name), Act() as act):
                        await self.do(gate, name, act)
                    case Presence():
                        await gate.received(what)
                    case _:
                        self.lived.asides[when_ms] = beside(what)
            await self.until(CLOSE_MS)

    async def until(self, when_ms: int) -> None:
        now_ms = self.clock.wall_ms()
        if when_ms > now_ms:
            # A little later than the millisecond begins: the clock counts in whole microseconds.
            passed_s = self.clock.monotonic_s()
            target_s = (when_ms - START_MS + 60_000) / 1000 + 0.0002
            await asyncio.sleep(target_s - passed_s)
        assert self.clock.wall_ms() == max(now_ms, when_ms)

    async def do(self, gate: ReplyGate, name: str, act: Act) -> None:
        event = told(self.store.id, name, act)
        if event is None:
            draft = Draft(name, act.text, store=self.store.id, origin=act.origin, agent=act.agent)
            await gate.send(draft)
            return
        received = await gate.received(event)
        assert received.new
        if act.twice:
            assert not (await gate.received(event)).new


def presence(store: str) -> Iterator[Presence]:
    """Who came and went."""
    for agent, come, go in PRESENCE:
        yield Presence(store, agent, online=True, at_ms=at_ms(come))
        yield Presence(store, agent, online=False, at_ms=at_ms(go))


def told(store: str, name: str, act: Act) -> Event | None:
    """What the gate is told of an act; None for a text that goes through it."""
    when: dict[str, Any] = {"at_ms": act.at_ms, "received_ms": act.heard_ms}
    match act.what:
        case "ask":
            return Inbound(store, name, act.id, act.text, topics=act.topics, **when)
        case "typed" | "auto":
            origin, agent = act.origin, act.agent or None
            return Outbound(store, name, act.text, act.id, origin=origin, agent=agent, **when)
        case "move":
            return Transferred(store, name, act.id, **when)
        case "open" | "close":
            return Session(store, name, act.what, act.id, **when)
        case "mark":
            assert act.excuse is not None
            return Marked(store, name, act.means, act.excuse, **when)
        case "rate":
            return Rating(
                store,
                name,
                act.id,
                score=act.stars,
                scale_max=None if act.stars is None else 5.0,
                label=act.label,
                reason=act.reason or None,
                agent=act.agent,
                **when,
            )
        case _:
            return None


def recorded(store: str, chats: Sequence[Chat], holds: Mapping[str, list[Act]]) -> list[Event]:
    """All that anybody wrote, as the platform's export would have it."""
    events: list[Event] = list(presence(store))
    for chat in chats:
        for act in (*chat.acts, *holds.get(chat.name, ())):
            event = told(store, chat.name, act)
            if event is None and act.arrives:
                when: dict[str, Any] = {"at_ms": act.at_ms, "received_ms": act.at_ms}
                origin, agent = act.origin, act.agent or None
                event = Outbound(
                    store, chat.name, act.text, act.id, origin=origin, agent=agent, **when
                )
            if event is not None:
                events.append(event)
    return sorted(events, key=lambda event: event.received_ms or event.at_ms or 0)


def beside(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run something in a loop of its own, as another process would, while ours stands still."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, make()).result()
