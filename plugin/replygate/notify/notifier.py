"""Who is told of what: from the journal's events to the addresses of each store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from replygate.clock import Clock
from replygate.config import Store, Webhook
from replygate.notify.channel import Channel, Emit, Post
from replygate.notify.notice import ANSWERED, kind_of, notice_of
from replygate.notify.post import Poster, require_http

Start = Callable[[str, Coroutine[Any, Any, None]], "asyncio.Task[None]"]
"""Runs work in a task that is held, under a name."""

Show = Callable[[str, str | None, Mapping[str, Any]], Mapping[str, Any]]
"""What a store lets be shown of an event's fields, as the journal writes them."""

OnDuty = Callable[[str, int], tuple[str, ...]]
"""The agents of a store who are there at this time (Unix ms)."""

_ANSWERS = frozenset({"human", "bot", "unknown"})
"""Whoever wrote it, nobody needs to hurry; a holding reply is no answer."""


@dataclass(frozen=True, slots=True)
class _Way:
    """From a store to one of its addresses."""

    webhook: Webhook
    channel: Channel


@dataclass(slots=True)
class _Running:
    channel: Channel
    task: asyncio.Task[None]


class Notifier:
    """Hears events and tells people. Belongs to one event loop.

    Stores with the same address share its limits and messages. Nothing here is awaited by
    whoever answers a buyer: `hear` only puts into memory.
    """

    def __init__(
        self,
        clock: Clock,
        journal: Emit,
        start: Start,
        show: Show,
        *,
        on_duty: OnDuty | None = None,
        post: Post | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._start = start
        self._show = show
        self._on_duty = on_duty
        self._poster = Poster()
        self._post: Post = post or self._poster
        self._running: dict[str, _Running] = {}
        self._stores: dict[str, Store] = {}
        self._ways: dict[str, tuple[_Way, ...]] = {}

    def serve(self, stores: Iterable[Store]) -> None:
        """Tell of these stores, and no others.

        What waits for an address that nobody names any more is given up. Raises ReplygateError
        where the library that calls addresses is missing; then nothing has changed.
        """
        stores = list(stores)
        require_http(stores)
        named = _by_address(hook for store in stores for hook in store.webhooks)
        for url in self._running.keys() - named.keys():
            running = self._running.pop(url)
            running.task.cancel()
            running.channel.give_up("removed")
        for url, webhook in named.items():
            self._open(url, webhook)
        self._stores = {store.id: store for store in stores}
        self._ways = {
            store.id: tuple(
                _Way(hook, self._running[hook.url.reveal()].channel) for hook in store.webhooks
            )
            for store in stores
            if store.webhooks
        }

    def hear(self, event: str, store: str | None, fields: Mapping[str, Any]) -> None:
        """An event of `HEARD` happened; `fields` are whole, before privacy."""
        if store is not None and store not in self._ways:
            return
        if event == ANSWERED:
            if store is not None and fields.get("origin") in _ANSWERS:
                for way in self._ways[store]:
                    way.channel.answered((store, str(fields.get("conversation"))))
            return
        kind = kind_of(event, fields.get("reason"))
        if kind is None:
            return
        ways = self._ways_of(store)
        wanted = [way for way in ways if kind in way.webhook.events]
        if not wanted:
            return
        at_ms = self._clock.wall_ms()
        said = self._show(event, store, fields)
        of = self._stores.get(store or "")
        people = self._on_duty(store, at_ms) if self._on_duty and store is not None else ()
        for way in wanted:
            way.channel.put(notice_of(event, kind, of, way.webhook, fields, said, at_ms, people))

    async def close(self, timeout_s: float) -> None:
        """Tell what waits, within this time; say what was left."""
        channels = [running.channel for running in self._running.values()]
        try:
            async with asyncio.timeout(timeout_s):
                for channel in channels:
                    await channel.idle()
        except TimeoutError:
            pass
        tasks = [running.task for running in self._running.values()]
        self._running.clear()
        self._ways.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for channel in channels:
            channel.give_up("shutdown")
        await self._poster.close()

    def _ways_of(self, store: str | None) -> Iterable[_Way]:
        """The ways of one store; of the whole process, one to each address."""
        if store is not None:
            return self._ways[store]
        every = (way for ways in self._ways.values() for way in ways)
        return {id(way.channel): way for way in every if "fault" in way.webhook.events}.values()

    def _open(self, url: str, webhook: Webhook) -> None:
        running = self._running.get(url)
        if running is not None and running.channel.webhook.kind == webhook.kind:
            running.channel.webhook = webhook
            return
        if running is not None:
            running.task.cancel()
            running.channel.give_up("removed")
        channel = Channel(webhook, self._clock, self._journal, self._post)
        self._running[url] = _Running(channel, self._start("webhook", channel.run()))


def _by_address(hooks: Iterable[Webhook]) -> dict[str, Webhook]:
    """One for each address: the first, or the first that signs, as the robot takes no other."""
    found: dict[str, Webhook] = {}
    for hook in hooks:
        known = found.get(hook.url.reveal())
        if known is None or (known.secret is None and hook.secret is not None):
            found[hook.url.reveal()] = hook
    return found
