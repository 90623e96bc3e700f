"""The figures that docs/testing.md shows are the accepted ones."""

from __future__ import annotations

import pytest

from evaluation.figures import KINDS, read
from house.tree import REPO


@pytest.mark.parametrize("label", KINDS)
def test_the_page_shows_the_accepted_figures(label: str) -> None:
    count = read()[f"{label}/all"]
    row = f"| `{label}` | {count.right}/{count.total} |"
    assert row in (REPO / "docs/testing.md").read_text("utf-8").splitlines(), row
