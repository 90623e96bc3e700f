"""A JSONL file of canonical events: checked whole before anything is made of it.

It may be larger than memory: of each event only its time and its place in the file are kept, and
the line is read once more when its turn comes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from array import array
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final, NoReturn, cast

from replygate.cli.event_table import TableRecording
from replygate.cli.exits import InputError
from replygate.cli.lines import decode, stdin_bytes
from replygate.cli.progress import Progress
from replygate.cli.tables import is_table
from replygate.events import Event
from replygate.runtime.fields import EventError
from replygate.runtime.parse import parse_event

LINE_BYTES: Final = 1024 * 1024
"""The longest line; the longest text of an event fits in, every character escaped."""

_STEP: Final = 4_096
_OTHERS_MAX: Final = 20


class Recording:
    """The events of some stores in a file, read and found to be in order."""

    def __init__(self, file: BinaryIO, name: str, stores: Sequence[str]) -> None:
        self._file = file
        self._name = name
        self._seen_ms = {store: array("q") for store in stores}
        self._places = {store: array("q") for store in stores}
        self.others: dict[str, None] = {}
        """Other stores that the file speaks of; not more than a person would read."""
        self._index()

    def count(self, store: str) -> int:
        """How many events of the store there are."""
        return len(self._places[store])

    def events(self, store: str) -> Iterator[Event]:
        """The store's events in the order in which they were seen; equal times as in the file."""
        seen_ms, places = self._seen_ms[store], self._places[store]
        progress = Progress(f"playing {store}", len(places))
        for done, index in enumerate(sorted(range(len(places)), key=seen_ms.__getitem__)):
            self._file.seek(places[index])
            yield _event(self._file.readline(LINE_BYTES + 2), self._name)
            if not done % _STEP:
                progress.to(done)
        progress.end()

    def _index(self) -> None:
        progress = Progress(f"reading {self._name}", self._file.seek(0, os.SEEK_END))
        place = self._file.seek(0)
        number = 0
        try:
            while line := self._file.readline(LINE_BYTES + 2):
                number += 1
                self._note(line, number, place)
                place += len(line)
                if not number % _STEP:
                    progress.to(place)
        finally:
            progress.end()

    def _note(self, line: bytes, number: int, place: int) -> None:
        if number == 1 and line.startswith(BOM_UTF8):
            line = line.removeprefix(BOM_UTF8)
            place += len(BOM_UTF8)
        if not line.strip():
            return
        event = _event(line, f"{self._name}:{number}")
        if event.store in self._places:
            assert event.at_ms is not None, "a recorded event says when it happened"
            seen_ms = event.at_ms if event.received_ms is None else event.received_ms
            self._seen_ms[event.store].append(seen_ms)
            self._places[event.store].append(place)
        elif len(self.others) < _OTHERS_MAX:
            self.others[event.store] = None


@contextmanager
def open_recording(
    path: str, stores: Mapping[str, str], columns: Mapping[str, str] | None = None
) -> Iterator[Recording | TableRecording]:
    """Read a file of events, or a table of messages; `-` is standard input.

    `stores` are ids with the stores' names, `columns` what a table calls its columns. Raises
    InputError at the first bad line.
    """
    if is_table(path):
        yield TableRecording(path, stores, columns or {})
        return
    if columns:
        raise InputError(f"{path}: --map is for tables (.csv, .xlsx); events have their own names")
    with _open(path) as file:
        yield Recording(file, "stdin" if path == "-" else path, tuple(stores))


@contextmanager
def _open(path: str) -> Iterator[BinaryIO]:
    with nullcontext(stdin_bytes()) if path == "-" else _file(path) as source:
        if source.seekable():
            yield source
            return
        # A pipe can be read only once.
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            yield cast("BinaryIO", copy)


def _file(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as fault:
        raise InputError(f"{path}: {fault.strerror or fault}") from fault


def _event(line: bytes, place: str) -> Event:
    line = line.rstrip(b"\r\n")
    if len(line) > LINE_BYTES:
        raise InputError(f"{place}: is longer than {LINE_BYTES} bytes")
    text = decode(line, place)
    try:
        return parse_event(json.loads(text, parse_constant=_no_constant))
    except json.JSONDecodeError as fault:
        what = f"is not valid JSON at column {fault.colno}: {fault.msg.removesuffix(' at')}"
        raise InputError(f"{place}: {what}") from fault
    except EventError as fault:
        raise InputError(f"{place}: {fault}") from fault
    except (ValueError, RecursionError) as fault:  # a number or a nesting beyond all measure
        raise InputError(f"{place}: is not usable JSON ({fault})") from fault


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
