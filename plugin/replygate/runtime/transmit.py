"""One message to the network: what surely did not go out is tried again, what may be out never."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import Literal

from replygate.clock import Clock
from replygate.errors import PlatformBusy, PlatformError, SendUncertain
from replygate.model import Cleared, Receipt
from replygate.runtime.lane import Lane
from replygate.runtime.platform import Port
from replygate.timing.holding import GRACE_MS

SEND_TIMEOUT_S = 10.0
"""A platform that has not answered by then may have sent it or not."""

RETRY_MIN_S = 0.2
"""A platform that says "again at once" is not asked in a loop."""

DOWN_PATIENCE_S = 5.0
"""How long an answer waits for a platform that is down, before it is handed back as not sent."""

REPEATS_MAX = 3
"""How often a send is repeated whose answer was lost, on a platform that dedupes by our id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a send. `unknown`: it may be out. `failed`: it surely is not."""

    state: Literal["sent", "unknown", "failed"]
    receipt: Receipt | None = None
    error: str | None = None


async def transmit(
    port: Port,
    cleared: Cleared,
    client_id: str,
    *,
    until_s: float,
    clock: Clock,
    lane: Lane,
    give_way: asyncio.Event | None = None,
) -> Outcome:
    """Send a cleared text by its store's lane. Raises nothing of the platform's.

    A platform that is busy is asked again until `until_s` (monotonic), or until `give_way` is set,
    which is there for a holding reply. What is not one does not wait long for one that is down.
    """
    assert cleared.action != "block", "a blocked text never goes out"
    assert cleared.text is not None, "what goes out has a text"
    send = _Send(port, cleared, client_id, lane, clock, give_way)
    lost: Outcome | None = None
    repeats = 0
    while True:
        outcome = await send.attempt(until_s)
        wait_s = RETRY_MIN_S
        if isinstance(outcome, PlatformBusy):
            if isinstance(outcome, _Down) and give_way is None:
                until_s = min(until_s, clock.monotonic_s() + DOWN_PATIENCE_S)
            wait_s = _wait_s(outcome)
            outcome = Outcome("failed", error=str(outcome))
        elif outcome.state == "unknown" and port.dedupes and repeats < REPEATS_MAX:
            lost = outcome
            repeats += 1
        else:
            return _after(lost, outcome)
        if clock.monotonic_s() + wait_s > until_s or await _must_give_way(wait_s, give_way):
            return _after(lost, outcome)


class _Down(PlatformBusy):
    """The platform gave no answers lately, so this was not tried."""


@dataclass(frozen=True, slots=True)
class _Send:
    """One message, each time that it is tried."""

    port: Port
    cleared: Cleared
    client_id: str
    lane: Lane
    clock: Clock
    give_way: asyncio.Event | None

    async def attempt(self, until_s: float) -> Outcome | PlatformBusy:
        """Wait for a place, and try."""
        lane, hold = self.lane, self.give_way is not None
        if self.give_way is not None and self.give_way.is_set():
            return Outcome("failed", error="somebody answered first")
        wait_s = lane.may_try_s(until_s, hold=hold)
        if wait_s > 0:
            return _down(wait_s)
        if not await lane.enter(until_s, self.give_way):
            return Outcome("failed", error="other messages of the store were still on their way")
        try:
            if hold and self.clock.monotonic_s() > until_s + GRACE_MS / 1_000:
                # The whole process may have been held up since this was decided.
                return Outcome("failed", error="too late to help anybody")
            # It may have gone down while this one stood in line.
            wait_s = lane.may_try_s(until_s, hold=hold)
            return _down(wait_s) if wait_s > 0 else await self._try()
        finally:
            lane.leave()

    async def _try(self) -> Outcome | PlatformBusy:
        probe, began_s = self.lane.breaker.began(), self.clock.monotonic_s()
        reached: bool | None = None
        try:
            outcome = await _attempt(self.port, self.cleared, self.client_id)
            reached = _reached(outcome)
            return outcome
        finally:
            took_s = self.clock.monotonic_s() - began_s
            self.lane.ended(probe=probe, reached=reached, took_s=took_s)


def _reached(outcome: Outcome | PlatformBusy) -> bool:
    """Whether the platform said anything at all."""
    if isinstance(outcome, PlatformBusy):
        return outcome.reached
    return outcome.state != "unknown"


def _down(wait_s: float) -> _Down:
    return _Down("the platform gives no answer at present; nothing was sent", retry_after_s=wait_s)


async def _must_give_way(wait_s: float, give_way: asyncio.Event | None) -> bool:
    """Wait; True at once where somebody else goes first."""
    if give_way is None:
        await asyncio.sleep(wait_s)
        return False
    try:
        async with asyncio.timeout(wait_s):
            await give_way.wait()
    except TimeoutError:
        return False
    return True


def _after(lost: Outcome | None, outcome: Outcome) -> Outcome:
    """Where an answer was lost before, a later refusal does not prove that nothing went out."""
    if lost is None or outcome.state == "sent":
        return outcome
    return Outcome("unknown", error=f"{lost.error}; then {outcome.error}")


async def _attempt(port: Port, cleared: Cleared, client_id: str) -> Outcome | PlatformBusy:
    task = asyncio.current_task()
    assert task is not None, "a send runs in a task"
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            receipt = await port.send(cleared, client_id)
    except PlatformBusy as busy:
        return busy
    except asyncio.CancelledError:
        if task.cancelling():
            raise
        return Outcome("unknown", error="the platform's send was cancelled")
    except Exception as error:  # noqa: BLE001 - whatever it was, the message may be out
        return after_error(error)
    # A platform is other people's code: what it returns may be anything.
    given: object = receipt
    if not isinstance(given, Receipt):
        return Outcome("unknown", error=f"the platform returned {given!r}, expected a Receipt")
    return Outcome("sent", receipt=given)


def after_error(error: Exception) -> Outcome:
    """What is known of a send that raised: only a clear no means that nothing went out."""
    refused = isinstance(error, PlatformError) and not isinstance(error, SendUncertain)
    return Outcome("failed" if refused else "unknown", error=_said(error))


def _wait_s(busy: PlatformBusy) -> float:
    wait_s = busy.retry_after_s
    return max(wait_s, RETRY_MIN_S) if math.isfinite(wait_s) else math.inf


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError) and not str(error):
        return "the platform gave no answer in time"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
