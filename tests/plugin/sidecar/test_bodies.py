from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.sidecar.bodies import describe, parse_object, shorten
from replygate.sidecar.limits import JSON_DEPTH
from replygate.sidecar.problems import ApiProblem

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(PLAIN, VALUES, max_size=4))
def test_what_is_sound_comes_through(body: dict[str, object]) -> None:
    assert parse_object(json.dumps(body).encode()) == body


@given(st.binary(max_size=200))
def test_anything_else_is_one_problem(raw: bytes) -> None:
    problem: ApiProblem | None = None
    try:
        parse_object(raw)
    except ApiProblem as error:
        problem = error
    if problem is not None:
        assert problem.code in {"bad-json", "bad-encoding"}
        assert "\n" not in problem.detail


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def test_depth_is_bounded() -> None:
    assert parse_object(nested(JSON_DEPTH))
    with pytest.raises(ApiProblem, match=f"deeper than {JSON_DEPTH} levels"):
        parse_object(nested(JSON_DEPTH + 1))
    with pytest.raises(ApiProblem, match="deeper"):
        parse_object(nested(10_000))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"{", "line 1, column 2: expecting property name enclosed in double quotes"),
        (b'{\n"a": 1,\n}', "line 3"),
        (b'{"a": "\\ud83d"}', r"\\ud83d"),
        (b'{"\\u0000": 1}', r"\\u0000"),
        (b'{"a": 1, "a": 2}', '"a" is there twice'),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
        (b"[1]", "got a list"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xc3("}', "byte 0xc3 at 8"),
    ],
)
def test_a_wrong_body_says_what_is_wrong(raw: bytes, says: str) -> None:
    with pytest.raises(ApiProblem, match=says):
        parse_object(raw)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (3, "the number 3"),
        ("x", 'the string "x"'),
        ("", "an empty string"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_a_value_is_named_for_a_person(value: object, words: str) -> None:
    assert describe(value) == words


def test_what_is_quoted_is_short_and_printable() -> None:
    assert shorten("x" * 50) == "x" * 40 + "…"
    assert shorten("a\nb\u202ec") == "a\\u000ab\\u202ec"
