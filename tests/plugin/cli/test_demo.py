"""`replygate demo` before anything is started: what it needs, and its help."""

from __future__ import annotations

import sys

import pytest

from replygate.__main__ import main
from replygate.cli.exits import WRONG


@pytest.mark.parametrize(
    ("module", "extra"),
    [("nonebot", "demo"), ("aiohttp", "http"), ("prometheus_client", "metrics")],
)
def test_what_is_missing_is_named(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else sys)
    assert main(["demo", "--once"]) == WRONG
    assert f"pip install 'replygate[{extra}]'" in capsys.readouterr().err


def test_its_help_says_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--once" in shown
    assert "Ctrl-C" in shown
