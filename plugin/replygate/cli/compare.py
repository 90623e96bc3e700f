"""Our figures beside the platform's own: which replies must count for both to be the same?"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from replygate.cli.compare_file import Stated
from replygate.config import Store
from replygate.events import Event
from replygate.report import wording
from replygate.report.replay_metrics import replay_figures
from replygate.runtime.replay import Span
from replygate.timing.metrics.figure import Figure
from replygate.timing.metrics.rule import MetricRule

ORIGINS: Final = ("human", "bot", "hold", "platform")

NEAR_SHARE: Final = 0.005
"""Further off than half a percent on average is no fit: something else differs."""

NEAR_S: Final = 1.0
"""The same for means, in seconds."""

Word = Literal["yes", "no"]
_WORDS: Final[tuple[Word, ...]] = ("yes", "no")

Answers = tuple[tuple[str, Word], ...]
"""What a reading says of each origin that the sources leave open."""

Outcome = Literal["settled", "open", "same", "far", "known", "nothing"]
"""`settled`: one reading fits best. `open`: several fit alike. `same`: no reading differs on these
days. `far`: none fits. `known`: the sources leave nothing open. `nothing`: no day in common."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What our figures come to where these origins count. `hits`: equal as far as one can see."""

    answers: Answers
    values: tuple[float, ...]
    hits: int
    off: float


@dataclass(frozen=True, slots=True)
class Fit:
    """One metric: the platform's figures with ours in each reading, the best reading first."""

    rule: MetricRule
    stated: tuple[Stated, ...]
    readings: tuple[Reading, ...]
    missing: tuple[Stated, ...]

    @property
    def outcome(self) -> Outcome:
        """What these days tell."""
        if not self.stated:
            return "nothing"
        best = self.readings[0]
        if best.off > (NEAR_S if self.rule.value == "mean_s" else NEAR_SHARE):
            return "far"
        if len(self.readings) == 1:
            return "known"
        if all(one.values == best.values for one in self.readings):
            return "same"
        return "open" if len(self.best) > 1 else "settled"

    @property
    def best(self) -> list[Reading]:
        """The readings that fit equally well, better than all others."""
        first = self.readings[0]
        return [one for one in self.readings if (one.hits, one.off) == (first.hits, first.off)]

    @property
    def settled(self) -> Answers:
        """What all of the best readings say."""
        agreed = set.intersection(*(set(one.answers) for one in self.best))
        return tuple(answer for answer in self.readings[0].answers if answer in agreed)


def compare(
    store: Store, rules: Mapping[str, MetricRule], events: Iterable[Event], stated: Sequence[Stated]
) -> list[Fit]:
    """Count the recording in every reading of the metrics that the platform states."""
    wanted = list(dict.fromkeys(one.metric for one in stated))
    readings = {
        f"{metric}#{number}": (metric, answers, rule)
        for metric in wanted
        for number, (answers, rule) in enumerate(_readings(rules[metric]))
    }
    variants = tuple(replace(rule, id=key) for key, (_, _, rule) in readings.items())
    span = Span(min(one.first for one in stated), max(one.last for one in stated))
    figures = replay_figures(
        replace(store, metrics=variants, deadlines=()), _in_time(events, span), span
    )
    return [_fit(metric, rules[metric], stated, readings, figures) for metric in wanted]


def _in_time(events: Iterable[Event], span: Span) -> Iterable[Event]:
    """What is much older or younger than the days in question changes nothing in them."""
    assert span.since is not None
    assert span.until is not None
    margin = dt.timedelta(days=32)
    wide = Span(span.since - margin, span.until + margin)
    return (event for event in events if event.at_ms is not None and wide.holds(event.at_ms))


def _readings(rule: MetricRule) -> list[tuple[Answers, MetricRule]]:
    unknown = [origin for origin in ORIGINS if getattr(rule.counts, origin) == "unknown"]
    if rule.unit in {"rating", "duty"}:
        unknown = []  # no reply is counted in them
    found = []
    for words in itertools.product(_WORDS, repeat=len(unknown)):
        answers = tuple(zip(unknown, words, strict=True))
        found.append((answers, replace(rule, counts=replace(rule.counts, **dict(answers)))))
    return found


def _fit(
    metric: str,
    rule: MetricRule,
    stated: Sequence[Stated],
    readings: Mapping[str, tuple[str, Answers, MetricRule]],
    figures: Mapping[str, Sequence[Figure]],
) -> Fit:
    keys = [key for key, (of_metric, _, _) in readings.items() if of_metric == metric]
    asked = [one for one in stated if one.metric == metric]
    known = [one for one in asked if _value(one, figures.get(keys[0], ())) is not None]
    found = [_reading(readings[key][1], known, figures.get(key, ())) for key in keys]
    found.sort(key=lambda one: (-one.hits, one.off))
    missing = tuple(one for one in asked if one not in known)
    return Fit(rule, tuple(known), tuple(found), missing)


def _reading(answers: Answers, stated: Sequence[Stated], figures: Sequence[Figure]) -> Reading:
    values = [_value(one, figures) or 0.0 for one in stated]
    pairs = list(zip(stated, values, strict=True))
    # A value that lies exactly between two rounded ones may have gone either way.
    hits = sum(abs(one.value - value) <= one.off * 1.000001 for one, value in pairs)
    off = sum(abs(one.value - value) for one, value in pairs) / max(len(pairs), 1)
    return Reading(answers, tuple(values), hits, off)


def _value(one: Stated, figures: Sequence[Figure]) -> float | None:
    found = next((figure for figure in figures if one.means(figure.period)), None)
    return None if found is None else wording.value_of(found)
