"""The examples of docs/library.md about streams and pictures run as they stand."""

from __future__ import annotations

import ast
import asyncio
import io
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

LIBRARY = Path(__file__).resolve().parents[2] / "docs" / "library.md"


def example(heading: str) -> str:
    """The first block of Python below a heading."""
    section = LIBRARY.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    block = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert block, heading
    return block[1]


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["您好，这款有货，", "今天可以发出"], "您好，这款有货，今天可以发出"),
        (["您好，加我微", "信吧"], ""),
    ],
)
def test_the_stream_shows_what_is_cleared(pieces: list[str], shown: str) -> None:
    out: list[str] = []
    names: dict[str, Any] = {"answer": lambda: pieces, "show": out.append}
    exec(compile(example("A text that comes in pieces"), "library.md", "exec"), names)  # noqa: S102 - our own example
    assert "".join(out) == shown
    assert names["cleared"].text == (shown or None)


def test_a_picture_is_looked_at_in_a_thread() -> None:
    file = io.BytesIO()
    Image.new("L", (60, 60), 255).save(file, "PNG")
    code = f"""
import asyncio
from replygate import Draft, load_store
async def main(picture):
    store = load_store("demo-pdd")
{textwrap.indent(example("Pictures"), "    ")}
    return draft, cleared
"""
    names: dict[str, Any] = {}
    exec(compile(ast.parse(code), "library.md", "exec"), names)  # noqa: S102 - our own example
    draft, cleared = asyncio.run(names["main"](file.getvalue()))
    assert draft.codes == ()
    assert cleared.action == "pass"
