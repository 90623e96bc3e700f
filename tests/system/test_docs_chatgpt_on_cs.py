"""docs/chatgpt-on-cs.md: its store loads, its settings are the plugin's, its command finds it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from replygate.config import check_file
from system.shown import REPO, blocks_of, write_files

PAGE = "docs/chatgpt-on-cs.md"
BLOCKS = blocks_of(PAGE)
TEXT = (REPO / PAGE).read_text("utf-8")
PLUGIN = REPO / "adapters/replygate_adapters/chatgpt_on_cs/plugin.js"


def test_the_store_is_fine(tmp_path: Path) -> None:
    write_files(BLOCKS, tmp_path)
    (tmp_path / "my-shop.token").write_text("0123456789abcdef", "utf-8")
    checked = check_file(tmp_path / "my-shop.toml")
    assert [each for each in checked.problems if each.level == "error"] == []


def test_the_settings_are_those_of_the_plugin() -> None:
    head, _, _ = PLUGIN.read_text("utf-8").partition("const axios")
    settings = set(re.findall(r"^const (\w+) = ", head, re.MULTILINE)) - {"ASK_MS"}
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))
    assert documented == settings


def test_the_command_finds_the_text() -> None:
    (command,) = (block.text for block in BLOCKS if block.language == "sh")
    _, *words = shlex.split(command)
    found = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=True
    ).stdout
    assert Path(found.strip()).samefile(PLUGIN)
