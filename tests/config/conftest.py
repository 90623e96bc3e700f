"""What the tests of the packaged files share: the files, their rules, and the demo stores."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from replygate.config import Store, load_store
from replygate.config.library import Library
from replygate.config.places import Place, Report, Source
from replygate.model import Cleared, Draft
from replygate.screening.rule import Rule

Table: TypeAlias = dict[str, Any]
ReadPackaged: TypeAlias = Callable[[str, str], Table]
PackagedRules: TypeAlias = Callable[[str, str], dict[str, Rule]]
ScreenIn: TypeAlias = Callable[[str, str], Cleared]


def _read(room: str, name: str) -> Table:
    return tomllib.loads((files("replygate_config") / room / f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def read_packaged() -> ReadPackaged:
    """Reads a packaged file: `read_packaged("platforms", "jd")`."""
    return _read


def _rules(kind: str, name: str) -> dict[str, Rule]:
    report = Report()
    library = Library()
    at = Place(Source("tests", Path()), 0, "")
    if kind == "lexicon":
        lexicon = library.lexicon(name, at, report)
        assert lexicon
        built = lexicon.rules
    else:
        profile = library.profile(name, at, report)
        assert profile
        built = profile.editions["sources-2023"].rules
    assert report.problems == ()
    return {each.rule.id: each.rule for each in built}


@pytest.fixture(scope="session")
def packaged_rules() -> PackagedRules:
    """Loads rules with their alternatives expanded: `packaged_rules("platform", "jd")`."""
    return _rules


@pytest.fixture(scope="session")
def screen_in() -> ScreenIn:
    """Screens a text in a demo store: `screen_in("jd", "在的")`."""
    stores: dict[str, Store] = {}

    def screen(platform: str, text: str) -> Cleared:
        if platform not in stores:
            stores[platform] = load_store(f"demo-{platform}")
        return stores[platform].gate.screen(Draft("c-1", text))

    return screen
