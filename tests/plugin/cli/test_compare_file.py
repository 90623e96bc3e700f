from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from replygate.cli.compare_file import Stated, read_stated
from replygate.cli.exits import InputError
from replygate.timing.metrics.figure import Period
from sample_report import ALL_DAY_RATE, FAST_RATE, MEAN_WAIT

RULES = {rule.id: rule for rule in (ALL_DAY_RATE, FAST_RATE, MEAN_WAIT)}
DAY = dt.date(2026, 11, 20)


def read(path: Path, text: str, name: str = "platform.csv") -> list[Stated]:
    file = path / name
    file.write_text(text, "utf-8")
    return read_stated(str(file), RULES)


@pytest.mark.parametrize(
    ("written", "value", "off"),
    [
        ("96.5%", 0.965, 0.0005),
        ("96.5", 0.965, 0.0005),
        ("0.965", 0.965, 0.0005),
        ("97%", 0.97, 0.005),
        ("100%", 1.0, 0.005),
        ("1.0", 1.0, 0.05),
        ("0.5%", 0.005, 0.0005),
    ],
)
def test_shares(tmp_path: Path, written: str, value: float, off: float) -> None:
    (one,) = read(tmp_path, f"日期,指标,数值\n2026-11-20,PDD-M-01,{written}\n")
    assert (one.first, one.last, one.metric) == (DAY, DAY, "PDD-M-01")
    assert one.value == pytest.approx(value)
    assert one.off == pytest.approx(off)


def test_seconds_and_names(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "date,metric,value\n2026/11/20,平均回复时长,32.1 秒\n")
    assert (one.metric, one.value) == ("OUT-PDD-05", 32.1)
    assert one.off == pytest.approx(0.05)


@pytest.mark.parametrize(
    "days", ["2026-11-16/2026-11-22", "20261116~20261122", "2026年11月16日 至 2026年11月22日"]
)
def test_a_week_is_two_days(tmp_path: Path, days: str) -> None:
    (one,) = read(tmp_path, f"日期,指标,数值\n{days},pdd-m-06,90%\n")
    week = Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    assert (one.first, one.last) == (week.first, week.last)
    assert one.means(week)
    assert not one.means(Period(DAY, DAY))


def test_one_day_stands_for_the_period_that_ends_on_it(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "日期,指标,数值\n2026-11-20,PDD-M-01,90%\n")
    assert one.means(Period(DAY - dt.timedelta(days=6), DAY))
    assert not one.means(Period(DAY, DAY + dt.timedelta(days=1)))


def test_json_says_the_same(tmp_path: Path) -> None:
    told = [{"date": "2026-11-20", "metric": "PDD-M-01", "value": 0.965}]
    (one,) = read(tmp_path, json.dumps(told), "platform.json")
    assert one.value == pytest.approx(0.965)
    assert one.off == pytest.approx(0.0005)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "日期,指标,数值\n", "holds no figure"),
        (
            "a.csv",
            "日期,指标,数值\n2026-11-20,PDD-M-1,90%\n",
            ':2: metric: the store has no "PDD-M-1"; did you mean PDD-M-01?',
        ),
        ("a.csv", "日期,指标,数值\n2026-11-20,x,90%\n", "there are PDD-M-01, PDD-M-06, OUT-PDD-05"),
        (
            "a.csv",
            "日期,指标,数值\n20.11.,PDD-M-01,90%\n",
            ":2: date: expected a day such as 2026-11-20",
        ),
        ("a.csv", "日期,指标,数值\n2026-02-30,PDD-M-01,90%\n", ":2: date: expected a day"),
        (
            "a.csv",
            "日期,指标,数值\n2026-11-20,PDD-M-01,gut\n",
            ":2: value: expected a figure such as 96.5% or 32.1",
        ),
        (
            "a.csv",
            "日期,指标,数值\n2026-11-20,PDD-M-01,120%\n",
            ":2: value: expected a share of at most 100 %",
        ),
        ("a.csv", "日期,指标\n2026-11-20,PDD-M-01\n", "choose one with a column 数值"),
        ("a.json", "{}", "expected a list such as"),
        ("a.json", "[1]", "entry 1: expected date, metric and value"),
        ("a.json", "[", "is not usable JSON"),
        ("a.txt", "x", "expected a .csv, .xlsx or .json file"),
    ],
)
def test_what_can_not_be_used(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, name)
    assert said in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)
