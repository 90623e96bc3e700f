"""Reads the cells of an Excel workbook as text."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from replygate.cli.exits import InputError
from replygate.cli.progress import Progress
from replygate.cli.text_files import ZIP, read_bytes

UNPACKED_BYTES: Final = 256 * 1024 * 1024
"""All that is in a workbook: a small file may unpack to a huge one."""

ROWS: Final = 1_048_576
"""Rows of one sheet: what Excel itself can hold."""

COLUMNS_READ: Final = 256
"""Columns of a sheet that are looked at."""

CELL_CHARS: Final = 100_000
"""The longest cell; Excel's own limit is a third of it."""

_STEP: Final = 1_024


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that hold anything, each with its number from 1.

    Cells behind the last that is filled are left out. Of merged cells the first holds the text.
    """

    title: str
    rows: Sequence[tuple[int, Sequence[str]]]


def read_sheets(name: str) -> list[Sheet]:
    """Read every sheet of an .xlsx file, hidden ones too.

    Formulas give the value that Excel kept of them, numbers and dates a plain notation. Raises
    InputError where the file can not be used, or openpyxl, an extra, is not installed.
    """
    raw = read_bytes(name)
    if not raw.startswith(ZIP):
        raise InputError(f"{name}: is not an Excel workbook; save it as .xlsx in Excel or WPS")
    openpyxl = _openpyxl(name)
    try:
        _check_size(raw, name)
        # It warns of what it can not show, such as drop-down lists; texts are all we want.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(raw), read_only=True, data_only=True, keep_links=False
            )
            return [Sheet(sheet.title, list(_rows(sheet, name))) for sheet in book.worksheets]
    except InputError:
        raise
    except Exception as fault:  # a broken file breaks openpyxl in any way
        reason = str(fault).partition("\n")[0] or type(fault).__name__
        hint = "open it in Excel or WPS and save it anew"
        raise InputError(f"{name}: is a broken workbook ({reason}); {hint}") from fault


def _openpyxl(name: str) -> Any:
    try:
        return importlib.import_module("openpyxl")
    except ModuleNotFoundError as fault:
        raise InputError(
            f"{name}: openpyxl is not installed; run pip install 'replygate[tables]', "
            "or save the workbook as CSV"
        ) from fault


def _check_size(raw: bytes, name: str) -> None:
    """Refuse a zip bomb. What a part claims here is also all that is read of it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size_bytes = sum(part.file_size for part in archive.infolist())
    if size_bytes > UNPACKED_BYTES:
        raise InputError(f"{name}: unpacks to more than {UNPACKED_BYTES} bytes; split it")


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    progress = Progress(f"reading {sheet.title}", sheet.max_row or 0)
    # Some programs write a wrong size; the cells themselves say where they are.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(min_row=1, max_col=COLUMNS_READ, values_only=True)
    for number, values in enumerate(rows, 1):
        if number > ROWS:
            raise InputError(f"{name}: {sheet.title} has more than {ROWS} rows")
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if max(map(len, cells), default=0) > CELL_CHARS:
            place = f"{name}: {sheet.title}!{number}"
            raise InputError(f"{place}: a cell has more than {CELL_CHARS} characters")
        if cells:
            yield number, cells
        if not number % _STEP:
            progress.to(number)
    progress.end()


def _text(value: object) -> str:
    """Write a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, str):
        # So Excel keeps the CR of a line break that came from elsewhere.
        return value.replace("_x000D_", "").replace("\r\n", "\n")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)
