from __future__ import annotations

from pathlib import Path

import pytest

from replygate.errors import ConfigError
from replygate.sidecar.operators import load_operators
from served import DESK_TOKEN, OPERATORS, write_operators

STORES = ("one", "two")


def test_operators_are_read(tmp_path: Path) -> None:
    desk, viewer = load_operators(write_operators(tmp_path), STORES)
    assert (desk.name, desk.stores, desk.can_act) == ("desk", None, True)
    assert desk.token.reveal() == DESK_TOKEN
    assert (viewer.name, viewer.stores, viewer.can_act) == ("viewer", frozenset({"one"}), False)


def problems_of(tmp_path: Path, text: str) -> list[str]:
    path = write_operators(tmp_path)
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_operators(path, STORES)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "operators.toml: is empty"),
        ("x = 1", "operators.toml:1: x: unknown key"),
        ("operator = []", "operators.toml:1: operator: expected at least one entry"),
        (OPERATORS.replace('"one"', '"onne"'), 'there is no store "onne"; did you mean one?'),
        (OPERATORS.replace('"act"', '"write"'), "expected one of read, act"),
        (OPERATORS.replace('"desk.token"', '"no.token"'), "the secret's file no.token"),
        (OPERATORS.replace('{ file = "desk.token" }', '"abc"'), "a secret is never written"),
        (OPERATORS.replace('stores = ["one"]', "stores = []"), "expected at least one entry"),
        (OPERATORS.replace("stores", "store"), "unknown key; did you mean stores?"),
        (OPERATORS.replace('name = "desk"\n', ""), "operator[0].name: is missing"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_where(tmp_path: Path, text: str, said: str) -> None:
    problems = problems_of(tmp_path, text)
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("operators.toml") for problem in problems)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_operators(tmp_path / "none.toml", STORES)
