from __future__ import annotations

from typing import Any

import pytest

from replygate.runtime.fields import EventError, Fields, parse_time, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("在吗", '"在吗"'),
        ("x" * 100, '"' + "x" * 39 + "…"),
        (1.5, "1.5"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (1, "expected a time such as 2026-11-20T10:10:15.000+08:00, got 1"),
        ("soon", 'expected a time such as 2026-11-20T10:10:15.000+08:00, got "soon"'),
        ("2026-11-20T10:10:15", "has no offset; expected one as in 2026-11-20T10:10:15.000+08:00"),
        ("1970-01-01T00:00:00Z", "lies in the year 1970"),
    ],
)
def test_a_time_that_is_none_is_one_clear_error(value: object, what: str) -> None:
    with pytest.raises(EventError) as caught:
        parse_time(value, "at")
    assert (caught.value.field, caught.value.what) == ("at", what)
    assert str(caught.value) == f"at: {what}"


def test_times_carry_their_offset() -> None:
    east = parse_time("2026-11-20T10:15:00.250+08:00", "at")
    assert east == parse_time("2026-11-20T02:15:00.250Z", "at") == 1_795_140_900_250


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({}, "is missing"),
        ({"id": None}, "is missing"),
        ({"id": 7}, "expected a string, got 7"),
        ({"id": ""}, "is empty"),
        ({"id": "x" * 300}, "has 300 characters, 256 are the limit"),
        ({"id": "a\ud800"}, "holds half a character (a lone surrogate)"),
    ],
)
def test_a_text_that_is_none_is_one_clear_error(data: dict[str, Any], what: str) -> None:
    with pytest.raises(EventError) as caught:
        Fields(data).text("id")
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("4", 'expected a number, got "4"'),
        (True, "expected a number, got true"),
        (float("nan"), "expected a finite number, got nan"),
    ],
)
def test_a_number_that_is_none_is_one_clear_error(value: object, what: str) -> None:
    with pytest.raises(EventError) as caught:
        Fields({"score": value}).number("score")
    assert caught.value.what == what


def test_a_word_that_is_not_allowed_gets_a_suggestion() -> None:
    with pytest.raises(EventError, match="did you mean in"):
        Fields({"direction": "inn"}).one_of("direction", ("in", "out"))


def test_what_nobody_takes_is_left() -> None:
    fields = Fields({"a": "1", "b": None, "n": None, "c": 4, "d": [1], "e": None})
    assert fields.text("a") == "1"
    assert fields.maybe_text("b") is None
    assert fields.number("c") == 4
    assert fields.number("n") is None
    assert fields.one_of("e", ("x", "y"), "x") == "x"
    assert fields.time("at") is None
    assert fields.extra() == {"d": [1]}
