"""The gate around a send function that somebody already has, async or sync.

- An async function runs on its caller's loop, the gate's or another.
- A sync function called in a thread runs in that thread; the caller blocks while it waits.
- A sync function called on the gate's own loop runs there at once; the loop stands still meanwhile.

In each case the text is screened first, the intent is committed before the function is called, and
no holding reply starts between the answer's begin and its end. The first two wait for their turn in
the conversation. The last does not, as nobody could go on while the loop is blocked: an answer
there may overtake one that is under way, and its outcome is written right after the call returns.

What the function raises goes on to the caller. PlatformRefused and other PlatformErrors mean that
nothing went out, SendUncertain and anything else that it may be out. A sync caller on another
running loop blocks that loop as long as a thread would; a send of the same conversation that needs
that loop then ends as unknown after the send timeout.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from replygate.errors import PlatformError, SendUncertain
from replygate.model import Cleared, Draft, Origin, Receipt
from replygate.runtime.outgoing import Sent
from replygate.runtime.platform import Port

P = ParamSpec("P")
R = TypeVar("R")


class Sender(Protocol):
    """What the wrapper needs of the facade."""

    loop: asyncio.AbstractEventLoop

    async def send_by(self, port: Port, draft: Draft) -> Sent:
        """Send through the gate by this way."""

    def send_now(self, draft: Draft, send: Callable[[Cleared], Receipt]) -> Sent:
        """The same for a sync caller on the gate's loop."""

    def now_ms(self) -> int:
        """Unix ms."""


@dataclass(frozen=True, slots=True)
class Means:
    """How to read a call: where its text and conversation stand, and what a block returns."""

    store: str
    text: str
    conversation: str | Callable[[Any], str]
    origin: Origin
    on_block: Callable[[Cleared], Any] | None
    platform_id: Callable[[Any], str | None] | None


def wrap(gate: Sender, fn: Callable[P, R], means: Means) -> Callable[P, R]:
    """`fn` with the gate before it. Raises TypeError for a parameter that is not there."""
    signature = inspect.signature(fn)
    for name in (means.text, means.conversation):
        if isinstance(name, str) and name not in signature.parameters:
            known = ", ".join(signature.parameters) or "none"
            raise TypeError(f"{fn!r} has no parameter {name!r}; it has {known}")
    if inspect.iscoroutinefunction(fn):

        @functools.wraps(fn)
        async def wrapped_async(*args: P.args, **kwargs: P.kwargs) -> Any:
            return await _Call(gate, fn, means, signature.bind(*args, **kwargs)).run_async()

        return cast("Callable[P, R]", wrapped_async)

    @functools.wraps(fn)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:
        return _Call(gate, fn, means, signature.bind(*args, **kwargs)).run_sync()

    return wrapped


class _Call:
    """One call of a wrapped function."""

    def __init__(
        self,
        gate: Sender,
        fn: Callable[..., Any],
        means: Means,
        bound: inspect.BoundArguments,
    ) -> None:
        bound.apply_defaults()
        self._gate = gate
        self._fn = fn
        self._means = means
        self._bound = bound
        self._result: Any = None
        self._error: Exception | None = None
        self._returned = False
        find = means.conversation
        arguments = bound.arguments
        conversation = arguments[find] if isinstance(find, str) else find(_namespace(arguments))
        text = arguments[means.text]
        if not isinstance(text, str):
            raise TypeError(f"{means.text} is a string, not {type(text).__name__}")
        self._draft = Draft(str(conversation), text, store=means.store, origin=means.origin)

    async def run_async(self) -> Any:
        here = asyncio.get_running_loop()
        if here is self._gate.loop:
            return self._outcome(await self._gate.send_by(Port(self._send_async), self._draft))

        async def from_there(cleared: Cleared, _client_id: str) -> Receipt:
            calling = asyncio.run_coroutine_threadsafe(self._send_async(cleared), here)
            return await asyncio.wrap_future(calling)

        sending = self._gate.send_by(Port(from_there), self._draft)
        running = asyncio.run_coroutine_threadsafe(sending, self._gate.loop)
        return self._outcome(await asyncio.wrap_future(running))

    def run_sync(self) -> Any:
        try:
            here: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._gate.loop:
            return self._outcome(self._gate.send_now(self._draft, self._send_sync))
        return self._outcome(self._from_thread())

    def _from_thread(self) -> Sent:
        """The gate decides on its loop, the function runs here: they take turns."""
        turns: SimpleQueue[tuple[Cleared, Future[Receipt]] | None] = SimpleQueue()

        async def hand_over(cleared: Cleared, _client_id: str) -> Receipt:
            done: Future[Receipt] = Future()
            turns.put((cleared, done))
            return await asyncio.wrap_future(done)

        sending = self._gate.send_by(Port(hand_over), self._draft)
        running = asyncio.run_coroutine_threadsafe(sending, self._gate.loop)
        running.add_done_callback(lambda _done: turns.put(None))
        while (turn := turns.get()) is not None:
            self._take_turn(*turn)
        return running.result()

    def _take_turn(self, cleared: Cleared, done: Future[Receipt]) -> None:
        try:
            try:
                done.set_result(self._send_sync(cleared))
            except InvalidStateError:
                raise
            except Exception as error:  # noqa: BLE001 - the gate judges it, the caller gets it
                done.set_exception(error)
        except InvalidStateError:
            # The gate gave up waiting: it has noted that the message may be out.
            return

    async def _send_async(self, cleared: Cleared, _client_id: str = "") -> Receipt:
        try:
            sent: Awaitable[Any] = self._fn(*self._arguments(cleared).args, **self._bound.kwargs)
            return self._keep(await sent)
        except Exception as error:
            self._error = error
            raise

    def _send_sync(self, cleared: Cleared) -> Receipt:
        try:
            arguments = self._arguments(cleared)
            return self._keep(self._fn(*arguments.args, **arguments.kwargs))
        except Exception as error:
            self._error = error
            raise

    def _arguments(self, cleared: Cleared) -> inspect.BoundArguments:
        self._bound.arguments[self._means.text] = cleared.text
        return self._bound

    def _keep(self, result: Any) -> Receipt:
        self._result, self._returned, self._error = result, True, None
        find = self._means.platform_id
        return Receipt(find(result) if find is not None else None, self._gate.now_ms())

    def _outcome(self, sent: Sent) -> Any:
        """What the caller gets: what the function returned or raised, or the block."""
        if sent.cleared.text is None:
            on_block = self._means.on_block
            return None if on_block is None else on_block(sent.cleared)
        if sent.state == "skipped":
            # A person has the conversation; nothing is wrong, and nothing is to be sent.
            return None
        if self._returned:
            return self._result
        if self._error is not None:
            raise self._error
        if sent.state == "unknown":
            raise SendUncertain(sent.error)
        raise PlatformError(sent.error)


def _namespace(arguments: dict[str, Any]) -> SimpleNamespace:
    flat = dict(arguments)
    flat.update(flat.get("kwargs") or {})
    return SimpleNamespace(**flat)
