"""The day's tables, one for each platform."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

from .lived import day
from .shop import SHOPS
from .table import table


def main(buyers: int, platforms: Iterable[str] = SHOPS) -> None:
    """Print them, as Markdown."""
    for platform in platforms:
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(table(day(platform, buyers, folder))), end="\n\n", flush=True)
