import os
from pathlib import Path

import pytest

from replygate.config.places import Place, Report, Source
from replygate.config.read import Document, parse_toml, read_text, read_toml


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def document(text: str) -> Document:
    report = Report()
    found = parse_toml(text, Source("s.toml", Path()), report)
    assert found
    assert not report.problems
    return found


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", "s.toml: is empty"),
        (b" \n\t", "s.toml: is empty"),
        (b"\xef\xbb\xbf", "s.toml: is empty"),
        (
            'id = "s"\nname = "店"'.encode("gbk"),
            "s.toml: is not UTF-8 text (line 2); save the file as UTF-8",
        ),
        (b"\xff\xfei\x00d\x00", "s.toml: is not UTF-8 text (line 1); save the file as UTF-8"),
        (b"id = 1\nid = 2\n", "s.toml:2: is not valid TOML: cannot overwrite a value (column 7)"),
        (b"id = [1,\n2\n", "s.toml:2: is not valid TOML: unclosed array at the end of the file"),
    ],
)
def test_a_file_that_can_not_be_read(raw: bytes, line: str) -> None:
    Path("s.toml").write_bytes(raw)
    report = Report()
    assert read_toml(Path("s.toml"), "s.toml", report) is None
    assert said(report) == [line]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("folder.toml", "expected a file, this is a folder"),
        ("none.toml", "there is no such file"),
        ("x" * 300, "can not be read: File name too long"),
    ],
)
def test_a_name_that_is_no_file(name: str, what: str) -> None:
    Path("folder.toml").mkdir()
    report = Report()
    assert read_toml(Path(name), "f", report) is None
    assert said(report) == [f"f: {what}"]


def test_a_pipe_is_not_waited_for() -> None:
    os.mkfifo("pipe.toml")
    report = Report()
    assert read_toml(Path("pipe.toml"), "f", report) is None
    assert said(report) == ["f: is not a regular file"]


def test_a_huge_file_is_not_read_whole() -> None:
    Path("words.txt").write_text("一二三四", "utf-8")
    report = Report()
    place = Place(Source("s.toml", Path()), 4, "words_file")
    assert read_text(Path("words.txt"), place, report, limit_bytes=11) is None
    assert said(report) == ["s.toml:4: words_file: is larger than 11 bytes"]
    assert read_text(Path("words.txt"), place, Report(), limit_bytes=12) == "一二三四"


def test_windows_files_are_read() -> None:
    Path("s.toml").write_bytes(b'\xef\xbb\xbfid = "s"\r\n\r\nname = "x"\r\n')
    report = Report()
    found = read_toml(Path("s.toml"), "s.toml", report)
    assert found
    assert found.data == {"id": "s", "name": "x"}
    assert found.place(("name",)).line == 3


def test_a_missing_key_stands_where_its_table_does() -> None:
    found = document('id = "s"\n[screening]\n[[screening.rule]]\n')
    assert str(found.place(("screening", "rule", 0, "id"))) == "s.toml:3"
    assert found.place(("screening", "rule", 0, "id")).key == "screening.rule[0].id"
    assert found.place(("nothing",)).line == 0


def test_what_is_left_after_a_drop_keeps_its_place() -> None:
    found = document("\n".join(f'[[rule]]\nid = "{number}"' for number in range(5)))
    assert found.drop(("rule", 1))
    assert found.drop(("rule", 2))  # it was the fourth
    assert [rule["id"] for rule in found.data["rule"]] == ["0", "2", "4"]
    places = [found.place(("rule", index, "id")) for index in range(3)]
    assert [(place.line, place.key) for place in places] == [
        (2, "rule[0].id"),
        (6, "rule[2].id"),
        (10, "rule[4].id"),
    ]
    assert found.place(("other", 3)).key == "other[3]"


def test_a_key_is_dropped_once() -> None:
    found = document('id = "s"')
    assert found.drop(("id",))
    assert not found.drop(("id",))
    assert found.data == {}
