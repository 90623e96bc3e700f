"""Texts that people may release, of stores that want none written: in memory, and not for long."""

from __future__ import annotations

from cachetools import TTLCache

from replygate.clock import Clock

TEXT_KEPT_MS = 24 * 3_600_000
"""How long a text may be released; after that its task stays, without it."""

TEXTS_MAX = 5_000


class Texts:
    """The texts by task, the oldest go first where there are too many."""

    def __init__(self, clock: Clock) -> None:
        self._texts: TTLCache[str, str] = TTLCache(
            TEXTS_MAX, TEXT_KEPT_MS / 1_000, timer=clock.monotonic_s
        )

    def keep(self, task: str, text: str) -> None:
        """Have it until it is released, or too old."""
        self._texts[task] = text

    def of(self, task: str) -> str | None:
        """The text of a task, where it is still there."""
        found: str | None = self._texts.get(task)
        return found

    def drop(self, task: str) -> None:
        """It is not needed any more."""
        self._texts.pop(task, None)
