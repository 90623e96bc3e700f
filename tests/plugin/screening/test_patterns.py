import sys

import pytest

from replygate.screening.patterns import compile_pattern


def test_spans_count_characters() -> None:
    assert list(compile_pattern("加.{0,3}群").find("来加我们群，加群")) == [(1, 5), (6, 8)]


def test_a_lone_surrogate_moves_nothing() -> None:
    assert list(compile_pattern("加群").find("\ud800加群")) == [(1, 3)]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (r"(a)\1", "linear time"),
        ("(?=a)b", "linear time"),
        ("(((", "linear time"),
        ("a*", "empty text"),
        ("", "empty text"),
        ("a|", "empty text"),
    ],
)
def test_what_can_not_run_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        compile_pattern(expression)


def test_an_empty_match_is_no_match() -> None:
    assert list(compile_pattern(r"\b").find("ab")) == []


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(ImportError, match=r"replygate\[patterns\]"):
        compile_pattern("a")
