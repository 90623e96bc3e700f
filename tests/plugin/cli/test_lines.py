from __future__ import annotations

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.cli.exits import InputError
from replygate.cli.lines import decode, read_lines, stdin_bytes


def lines_of(raw: bytes, limit_bytes: int = 1000) -> list[bytes | None]:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(raw))
    return [line for batch in read_lines(stream, limit_bytes) for line in batch]


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\nb", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"\n\n", [b"", b""]),
        (b"\r\n", [b""]),
        (b"a\r\r\n", [b"a\r"]),
        (b"a\x0bb\x85\n", [b"a\x0bb\x85"]),
    ],
)
def test_lines_come_without_their_ends(raw: bytes, lines: list[bytes]) -> None:
    assert lines_of(raw) == lines


def test_a_line_over_the_limit_is_none_and_the_next_is_read() -> None:
    assert lines_of(b"12345\n1234\n12345678\nx", 4) == [None, b"1234", None, b"x"]


def test_a_line_over_the_limit_may_span_many_chunks() -> None:
    assert lines_of(b"a" * 300_000 + b"\nb\n" + b"c" * 300_000, 100_000) == [None, b"b", None]


def test_a_long_line_is_put_together() -> None:
    assert lines_of(b"a" * 300_000 + b"\nb", 1_000_000) == [b"a" * 300_000, b"b"]


def test_a_line_is_given_before_the_next_is_written() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        batches = read_lines(stream)
        os.write(writing, b"one\ntwo")
        assert next(batches) == [b"one"]
        os.write(writing, b"\n")
        assert next(batches) == [b"two"]
        os.close(writing)
        assert list(batches) == []


@given(st.lists(st.binary(max_size=8).filter(lambda line: b"\n" not in line), max_size=8))
def test_every_line_is_counted(lines: list[bytes]) -> None:
    raw = b"".join(line + b"\n" for line in lines)

    assert lines_of(raw) == [line.removesuffix(b"\r") for line in lines]


def test_decode_names_the_place_the_byte_and_the_way_out() -> None:
    with pytest.raises(InputError, match=r"^stdin:7: is not UTF-8 \(byte 0xb5 at 3\); .*iconv"):
        decode(b"ok\xb5", "stdin:7")


def test_a_closed_stdin_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="stdin: is closed"):
        stdin_bytes()
