"""The rules that a store's days are counted by, and their hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Final

from replygate.config import Store
from replygate.journal.privacy import LogText
from replygate.report.summary import VERSION
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Excuse
from replygate.timing.metrics.derive import metric_of
from replygate.timing.metrics.rule import MetricRule

HASH_BYTES: Final = 16

LAWS_MAX: Final = 1_000
"""Laws that are remembered: stores of one platform mostly share one."""


DEADLINE: Final = "deadline:"
"""Before a deadline's id where it is counted: a metric may have the same id and other units."""


def deadlines_of(store: Store) -> tuple[MetricRule, ...]:
    """The store's deadlines as metrics: how often each is met."""
    return _deadlines(store.deadlines)


def counted(store: Store) -> tuple[MetricRule, ...]:
    """Everything that is counted of a store: its metrics, and its deadlines behind `DEADLINE`."""
    return _counted(store.metrics, store.deadlines)


def measurable(store: Store) -> dict[str, MetricRule]:
    """What a store can be shown, by the id that it is counted under: its metrics, and the deadlines
    that no metric of the same id is about.
    """
    measured = {rule.id: rule for rule in store.metrics}
    deadlines = {
        DEADLINE + rule.id: rule for rule in deadlines_of(store) if rule.id not in measured
    }
    return {**measured, **deadlines}


@lru_cache(LAWS_MAX)
def _deadlines(deadlines: tuple[DeadlineRule, ...]) -> tuple[MetricRule, ...]:
    return tuple(map(metric_of, deadlines))


@lru_cache(LAWS_MAX)
def _counted(
    metrics: tuple[MetricRule, ...], deadlines: tuple[DeadlineRule, ...]
) -> tuple[MetricRule, ...]:
    renamed = (replace(rule, id=DEADLINE + rule.id) for rule in _deadlines(deadlines))
    return (*metrics, *renamed)


def law_of(store: Store) -> str:
    """A hash of all that decides what a day comes to, so that other rules count it again."""
    return _law(store.metrics, store.deadlines, store.excuses, store.session_gap_s, store.log_text)


@lru_cache(LAWS_MAX)
def _law(
    metrics: tuple[MetricRule, ...],
    deadlines: tuple[DeadlineRule, ...],
    excuses: frozenset[Excuse],
    session_gap_s: int,
    log_text: LogText,
) -> str:
    told = _plain((VERSION, metrics, deadlines, excuses, session_gap_s, log_text))
    data = json.dumps(told, ensure_ascii=False).encode()
    return hashlib.blake2b(data, digest_size=HASH_BYTES).hexdigest()


def _plain(value: Any) -> object:
    """The value as JSON, the same in every process: sets have an order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    match value:
        case frozenset():
            return sorted(map(str, value))
        case str() | int() | float() | None:
            return value
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case Iterable():
            return [_plain(each) for each in value]
    raise AssertionError(f"a rule holds {value!r}, which has no plain form")
