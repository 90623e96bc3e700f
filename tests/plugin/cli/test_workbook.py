from __future__ import annotations

import datetime as dt
import importlib
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from replygate.cli import workbook as module
from replygate.cli.exits import InputError
from replygate.cli.workbook import Sheet, read_sheets
from workbooks import Rows, new_workbook, write_workbook

SHEET = "xl/worksheets/sheet1.xml"


def rewrite(name: str, part: str, old: str, new: str) -> None:
    """Change one part of a workbook, as another program would have written it."""
    with zipfile.ZipFile(name) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    with zipfile.ZipFile(name, "w") as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)


def test_every_sheet_with_its_rows_and_their_numbers(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "售前": [["内容", "人"], [], ["您好", None], [None, "小明"]],
        "空": [],
        "b": [["x"]],
    }
    name = write_workbook(tmp_path / "p.xlsx", sheets)

    assert read_sheets(name) == [
        Sheet("售前", [(1, ["内容", "人"]), (3, ["您好"]), (4, ["", "小明"])]),
        Sheet("空", []),
        Sheet("b", [(1, ["x"])]),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800000000, "13800000000"),
        (13800000000.0, "13800000000"),
        (9.9, "9.9"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (True, "TRUE"),
        (dt.date(2026, 11, 20), "2026-11-20"),
        (dt.datetime.fromisoformat("2026-11-20T09:30"), "2026-11-20 09:30:00"),
        (dt.datetime.fromisoformat("2026-11-20T00:00"), "2026-11-20"),
        (dt.time(9, 30), "09:30:00"),
        ("一\n二", "一\n二"),
        ("一_x000D_\n二", "一\n二"),
        ("=1+1", ""),
    ],
)
def test_a_cell_as_a_person_reads_it(tmp_path: Path, value: object, text: str) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x", value, "y"]]})
    assert read_sheets(name)[0].rows == [(1, ["x", text, "y"])]


def test_merged_cells_hold_their_text_once(tmp_path: Path) -> None:
    book = new_workbook({"a": [["话术"], ["您好"], ["没有"], ["在的"]]})
    book["a"].merge_cells("A2:B3")
    book.save(tmp_path / "p.xlsx")

    sheet = read_sheets(str(tmp_path / "p.xlsx"))[0]

    assert [cells for _, cells in sheet.rows] == [["话术"], ["您好"], ["在的"]]


def test_a_wrong_size_in_the_file_hides_no_row(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x", "y"], ["1", "2"]]})
    rewrite(name, SHEET, '<dimension ref="A1:B2"', '<dimension ref="A1"')
    assert read_sheets(name)[0].rows == [(1, ["x", "y"]), (2, ["1", "2"])]


def test_texts_that_the_sheets_share_as_excel_writes_them(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x", "y"]]})
    kind = "openxmlformats-officedocument"
    with zipfile.ZipFile(name, "a") as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            "<si><t>您好</t></si><si><r><t>今</t></r><r><t>天</t></r></si></sst>",
        )
    rewrite(
        name,
        "[Content_Types].xml",
        "</Types>",
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.{kind}.'
        'spreadsheetml.sharedStrings+xml"/></Types>',
    )
    rewrite(name, SHEET, '<c r="A1" t="inlineStr"><is><t>x</t></is>', '<c r="A1" t="s"><v>1</v>')
    rewrite(name, SHEET, '<c r="B1" t="inlineStr"><is><t>y</t></is>', '<c r="B1" t="s"><v>0</v>')

    assert read_sheets(name)[0].rows == [(1, ["今天", "您好"])]


def test_entities_that_blow_up(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"]]})
    entities = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 20}">' for number in range(1, 10)
    )
    rewrite(name, SHEET, "<worksheet", f'<!DOCTYPE x [<!ENTITY e0 "haha">{entities}]><worksheet')
    rewrite(name, SHEET, "<t>x</t>", "<t>&e9;</t>")
    with pytest.raises(InputError, match="is a broken workbook"):
        read_sheets(name)


def test_what_openpyxl_warns_of_is_no_error(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"]]})
    rewrite(
        name,
        SHEET,
        "</worksheet>",
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>',
    )
    assert read_sheets(name)[0].rows == [(1, ["x"])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "p.xlsx: is a broken workbook (File is not a zip file); open it in Excel"),
        (b"<html></html>", "p.xlsx: is not an Excel workbook; save it as .xlsx in Excel or WPS"),
        (b"", "p.xlsx: is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0abc", "p.xlsx: is an old Excel workbook (.xls); save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "p.xlsx: is protected by a password; save it without one",
        ),
    ],
)
def test_files_that_are_no_workbook(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "p.xlsx").write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_sheets(str(tmp_path / "p.xlsx"))
    assert message in str(raised.value)


def test_a_workbook_with_broken_parts(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"]]})
    rewrite(name, SHEET, "</row>", "")
    with pytest.raises(InputError, match="is a broken workbook"):
        read_sheets(name)

    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(InputError, match="is a broken workbook"):
        read_sheets(name)


def test_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"], ["y"], ["long"]]})

    monkeypatch.setattr(module, "CELL_CHARS", 3)
    with pytest.raises(InputError, match="a!3: a cell has more than 3 characters"):
        read_sheets(name)
    monkeypatch.setattr(module, "ROWS", 2)
    with pytest.raises(InputError, match=r"p\.xlsx: a has more than 2 rows"):
        read_sheets(name)
    monkeypatch.setattr(module, "UNPACKED_BYTES", 2_000)
    with pytest.raises(InputError, match=r"p\.xlsx: unpacks to more than 2000 bytes"):
        read_sheets(name)


def test_columns_far_out_are_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x", "y", "z"]]})
    monkeypatch.setattr(module, "COLUMNS_READ", 2)
    assert read_sheets(name)[0].rows == [(1, ["x", "y"])]


def test_a_long_sheet_shows_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"]] * 4})
    monkeypatch.setattr(module, "_STEP", 2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    read_sheets(name)
    assert "reading a [############            ]  50 %" in capsys.readouterr().err


def test_without_openpyxl_the_way_to_get_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write_workbook(tmp_path / "p.xlsx", {"a": [["x"]]})

    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'replygate\[tables\]', or save the work"):
        read_sheets(name)
