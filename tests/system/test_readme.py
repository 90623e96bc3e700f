"""What the READMEs show is what happens: every command, every Python block.

Both languages show the same blocks, so they are run once.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from system.shown import REPO, Block, blocks_of, write_files

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
BLOCKS = blocks_of(ENGLISH)
TIMEOUT_S = 60
LINES_MAX = 210

# A whole run inside a test would test itself; one file shows what a run prints.
# Without `--once` the demonstration goes on until somebody ends it.
ARGS = {"make test": "tests/plugin/testing/test_clock.py", "make run": "--once"}

VOLATILE = [
    (r"\d+(\.\d+)? µs", "N µs"),
    (r" *\d+\.\d s(?= )", " N s"),
    (r"waited \d+\.\d s", "waited N s"),
    (r"(?<=判断) \d+ (?=次)", " N "),
    (r"=+ (\d+ \w+(, )?)+ in [^=]+=+", "=== N passed in N s ==="),
    (r"={3,}", "==="),
]


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "console"], ids=str)
def test_a_shown_command_prints_what_is_shown(block: Block, tmp_path: Path) -> None:
    write_files(BLOCKS, tmp_path)
    for command, shown in commands_of(block):
        printed = run_recipe(command) if command.startswith("make ") else run(command, tmp_path)
        require_shown(printed, shown)


@pytest.mark.parametrize(
    ("code", "output"),
    [pair for pair in itertools.pairwise(BLOCKS) if pair[0].language == "python"],
    ids=str,
)
def test_a_shown_python_block_prints_what_is_shown(
    code: Block, output: Block, tmp_path: Path
) -> None:
    assert (output.language, output.title) == ("text", "")
    require_shown(
        run(f"{shlex.quote(sys.executable)} -c {shlex.quote(code.text)}", tmp_path), output.text
    )


def test_no_block_is_left_out() -> None:
    assert {block.language for block in BLOCKS} == {"console", "python", "text", "toml"}
    assert BLOCKS[-1].language != "python"
    assert all(block.title for block in BLOCKS if block.language == "toml")
    for before, block in itertools.pairwise(BLOCKS):
        assert block.language != "text" or block.title or before.language == "python"


def test_both_languages_show_the_same() -> None:
    chinese = blocks_of(CHINESE)
    assert [(b.language, b.title, b.text) for b in BLOCKS] == [
        (b.language, b.title, b.text) for b in chinese
    ]
    assert len(parts_of(ENGLISH)) == len(parts_of(CHINESE))


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
def test_a_readme_stays_short(page: str) -> None:
    assert len((REPO / page).read_text("utf-8").splitlines()) <= LINES_MAX


def parts_of(page: str) -> list[str]:
    return re.findall(r"^(?:#+|-|\|) ", (REPO / page).read_text("utf-8"), re.MULTILINE)


def commands_of(block: Block) -> list[tuple[str, str]]:
    """The commands of a block, each with what is shown under it.

    What `make` prints may hold commands of its own, so it has a block to itself.
    """
    assert block.text.startswith("$ ")
    if block.text.startswith("$ make "):
        command, _, shown = block.text.removeprefix("$ ").partition("\n")
        return [(command, shown)]
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def run(command: str, folder: Path) -> str:
    """Run a command; give what it prints, the talk on stderr after the result on stdout."""
    environment = os.environ | {
        "COLUMNS": "80",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    return done.stdout + done.stderr


def run_recipe(command: str) -> str:
    """What `make` would print, but for making the environment that the tests already run in."""
    listed = subprocess.run(
        ["make", "--dry-run", "--always-make", *command.split()[1:], f"ARGS={ARGS[command]}"],
        cwd=REPO,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=True,
    ).stdout
    python = ".venv/bin/python"
    lines = [
        line.replace(python, shlex.quote(sys.executable))
        for line in listed.splitlines()
        if line.startswith(("echo ", f"{python} -m replygate", f"{python} -m pytest"))
    ]
    return run("\n".join(lines), REPO)


def require_shown(printed: str, shown: str) -> None:
    """Compare what was printed with what is shown, in which … stands for anything left out."""
    for pattern, stand_in in VOLATILE:
        printed = re.sub(pattern, stand_in, printed)
        shown = re.sub(pattern, stand_in, shown)
    expected = ".*?".join(re.escape(part) for part in shown.rstrip().split("…"))
    if not re.fullmatch(expected, printed.rstrip(), re.DOTALL):
        pytest.fail(f"shown:\n{shown}\nprinted:\n{printed}", pytrace=False)
