from pathlib import Path
from typing import Any

import pytest

from replygate.config.merge import Merged, read_setting
from replygate.config.places import KeyPath, Report, Source
from replygate.config.read import Document, parse_toml

GROUP = """\
name = "group"
token = { env = "A" }
[screening]
lexicons = ["a", "b"]
disable = ["x"]
[[screening.rule]]
id = "first"
words = ["g"]
[hours.dates]
2026-11-11 = []
"""
STORE = """\
id = "s"
token = { file = "b" }
hours.dates.2026-12-12 = []
[screening]
lexicons = ["c"]

[[screening.rule]]
id = "second"
words = ["x",
  "y"]
"""


def document(text: str, label: str) -> Document:
    found = parse_toml(text, Source(label, Path()), Report())
    assert found
    return found


@pytest.fixture
def merged() -> Merged:
    store = document(STORE, "store")
    return Merged([document(GROUP, "group"), store], store)


def test_tables_merge_and_lists_of_tables_add_up(merged: Merged) -> None:
    assert merged.data == {
        "id": "s",
        "name": "group",
        "token": {"file": "b"},
        "screening": {
            "lexicons": ["c"],
            "disable": ["x"],
            "rule": [{"id": "first", "words": ["g"]}, {"id": "second", "words": ["x", "y"]}],
        },
        "hours": {"dates": {"2026-11-11": [], "2026-12-12": []}},
    }


@pytest.mark.parametrize(
    ("path", "place", "key"),
    [
        (("name",), "group:1", "name"),
        (("token",), "store:2", "token"),
        (("screening", "lexicons", 0), "store:5", "screening.lexicons[0]"),
        (("screening", "disable", 0), "group:5", "screening.disable[0]"),
        (("screening", "rule", 0, "words", 0), "group:8", "screening.rule[0].words[0]"),
        # The second rule of the whole is the first one of the store's file.
        (("screening", "rule", 1, "words", 1), "store:10", "screening.rule[0].words[1]"),
        (("hours", "dates", "2026-11-11"), "group:10", "hours.dates.2026-11-11"),
        (("hours", "dates", "2026-12-12"), "store:3", "hours.dates.2026-12-12"),
        (("mode",), "store", "mode"),
    ],
)
def test_every_key_knows_its_file(merged: Merged, path: KeyPath, place: str, key: str) -> None:
    found = merged.place(path)
    assert (str(found), found.key) == (place, key)


def test_what_nobody_wrote_is_known_as_such(merged: Merged) -> None:
    assert merged.written(("screening", "disable"))
    assert not merged.written(("mode",))
    assert not merged.written(())


def test_the_documents_stay_as_they_were() -> None:
    group, store = document(GROUP, "group"), document(STORE, "store")
    Merged([group, store], store)
    assert group.data == document(GROUP, "group").data
    assert store.data == document(STORE, "store").data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("mode=observe", {"mode": "observe"}),
        ("mode = 'observe'", {"mode": "observe"}),
        ("holding.lead_s=6.5", {"holding": {"lead_s": 6.5}}),
        ('holding.texts=["好=的"]', {"holding": {"texts": ["好=的"]}}),
        ('hours.dates."2026-11-11"=[]', {"hours": {"dates": {"2026-11-11": []}}}),
        ("name=", {"name": ""}),
        ("name=1\nid = 2", {"name": "1\nid = 2"}),
        ("name=店", {"name": "店"}),
    ],
)
def test_a_setting_is_read_as_toml_or_as_text(text: str, data: dict[str, Any]) -> None:
    report = Report()
    found = read_setting(text, report)
    assert found
    assert not report.problems
    assert found.data == data
    assert str(found.place(("mode",))) == "--set"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("mode", '--set: expected key=value, got "mode"'),
        ("=1", '--set: expected key=value, got "=1"'),
        ("#a=1", '--set: expected key=value, got "#a=1"'),
        ("a b=1", '--set: expected key=value, got "a b=1"'),
        ("a\nb=1", '--set: expected key=value, got "a\nb=1"'),
        ("a=1\n[b]=2\nc", None),
        ("[a]\nb=1", '--set: expected key=value, got "[a]\nb=1"'),
        ("[a]=1", '--set: expected key=value, got "[a]=1"'),
        ("id=x", "--set: id: can only stand in a file"),
        ("extends=x.toml", "--set: extends: can only stand in a file"),
    ],
)
def test_a_setting_that_makes_no_sense(text: str, line: str | None) -> None:
    report = Report()
    found = read_setting(text, report)
    assert [str(problem) for problem in report.problems] == ([line] if line else [])
    assert (found is None) == (line is not None)
