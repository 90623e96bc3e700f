"""A connection to the implementation and one to the framework, joined.

Order: what the implementation says reaches the framework in its order. What the bot asks reaches
the implementation in the bot's order, but for texts: those wait for the gate, each conversation's
in its own order, and keep nothing else waiting. OneBot itself promises no order between actions;
their answers carry an `echo` for that reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from replygate.errors import PlatformRefused, SendUncertain
from replygate.runtime.tasks import Tasks
from replygate_adapters.onebot.actions import Outgoing, outgoing
from replygate_adapters.onebot.answers import NOT_JUDGED, NOT_SENT, Answer, failed, is_answer
from replygate_adapters.onebot.bridge import Bridge
from replygate_adapters.onebot.calls import Call, Calls
from replygate_adapters.onebot.frames import (
    MISSING,
    Action,
    Frame,
    Unjudgeable,
    dumps,
    echo_of,
    read_action,
    read_value,
)
from replygate_adapters.onebot.pieces import Unreadable
from replygate_adapters.onebot.sides import (
    FAULT,
    GOING_AWAY,
    QUEUE_BYTES,
    TRY_LATER,
    Ended,
    Side,
    Stalled,
)

SENDS_MAX: Final = 256
"""Texts of one connection that wait for the gate; then nothing more is read from the bot."""

EARLY_MAX: Final = 200
"""Frames that are kept for the framework while it is called for the first time; together they have
no more than QUEUE_BYTES."""

Reach = Callable[[], Awaitable[Side]]
"""Comes to the framework, however long that takes."""


class Pair:
    """Both connections, from the first frame to the last.

    `takes_actions`: it is no connection for events alone. `self_id`: the account that it says it
    is of.
    """

    def __init__(
        self,
        bridge: Bridge,
        implementation: Side,
        *,
        takes_actions: bool,
        self_id: str | None = None,
    ) -> None:
        self._bridge = bridge
        self._implementation = implementation
        self._framework: Side | None = None
        self._early: list[Frame] | None = []
        self._greeting: Frame | None = None
        self._is_through = asyncio.Event()
        self._calls = Calls()
        self._tasks = Tasks(bridge.failed)
        self._sends = Tasks(bridge.failed)
        self._places = asyncio.Semaphore(SENDS_MAX)
        self._over: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        self._takes_actions = takes_actions
        self.self_id = self_id

    @property
    def can_send(self) -> bool:
        """Whether a text can go out by it now."""
        return self._takes_actions and not self._over.done()

    def join(self, framework: Side) -> None:
        """Have this framework from now on. It hears what came while it was called."""
        self._framework = framework
        self._bridge.gate.connection_opened(self._bridge.store, "bot")
        self._tasks.start("onebot writer", framework.write())
        early, self._early = self._early, None
        if early is None:
            # Who is there was said before there was anybody to hear it.
            early = [] if self._greeting is None else [self._greeting]
        for frame in early:
            self._tell(frame)

    def wait_no_more(self) -> None:
        """Nobody is there: what the implementation says is recorded, and not kept for the bot."""
        self._early = None

    async def run(self, reach: Reach | None = None) -> None:
        """Serve until either side ends, then end the other the same way.

        `reach` comes to the framework where none has joined. Without both, events are recorded,
        and we send.
        """
        gate, store = self._bridge.gate, self._bridge.store
        gate.connection_opened(store, "platform")
        start = self._tasks.start
        start("onebot writer", self._implementation.write())
        start("onebot implementation", self._ending(self._from_implementation()))
        if self._framework is not None:
            start("onebot framework", self._ending(self._from_framework(self._framework)))
        elif reach is not None:
            start("onebot framework", self._ending(self._reach(reach)))
        else:
            self.wait_no_more()
        try:
            await asyncio.shield(self._over)
        finally:
            self.finish(Ended(GOING_AWAY))
            how = self._over.result()
            self._calls.lose()
            for side in (self._framework, self._implementation):
                if side is not None:
                    await side.end(how)
            await self._sends.cancel()
            await self._tasks.cancel()
            gate.connection_closed(store, "platform", how.code)
            if self._framework is not None:
                gate.connection_closed(store, "bot", how.code)
            self._is_through.set()

    def finish(self, how: Ended) -> None:
        """End both sides so."""
        if not self._over.done():
            self._over.set_result(how)

    async def ended(self) -> None:
        """Wait until both sides are closed."""
        await self._is_through.wait()

    async def quiet(self) -> None:
        """Wait until no text is on its way."""
        await self._sends.idle()

    async def call(self, action: str, params: Mapping[str, Any]) -> object:
        """Ask the implementation ourselves; its answer. Raises a PlatformError."""
        call = self._calls.own()
        frame = dumps({"action": action, "params": params, "echo": call.echo})
        return await self._exchange(call, frame)

    async def _ending(self, work: Coroutine[Any, Any, Ended]) -> None:
        how = Ended(FAULT, "a fault of replygate")
        try:
            how = await work
        finally:
            self.finish(how)

    async def _from_implementation(self) -> Ended:
        while True:
            got = await self._implementation.read()
            if isinstance(got, Ended):
                return got
            await self._take(got)

    async def _take(self, frame: Frame) -> None:
        value = read_value(frame)
        if not isinstance(value, dict):
            self._tell(frame)
        elif is_answer(value):
            restored = self._calls.answered(frame, value)
            if restored is not None:
                self._tell(restored)
        else:
            # The bot first: nothing of ours stands in its way.
            self._tell(frame)
            if value.get("meta_event_type") == "lifecycle":
                self._greeting = frame
            # The writer's turn comes before ours.
            await asyncio.sleep(0)
            await self._record(value)

    async def _record(self, value: Mapping[str, Any]) -> None:
        try:
            await self._bridge.intake.take(value)
        except Exception as error:  # noqa: BLE001 - one odd event must not end the connection
            self._bridge.failed("onebot event", error)

    def _tell(self, frame: Frame) -> None:
        """Pass something to the framework; while there is none, nobody hears it."""
        if self._framework is None:
            if self._early is not None and self._fits_early(frame):
                self._early.append(frame)
            return
        try:
            self._framework.put(frame)
        except Stalled:
            self.finish(Ended(TRY_LATER, "the bot does not read"))

    def _fits_early(self, frame: Frame) -> bool:
        assert self._early is not None, "nothing is kept any more"
        waiting_bytes = sum(map(len, self._early))
        return len(self._early) < EARLY_MAX and waiting_bytes + len(frame) <= QUEUE_BYTES

    async def _reach(self, reach: Reach) -> Ended:
        side = await reach()
        self.join(side)
        return await self._from_framework(side)

    async def _from_framework(self, side: Side) -> Ended:
        while True:
            got = await side.read()
            if isinstance(got, Ended):
                return got
            await self._ask(got)
            await self._implementation.drained()

    async def _ask(self, frame: Frame) -> None:
        """Take one frame of the bot. Whatever happens, no text goes out that was not judged."""
        try:
            action = read_action(frame)
            text = None if action is None else outgoing(action.name, action.params)
        except (Unjudgeable, Unreadable) as error:
            self._answer(failed(NOT_JUDGED, f"replygate: {error}"), echo_of(frame))
        except Exception as error:  # noqa: BLE001 - a fault of ours closes the gate
            self._bridge.failed("onebot action", error)
            self._answer(failed(NOT_JUDGED, "a fault of replygate"), echo_of(frame))
        else:
            if action is None:
                self._put(frame)
            elif text is None:
                echo = self._calls.passing(action.echo)
                self._put(frame if echo is MISSING else action.frame(echo=echo))
            else:
                await self._places.acquire()
                self._sends.start("onebot send", self._send(action, text, frame))

    async def _send(self, action: Action, text: Outgoing, frame: Frame) -> None:
        async def carry(params: Mapping[str, Any] | None) -> object:
            call = self._calls.begin(action.echo)
            if params is None and call.echo is MISSING:
                return await self._exchange(call, frame)
            made = action.frame(params, call.echo)
            return await self._exchange(call, made.encode() if isinstance(frame, bytes) else made)

        turnstile = self._bridge.turnstile
        try:
            answer = await turnstile.send(action.name, action.params, text, carry)
        except Exception as error:  # noqa: BLE001 - a fault of ours closes the gate
            self._bridge.failed("onebot send", error)
            answer = failed(NOT_SENT, "a fault of replygate")
        finally:
            self._places.release()
        if answer is not None:
            self._answer(answer, action.echo)

    def _answer(self, answer: Answer, echo: object) -> None:
        self._tell(dumps(answer if echo is MISSING else {**answer, "echo": echo}))

    def _put(self, frame: Frame) -> None:
        try:
            self._implementation.put(frame)
        except Stalled:
            self.finish(Ended(TRY_LATER, "the implementation does not read"))

    async def _exchange(self, call: Call, frame: Frame) -> object:
        timeout_s = self._bridge.adapter.timeout_s
        try:
            if self._over.done():
                raise PlatformRefused("the connection to the implementation is gone")
            self._implementation.put(frame)
            async with asyncio.timeout(timeout_s):
                return await asyncio.shield(call.answer)
        except Stalled:
            raise PlatformRefused("the implementation does not read") from None
        except TimeoutError:
            raise SendUncertain(
                f"the implementation did not answer within {timeout_s:g} s; it may be out"
            ) from None
        finally:
            self._calls.done(call)
