import datetime as dt
from pathlib import Path

import pytest

from replygate.config.places import Report, Source
from replygate.config.read import Document
from replygate.config.windows import read_interval, read_intervals, read_window
from replygate.timing.calendar import DAY_S, Interval

HOUR_S = 3_600
DOCUMENT = Document(Source("s.toml", Path()), {}, {})


@pytest.mark.parametrize(
    ("text", "start_s", "end_s"),
    [
        ("09:00-23:00", 9 * HOUR_S, 23 * HOUR_S),
        (" 9:00 - 23:00 ", 9 * HOUR_S, 23 * HOUR_S),
        ("00:00-24:00", 0, DAY_S),
        ("22:00-02:00", 22 * HOUR_S, 26 * HOUR_S),
        ("22:00-00:00", 22 * HOUR_S, 24 * HOUR_S),
        ("08:00:00-22:59:59", 8 * HOUR_S, 23 * HOUR_S - 1),
    ],
)
def test_an_interval(text: str, start_s: int, end_s: int) -> None:
    assert read_interval(text) == Interval(start_s, end_s)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "expected a time of day"),
        ("09:00", "expected a time of day"),
        ("9-18", "expected a time of day"),
        ("09:00–18:00", "expected a time of day"),
        ("０９:00-18:00", "expected a time of day"),
        ("09:00-18:00,", "expected a time of day"),
        ("-1:00-18:00", "expected a time of day"),
        ("24:01-25:00", "holds no time of day"),
        ("00:00-24:00:01", "holds no time of day"),
        ("00:00-12:60", "holds no time of day"),
        ("00:00-12:00:60", "holds no time of day"),
        ("24:00-08:00", "write 00:00"),
        ("00:00-00:00", "is empty"),
    ],
)
def test_no_interval(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_interval(text)


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([], []),
        (["00:00-24:00"], []),
        (["09:00-12:00", "12:00-18:00"], []),
        (["14:00-18:00", "09:00-12:00"], []),
        (["08:00-12:00", "22:00-08:00"], []),
        (["09:00-12:00", "10:00-11:00"], ['s.toml: open[1]: "10:00-11:00" overlaps "09:00-12:00"']),
        (["10:00-11:00", "09:00-12:00"], ['s.toml: open[1]: "09:00-12:00" overlaps "10:00-11:00"']),
        (["22:00-08:01", "08:00-09:00"], ['s.toml: open[1]: "08:00-09:00" overlaps "22:00-08:01"']),
        (["23:00-09:00", "23:30-23:40"], ['s.toml: open[1]: "23:30-23:40" overlaps "23:00-09:00"']),
    ],
)
def test_intervals_of_a_day_do_not_overlap(texts: list[str], lines: list[str]) -> None:
    report = Report()
    found = read_intervals(texts, ("open",), DOCUMENT, report)
    assert [str(problem) for problem in report.problems] == lines
    assert list(found) == sorted(found)
    assert len(found) == len(texts)


def test_a_window_with_dates() -> None:
    report = Report()
    window = read_window(
        ["09:00-18:00"],
        {"2026-11-12": [], "2026-11-11": ["00:00-24:00"]},
        path=("deadline", 0),
        key="windows",
        located=DOCUMENT,
        report=report,
        mode="elapse",
        anchor="session",
    )
    assert not report.problems
    assert window.intervals == (Interval(9 * HOUR_S, 18 * HOUR_S),)
    assert window.overrides == (
        (dt.date(2026, 11, 11), (Interval(0, DAY_S),)),
        (dt.date(2026, 11, 12), ()),
    )
    assert (window.mode, window.anchor) == ("elapse", "session")


@pytest.mark.parametrize("day", ["2026-02-30", "11-11", "x", "20261111", ""])
def test_no_date(day: str) -> None:
    report = Report()
    read_window([], {day: []}, path=("hours",), key="open", located=DOCUMENT, report=report)
    (problem,) = report.problems
    assert problem.what == f'expected a date (2026-11-11), got "{day}"'
