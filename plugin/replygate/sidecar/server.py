"""The sidecar's life: start, serve, reload, drain."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from prometheus_client import disable_created_metrics

from replygate.errors import ConfigError, ReplygateError
from replygate.journal import Journal
from replygate.runtime import Platform, ReplyGate
from replygate.runtime.tasks import Tasks
from replygate.sidecar import adapters, collector
from replygate.sidecar.addresses import Address
from replygate.sidecar.admin import Admin
from replygate.sidecar.api import Service, api_app
from replygate.sidecar.connections import Listener
from replygate.sidecar.hosted import hosted_of
from replygate.sidecar.limits import DRAIN_S, FLUSH_S, LAST_WORDS_S, OLD_PLATFORM_S
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.settings import Loaded, Settings, load
from replygate.sidecar.standing import Standing

Say = Callable[[str], None]
"""Tells a person one line."""

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)

KILLED: Final = 128
"""Plus the signal's number: how a shell reports a process that a signal ended."""


async def serve(settings: Settings, say: Say) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second one ends the process at once.

    SIGHUP reads the stores anew. Raises ConfigError with every problem, LedgerError,
    ReplygateError for an address that can not be had, OSError for a journal that can not be opened.
    """
    settings.require_safe()
    # The process is ours, so this is nobody else's setting; each figure would have a second line.
    disable_created_metrics()  # type: ignore[no-untyped-call] # it has no hints
    loaded = await asyncio.to_thread(load, settings)
    with Journal.open(settings.journal) as journal:
        await Sidecar(settings, loaded, journal, say).run()


class Sidecar:
    """One process of it."""

    def __init__(self, settings: Settings, loaded: Loaded, journal: Journal, say: Say) -> None:
        self._settings = settings
        self._loaded = loaded
        self._journal = journal
        self._say = say
        self._metrics = Metrics()
        self._tasks = Tasks(self._failed)
        self._service = Service(loaded.access, is_open=settings.is_open)
        self._platforms: dict[str, Platform] = {}
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Serve to the end."""
        settings, loaded = self._settings, self._loaded
        self._heed_signals()
        async with AsyncExitStack() as stack:
            stack.callback(self._journal.subscribe(self._metrics.see))
            stack.push_async_callback(self._tasks.cancel)
            admin = Admin(self._metrics, self.reasons, self._refresh, settings.admin_token)
            admin_listener = Listener(admin.app(self._request_failed))
            stack.push_async_callback(admin_listener.close, LAST_WORDS_S)
            await _listen(admin_listener, "--admin", settings.admin)
            service = self._service
            listener = Listener(api_app(service, self._metrics, self._request_failed))
            stack.push_async_callback(listener.close, LAST_WORDS_S)
            # Until the gate is open it says that it starts; nothing is written before it listens.
            await _listen(listener, "--listen", settings.listen)
            stack.push_async_callback(self._close_platforms)
            gate = await stack.enter_async_context(
                ReplyGate.open(
                    stores=list(loaded.stores.values()),
                    ledger=settings.ledger,
                    journal=self._journal,
                    drain_s=DRAIN_S,
                )
            )
            stack.callback(self._journal.subscribe(service.stream.publish))
            await self._connect(gate, loaded)
            self._metrics.loaded(len(loaded.stores), time.time())
            self._tasks.start("beat", self._beat())
            gate.hear_timers(
                lambda late_us: self._metrics.observe(
                    "replygate_timer_lateness_seconds", late_us / 1e6
                )
            )
            self._tasks.start("standing", Standing(gate, self._metrics, self._failed).run())
            service.serve(gate)
            collector.settle()
            self._say(
                f"replygate: stores: {len(loaded.stores)}; "
                f"http://{Address(settings.listen.host, listener.port)}, "
                f"admin http://{Address(settings.admin.host, admin_listener.port)}"
            )
            await self._heed()
            await self._drain(listener)

    def reasons(self) -> list[str]:
        """Why the process is not ready; empty while it is."""
        service = self._service
        return list(service.gate.ready.reasons) if service.phase == "serving" else [service.phase]

    async def reload(self) -> None:
        """Read the stores anew; where anything is wrong, all stays as it was."""
        try:
            loaded = await asyncio.to_thread(load, self._settings)
            await self._take(loaded)
        except ConfigError as error:
            problems = [str(problem) for problem in error.problems]
            self._journal.emit("config.rejected", problems=problems)
            self._metrics.rejected()
        except Exception as error:  # noqa: BLE001 - whatever it is, buyers are still waiting
            self._failed("reload", error)
            self._metrics.rejected()

    async def _take(self, loaded: Loaded) -> None:
        service = self._service
        await service.gate.reload(list(loaded.stores.values()))
        service.access = loaded.access
        collector.unsettle()
        old = await self._connect(service.gate, loaded)
        for hosted in hosted_of(old):
            self._tasks.start("retiring", hosted.retire())
        self._tasks.start("old platforms", _close_later(old))
        self._metrics.loaded(len(loaded.stores), time.time())
        # A stream that a token opened which is no longer there must not go on.
        service.stream.end("reloaded, come again")

    async def _connect(self, gate: ReplyGate, loaded: Loaded) -> list[Platform]:
        """Send by these from now on; gives back those that are no longer used."""
        platforms = loaded.platforms(self._platforms)
        kept = list(self._platforms.values())
        for store, platform in platforms.items():
            gate.connect(store, platform)
        for store in self._platforms.keys() - platforms.keys():
            gate.disconnect(store)
        self._service.connected = frozenset(platforms)
        new = [platform for platform in platforms.values() if platform not in kept]
        self._platforms = platforms
        for hosted in hosted_of(new):
            await hosted.start(gate, self._failed)
        self._service.hosts.serve(loaded.stores, platforms)
        return [platform for platform in kept if platform not in platforms.values()]

    async def _close_platforms(self) -> None:
        await adapters.close(self._platforms.values())

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._woken.set)

    def _stop(self, number: int) -> None:
        if self._stopping.is_set():
            self._journal.flush()
            os._exit(KILLED + number)
        self._stopping.set()
        self._woken.set()

    async def _heed(self) -> None:
        """Reload at each SIGHUP, until it is time to stop."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            if self._stopping.is_set():
                return
            await self.reload()

    async def _drain(self, listener: Listener) -> None:
        """Take nothing in any more; end sends, streams and connections, in this order."""
        service = self._service
        service.phase = "draining"
        self._say("replygate: draining")
        listener.stop_listening()
        await service.gate.drain(DRAIN_S)
        service.stream.end("draining")
        # Long connections would not end by themselves.
        await self._close_platforms()
        await listener.close(LAST_WORDS_S)

    async def _beat(self) -> None:
        """Have the journal on disk soon, and know how late the loop is."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + FLUSH_S
            await asyncio.sleep(FLUSH_S)
            self._metrics.late(loop.time() - due_s)
            self._journal.flush()

    def _refresh(self) -> None:
        service, metrics = self._service, self._metrics
        metrics.put("replygate_ready", not self.reasons())
        metrics.put("replygate_journal_lines_dropped", self._journal.dropped)
        metrics.put("replygate_event_streams", len(service.stream))
        metrics.put("replygate_event_streams_dropped", service.stream.dropped)

    def _request_failed(self, route: str, error: BaseException) -> None:
        self._journal.emit("task.failed", task=f"request {route}", reason=repr(error))

    def _failed(self, task: str, error: BaseException) -> None:
        self._journal.emit("task.failed", task=task, reason=repr(error))


async def _close_later(platforms: list[Platform]) -> None:
    try:
        await asyncio.sleep(OLD_PLATFORM_S)
    finally:
        await adapters.close(platforms)


async def _listen(listener: Listener, flag: str, address: Address) -> None:
    try:
        await listener.start(address.host, address.port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReplygateError(f"{flag} {address}: {reason}") from error
