"""The report's page in a real browser: what a shop's owner sees, on a phone, a screen and paper."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from replygate.report.html import report_page
from sample_report import hostile_report, sample_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FONTS = ("Noto Sans CJK SC", "WenQuanYi Micro Hei", "Source Han Sans SC")
A4_PAGES_MAX = 8

# Boxes of glyphs that no font has are as wide as each other; real ones differ from the box.
DRAWN = """
() => {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const picture = (char) => {
    pen.clearRect(0, 0, 40, 40);
    pen.font = '24px ' + getComputedStyle(document.body).fontFamily;
    pen.fillText(char, 4, 30);
    return Array.from(pen.getImageData(0, 0, 40, 40).data).join();
  };
  canvas.width = canvas.height = 40;
  const missing = picture('\\u{10FFFD}');
  const chars = new Set(document.body.innerText.match(/[\\u4e00-\\u9fff]/g));
  return [...chars].filter((char) => picture(char) === missing).join('');
}
"""


def has_chinese() -> bool:
    """Whether the machine has a Chinese font."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout
    return any(font in listed for font in FONTS)


pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not has_chinese(),
    reason="needs Debian's chromium and fonts-noto-cjk; make test-all installs them",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Root, as in a container, has no sandbox of Chromium's own.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    pages = {"usual": sample_report(), "hostile": hostile_report()}
    for name, report in pages.items():
        (folder / f"{name}.html").write_text(report_page(report), "utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_it_fits_and_asks_nobody(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(files[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert asked == [files[name].as_uri()]
    assert page.locator("svg").count() >= 4
    require_boxes(page)
    page.close()


def require_boxes(page: Page) -> None:
    """Every text that is drawn takes up room, in pictures too."""
    empty = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, td, strong, svg text')]"
        ".filter((one) => one.textContent.trim())"
        ".filter((one) => { const box = one.getBoundingClientRect();"
        " return box.width < 1 || box.height < 1; }).map((one) => one.outerHTML)"
    )
    assert empty == []


def test_chinese_is_drawn(browser: Browser, files: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(files["usual"].as_uri())
    assert page.evaluate(DRAWN) == ""
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(browser: Browser, files: dict[str, Path], scheme: str) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(files["usual"].as_uri())
    paper, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    light, dark = sorted((brightness(paper), brightness(ink)), reverse=True)
    assert light - dark > 150
    assert (brightness(paper) > brightness(ink)) == (scheme == "light")
    page.close()


def brightness(colour: str) -> float:
    """Of `rgb(1, 2, 3)`: 0 to 255."""
    parts = [float(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    return sum(parts) / len(parts)


def test_it_prints_on_a4(browser: Browser, files: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(files["usual"].as_uri())
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= A4_PAGES_MAX
    page.close()
