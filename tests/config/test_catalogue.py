"""The index of every rule of the sources: each is where it says, and little is left alone."""

from __future__ import annotations

import importlib
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
from pydantic import BaseModel

from catalogue_sentences import CHECKED, ENFORCED, RULES
from replygate.config import load_store
from replygate.config.schema import EditionEntry, ProfileFile, StoreFile
from replygate.config.store import Store
from replygate.config.validate import submodel

Table = dict[str, Any]

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall", "general")
QUOTE_CHARS = 40

# Of the sources' 233 rules, and of the 28 that stand elsewhere.
ENTRIES = {"E": 37, "C": 30, "M": 55, "W": 31, "G": 1, "I": 79}
OUTSIDE = 28
LISTED_AT_MOST = {"E": 0, "M": 0, "G": 0, "C": 10, "W": 10}

ROOM = files("replygate_config")
CATALOGUE: Table = tomllib.loads((ROOM / "catalogue.toml").read_text("utf-8"))
ALL: list[Table] = CATALOGUE["entry"]
SEED = [entry for entry in ALL if not entry["id"].startswith("OUT-")]
PROFILES: dict[str, Table] = {
    name: tomllib.loads((ROOM / "platforms" / f"{name}.toml").read_text("utf-8"))
    for name in PLATFORMS
}
LEXICONS: list[Table] = [
    tomllib.loads(path.read_text("utf-8"))
    for path in (ROOM / "lexicons").iterdir()
    if path.name.endswith(".toml")
]


@pytest.fixture(scope="module")
def stores() -> dict[str, tuple[Store, ...]]:
    """Each platform's store in both editions."""
    return {
        name: tuple(
            load_store(f"demo-{name}", settings=(f"edition={edition}",))
            for edition in PROFILES[name]["editions"]
        )
        for name in PLATFORMS
        if name != "general"
    }


def ids(tables: list[Table]) -> set[str]:
    return {table["id"] for table in tables}


def in_profile(kind: str, name: str, platform: str) -> bool:
    return name in ids(PROFILES[platform].get(kind, []))


def rules_on(platform: str) -> set[str]:
    """Rules that a store of the platform has; the general one may have every lexicon."""
    profile = PROFILES[platform]
    named = profile.get("lexicons", [lexicon["id"] for lexicon in LEXICONS])
    found = ids(profile.get("rule", []))
    for lexicon in LEXICONS:
        if lexicon["id"] in named:
            found |= ids(lexicon["rule"])
    return found


def topics_on(platform: str) -> set[str]:
    named = PROFILES[platform].get("lexicons", ["topics"])
    return {name for one in LEXICONS if one["id"] in named for name in ids(one.get("topic", []))}


def is_key(dotted: str) -> bool:
    """Whether a key of some file is called so."""
    return any(_holds(model, dotted.split(".")) for model in (StoreFile, ProfileFile, EditionEntry))


def _holds(model: type[BaseModel], keys: list[str]) -> bool:
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    if keys[0] not in known:
        return False
    inner = submodel(known[keys[0]].annotation)
    return len(keys) == 1 or (inner is not None and _holds(inner, keys[1:]))


