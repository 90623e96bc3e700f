from __future__ import annotations

from pathlib import Path

import pytest

from replygate.cli import tables, text_files
from replygate.cli.exits import InputError
from replygate.cli.phrases import COLUMNS, Phrase, read_phrases
from replygate.cli.tables import Place
from workbooks import Rows, write_workbook


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_text_file_in_the_encodings_that_shops_have(tmp_path: Path, encoding: str) -> None:
    name = write(tmp_path / "p.txt", "您好，请问\r\n\r\n  \r\n今天发货\r\n", encoding)
    assert read_phrases(name) == [Phrase(Place(1), "您好，请问"), Phrase(Place(4), "今天发货")]


def test_only_real_ends_of_lines_end_a_phrase(tmp_path: Path) -> None:
    name = write(tmp_path / "p.txt", "一\u2028二\x0b三\r四\n五")
    assert read_phrases(name) == [
        Phrase(Place(1), "一\u2028二\x0b三"),
        Phrase(Place(2), "四"),
        Phrase(Place(3), "五"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["编号", "标题", "内容"], ["1", "问候", "您好"], ["2", "发货", "今天发"]]
    content = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    name = write(tmp_path / "p.csv", content, encoding)

    assert read_phrases(name) == [Phrase(Place(2), "您好"), Phrase(Place(3), "今天发")]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_known_column_is_found(tmp_path: Path, column: str) -> None:
    name = write(tmp_path / "p.csv", f"x, {column.upper()} \n1,您好\n")
    assert read_phrases(name) == [Phrase(Place(2), "您好")]


def test_the_likeliest_of_two_known_columns_is_taken(tmp_path: Path) -> None:
    name = write(tmp_path / "p.csv", "短语,内容\n问候,您好\n")
    assert read_phrases(name) == [Phrase(Place(2), "您好")]


def test_the_column_may_be_named(tmp_path: Path) -> None:
    name = write(tmp_path / "p.csv", "内容;客服 说\n不要;您好, 亲\n")
    assert read_phrases(name, "客服 说") == [Phrase(Place(2), "您好, 亲")]


def test_a_cell_of_several_lines_begins_at_its_first(tmp_path: Path) -> None:
    name = write(tmp_path / "p.csv", '内容,x\n"一\n二，""好""",1\n,2\n三,3\n\n四\n')
    assert read_phrases(name) == [
        Phrase(Place(2), '一\n二，"好"'),
        Phrase(Place(5), "三"),
        Phrase(Place(7), "四"),
    ]


def test_a_one_column_file_needs_no_delimiter(tmp_path: Path) -> None:
    name = write(tmp_path / "p.csv", "话术\n您好\n")
    assert read_phrases(name) == [Phrase(Place(2), "您好")]


def test_the_sheets_of_a_workbook(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "售前": [["快捷短语"], ["标题", "内容"], ["问候", "您好"], ["空", " "]],
        "b": [["话术"], [7]],
    }
    name = write_workbook(tmp_path / "p.xlsx", sheets)

    assert read_phrases(name) == [Phrase(Place(3, "售前"), "您好"), Phrase(Place(2, "b"), "7")]


def test_texts_and_outgoing_events_of_a_jsonl_file(tmp_path: Path) -> None:
    lines = [
        '{"text": "您好"}',
        "",
        '{"type": "message", "direction": "in", "text": "在吗"}',
        '{"type": "message", "direction": "out", "text": "在的"}',
        '{"type": "session_close"}',
    ]
    name = write(tmp_path / "p.jsonl", "\n".join(lines))
    assert read_phrases(name) == [Phrase(Place(1), "您好"), Phrase(Place(4), "在的")]


@pytest.mark.parametrize(
    ("file", "content", "column", "message"),
    [
        ("p.xlsx", b"PK\x03\x04", None, "p.xlsx: is a broken workbook (File is not a zip file)"),
        ("p.xls", b"\xd0\xcf\x11\xe0", None, "p.xls: is an old Excel workbook (.xls); save it"),
        ("p.csv", b"PK\x03\x04...", None, "p.csv: is an Excel workbook; name it .xlsx"),
        ("p.doc", b"x", None, "p.doc: expected a .txt, .csv, .xlsx or .jsonl file"),
        ("p", b"x", None, "p: expected a .txt, .csv, .xlsx or .jsonl file"),
        ("p.jsonl", b'{"text": "a"}\n{"text"\n', None, "p.jsonl:2: is not usable JSON: "),
        ("p.jsonl", b"7\n", None, "p.jsonl:1: expected an object such as"),
        ("p.jsonl", b'{"text": 7}\n', None, "p.jsonl:1: text: expected a string"),
        ("p.jsonl", b'{"txt": "a"}\n', None, "p.jsonl: holds no phrase"),
        ("p.jsonl", b"{}\n", "x", "p.jsonl: --column is for tables; a .jsonl file has no columns"),
        ("p.txt", b"", None, "p.txt: holds no phrase"),
        ("p.txt", b" \n\n", None, "p.txt: holds no phrase"),
        ("p.txt", b"a\n", "x", "p.txt: --column is for tables"),
        ("p.txt", "您好".encode("utf-16"), None, "p.txt:1: is neither UTF-8 nor GB18030 text"),
        ("p.txt", "ok".encode("utf-16"), None, "p.txt: is not UTF-8 or GB18030 text"),
        ("p.txt", b"ok\nok\xff\xff\n", None, "p.txt:2: is neither UTF-8 nor GB18030 text"),
        ("p.csv", b"\xef\xbb\xbf", None, "p.csv:1: expected the names of the columns"),
        ("p.csv", b"\na,b\n", None, "p.csv:1: expected the names of the columns"),
        ("p.csv", b"text\n", None, "p.csv: holds no phrase"),
        ("p.csv", b"a,b\n1,2\n", None, "p.csv:1: no known column; there are a, b; choose one with"),
        ("p.csv", b"a,b\n1,2\n", "c", 'p.csv:1: there is no column "c"; there are a, b'),
        ("p.csv", b"reply,b\n1,2\n", "replay", 'no column "replay"; did you mean reply?'),
        ("p.csv", b'text\nok\n"open\nx\n', None, "p.csv:3: is not valid CSV: unexpected end of"),
        ("p.csv", b'text\n"a"b\n', None, "p.csv:2: is not valid CSV"),
    ],
)
def test_files_that_can_not_be_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    content: bytes,
    column: str | None,
    message: str,
) -> None:
    write(tmp_path / file, content)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as raised:
        read_phrases(file, column)

    assert message in str(raised.value)
    assert str(raised.value).startswith(file)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: can not be read: No such file"):
        read_phrases(str(tmp_path / "none.txt"))
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match=r"folder\.txt: can not be read: Is a directory"):
        read_phrases(str(tmp_path / "folder.txt"))


def test_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write(tmp_path / "p.csv", "text\n" + "a" * 50)
    monkeypatch.setattr(tables, "CELL_CHARS", 49)
    with pytest.raises(InputError, match=r"p\.csv:2: is not valid CSV: field larger"):
        read_phrases(name)
    monkeypatch.setattr(text_files, "FILE_BYTES", 54)
    with pytest.raises(InputError, match="is larger than 54 bytes"):
        read_phrases(name)
