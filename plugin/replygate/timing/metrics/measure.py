"""What one metric keeps while conversations go by: shares, means and counts, by day and agent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from replygate.timing.calendar import due_ms
from replygate.timing.metrics.days import Hours
from replygate.timing.metrics.reading import Answer
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.tally import Tally
from replygate.timing.metrics.units import ELSEWHERE, Row, agent_of, rounds

Place = tuple[int, str]
"""The place of a day, and the agent; agent "" is the whole store."""

NEVER_MS = 2**62
"""Later than everything."""

_NOT_COUNTED, _LATE, _IN_TIME = 0, 1, 2
_OUTCOMES = 3


def _worst(seen: int) -> int:
    """What units of these outcomes (a bit for each) come to together, in both readings."""
    outcomes = [divmod(i, _OUTCOMES) for i in range(_OUTCOMES**2) if seen >> i & 1]
    strict, lenient = {one for one, _ in outcomes}, {other for _, other in outcomes}
    return _worst_of(strict) * _OUTCOMES + _worst_of(lenient)


def _worst_of(outcomes: set[int]) -> int:
    if _LATE in outcomes:
        return _LATE
    return _IN_TIME if _IN_TIME in outcomes else _NOT_COUNTED


_WORST = tuple(_worst(seen) for seen in range(1 << _OUTCOMES**2))


class Measure(Protocol):
    """One metric at work.

    `until_ms` is when it comes to something else, with no fact more: somebody has then waited too
    long. Till then, from its `now_ms` on, it comes to the same.
    """

    rule: MetricRule
    until_ms: int

    def each(self, rows: Sequence[Row]) -> None:
        """Take units of one wait each."""

    def together(self, unit: list[Row]) -> None:
        """Take one unit of several waits (`answered` says which of them matter)."""

    def tallies(self) -> Iterator[tuple[Place, Tally]]:
        """What it came to; a place may come several times."""


def measure_for(rule: MetricRule, hours: Hours, now_ms: int) -> Measure:
    """The measure that a rule's value asks for."""
    match rule.value:
        case "share":
            return Share(rule, hours, now_ms)
        case "mean_s":
            return Mean(rule, hours, now_ms)
        case "count":
            return Count(rule)


def longest_ms(rule: MetricRule) -> int | None:
    """The longest wait that is in time; None where that depends on when the question was asked."""
    if rule.within_s is None or rule.window.mode == "elapse":
        return None
    return rule.within_s * 1000 - (not rule.inclusive)


class Count:
    """How many units there are, answered or not."""

    def __init__(self, rule: MetricRule) -> None:
        self.rule = rule
        self.until_ms = NEVER_MS
        self._whole: dict[Place, Tally] = {}
        self._parts: dict[Place, Tally] = {}

    def each(self, rows: Sequence[Row]) -> None:
        """Take units of one wait each."""
        for _, strict, lenient, _, day, _ in rows:
            place = (day, agent_of(strict, lenient))
            self._add(self._whole, place, 0 if strict is ELSEWHERE else 1)

    def together(self, unit: list[Row]) -> None:
        """Take one unit of several waits."""
        day = unit[0][4]
        agents = {agent_of(row[1], row[2]) for row in unit}
        if len(agents) == 1:
            self._add(self._whole, (day, agents.pop()), 1)
            return
        self._add(self._whole, (day, ""), 1)
        for agent in agents - {""}:
            self._add(self._parts, (day, agent), 1)

    def tallies(self) -> Iterator[tuple[Place, Tally]]:
        """What it came to."""
        yield from spread(self._whole)
        yield from self._parts.items()

    def _add(self, tallies: dict[Place, Tally], place: Place, strict: int) -> None:
        tally = tallies.get(place)
        if tally is None:
            tally = tallies[place] = Tally()
        tally.units += strict
        tally.lenient_units += 1