def is_code(name: str) -> bool:
    """Whether a module of this name can be imported, or has what the last part names."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, last = name.rpartition(".")
        return hasattr(importlib.import_module(module), last)
    return True


def is_there(where: str, platform: str, held: tuple[Store, ...]) -> bool:
    """Whether a place that the catalogue names exists, in files and in what is loaded from them."""
    kind, _, name = where.partition(":")
    if kind in ("deadline", "metric", "penalty"):
        return in_profile(kind, name, platform)
    if kind == "rule":
        return name in rules_on(platform)
    if kind == "topic":
        return name in topics_on(platform)
    if kind == "excuse":
        return all(name in store.excuses for store in held)
    if kind == "no-excuse":
        return all(name not in store.excuses for store in held)
    if kind == "memory":
        return name in PROFILES[platform]["screening"]["memory"]
    if kind == "key":
        return is_key(name)
    assert kind == "code", where
    return is_code(name)


def missing(entries: list[Table], stores: dict[str, tuple[Store, ...]]) -> list[str]:
    """What the catalogue names and nobody has."""
    return [
        f"{entry['id']}: {where}"
        for entry in entries
        for where in entry.get("where", [])
        if not is_there(where, entry["platform"], stores.get(entry["platform"], ()))
    ]


def test_it_holds_every_rule_once() -> None:
    assert len(ids(ALL)) == len(ALL)
    assert Counter(entry["class"] for entry in SEED) == ENTRIES
    assert (sum(ENTRIES.values()), len(ALL) - len(SEED)) == (233, OUTSIDE)


def test_everything_is_where_it_says(stores: dict[str, tuple[Store, ...]]) -> None:
    assert missing(ALL, stores) == []


@pytest.mark.parametrize(
    "where",
    [
        "deadline:PDD-D-99",
        "metric:JD-D-01",
        "penalty:PDD-X-99",
        "rule:contact.nothing",
        "topic:weather",
        "excuse:ad_reported",
        "no-excuse:recall",
        "memory:nothing",
        "key:holding.nothing",
        "code:replygate.timing.holding.Nothing",
    ],
)
def test_what_is_not_there_is_noticed(where: str, stores: dict[str, tuple[Store, ...]]) -> None:
    wrong = {"id": "X", "platform": "pdd", "where": [where]}
    assert missing([wrong], stores) == [f"X: {where}"]


def test_it_is_somewhere_or_says_why_not() -> None:
    for entry in ALL:
        assert ("where" in entry) != ("left" in entry), entry["id"]
        if "left" in entry:
            assert entry["left"] in ("listed", "info", "refused"), entry["id"]
            assert entry["why"], entry["id"]


def test_all_that_a_machine_can_enforce_or_measure_is_represented() -> None:
    for kind, most in LISTED_AT_MOST.items():
        left = [entry["id"] for entry in SEED if entry["class"] == kind and "left" in entry]
        assert len(left) <= most, (kind, left)
    assert {entry["class"] for entry in ALL if entry.get("left") == "info"} == {"I"}


def test_what_must_not_be_built_is_refused_with_the_reason() -> None:
    refused = {entry["id"] for entry in ALL if entry.get("left") == "refused"}
    assert refused == {"PDD-P-06", "TM-P-11", "GEN-T-04", "OUT-DY-08"}
    assert len(CATALOGUE["refused"]) == 6
    assert all(one["what"] and one["why"] for one in CATALOGUE["refused"])


def test_every_rule_on_texts_has_its_sentence() -> None:
    shown = {(row[0], row[2]) for row in (*RULES, *ENFORCED, *CHECKED)}
    for entry in SEED:
        if entry["class"] in ("E", "C"):
            rules = {where for where in entry.get("where", []) if where.startswith("rule:")}
            shows = {f"rule:{rule}" for name, rule in shown if name == entry["id"]}
            assert rules <= shows, entry["id"]


def test_every_quote_is_short_and_has_a_document() -> None:
    for entry in ALL:
        assert 0 < len(entry["quote"]) <= QUOTE_CHARS, entry["id"]
        assert entry["document"] in CATALOGUE["document"], entry["id"]
    used = {entry["document"] for entry in ALL}
    assert used == set(CATALOGUE["document"])


def test_a_profile_quotes_as_the_catalogue_does() -> None:
    quotes = {entry["id"]: entry["quote"] for entry in ALL}
    for name in PLATFORMS:
        for kind in ("deadline", "metric", "penalty"):
            for table in PROFILES[name].get(kind, []):
                known = table["id"] if table["id"] in quotes else table["id"].rpartition(".")[0]
                assert table["quote"] == quotes[known], table["id"]


def test_every_deadline_metric_and_penalty_of_a_profile_is_in_the_catalogue() -> None:
    named = {where for entry in ALL for where in entry.get("where", [])}
    for name in PLATFORMS:
        for kind in ("deadline", "metric", "penalty"):
            for table in PROFILES[name].get(kind, []):
                assert f"{kind}:{table['id']}" in named
