from __future__ import annotations

import sys

import pytest

from replygate.cli.progress import Progress


def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def test_it_is_shown_in_a_terminal_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(monkeypatch)
    progress = Progress("reading", 200)
    for done in (0, 1, 100, 200, 300):
        progress.to(done)
    shown = capsys.readouterr().err
    assert [part[-5:] for part in shown.split("\r")[1:]] == ["  0 %", " 50 %", "100 %"]
    assert f"[{'#' * 12}{' ' * 12}]" in shown
    progress.end()
    blank, start = capsys.readouterr().err.split("\r")[1:]
    assert (blank.strip(), start) == ("", "")
    assert len(blank) >= max(len(part) for part in shown.split("\r"))


def test_nothing_is_shown_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("reading", 10)
    progress.to(5)
    progress.end()
    assert capsys.readouterr() == ("", "")


def test_an_empty_work_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(monkeypatch)
    progress = Progress("reading", 0)
    progress.to(0)
    progress.end()
    assert capsys.readouterr().err == ""
