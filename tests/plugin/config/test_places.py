from pathlib import Path

import pytest

from replygate.config.places import (
    KeyPath,
    Place,
    Report,
    Source,
    check_ids,
    did_you_mean,
    dotted,
)
from replygate.errors import ConfigError, Problem

SOURCE = Source("s.toml", Path())


def place(line: int, source: Source = SOURCE) -> Place:
    return Place(source, line, "key")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ((), ""),
        (("screening", "rule", 1, "words", 2), "screening.rule[1].words[2]"),
        (("rewrites", "不一定"), "rewrites.不一定"),
        (("a", "b.c", 'd"e', ""), 'a."b.c"."d\\"e".""'),
        (("a\nb", "\\"), '"a\\nb"."\\\\"'),
    ],
)
def test_paths_are_written_as_people_do(path: KeyPath, written: str) -> None:
    assert dotted(path) == written


def test_a_hint_names_the_nearest_word_or_nothing() -> None:
    assert did_you_mean("lexicon", ["lexicons", "allow"]) == "did you mean lexicons?"
    assert did_you_mean("zzz", ["lexicons"]) == ""


def test_a_place_shows_its_line_if_it_has_one() -> None:
    assert str(place(3)) == "s.toml:3"
    assert str(place(0)) == "s.toml"


def test_problems_come_once_in_reading_order() -> None:
    report = Report()
    report.error(place(9), "late")
    report.error(place(1, Source("group.toml", Path())), "elsewhere")
    report.warn(place(2), "early")
    report.error(place(9), "late")
    assert [str(problem) for problem in report.problems] == [
        "s.toml:2: warning: key: early",
        "s.toml:9: key: late",
        "group.toml:1: key: elsewhere",
    ]


def test_warnings_are_no_failure() -> None:
    report = Report()
    report.warn(place(1), "odd")
    assert not report.failed()
    report.raise_errors()
    assert [problem.what for problem in report.warnings] == ["odd"]


def test_errors_are_raised_without_warnings() -> None:
    report = Report()
    report.warn(place(1), "odd")
    report.include([Problem("s.toml", 2, "key", "wrong", "do this")])
    assert report.failed()
    with pytest.raises(ConfigError) as raised:
        report.raise_errors()
    assert str(raised.value) == "s.toml:2: key: wrong; do this"


def test_an_id_that_was_there_before_is_noted() -> None:
    report = Report()
    other = place(7, Source("l.toml", Path()))
    check_ids([("a", other), ("b", place(2)), ("a", place(3))], "rule", report)
    (problem,) = report.problems
    assert str(problem) == ('s.toml:3: key: the rule "a" is defined twice; first at l.toml:7')
