from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation import command, figures
from evaluation.corpus import FILE, VARIABLE
from evaluation.figures import Count, Figures
from house.tree import REPO


@pytest.fixture
def accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own file of accepted figures, so that none in the repository is written."""
    path = tmp_path / "accepted.json"
    monkeypatch.setattr(figures.write, "__defaults__", (path,))
    monkeypatch.setattr(figures.read, "__defaults__", (path,))
    monkeypatch.delenv(VARIABLE, raising=False)
    return path


def test_accepted_figures_are_not_worse_than_themselves(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--accept"]) == 0
    shown = capsys.readouterr()
    assert "contact" in shown.out
    assert f"set {VARIABLE} or give --corpus" in shown.err
    assert figures.read(accepted).keys() >= {"hit/all", "clean/everyday", "evasion@jd"}


def test_a_worse_figure_fails(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures.write({"hit/all": Count(1, 1), "hit/gone": Count(1, 1)}, accepted)
    assert command.main(["--json"]) == 1
    shown = capsys.readouterr()
    now: Figures = json.loads(shown.out)
    assert "hit/all" in now
    assert "worse: hit/gone: was 1/1 (100.0%), is no longer counted" in shown.err


@pytest.mark.usefixtures("accepted")
def test_real_replies_are_counted_and_shown_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_text("pdd\t加我微信聊\npdd\t今天发货\n", "utf-8")
    assert command.main(["--corpus", str(tmp_path)]) == 1
    shown = capsys.readouterr().err
    assert (
        "real replies: 2, of them 0 breaches as a person judged; flagged without reason 50.000%"
        in shown
    )
    assert "worse: real replies: 50.000% flagged, at most 0.1% may be" in shown
    assert "加我微信聊" not in shown
    command.main(["--corpus", str(tmp_path), "-v"])
    assert "'加我微信聊'" in capsys.readouterr().err


def test_it_runs_as_a_script() -> None:
    run = subprocess.run(
        [sys.executable, "tests/evaluation/run.py", "--help"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--accept" in run.stdout
