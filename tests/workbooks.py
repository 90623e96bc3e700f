"""Excel workbooks of our own, written as a shop's programs write them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[object]]


def new_workbook(sheets: Mapping[str, Rows]) -> Any:
    """An openpyxl workbook, to be changed and saved."""
    book = importlib.import_module("openpyxl").Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> str:
    """Write a workbook of these sheets; give its name."""
    new_workbook(sheets).save(path)
    return str(path)
