from __future__ import annotations

from pathlib import Path

import pytest

from replygate.cli.exits import InputError
from replygate.cli.tables import Column, Place, is_table, read_table
from workbooks import Rows, write_workbook

WORD = Column("--column", ("词", "word"))
OTHER = Column("--other", ("替换", "to"), required=False)


def read(name: str, *columns: Column) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(place), cells) for place, cells in read_table(name, columns)]


def test_what_is_a_table() -> None:
    assert [is_table(name) for name in ("a.CSV", "a.xlsx", "a.xls", "a.txt", "csv")] == [
        *(True, True, True),
        *(False, False),
    ]


def test_places_as_people_read_them() -> None:
    assert (str(Place(3)), str(Place(3, "售前"))) == ("line 3", "售前!3")


def test_two_columns_of_a_csv_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("to;x;Word\n1;2;3\n;5;\n\n6\n", "utf-8")
    assert read(str(tmp_path / "a.csv"), WORD, OTHER) == [
        ("line 2", ("3", "1")),
        ("line 5", ("", "6")),
    ]


def test_a_column_that_need_not_be_there(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("词\n一\n", "utf-8")
    assert read(str(tmp_path / "a.csv"), WORD, OTHER) == [("line 2", ("一", ""))]


def test_the_delimiter_by_which_most_columns_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("词\t替换\ta,b,c,d,e\n一\t二\t1,2\n", "utf-8")
    assert read(str(tmp_path / "a.csv"), WORD, OTHER) == [("line 2", ("一", "二"))]


def test_every_sheet_that_has_the_column_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets: dict[str, Rows] = {
        "售前": [["店铺词表"], [], ["编号", " 词 "], [1, "一"], [2, None], [3, "三"]],
        "说明": [["这里没有"], ["一"]],
        "空": [],
        "售后": [["WORD", "to"], ["四", 4]],
    }
    name = write_workbook(tmp_path / "a.xlsx", sheets)

    assert read(name, WORD, OTHER) == [
        ("售前!4", ("一", "")),
        ("售前!6", ("三", "")),
        ("售后!2", ("四", "4")),
    ]
    assert capsys.readouterr().err == f"{name}: 说明 is left out: it has no such column\n"


@pytest.mark.parametrize(
    ("sheets", "asked", "message"),
    [
        ({"a": [["x", "y"]]}, None, "a!1: no known column; there are x, y; choose one with --col"),
        ({"a": [[], ["x"]]}, "z", 'a!2: there is no column "z"; there are x'),
        ({"a": [["reply"]]}, "replay", 'there is no column "replay"; did you mean reply?'),
        (
            {"a": [["x", None, "y"]], "b": [], "c": [["z"]]},
            None,
            "no sheet has a known column; a!1 has x, y; c!1 has z; choose one with --column",
        ),
        ({"a": [["x"]], "b": [["z"]]}, "q", 'no sheet has a column "q"; a!1 has x; b!1 has z'),
        ({"a": [["x"]] * 10 + [["词"]]}, None, "a!1: no known column"),
    ],
)
def test_columns_that_are_not_there(
    tmp_path: Path, sheets: dict[str, list[list[object]]], asked: str | None, message: str
) -> None:
    name = write_workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(InputError) as raised:
        read_table(name, [Column("--column", WORD.names, asked), OTHER])
    assert str(raised.value).startswith(f"{name}: ")
    assert message in str(raised.value)


def test_columns_that_stand_on_different_sheets(tmp_path: Path) -> None:
    name = write_workbook(tmp_path / "a.xlsx", {"a": [["词"]], "b": [["to"]]})
    with pytest.raises(InputError, match="no sheet has a known column; a!1 has 词; b!1 has to"):
        read_table(name, [WORD, Column("--other", ("to",))])


def test_an_old_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"<html>")
    with pytest.raises(InputError, match=r"a\.xls: is an old Excel workbook \(\.xls\); save it as"):
        read_table(str(tmp_path / "a.xls"), [WORD])
