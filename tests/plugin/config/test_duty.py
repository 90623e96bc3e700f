from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import Store, load_store
from replygate.config.store import People
from replygate.errors import ConfigError
from replygate.timing.calendar import Interval, Window

HOUR_S = 3_600


def load(folder: Path, text: str) -> Store:
    path = folder / "s.toml"
    path.write_text(f'id = "s"\n{text}', "utf-8")
    return load_store(path)


def errors(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return [f"{problem.key}: {problem.what}" for problem in caught.value.problems]


TWO_SHIFTS = """
[[duty]]
name = "白班"
agents = ["xiao-wang", "xiao-li", "xiao-wang"]
open = ["08:30-16:00"]
[[duty]]
agents = ["xiao-zhao"]
open = ["16:00-23:30"]
days = ["sat", "sun"]
dates = { "2026-11-11" = ["16:00-02:00"], "2026-10-01" = [] }
extend = false
"""


def test_shifts_are_read(tmp_path: Path) -> None:
    day, evening = load(tmp_path, TWO_SHIFTS).shifts
    assert (day.name, day.agents, day.extend) == ("白班", ("xiao-wang", "xiao-li"), True)
    assert day.window == Window((Interval(8 * HOUR_S + 1_800, 16 * HOUR_S),))
    late = (Interval(16 * HOUR_S, 23 * HOUR_S + 1_800),)
    assert (evening.name, evening.extend) == ("xiao-zhao", False)
    assert evening.window.weekdays == ((), (), (), (), (), late, late)
    assert evening.window.overrides == (
        (dt.date(2026, 10, 1), ()),
        (dt.date(2026, 11, 11), (Interval(16 * HOUR_S, 26 * HOUR_S),)),
    )


def test_a_group_s_shifts_and_the_store_s_add_up(tmp_path: Path) -> None:
    (tmp_path / "g.toml").write_text('[[duty]]\nagents = ["g"]\nopen = ["08:00-12:00"]', "utf-8")
    text = 'extends = "g.toml"\n[[duty]]\nagents = ["s"]\nopen = ["12:00-20:00"]'
    store = load(tmp_path, text)
    assert [shift.agents for shift in store.shifts] == [("g",), ("s",)]
    assert store.hours == Window((Interval(8 * HOUR_S, 20 * HOUR_S),))


def test_without_hours_of_its_own_a_store_is_open_while_anybody_is_there(tmp_path: Path) -> None:
    store = load(tmp_path, '[[duty]]\nagents = ["a"]\nopen = ["10:00-12:00", "14:00-18:00"]')
    assert store.hours.intervals == (
        Interval(10 * HOUR_S, 12 * HOUR_S),
        Interval(14 * HOUR_S, 18 * HOUR_S),
    )
    assert store.warnings == ()
    assert load(tmp_path, "").hours.intervals == (Interval(9 * HOUR_S, 23 * HOUR_S),)


def test_hours_in_which_nobody_is_there_are_warned_about(tmp_path: Path) -> None:
    hours = '[hours]\nopen = ["08:00-23:30"]\n'
    [warning] = load(tmp_path, hours + TWO_SHIFTS.partition("days")[0]).warnings
    assert warning.key == "duty"
    assert warning.what == (
        "nobody is on duty mon 08:00-08:30, tue 08:00-08:30, wed 08:00-08:30"
        " and 4 times more, in the store's hours"
    )
    dated = 'dates = { "2026-11-11" = ["00:00-24:00"] }\n'
    text = '[hours]\nopen = ["09:00-12:00"]\n' + dated + TWO_SHIFTS.partition("days")[0]
    [warning] = load(tmp_path, text).warnings
    assert "2026-11-11 00:00-08:30, 2026-11-11 23:30-24:00" in warning.what
    assert load(tmp_path, '[hours]\nopen = ["09:00-12:00"]\n' + TWO_SHIFTS).warnings == ()


def test_shifts_may_overlap_and_the_times_of_one_may_not(tmp_path: Path) -> None:
    shift = '[[duty]]\nagents = ["a"]\nopen = ["08:00-18:00"]\n'
    assert len(load(tmp_path, shift + shift).shifts) == 2
    wrong = shift.replace('"]\n', '", "12:00-20:00"]\n').replace('["a", "12:00-20:00"]', '["a"]')
    assert errors(tmp_path, wrong) == ['duty[0].open[1]: "12:00-20:00" overlaps "08:00-18:00"']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[duty]]\nopen = ["08:00-18:00"]', "duty[0].agents: is missing"),
        ('[[duty]]\nagents = ["a"]', "duty[0].open: is missing"),
        ('[[duty]]\nagents = []\nopen = ["08:00-18:00"]', "duty[0].agents: expected at least one"),
        ('[[duty]]\nagents = ["a"]\nopen = []', "duty[0].open: expected at least one entry"),
        ('[[duty]]\nagents = ["a"]\nopen = ["8-18"]', "duty[0].open[0]: expected a time of day"),
        (
            '[[duty]]\nagents = ["a"]\nopen = ["08:00-18:00"]\ndays = ["monday"]',
            "duty[0].days[0]: expected one of mon, tue",
        ),
        (
            '[[duty]]\nagents = ["a"]\nopen = ["08:00-18:00"]\ndates = { "11.11." = [] }',
            'duty[0].dates."11.11.": expected a date',
        ),
        (
            '[[duty]]\nagents = ["a"]\nopen = ["08:00-18:00"]\nexpand = true',
            "duty[0].expand: unknown key",
        ),
        ("[people]\ntakeover_s = 1", "people.takeover_s: expected a number of at least 60"),
        ('[people]\nbot_drafts = "keep"', "people.bot_drafts: expected one of hold, drop, pass"),
        ("[people]\ntakeover = true", "people.takeover: unknown key"),
        ('[duty]\nagents = ["a"]', "duty: expected a list of tables"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    [problem] = errors(tmp_path, text)
    assert problem.startswith(said)


def test_people_are_as_written_or_careful(tmp_path: Path) -> None:
    assert load(tmp_path, "").people == People()
    text = (
        '[people]\ntakeover_on_reply = true\ntakeover_s = 90\nbot_drafts = "drop"\nrelease = false'
    )
    people = load(tmp_path, text).people
    assert people == People(takeover_on_reply=True, takeover_s=90, bot_drafts="drop", release=False)
