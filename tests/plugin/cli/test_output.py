from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.cli.output import (
    abandon_stdout,
    dump_json,
    has_colour,
    paint,
    prepare_streams,
    say,
    terminal_width,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_streams_write_utf_8_and_escape_what_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    prepare_streams()
    print("微信\ud800", flush=True)

    assert raw.getvalue() == "微信\\ud800\n".encode()


def test_closed_streams_are_written_to_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    prepare_streams()

    with sys.stdout, sys.stderr:
        print("微信")
        say("微信")


def test_a_stream_that_is_no_file_can_be_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    abandon_stdout()
    print("still fine")


def test_say_writes_one_line_whatever_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    say("stdin:1: got 'a\nb\x1b[2J'")
    assert capsys.readouterr().err == "stdin:1: got 'a⏎b␛[2J'\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"text": "微信"}, '{"text":"微信"}'),
        ({"text": None}, '{"text":null}'),
        ("\ud83d", '"\\ud83d"'),
        ("a\u2028b\x85\x7f", '"a\\u2028b\\u0085\\u007f"'),
        ('"\n\\', '"\\"\\n\\\\"'),
    ],
)
def test_dump_json(value: object, text: str) -> None:
    assert dump_json(value) == text


@given(st.text(st.characters(codec=None)))
def test_json_is_one_line_of_utf_8_that_reads_back(text: str) -> None:
    line = dump_json(text)

    assert line.splitlines() == [line]
    line.encode()
    # Two lone surrogates that stand side by side are one character to whoever reads JSON.
    assert json.loads(line) == text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "surrogatepass"
    )


@pytest.mark.parametrize(
    ("columns", "width"), [("1", 30), ("80", 80), ("400", 100), ("nonsense", None)]
)
def test_terminal_width_is_within_what_can_be_read(
    columns: str, width: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert 30 <= terminal_width() <= 100
    assert width is None or terminal_width() == width


@pytest.mark.parametrize(
    ("no_color", "term", "coloured"),
    [(None, "xterm", True), ("", "xterm", True), ("1", "xterm", False), (None, "dumb", False)],
)
def test_colour_in_a_terminal(
    no_color: str | None, term: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)

    assert has_colour() is coloured


def test_no_colour_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert not has_colour()


def test_paint_resets_the_colour() -> None:
    assert paint("x", "red") == "\x1b[31mx\x1b[0m"
