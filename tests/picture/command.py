"""Plays the month, has the real command make the page, and takes its picture."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from unittest import mock

from replygate.cli import report
from replygate.cli.parser import parse

from .month import LAST, play, shop_file

WIDTH: Final = 1080
LAST_SHOWN: Final = "#waits"
"""The section that the picture ends with: the rest of the page is below."""


def main(argv: Sequence[str] | None = None) -> int:
    """0: the picture is written."""
    parser = argparse.ArgumentParser(
        prog="picture", description="Play an invented month and take a picture of its report."
    )
    parser.add_argument("picture", metavar="PNG", type=Path)
    parser.add_argument("--page", metavar="HTML", type=Path, help="keep the page as well")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as made:
        page = arguments.page or Path(made) / "page.html"
        make_page(Path(made), page)
        take_picture(page, arguments.picture)
    return 0


class Standing:
    """A clock that shows the end of the month."""

    def __init__(self, at_ms: int) -> None:
        self._at_ms = at_ms

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""
        return self._at_ms

    def monotonic_s(self) -> float:
        """Nothing here takes time."""
        return 0.0


def make_page(folder: Path, page: Path, **month: int) -> None:
    """`replygate report --html` at the end of the month."""
    ledger, end_ms = play(folder, **month)
    line = ["report", "-s", str(shop_file(folder)), "--ledger", f"sqlite:///{ledger}"]
    line += ["--until", str(LAST), "--html", str(page)]
    with mock.patch.object(report, "SystemClock", return_value=Standing(end_ms)):
        report.run(parse(line))


def take_picture(page: Path, picture: Path) -> None:
    """The upper part of the page, as a screen shows it."""
    from playwright.sync_api import sync_playwright

    # Root, as in a container, has no sandbox of Chromium's own.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        view = browser.new_page(viewport={"width": WIDTH, "height": 900})
        view.goto(page.resolve().as_uri())
        end = view.locator(f"section:has({LAST_SHOWN}) figure").bounding_box()
        assert end is not None, "the page has no such section"
        height = end["y"] + end["height"] + 24
        view.screenshot(
            path=picture,
            full_page=True,
            clip={"x": 0, "y": 0, "width": WIDTH, "height": height},
        )
        browser.close()
