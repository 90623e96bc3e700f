from __future__ import annotations

from pathlib import Path

import pytest

from replygate.cli import text_files as module
from replygate.cli.exits import InputError
from replygate.cli.text_files import numbered_lines, read_bytes, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_the_encodings_that_shops_have(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("您好".encode(encoding))
    assert read_text(str(tmp_path / "a.txt")) == "您好"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "a.txt: is an Excel workbook; name it .xlsx"),
        (b"\xd0\xcf\x11\xe0", "a.txt: is an old Excel workbook (.xls); save it as .xlsx or CSV"),
        (b"a\0b", "a.txt: is not UTF-8 or GB18030 text"),
        (b"ok\nok\xff\xff\n", "a.txt:2: is neither UTF-8 nor GB18030 text"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_text(str(tmp_path / "a.txt"))
    assert message in str(raised.value)


def test_a_file_that_is_not_there_a_folder_and_one_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"none\.txt: can not be read: No such file"):
        read_bytes(str(tmp_path / "none.txt"))
    with pytest.raises(InputError, match="can not be read: Is a directory"):
        read_bytes(str(tmp_path))
    (tmp_path / "a.txt").write_bytes(b"abc")
    monkeypatch.setattr(module, "FILE_BYTES", 2)
    with pytest.raises(InputError, match="is larger than 2 bytes"):
        read_bytes(str(tmp_path / "a.txt"))


def test_only_real_ends_of_lines_end_a_line() -> None:
    lines = list(numbered_lines("一\u2028二\x0b三\r四\r\n五"))
    assert lines == [(1, "一\u2028二\x0b三"), (2, "四"), (3, "五")]
