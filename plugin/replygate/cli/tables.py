"""Reads columns of the tables that consoles, bots and Excel write: .csv and .xlsx."""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Final

from replygate.cli.exits import InputError
from replygate.cli.output import say
from replygate.cli.text_files import read_text
from replygate.cli.workbook import Sheet, read_sheets

CELL_CHARS: Final = 1_000_000
"""The longest CSV cell."""

HEADER_ROWS: Final = 10
"""Rows of a sheet among which its header may stand: a title and remarks often come before."""

TABLES: Final = (".csv", ".xlsx", ".xls")

_DELIMITERS: Final = (",", "\t", ";", "|")
_SHEETS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: `asked` by its name, else by the first known name there is."""

    flag: str
    names: tuple[str, ...]
    asked: str | None = None
    required: bool = True

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names to look for, as `_plain` gives them."""
        return self.names if self.asked is None else (_plain(self.asked),)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row begins: its line or row from 1, and the sheet of a workbook."""

    line: int
    sheet: str | None = None

    def __str__(self) -> str:
        return f"line {self.line}" if self.sheet is None else f"{self.sheet}!{self.line}"


Record = tuple[Place, tuple[str, ...]]
"""A row: a cell for each column, empty where the row or the table has none."""

_Rows = Iterable[tuple[int, Sequence[str]]]


def is_table(name: str) -> bool:
    """Whether a file is a table, by its name."""
    return PurePath(name).suffix.lower() in TABLES


def read_table(name: str, columns: Sequence[Column]) -> list[Record]:
    """Read columns of a table. The sheets of a workbook that lack one are told and left out.

    Raises InputError where the file or its columns can not be used.
    """
    suffix = PurePath(name).suffix.lower()
    assert suffix in TABLES
    if suffix == ".csv":
        return _csv(name, columns)
    if suffix == ".xls":
        raise InputError(f"{name}: is an old Excel workbook (.xls); save it as .xlsx or CSV")
    return _workbook(name, columns)


def _csv(name: str, columns: Sequence[Column]) -> list[Record]:
    text = read_text(name)
    header = text.partition("\n")[0].rstrip("\r")
    if not header.strip():
        raise InputError(f"{name}:1: expected the names of the columns, got an empty line")
    rows = _csv_rows(text, _delimiter(header, columns), name)
    _, names = next(rows)
    for column in columns:
        if column.required and _index(names, column) is None:
            raise InputError(f"{name}:1: {_missing(column, names)}")
    return list(_records(rows, [_index(names, column) for column in columns], None))


def _csv_rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
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


def _delimiter(header: str, columns: Sequence[Column]) -> str:
    """Choose the delimiter by which the header names our columns, else the one found most often."""

    def fitness(delimiter: str) -> tuple[int, int]:
        names = [cell.strip('"') for cell in header.split(delimiter)]
        return sum(_index(names, column) is not None for column in columns), len(names)

    return max(_DELIMITERS, key=fitness)


def _workbook(name: str, columns: Sequence[Column]) -> list[Record]:
    records: list[Record] = []
    strangers: list[Sheet] = []
    sheets = [sheet for sheet in read_sheets(name) if sheet.rows]
    for sheet in sheets:
        at = _header(sheet, columns)
        if at is None:
            strangers.append(sheet)
            continue
        indexes = [_index(sheet.rows[at][1], column) for column in columns]
        records += _records(sheet.rows[at + 1 :], indexes, sheet.title)
    if strangers and len(strangers) == len(sheets):
        raise InputError(f"{name}: {_nowhere(strangers, columns)}")
    for sheet in strangers:
        say(f"{name}: {sheet.title} is left out: it has no such column")
    return records


def _header(sheet: Sheet, columns: Sequence[Column]) -> int | None:
    found = [
        at
        for at, (_, names) in enumerate(islice(sheet.rows, HEADER_ROWS))
        if all(_index(names, column) is not None for column in columns if column.required)
    ]
    # A title that stands alone above the header may read like a column.
    wide = (at for at in found if len(list(filter(None, sheet.rows[at][1]))) > 1)
    return next(wide, found[0] if found else None)


def _nowhere(sheets: Sequence[Sheet], columns: Sequence[Column]) -> str:
    """Say what the first rows hold where no sheet has the columns."""
    first_rows = [sheet.rows[0][1] for sheet in sheets]
    missing = next(
        (
            column
            for column in columns
            if column.required and all(_index(names, column) is None for names in first_rows)
        ),
        columns[0],
    )
    if len(sheets) == 1:
        line, names = sheets[0].rows[0]
        return f"{sheets[0].title}!{line}: {_missing(missing, names)}"
    there = "; ".join(
        f"{sheet.title}!{sheet.rows[0][0]} has {', '.join(filter(None, sheet.rows[0][1]))}"
        for sheet in sheets[:_SHEETS_SHOWN]
    )
    if missing.asked is not None:
        return f'no sheet has a column "{missing.asked}"; {there}'
    return f"no sheet has a known column; {there}; choose one with {missing.flag}"


def _records(rows: _Rows, indexes: Sequence[int | None], sheet: str | None) -> Iterator[Record]:
    for line, cells in rows:
        found = tuple(
            "" if index is None or index >= len(cells) else cells[index] for index in indexes
        )
        if any(found):
            yield Place(line, sheet), found


def _index(names: Sequence[str], column: Column) -> int | None:
    plain = [_plain(cell) for cell in names]
    return next((plain.index(name) for name in column.wanted if name in plain), None)


def _missing(column: Column, names: Sequence[str]) -> str:
    there = "there are " + ", ".join(filter(None, names))
    if column.asked is None:
        return f"no known column; {there}; choose one with {column.flag}"
    near = difflib.get_close_matches(column.asked, names, n=1)
    hint = f"did you mean {near[0]}?" if near else there
    return f'there is no column "{column.asked}"; {hint}'


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()
