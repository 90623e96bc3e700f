"""`docs/rules.md` says what the profiles and the catalogue say."""

from __future__ import annotations

from house.rules_docs import PAGE, PLATFORMS, blocks, rendered


def test_the_page_is_as_the_profiles_are() -> None:
    page = PAGE.read_text("utf-8")
    assert rendered(page) == page, "write it anew: PYTHONPATH=tests python -m house.rules_docs"


def test_every_platform_has_its_table() -> None:
    names = blocks(PAGE.read_text("utf-8"))
    assert names == ["documents", *PLATFORMS, "refused", "index"]


def test_a_number_that_changed_is_noticed() -> None:
    page = PAGE.read_text("utf-8").replace("| 3600 s |", "| 3601 s |", 1)
    assert rendered(page) != page
