"""Folders of store files, and the memory that a process takes with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from texts import words

OWN_WORDS = 50
PLATFORMS = ("pdd", "jd", "douyin", "kuaishou", "tmall", "xiaohongshu")
TOKEN = "bench-token-of-store-{:04}"  # noqa: S105 - a token of the benchmark

STORE = """\
id = "shop-{number}"
platform = "{platform}"
edition = "sources-2023"
token = {{ file = "shop-{number}.token" }}
[[screening.rule]]
id = "own"
action = "block"
words = [{words}]
"""


def write_stores(folder: Path, stores: int, platforms: Sequence[str] = PLATFORMS) -> Path:
    """So many stores, by turns of each platform, with words and a token of their own."""
    folder.mkdir()
    # A word of two characters could stand in a text of the platform's own, which is an error.
    made = [word for word in words(2 * stores * OWN_WORDS) if len(word) > 2]
    for number in range(stores):
        own = made[number * OWN_WORDS : (number + 1) * OWN_WORDS]
        text = STORE.format(
            number=number,
            platform=platforms[number % len(platforms)],
            words=", ".join(f'"{word}"' for word in own),
        )
        (folder / f"shop-{number}.toml").write_text(text, "utf-8")
        (folder / f"shop-{number}.token").write_text(TOKEN.format(number), "utf-8")
    return folder


def rss_mb(pid: int) -> float:
    """The memory that the process has in RAM."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("a process has memory")
