"""The gate made wrong on purpose: each of these must be found out by the invariants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from replygate.ledger import outbox, todo
from replygate.runtime import flight, housekeeping, lifetime, platform, resume, timers
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.echo import Echoes
from replygate.runtime.faults import Faults
from replygate.runtime.sends import Sends
from replygate.runtime.wheel import TICK_US, Wheel
from replygate.timing.turn import Conversation as Machine

Patches = tuple[tuple[object, str, object], ...]


def _blind_retry() -> Patches:
    """What may be out is sent again, whether the platform drops a second one or not."""
    port_of = platform.port_of

    def blind(given: Any) -> platform.Port:
        port = port_of(given)
        return platform.Port(port.send, dedupes=True)

    from replygate.runtime import service

    return ((service, "port_of", blind),)


def _send_before_the_commit() -> Patches:
    """The network is not kept waiting for the disk."""
    begin = flight.Flight.begin

    async def hasty(self: flight.Flight) -> bool:
        self._begun = True
        self._core.tasks.start("late begin", begin(self))
        return True

    return ((flight.Flight, "begin", hasty),)


def _hold_without_another_look() -> Patches:
    """A hold is decided when its timer runs out, and nobody looks again before it goes."""

    async def careless(core: Core, conversation: Conversation, kind: Any) -> None:
        if kind != "hold":
            await leg_due(core, conversation, kind)
            return
        decided = await timers._decide(core, conversation)
        async with conversation.door:
            if decided is not None:
                await decided.fly()

    leg_due = timers.leg_due
    return (
        (lifetime, "leg_due", careless),
        (outbox, "_hold_may_go", lambda _connection, _row: True),
        (Machine, "_may_hold", lambda self: self._holds_in_turn() < 1),
    )


def _no_timers_after_a_restart() -> Patches:
    async def nothing(*_args: object) -> None:
        await asyncio.sleep(0)

    async def nothing_left(*_args: object) -> tuple[str, str]:
        return resume.FIRST

    restore = resume.restore

    async def forgetful(core: Core) -> Any:
        with mock.patch.object(core.wheel, "arm"):
            return await restore(core)

    return (
        (resume, "catch_up", nothing),
        (resume, "look_over", nothing),
        (resume, "set_again", nothing),
        (housekeeping, "set_again", nothing),
        (housekeeping, "guard", nothing_left),
        (resume, "restore", forgetful),
    )


def _echo_taken_for_a_human() -> Patches:
    return ((Echoes, "find", lambda *_args, **_kwargs: None),)


def _idempotency_key_forgotten() -> Patches:
    once = Sends.once

    async def anew(self: Sends, store: str, _send_id: str | None, work: Any) -> Any:
        return await once(self, store, None, work)

    return ((Sends, "once", anew),)


def _taken_but_not_written() -> Patches:
    """The adapter is told "recorded" while the disk has not heard of it."""

    async def later(self: Faults, write: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        asyncio.get_running_loop().call_later(1.0, lambda: start(self, write))
        return True

    def start(self: Faults, write: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        _HELD.append(asyncio.get_running_loop().create_task(write()))

    return ((Faults, "write", later),)


_HELD: list[Any] = []


def _early() -> Patches:
    """Times are rounded down to the tick."""

    def down(self: Wheel[Any], due_ms: int) -> int:
        return (due_ms * 1000 - self._offset_us) // TICK_US

    return ((Wheel, "_tick", down),)


def _unknown_in_silence() -> Patches:
    """What may be out is left at that."""
    return ((todo, "ask_about", lambda _connection, _send_id: None),)


def _another_stores_port() -> Patches:
    """An answer goes out by whichever platform was connected first."""
    from replygate.runtime.service import ReplyGate

    send_by = ReplyGate.send_by

    async def lost(self: ReplyGate, _port: Any, draft: Any, *, send_id: str | None = None) -> Any:
        return await send_by(self, next(iter(self._core.ports.values())), draft, send_id=send_id)

    return ((ReplyGate, "send_by", lost),)


MUTANTS: dict[str, Callable[[], Patches]] = {
    "blind retry": _blind_retry,
    "send before the commit": _send_before_the_commit,
    "hold without another look": _hold_without_another_look,
    "no timers after a restart": _no_timers_after_a_restart,
    "echo taken for a human": _echo_taken_for_a_human,
    "idempotency key forgotten": _idempotency_key_forgotten,
    "taken but not written": _taken_but_not_written,
    "early": _early,
    "unknown in silence": _unknown_in_silence,
    "another store's port": _another_stores_port,
}


@contextmanager
def wrong(name: str) -> Iterator[None]:
    """Have the gate be wrong in this way."""
    with ExitStack() as patches:
        for target, attribute, instead in MUTANTS[name]():
            patches.enter_context(mock.patch.object(target, attribute, instead))
        yield
