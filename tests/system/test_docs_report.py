"""What docs/report.md shows of a report is what a report looks like."""

from __future__ import annotations

import re
import shlex
import struct

import pytest

from replygate.cli.parser import parse
from replygate.cli.report_text import SIGNS, summary
from replygate.config import load_store
from sample_report import sample_report
from system.shown import REPO, Block, blocks_of

PAGE = "docs/report.md"
SHOWN = [block for block in blocks_of(PAGE) if block.title == "report"]
IMAGE_BYTES_MAX = 300_000


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_a_shown_report_is_one(block: Block) -> None:
    text = "\n".join(summary(sample_report(), 80)) + "\n"
    assert block.text in text


def test_every_sign_is_explained() -> None:
    page = (REPO / PAGE).read_text("utf-8")
    assert set(re.findall(r"^\| `(.)` \|", page, re.MULTILINE)) == set(SIGNS.values())


def test_every_shown_command_is_understood() -> None:
    lines = [
        line.partition(" #")[0]
        for block in blocks_of(PAGE)
        if block.language == "sh"
        for line in block.text.splitlines()
    ]
    assert len(lines) == 6
    for line in lines:
        program, *args = shlex.split(line)
        assert program == "replygate"
        assert parse(args).command in {"report", "replay", "evidence"}


def test_what_settles_a_reading_is_taken() -> None:
    (block,) = [block for block in blocks_of(PAGE) if block.language == "toml"]
    assert block.text == '[settle."PDD-M-01".counts]\nbot = "yes"\n'
    store = load_store("demo-pdd", settings=['settle={"PDD-M-01"={counts={bot="yes"}}}'])
    (rule,) = [rule for rule in store.metrics if rule.id == "PDD-M-01"]
    assert rule.counts.bot == "yes"


def test_the_picture_is_there_and_small() -> None:
    raw = (REPO / "docs" / "images" / "report.png").read_bytes()
    assert len(raw) < IMAGE_BYTES_MAX
    width, height = struct.unpack(">II", raw[16:24])
    assert (width, height > 600) == (1080, True)
