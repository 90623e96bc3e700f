"""When the ledger can not be written: what waits, and how recording resumes by itself.

Writes that failed are kept in order and tried again; until they are through, later ones stand in
line behind them, so that the ledger never learns of an answer before its question.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar

from replygate.errors import LedgerError
from replygate.ledger import Ledger

RETRY_S = 1.0

UNWRITTEN_MAX = 20_000
"""More writes than this are not kept: memory is bounded, and the journal has the facts."""

T = TypeVar("T")
Write = Callable[[], Awaitable[T]]


class Faults:
    """The ledger's faults, and the writes that wait for their end.

    `told` hears of the first fault, with its reason, and of recovery, with None. `lost` hears of a
    write that is given up.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        told: Callable[[str | None], None],
        lost: Callable[[str], None],
    ) -> None:
        self._ledger = ledger
        self._told = told
        self._lost = lost
        self._waiting: deque[Write[object]] = deque()
        self._down = asyncio.Event()
        self._resuming = asyncio.Lock()
        self.reason: str | None = None

    @property
    def down(self) -> bool:
        """Whether recording has stopped."""
        return self._down.is_set()

    @property
    def unwritten(self) -> int:
        """Writes that wait."""
        return len(self._waiting)

    async def write(self, write: Write[T]) -> T | None:
        """Write now, or, during a fault, later; None where it was put off."""
        if not self.down:
            try:
                return await write()
            except LedgerError as error:
                self.note(error)
        self.put_off(write)
        return None

    def put_off(self, write: Write[object]) -> None:
        """Write it when recording resumes."""
        assert self.down, "only a fault puts writes off"
        if len(self._waiting) >= UNWRITTEN_MAX:
            self._lost(f"{UNWRITTEN_MAX} writes wait for the ledger already")
        else:
            self._waiting.append(write)

    def note(self, error: LedgerError) -> None:
        """The ledger failed: recording stops until `resume`."""
        self.reason = str(error)
        if not self.down:
            self._down.set()
            self._told(self.reason)

    async def run(self) -> None:
        """Wait for faults and end each one."""
        while True:
            await self._down.wait()
            if not await self.resume():
                await asyncio.sleep(RETRY_S)

    async def resume(self) -> bool:
        """Try to write what waits; whether recording goes on."""
        async with self._resuming:
            return not self.down or await self._resume()

    async def _resume(self) -> bool:
        if not await self._ledger.check():
            self.reason = self._ledger.fault or self.reason
            return False
        while self._waiting:
            write = self._waiting[0]
            try:
                await write()
            except LedgerError as error:
                if not self._ledger.healthy:
                    self.reason = str(error)
                    return False
                # The ledger works and refuses this one only: it would refuse it for ever.
                self._lost(str(error))
            except Exception as error:  # noqa: BLE001 - one bad write must not stop recording for ever
                self._lost(repr(error))
            self._waiting.popleft()
        self._down.clear()
        self.reason = None
        self._told(None)
        return True
