"""Writes the journal through a structlog logger of our own.

A host's `structlog.configure` is left alone, and leaves ours alone: the logger is wrapped with its
processors here.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeAlias

import structlog

from replygate.clock import Clock, SystemClock
from replygate.journal.events import ALARMS, EVENTS
from replygate.journal.privacy import LogText, Privacy
from replygate.journal.writer import BufferedLines

Listener: TypeAlias = Callable[[Mapping[str, Any]], None]
"""Called with each event as it was written; must not block. One that raises is taken off."""

# The platforms' own time, which has had no other offset since 1991.
_ZONE = dt.timezone(dt.timedelta(hours=8))

DEFAULT_LOG_TEXT: LogText = "findings"


class Journal:
    """Takes events in, keeps what the store's privacy setting allows, writes them as JSON lines.

    `emit` is synchronous and cheap; lines lie in a buffer until `flush`, which the owner calls on
    a timer and at the end. Alarms are flushed at once. Nothing here raises because of the disk;
    an event or field that `events.py` does not declare is a programmer's error.
    """

    def __init__(
        self, file: BinaryIO, *, clock: Clock | None = None, key: bytes | None = None
    ) -> None:
        self._lines = BufferedLines(file)
        self._clock = clock or SystemClock()
        self._is_keyed = key is not None
        self._privacy = Privacy(key or secrets.token_bytes(16))
        self._log_text: dict[str, LogText] = {}
        self._listeners: list[Listener] = []
        self._dropped_told = 0
        self._second = -1
        self._until_ms = self._offset = ""
        logger = structlog.wrap_logger(
            self._lines,
            processors=[_render],
            wrapper_class=structlog.BoundLogger,
            cache_logger_on_first_use=True,
        )
        self._log = logger.bind()

    @classmethod
    def open(cls, target: str | Path, **options: Any) -> Self:
        """A journal that appends to a file, or writes to standard error (`-`).

        Raises OSError when the file can not be opened.
        """
        if str(target) == "-":
            return cls(open(sys.stderr.fileno(), "wb", closefd=False), **options)
        path = Path(target)
        path.touch(mode=0o600, exist_ok=True)
        return cls(path.open("ab"), **options)

    def set_privacy(self, log_text: Mapping[str, LogText]) -> None:
        """What each store allows, by store id; a store that is not named allows the default."""
        self._log_text = dict(log_text)

    def key_by(self, key: bytes) -> None:
        """Hash by this key from now on, so that hashes outlive the process.

        Not where one was given to begin with. What took `privacy` before goes on with the old one.
        """
        if not self._is_keyed:
            self._privacy = Privacy(key)

    @property
    def privacy(self) -> Privacy:
        """What hashes and masks here."""
        return self._privacy

    def hashed(self, value: str) -> str:
        """The hash under which the journal names a buyer."""
        return self._privacy.hashed(value)

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Write one event. Fields that are None are left out."""
        declared = EVENTS[event]
        assert fields.keys() <= declared.keys(), (
            f"{event} does not declare {sorted(fields.keys() - declared.keys())}"
        )
        log_text = self._log_text.get(store or "", DEFAULT_LOG_TEXT)
        told: dict[str, Any] = {"at": self._now()}
        if store is not None:
            told["store"] = store
        for name, value in fields.items():
            sensitivity, shown = declared[name], value
            if sensitivity != "plain":
                shown = self._privacy.shown(value, sensitivity, log_text)
            if shown is not None:
                told[name] = shown
        alarm = event in ALARMS
        (self._log.warning if alarm else self._log.info)(event, **told)
        if alarm:
            self.flush()
        self._tell({"event": event, **told})

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; call what comes back to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    @property
    def dropped(self) -> int:
        """Lines that could not be written."""
        return self._lines.dropped

    def flush(self) -> None:
        """Write what lies in the buffer; say so when lines were lost before."""
        self._lines.flush()
        lost = self._lines.dropped - self._dropped_told
        if lost:
            self._dropped_told = self._lines.dropped
            self._log.warning("journal.dropped", at=self._now(), lines=lost)

    def close(self) -> None:
        """Flush and close the file."""
        self.flush()
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _now(self) -> str:
        second, ms = divmod(self._clock.wall_ms(), 1000)
        if second != self._second:
            # Many lines share their second.
            now = dt.datetime.fromtimestamp(second, _ZONE).isoformat()
            self._second, self._until_ms, self._offset = second, now[:-6], now[-6:]
        return f"{self._until_ms}.{ms:03}{self._offset}"

    def _tell(self, event: Mapping[str, Any]) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - a listener's fault must not stop a reply
                self._listeners.remove(listener)
                self._log.warning(
                    "task.failed",
                    at=self._now(),
                    task="journal listener",
                    reason="it raised and was taken off",
                )


def _render(_logger: object, level: str, event: structlog.typing.EventDict) -> bytes:
    # Our own order and no ASCII escapes: a person reads these lines too.
    told = {"at": event.pop("at"), "level": level, "event": event.pop("event"), **event}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )
