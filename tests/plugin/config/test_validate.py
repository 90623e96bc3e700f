import datetime as dt
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.config.places import Report, Source
from replygate.config.read import Document, parse_toml
from replygate.config.schema import GroupFile, LexiconFile, ProfileFile, StoreFile
from replygate.config.schema_base import Table
from replygate.config.validate import describe, salvage, shorten, submodel, validate

SOURCE = Source("s.toml", Path())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (3, "the number 3"),
        (1.5, "the number 1.5"),
        ("x", 'the string "x"'),
        ("", "an empty string"),
        ([], "a list"),
        ({}, "a table"),
        (dt.date(2026, 1, 2), "the date 2026-01-02"),
        (dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC), "the time 2026-01-02 03:00:00+00:00"),
        (dt.time(3), "the time 03:00:00"),
    ],
)
def test_a_value_is_named_for_people(value: object, words: str) -> None:
    assert describe(value) == words


def test_a_long_text_is_cut_and_put_on_one_line() -> None:
    assert shorten("a\n  b") == "a b"
    assert shorten("x" * 41) == "x" * 40 + "…"


def test_the_table_inside_an_annotation() -> None:
    assert submodel(list[GroupFile] | None) is GroupFile
    assert submodel(list[str]) is None


def parse(text: str) -> Document:
    found = parse_toml(text, SOURCE, Report())
    assert found
    return found


def test_what_does_not_fit_is_left_out_and_the_rest_kept() -> None:
    document = parse(
        'id = "s"\n'
        "name = 3\n"
        "oops = 1\n"
        "token = { env = 3 }\n"
        '[screening]\nlexicons = ["a", 3]\n'
        '[[screening.rule]]\nid = "one"\naction = "x"\n'
        '[[screening.rule]]\nid = "two"\naction = "block"\nwords = ["x"]\n'
        '[[screening.rule]]\nid = "three"\naction = "block"\nwords = ["x", 1, 2]\n'
        "[holding]\nmax_per_turn = 2\nmin_gap_s = -1\n"
    )
    report = Report()
    model = salvage(StoreFile, document, report)
    assert model
    assert [problem.line for problem in report.problems] == [2, 3, 4, 6, 9, 17, 17, 20]
    assert (model.id, model.name, model.token) == ("s", None, None)
    assert model.screening.lexicons == []
    assert [rule.id for rule in model.screening.rule] == ["two"]
    assert (model.holding.max_per_turn, model.holding.min_gap_s) == (2, 60)
    assert document.place(("screening", "rule", 0, "words")).line == 13


def test_what_is_missing_can_not_be_left_out() -> None:
    report = Report()
    assert salvage(LexiconFile, parse('id = "l"\ntitel = "t"'), report) is None
    assert [str(problem) for problem in report.problems] == [
        "s.toml: title: is missing",
        "s.toml: as_of: is missing",
        "s.toml:2: titel: unknown key; did you mean title?",
    ]


def test_what_did_not_fit_is_not_said_to_be_missing() -> None:
    report = Report()
    assert salvage(StoreFile, parse('id = "a b"'), report) is None
    assert [problem.what.partition(",")[0] for problem in report.problems] == ["expected letters"]


def test_a_validated_document_is_not_touched() -> None:
    document = parse("name = 3")
    report = Report()
    assert validate(GroupFile, document.data, document, report) is None
    assert document.data == {"name": 3}
    assert len(report.problems) == 1


def keys() -> list[str]:
    found: set[str] = set()

    def walk(model: type[Any]) -> None:
        for name, field in model.model_fields.items():
            found.add(field.alias or name)
            inner = submodel(field.annotation)
            if inner:
                walk(inner)

    for model in (StoreFile, ProfileFile, LexiconFile):
        walk(model)
    return sorted(found)


VALUES = st.recursive(
    st.none().map(lambda _: dt.date(2026, 1, 1))
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(keys()) | st.text(string.ascii_letters, max_size=3), inner
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from([StoreFile, GroupFile, ProfileFile, LexiconFile]),
    st.dictionaries(st.sampled_from(keys()), VALUES, max_size=6),
)
def test_whatever_stands_in_a_file_is_worded(model: type[Table], data: dict[str, Any]) -> None:
    report = Report()
    found = salvage(model, Document(SOURCE, data, {}), report)
    assert found is not None or report.failed()
    for problem in report.problems:
        assert "\n" not in str(problem) or "\n" in problem.key
        assert problem.what
