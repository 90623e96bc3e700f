"""Reads one TOML or word file; whatever is wrong with it becomes one clear problem."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replygate.config.limits import FILE_BYTES
from replygate.config.places import KeyPath, Place, Report, Source, dotted
from replygate.config.positions import positions

Data = dict[str, Any]
"""What `tomllib` gives."""

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(slots=True)
class Document:
    """One parsed TOML file and the line of each of its keys."""

    source: Source
    data: Data
    lines: dict[KeyPath, int]
    _dropped: list[KeyPath] = field(default_factory=list)

    def place(self, path: KeyPath) -> Place:
        """Where `path` stands; a key that is missing stands where its table does."""
        for dropped in reversed(self._dropped):
            path = _before_drop(path, dropped)
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Place(self.source, self.lines.get(known, 0), dotted(path))

    def drop(self, path: KeyPath) -> bool:
        """Take a key or list element out of the data; tell whether it was there.

        The rest keeps its places, so that it can still be judged.
        """
        *outer, last = path
        table: Any = self.data
        for key in outer:
            table = table[key]
        if isinstance(table, dict) and last not in table:
            return False
        del table[last]
        if isinstance(last, int):
            self._dropped.append(path)
        return True


def _before_drop(path: KeyPath, dropped: KeyPath) -> KeyPath:
    """Where `path` stood before the list element `dropped` was taken out."""
    *outer, gone = dropped
    depth = len(outer)
    if len(path) <= depth or path[:depth] != tuple(outer):
        return path
    index = path[depth]
    assert isinstance(index, int), "a list was dropped from, so a list position follows"
    assert isinstance(gone, int), "only list elements are remembered"
    return (*outer, index + 1, *path[depth + 1 :]) if index >= gone else path


def is_there(path: Path, label: str, at: Place, report: Report) -> bool:
    """Whether `path` is something to read; what keeps it from being so is noted at `at`."""
    try:
        if path.is_dir():
            report.error(at, f"expected a file, {label} is a folder")
        elif path.exists():
            return True
        else:
            report.error(at, f"there is no file {label}")
    except (OSError, ValueError) as err:
        report.error(at, f"{label} can not be read: {reason(err)}")
    return False


def reason(err: OSError | ValueError) -> str:
    """Say why a file can not be read, without the path, which stands there already."""
    return err.strerror if isinstance(err, OSError) and err.strerror else str(err)


def read_text(path: Path, at: Place, report: Report, limit_bytes: int = FILE_BYTES) -> str | None:
    """Read a UTF-8 file; None when that failed, with the problem noted at `at`."""
    try:
        if path.is_dir():
            report.error(at, "expected a file, this is a folder")
            return None
        if not path.is_file():
            what = "is not a regular file" if path.exists() else "there is no such file"
            report.error(at, what)
            return None
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except (OSError, ValueError) as err:
        report.error(at, f"can not be read: {reason(err)}")
        return None
    if len(raw) > limit_bytes:
        report.error(at, f"is larger than {limit_bytes} bytes")
        return None
    return _decode(raw, at, report)


def _decode(raw: bytes, at: Place, report: Report) -> str | None:
    try:
        # Windows editors put a byte order mark in front.
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as err:
        # `object` is what was decoded: without the mark, when there was one.
        line = err.object.count(b"\n", 0, err.start) + 1
        report.error(at, f"is not UTF-8 text (line {line})", "save the file as UTF-8")
        return None


def read_toml(path: Path, label: str, report: Report) -> Document | None:
    """Read a TOML file; None when that failed, with the problem noted."""
    source = Source(label, path.parent)
    whole = Place(source, 0, "")
    text = read_text(path, whole, report)
    if text is None:
        return None
    if not text.strip():
        report.error(whole, "is empty")
        return None
    return parse_toml(text, source, report)


def parse_toml(text: str, source: Source, report: Report) -> Document | None:
    """Parse TOML text; None when that failed, with the problem noted."""
    try:
        data = tomllib.loads(text)
        lines = positions(text)
    except RecursionError:
        report.error(Place(source, 0, ""), "is nested too deeply")
        return None
    except ValueError as err:
        report.error(_syntax_place(err, text, source), f"is not valid TOML: {_syntax_what(err)}")
        return None
    return Document(source, data, lines)


def _syntax_place(err: ValueError, text: str, source: Source) -> Place:
    found = _TOML_PLACE.search(str(err))
    if found is None:
        return Place(source, 0, "")
    return Place(source, int(found[1] or text.rstrip().count("\n") + 1), "")


def _syntax_what(err: ValueError) -> str:
    found = _TOML_PLACE.search(str(err))
    what = _TOML_PLACE.sub("", str(err))
    what = what[:1].lower() + what[1:]
    if found is None:
        return what
    return f"{what} (column {found[2]})" if found[2] else f"{what} at the end of the file"
