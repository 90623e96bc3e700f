"""What a page shows: its fenced code blocks, and how to run them."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. `title` is what follows the language: the name of a file, or nothing."""

    page: str
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: str) -> list[Block]:
    """Every code block of a page, in order. `page` is a path inside the repository."""
    text = (REPO / page).read_text("utf-8")
    return [
        Block(page, text.count("\n", 0, match.start()) + 1, *match.groups())
        for match in _FENCE.finditer(text)
    ]


def write_files(blocks: list[Block], folder: Path) -> None:
    """Write every block that is titled with a file name."""
    for block in blocks:
        if block.title:
            (folder / block.title).write_text(block.text, "utf-8")


def run_python(block: Block, folder: Path) -> Iterator[str]:
    """Run a block and then its test functions. Yields the name of each that has passed."""
    file = folder / f"block_{block.line}.py"
    file.write_text(block.text, "utf-8")
    for name, value in runpy.run_path(str(file)).items():
        if name.startswith("test_"):
            value()
            yield name
