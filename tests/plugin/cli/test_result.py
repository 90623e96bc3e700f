from __future__ import annotations

import os
from pathlib import Path

import pytest

from replygate.cli.exits import InputError
from replygate.cli.result import write_result


def test_a_file_is_written_whole_and_anew(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    write_result(str(file), "一页")
    write_result(str(file), "二")
    assert file.read_text("utf-8") == "二"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_result("-", "\ufeff一\n")
    assert capfdbinary.readouterr().out == "\ufeff一\n".encode()


def test_a_device_is_written_to() -> None:
    write_result(os.devnull, "x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["missing/page.html", "."])
def test_a_place_that_can_not_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="can not be written: "):
        write_result(str(tmp_path / name), "x")
    assert list(tmp_path.iterdir()) == []