class Share:
    """How many of the units are in time."""

    def __init__(self, rule: MetricRule, hours: Hours, now_ms: int) -> None:
        self.rule = rule
        self.until_ms = NEVER_MS
        self._hours = hours
        self._now_ms = now_ms
        self._longest_ms = longest_ms(rule)
        self._whole: dict[tuple[int, str, int], int] = {}
        self._parts: dict[tuple[int, str, int], int] = {}

    def each(self, rows: Sequence[Row]) -> None:
        """Take units of one wait each."""
        seen = self._whole
        outcomes = self._outcomes(rows)
        for (_, strict, lenient, _, day, _), outcome in zip(rows, outcomes, strict=True):
            if outcome:
                key = (day, agent_of(strict, lenient), outcome)
                seen[key] = seen.get(key, 0) + 1

    def _outcomes(self, rows: Sequence[Row]) -> list[int]:
        """What each of these comes to, in both readings."""
        longest_ms = self._longest_ms
        if longest_ms is None:
            return [self._one(row) for row in rows]
        # The hot path: once per message and metric.
        result = []
        late_ms = self._now_ms - longest_ms
        for at_ms, strict, lenient, _, _, _ in rows:
            if strict is None:
                outcome = _LATE if at_ms < late_ms else self._waits(at_ms + longest_ms)
            elif strict is ELSEWHERE:
                outcome = _NOT_COUNTED
            else:
                outcome = _IN_TIME if strict[0] - at_ms <= longest_ms else _LATE
            if lenient is strict:
                outcome *= _OUTCOMES + 1
            elif lenient is None:
                late = _LATE if at_ms < late_ms else self._waits(at_ms + longest_ms)
                outcome = outcome * _OUTCOMES + late
            else:
                in_time = lenient[0] - at_ms <= longest_ms
                outcome = outcome * _OUTCOMES + (_IN_TIME if in_time else _LATE)
            result.append(outcome)
        return result

    def together(self, unit: list[Row]) -> None:
        """Take one unit of several waits."""
        day = unit[0][4]
        agents = {agent_of(row[1], row[2]) for row in unit}
        if len(agents) == 1:
            self._put(self._whole, day, agents.pop(), self._unit(unit))
            return
        self._put(self._whole, day, "", self._unit(unit))
        for agent in agents - {""}:
            own = [row for row in unit if agent_of(row[1], row[2]) == agent]
            self._put(self._parts, day, agent, self._unit(own))

    def tallies(self) -> Iterator[tuple[Place, Tally]]:
        """What it came to."""
        for (day, agent, outcome), times in self._whole.items():
            tally = _tally_of(outcome, times)
            yield (day, ""), tally
            if agent:
                yield (day, agent), tally
        for (day, agent, outcome), times in self._parts.items():
            yield (day, agent), _tally_of(outcome, times)

    def _put(
        self, seen: dict[tuple[int, str, int], int], day: int, agent: str, outcome: int
    ) -> None:
        if outcome:
            key = (day, agent, outcome)
            seen[key] = seen.get(key, 0) + 1

    def _unit(self, unit: list[Row]) -> int:
        if self.rule.answered == "mean":
            waits = rounds(unit, bounded=self.rule.unanswered_s is not None)
            return self._mean(waits, 1) * _OUTCOMES + self._mean(waits, 2)
        outcomes = self._outcomes(unit)
        if len(outcomes) == 1:
            return outcomes[0]
        seen = 0
        for outcome in outcomes:
            seen |= 1 << outcome
        return _WORST[seen]

    def _one(self, row: Row) -> int:
        at_ms, strict, lenient, *_ = row
        longest_ms = self._longest_at(at_ms)
        if longest_ms is None:
            return _NOT_COUNTED
        lenient_outcome = self._outcome(lenient, at_ms, longest_ms)
        if strict is ELSEWHERE:
            return lenient_outcome
        return self._outcome(strict, at_ms, longest_ms) * _OUTCOMES + lenient_outcome

    def _outcome(self, answer: Answer | None, at_ms: int, longest_ms: int) -> int:
        if answer is None:
            late = self._now_ms - at_ms > longest_ms
            return _LATE if late else self._waits(at_ms + longest_ms)
        return _IN_TIME if answer[0] - at_ms <= longest_ms else _LATE

    def _waits(self, in_time_ms: int) -> int:
        """What nobody answered yet; an answer is in time up to then."""
        self.until_ms = min(self.until_ms, in_time_ms + 1)
        return _NOT_COUNTED

    def _longest_at(self, at_ms: int) -> int | None:
        """The longest wait in time of what was asked then; None: it never comes due."""
        if self._longest_ms is not None:
            return self._longest_ms
        rule, days = self.rule, self._hours.days
        if rule.window.mode == "gate":
            return days.end_of_day_ms(at_ms) - at_ms - 1
        due = due_ms(at_ms, rule.within_s, rule.window, days.zone)
        exact = rule.inclusive and rule.within_s is not None
        return None if due is None else due - at_ms - (not exact)

    def _mean(self, waits: list[Row], reading: int) -> int:
        """Whether the mean of a unit's waits is in time, in the reading in this place of a row."""
        rule = self.rule
        assert rule.within_s is not None, "a mean needs a time"
        longest_ms = rule.within_s * 1000 - (not rule.inclusive)
        total_ms, number = 0, 0
        for row in waits:
            answer = row[reading]
            assert not isinstance(answer, int), "a reading is an answer or none"
            if answer is ELSEWHERE:
                continue
            if answer is not None:
                total_ms += self._hours.passed_ms(row[0], answer[0])
            elif self._now_ms - row[0] <= longest_ms:
                self._waits(row[0] + longest_ms)
                continue
            elif rule.unanswered_s is None:
                # No mean ends before all of its waits do.
                return _LATE
            else:
                total_ms += rule.unanswered_s * 1000
            number += 1
        if not number:
            return _NOT_COUNTED
        allowed_ms = rule.within_s * 1000 * number - (not rule.inclusive)
        return _IN_TIME if total_ms <= allowed_ms else _LATE


