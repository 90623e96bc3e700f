"""The month is played by the real gate, and the page of it is worth a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import command


def test_a_day_has_everything_that_a_report_shows(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    command.make_page(tmp_path, page, days=1)
    text = page.read_text("utf-8")
    for part in ("小满茶具（示例店）", "生成于 2026-11-20 21:30", "茶小二", "安抚回复发出"):
        assert part in text
    for verdict in ("改写后发出", "拦截"):
        assert f"<strong>0</strong><span>{verdict}</span>" not in text


def test_a_picture_needs_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main([])
    assert "PNG" in capsys.readouterr().err
