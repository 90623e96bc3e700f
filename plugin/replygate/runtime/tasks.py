"""Background work that nobody can lose: every task is held, named, and its failure reported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from replygate.errors import ReplygateError

T = TypeVar("T")

Failed = Callable[[str, BaseException], None]
"""Told of a task's name and what it raised, where nobody else will ask."""


class Tasks:
    """The tasks of one owner. Belongs to one event loop."""

    def __init__(self, failed: Failed) -> None:
        self._failed = failed
        self._held: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._held)

    def start(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run `work` in a task that is held until it is done; its failure is reported."""
        task = self.hold(name, work)
        task.add_done_callback(self._report)
        return task

    async def finish(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end even where the caller is cancelled; its result or its error."""
        return await self.wait(self.hold(name, work))

    async def wait(self, task: asyncio.Task[T]) -> T:
        """Wait for a held task without harming it; its result or its error.

        Raises ReplygateError where the task was cancelled, and its caller was not.
        """
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            mine = asyncio.current_task()
            if task.cancelled() and mine is not None and not mine.cancelling():
                raise ReplygateError("the gate was closed before this was done") from None
            if not task.done():
                # Perhaps nobody waits for it any more, and its failure would be lost.
                task.add_done_callback(self._report)
            raise

    def hold(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task for somebody who waits for it."""
        task = asyncio.create_task(work, name=f"replygate {name}")
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return task

    async def idle(self) -> None:
        """Wait until no task is left, those that are started meanwhile included."""
        while self._held:
            await asyncio.wait(self._held)

    async def cancel(self) -> None:
        """Cancel what is left and wait for it."""
        while self._held:
            for task in list(self._held):
                task.cancel()
            await asyncio.wait(self._held)

    def _report(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._failed(task.get_name(), error)