class Mean:
    """The mean wait. What nobody answered weighs `unanswered_s`, once it has waited that long."""

    def __init__(self, rule: MetricRule, hours: Hours, now_ms: int) -> None:
        self.rule = rule
        self.until_ms = NEVER_MS
        self._hours = hours
        self._now_ms = now_ms
        self._unanswered_ms = None if rule.unanswered_s is None else rule.unanswered_s * 1000
        self._whole: dict[Place, Tally] = {}
        self._parts: dict[Place, Tally] = {}

    def each(self, rows: Sequence[Row]) -> None:
        """Take units of one wait each."""
        for row in rows:
            self._add(self._whole, (row[4], agent_of(row[1], row[2])), (row,))

    def together(self, unit: list[Row]) -> None:
        """Take one unit of several waits: all of them, or its rounds."""
        if self.rule.answered == "mean":
            unit = rounds(unit, bounded=self.rule.unanswered_s is not None)
        day = unit[0][4]
        agents = {agent_of(row[1], row[2]) for row in unit}
        if len(agents) == 1:
            self._add(self._whole, (day, agents.pop()), unit)
            return
        self._add(self._whole, (day, ""), unit)
        for agent in agents - {""}:
            own = [row for row in unit if agent_of(row[1], row[2]) == agent]
            self._add(self._parts, (day, agent), own)

    def tallies(self) -> Iterator[tuple[Place, Tally]]:
        """What it came to."""
        yield from spread(self._whole)
        yield from self._parts.items()

    def _add(self, tallies: dict[Place, Tally], place: Place, unit: Iterable[Row]) -> None:
        tally = tallies.get(place)
        if tally is None:
            tally = tallies[place] = Tally()
        strict_before, lenient_before = tally.strict_waits, tally.lenient_waits
        for at_ms, strict, lenient, *_ in unit:
            if strict is not ELSEWHERE:
                wait_ms = self._wait_ms(at_ms, strict)
                if wait_ms is not None:
                    tally.strict_wait_ms += wait_ms
                    tally.strict_waits += 1
            wait_ms = self._wait_ms(at_ms, lenient)
            if wait_ms is not None:
                tally.lenient_wait_ms += wait_ms
                tally.lenient_waits += 1
        tally.units += tally.strict_waits > strict_before
        tally.lenient_units += tally.lenient_waits > lenient_before

    def _wait_ms(self, at_ms: int, answer: Answer | None) -> int | None:
        if answer is not None:
            return self._hours.passed_ms(at_ms, answer[0])
        weight_ms = self._unanswered_ms
        if weight_ms is not None and self._now_ms - at_ms <= weight_ms:
            self.until_ms = min(self.until_ms, at_ms + weight_ms + 1)
            return None
        return weight_ms


def spread(whole: dict[Place, Tally]) -> Iterator[tuple[Place, Tally]]:
    """Units that belong to one agent count for the store, too."""
    for (day, agent), tally in whole.items():
        yield (day, ""), tally
        if agent:
            yield (day, agent), tally


def _tally_of(outcome: int, times: int) -> Tally:
    strict, lenient = divmod(outcome, _OUTCOMES)
    return Tally(
        units=times if strict else 0,
        strict_good=times if strict == _IN_TIME else 0,
        lenient_units=times if lenient else 0,
        lenient_good=times if lenient == _IN_TIME else 0,
    )
