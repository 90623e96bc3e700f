"""Every block of docs/testing.md runs, and the page names everything the test kit offers."""

from __future__ import annotations

import inspect
import itertools
from pathlib import Path

import pytest

import replygate.testing
from system.shown import REPO, Block, blocks_of, run_python, write_files

PAGE = "docs/testing.md"
BLOCKS = blocks_of(PAGE)
PAIRS = list(zip(BLOCKS, [*BLOCKS[1:], None], strict=True))


@pytest.mark.parametrize(
    ("block", "after"), [pair for pair in PAIRS if pair[0].language == "python"], ids=str
)
def test_a_shown_test_does_what_the_page_says(
    block: Block, after: Block | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(BLOCKS, tmp_path)
    if after is None or after.language != "text":
        assert list(run_python(block, tmp_path))
        return
    with pytest.raises(AssertionError) as failure:
        list(run_python(block, tmp_path))
    assert str(failure.value) == after.text


def test_no_block_is_left_out() -> None:
    assert {block.language for block in BLOCKS} == {"python", "text", "toml"}
    assert all(block.title for block in BLOCKS if block.language == "toml")
    for before, block in itertools.pairwise(BLOCKS):
        assert block.language != "text" or before.language == "python"


def test_the_page_names_every_public_name() -> None:
    text = (REPO / PAGE).read_text("utf-8")
    assert [name for name in replygate.testing.__all__ if f"`{name}`" not in text] == []
    methods = [
        method
        for name in ("FakePlatform", "Said", "ScheduledCall", "Script", "VirtualClock")
        for method, _ in inspect.getmembers(getattr(replygate.testing, name))
        if not method.startswith("_")
    ]
    assert [method for method in methods if method not in text] == []
