"""Which rules can share work: rules with the same excuses, counts, window and topic read alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from replygate.model import Origin
from replygate.timing.calendar import Window
from replygate.timing.deadline import Counted, Counts
from replygate.timing.events import Excuse
from replygate.timing.metrics.days import Days, Hours
from replygate.timing.metrics.measure import Measure, measure_for
from replygate.timing.metrics.reading import Matched, Reading, counted_by_origin, match, near, read
from replygate.timing.metrics.rule import MetricRule, Since, Unit
from replygate.timing.metrics.talk import Talk
from replygate.timing.metrics.units import Row, Sieve, messages, rounds, user_days

TALK_UNITS: frozenset[Unit] = frozenset({"user_day", "session", "round", "message", "transfer"})
"""Units that are found in conversations."""

Kind = Unit | Literal["begun", "handed"]
"""A unit, or sessions since their start, or those that were handed to a human."""

_KINDS: dict[Since, Kind] = {"session": "begun", "transfer": "handed"}


@dataclass(slots=True)
class Looked:
    """Measures that look at the same questions: in `flat` at one wait of each unit."""

    sieve: Sieve
    bounded: bool
    flat: dict[Kind, list[Measure]] = field(default_factory=dict)
    grouped: dict[Kind, list[Measure]] = field(default_factory=dict)

    def take(self, reading: Reading, matched: Matched, kept: list[int]) -> None:
        """Give each measure its units; `kept` are the questions that the sieve keeps."""
        if "message" in self.flat or self._has("user_day"):
            rows = messages(kept, reading, matched)
            for measure in self.flat.get("message", ()):
                measure.each(rows)
            if self._has("user_day"):
                self._give("user_day", list(user_days(rows)))
        if "round" in self.flat:
            # A round of today may have begun yesterday.
            rows = messages(self.sieve.kept(reading, earlier=True), reading, matched)
            wanted = [row for row in rounds(rows, bounded=self.bounded) if row[4] >= 0]
            for measure in self.flat["round"]:
                measure.each(wanted)
        if self._has("session"):
            self._give("session", list(self.sieve.sessions(reading, matched)))
        if self._has("begun"):
            self._give("begun", list(self.sieve.sessions(reading, matched, from_start=True)))
        if reading.moved and self._has("transfer"):
            self._give("transfer", list(self.sieve.transfers(reading, matched)))
        if reading.moved and self._has("handed"):
            self._give("handed", list(self.sieve.transfers(reading, matched, once=True)))

    def _has(self, unit: Kind) -> bool:
        return unit in self.flat or unit in self.grouped

    def _give(self, kind: Kind, units: list[list[Row]]) -> None:
        if kind in self.flat:
            firsts = [unit[0] for unit in units]
            for measure in self.flat[kind]:
                measure.each(firsts)
        for measure in self.grouped.get(kind, ()):
            for unit in units:
                measure.together(unit)


@dataclass(slots=True)
class Matching:
    """What looks at answers in the same way; `looked` by the place of its sieve."""

    counted: Mapping[Origin, Counted]
    bounded: bool
    looked: dict[int, Looked] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All rules over conversations, arranged so that nothing is worked out twice."""

    days: Days
    gap_ms: int
    readings: dict[AbstractSet[Excuse], dict[tuple[Counts, bool], Matching]] = field(
        default_factory=dict
    )
    sieves: list[Sieve] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)

    def take(self, talks: Sequence[Talk]) -> None:
        """Count some conversations."""
        talks = near(talks, self.days)
        for excuses, matchings in self.readings.items():
            reading = read(talks, excuses, self.gap_ms, self.days)
            kept = [sieve.kept(reading) for sieve in self.sieves]
            for matching in matchings.values():
                matched = match(reading, matching.counted, bounded=matching.bounded)
                for sieve, looked in matching.looked.items():
                    looked.take(reading, matched, kept[sieve])


def plan_of(
    rules: Sequence[MetricRule],
    days: Days,
    *,
    now_ms: int,
    excuses: AbstractSet[Excuse],
    gap_ms: int,
) -> Plan:
    """Arrange rules for some days. A rule that names no excuses takes the store's."""
    plan = Plan(days, gap_ms)
    hours = {rule.window: Hours(rule.window, days) for rule in rules}
    sieves: dict[tuple[str | None, Window], int] = {}
    for rule in rules:
        of = hours[rule.window]
        measure = measure_for(rule, of, now_ms)
        plan.measures.append(measure)
        matchings = plan.readings.setdefault(excuses if rule.excuses is None else rule.excuses, {})
        bounded = rule.unanswered_s is not None
        matching = matchings.get((rule.counts, bounded))
        if matching is None:
            matching = Matching(counted_by_origin(rule.counts), bounded)
            matchings[rule.counts, bounded] = matching
        sieve = sieves.setdefault((rule.topic, rule.window), len(sieves))
        if sieve == len(plan.sieves):
            plan.sieves.append(Sieve(rule.topic, of, days))
        looked = matching.looked.setdefault(sieve, Looked(plan.sieves[sieve], bounded))
        # Whoever answered anything of a unit has it among those he is counted for.
        first_only = rule.answered == "first" and rule.value != "count"
        one_wait = rule.unit in {"message", "round"} or first_only
        kind = _KINDS.get(rule.since, rule.unit)
        (looked.flat if one_wait else looked.grouped).setdefault(kind, []).append(measure)
    return plan
