"""The platform's own figures, as a shop copies them from its console."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from replygate.cli.exits import InputError
from replygate.cli.tables import Column, is_table, read_table
from replygate.cli.text_files import read_text
from replygate.timing.metrics.figure import Period
from replygate.timing.metrics.rule import MetricRule

_COLUMNS: Final = (
    Column("a column 日期", ("日期", "统计日期", "时间", "date", "day", "period")),
    Column("a column 指标", ("指标", "指标名称", "指标id", "metric", "id", "name")),
    Column("a column 数值", ("数值", "值", "指标值", "平台数值", "value", "rate")),
)
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_VALUE: Final = re.compile(r"(-?\d+(?:\.(\d+))?) *(%|秒|s)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the platform says of a metric on a day, or from one day to another.

    `value` is a share from 0 to 1, or seconds; it is rounded, and `off` is how far the exact one
    may be away.
    """

    place: str
    first: dt.date
    last: dt.date
    metric: str
    value: float
    off: float

    def means(self, period: Period) -> bool:
        """Whether it is about that period. A single day stands for the period that ends on it."""
        if self.first == self.last:
            return period.last == self.first
        return (period.first, period.last) == (self.first, self.last)


def read_stated(name: str, rules: Mapping[str, MetricRule]) -> list[Stated]:
    """Read a table or a JSON list of date, metric and value. Raises InputError at a bad row."""
    if is_table(name):
        rows = [
            (f"{name}: {place}" if place.sheet else f"{name}:{place.line}", cells)
            for place, cells in read_table(name, _COLUMNS)
        ]
    elif PurePath(name).suffix.lower() == ".json":
        rows = list(_objects(name))
    else:
        raise InputError(f"{name}: expected a .csv, .xlsx or .json file")
    stated = [_stated(place, cells, rules) for place, cells in rows]
    if not stated:
        raise InputError(f"{name}: holds no figure")
    return stated


def _objects(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    example = '[{"date": "2026-11-20", "metric": "PDD-M-01", "value": "96.5%"}]'
    try:
        listed = json.loads(read_text(name))
    except (ValueError, RecursionError) as fault:
        raise InputError(f"{name}: is not usable JSON: {fault}") from fault
    if not isinstance(listed, list):
        raise InputError(f"{name}: expected a list such as {example}")
    for number, one in enumerate(listed, 1):
        place = f"{name}: entry {number}"
        if not isinstance(one, dict) or not {"date", "metric", "value"} <= one.keys():
            raise InputError(f"{place}: expected date, metric and value, as in {example}")
        yield place, (str(one["date"]), str(one["metric"]), str(one["value"]))


def _stated(place: str, cells: tuple[str, ...], rules: Mapping[str, MetricRule]) -> Stated:
    days, metric, value = cells
    rule = _rule(place, metric.strip(), rules)
    first, last = _days(place, days.strip())
    found = _VALUE.fullmatch(value.strip())
    if found is None:
        raise InputError(f'{place}: value: expected a figure such as 96.5% or 32.1, got "{value}"')
    number, decimals = float(found[1]), len(found[2] or "")
    off = 0.5 * 10.0**-decimals
    # Consoles show shares as 96.5 %, exports often as 96.5 or 0.965.
    if rule.value == "share" and (found[3] == "%" or number > 1):
        number, off = number / 100, off / 100
    if rule.value == "share" and not 0 <= number <= 1:
        raise InputError(f'{place}: value: expected a share of at most 100 %, got "{value}"')
    return Stated(place, first, last, rule.id, number, off)


def _rule(place: str, named: str, rules: Mapping[str, MetricRule]) -> MetricRule:
    by_name = {rule.name: rule for rule in rules.values()}
    rule = rules.get(named.upper()) or rules.get(named) or by_name.get(named)
    if rule is not None:
        return rule
    known = [*rules, *by_name]
    near = difflib.get_close_matches(named, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(rules) or 'none'}"
    raise InputError(f'{place}: metric: the store has no "{named}"; {hint}')


def _days(place: str, text: str) -> tuple[dt.date, dt.date]:
    """A day, or two with `/`, `~` or 至 between them."""
    one = _DAY.match(text)
    rest = text[one.end() :] if one else text
    two = _DAY.fullmatch(rest.strip(" /~至-")) if rest.strip() else one
    first, last = _day(one), _day(two)
    if first is None or last is None:
        what = f'expected a day such as 2026-11-20, or FROM/TO, got "{text}"'
        raise InputError(f"{place}: date: {what}")
    return first, last


def _day(found: re.Match[str] | None) -> dt.date | None:
    try:
        return found and dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
