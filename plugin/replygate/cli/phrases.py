"""Reads a shop's quick phrases from the files that consoles and Excel export."""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replygate.cli.exits import InputError

FILE_BYTES: Final = 64 * 1024 * 1024
"""The largest file of phrases."""

CELL_CHARS: Final = 1_000_000
"""The longest CSV cell."""

COLUMNS: Final = (
    *("内容", "话术", "话术内容", "回复", "回复内容", "快捷回复", "快捷短语", "短语内容", "短语"),
    *("文本", "答案", "text", "content", "reply", "phrase", "message", "answer"),
)
"""Names of the column that holds the phrases, the likeliest first."""

_DELIMITERS: Final = (",", "\t", ";", "|")
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One quick phrase. `line` is where it begins in its file, from 1."""

    line: int
    text: str


def read_phrases(name: str, column: str | None = None) -> list[Phrase]:
    """Read the phrases of a .txt or .csv file; empty ones are left out.

    Raises InputError where the file, its encoding or its columns can not be used.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in (".txt", ".csv", ".xlsx", ".xls"):
        raise InputError(f"{name}: expected a .txt or .csv file")
    if column is not None and suffix == ".txt":
        raise InputError(f"{name}: --column is for .csv files; a .txt file has no columns")
    text = _decode(_read(name), name)
    pairs = _lines(text) if suffix == ".txt" else _cells(text, column, name)
    phrases = [Phrase(line, phrase) for line, phrase in pairs if phrase.strip()]
    if not phrases:
        raise InputError(f"{name}: holds no phrase")
    return phrases


def _read(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            raw = file.read(FILE_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise InputError(f"{name}: can not be read: {reason}") from fault
    if len(raw) > FILE_BYTES:
        raise InputError(f"{name}: is larger than {FILE_BYTES} bytes")
    if Path(name).suffix.lower() in (".xlsx", ".xls") or raw.startswith((_ZIP, _OLD_EXCEL)):
        raise InputError(f"{name}: is an Excel workbook; save it as CSV and try that")
    if b"\0" in raw:
        raise InputError(f"{name}: is not UTF-8 or GB18030 text; save it as CSV UTF-8")
    return raw


def _decode(raw: bytes, name: str) -> str:
    """Read UTF-8 if it is that, else GB18030, in which Excel exports on a Chinese Windows."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise InputError(f"{name}:{line}: is neither UTF-8 nor GB18030 text") from fault


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: a phrase may hold a form feed or U+2028.
    return enumerate(io.StringIO(text, newline=None).read().split("\n"), 1)


def _cells(text: str, column: str | None, name: str) -> Iterator[tuple[int, str]]:
    header = text.partition("\n")[0].rstrip("\r")
    if not header.strip():
        raise InputError(f"{name}:1: expected the names of the columns, got an empty line")
    records = _records(text, _delimiter(header, column), name)
    _, names = next(records)
    index = _find_column(names, column, name)
    return ((line, record[index]) for line, record in records if len(record) > index)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give each CSV record and the line where it begins."""
    csv.field_size_limit(CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as fault:
        raise InputError(f"{name}:{line}: is not valid CSV: {fault}") from fault


def _delimiter(header: str, column: str | None) -> str:
    """Choose the delimiter by which the header names our column, else the one found most often."""
    wanted = {_plain(column)} if column is not None else set(COLUMNS)

    def fitness(delimiter: str) -> tuple[bool, int]:
        names = [_plain(cell.strip('"')) for cell in header.split(delimiter)]
        return not wanted.isdisjoint(names), len(names)

    return max(_DELIMITERS, key=fitness)


def _find_column(names: Sequence[str], column: str | None, name: str) -> int:
    plain = [_plain(cell) for cell in names]
    wanted = COLUMNS if column is None else (_plain(column),)
    for candidate in wanted:
        if candidate in plain:
            return plain.index(candidate)
    there = "there are " + ", ".join(names)
    if column is None:
        raise InputError(f"{name}:1: no known column; {there}; choose one with --column")
    near = difflib.get_close_matches(column, names, n=1)
    hint = f"did you mean {near[0]}?" if near else there
    raise InputError(f'{name}:1: there is no column "{column}"; {hint}')


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()
