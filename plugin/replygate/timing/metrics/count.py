"""Counts every metric of a store from its facts, in one pass over each conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.events import Excuse
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.days import Days, Hours
from replygate.timing.metrics.duty import on_duty
from replygate.timing.metrics.measure import NEVER_MS, Place
from replygate.timing.metrics.plan import TALK_UNITS, plan_of
from replygate.timing.metrics.ratings import rated
from replygate.timing.metrics.reading import TALKS_AT_ONCE
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.talk import Facts
from replygate.timing.metrics.tally import Tally, TallyKey
from replygate.timing.timeline import SESSION_GAP_S


class Tallies(dict[TallyKey, Tally]):
    """Tallies by metric, day and agent.

    From `now_ms` on they stay what they are before `until_ms`, if no fact is added.
    """

    until_ms = NEVER_MS


def count(
    rules: Sequence[MetricRule],
    facts: Facts,
    first: dt.date,
    last: dt.date,
    *,
    now_ms: int,
    excuses: Collection[Excuse] = ALL_EXCUSES,
    session_gap_s: int = SESSION_GAP_S,
    zone: dt.tzinfo = PLATFORM_ZONE,
) -> Tallies:
    """Tallies of the local days from `first` to `last` (both included), by metric, day and agent.

    Every unit belongs to one day, that of its anchor (the question, the session's start, the
    transfer), and is judged where its rule was in force on that day (KS-P-02): so tallies of days
    add up to any period. Units of other days are left out, though their facts may be given and
    decide (an answer after midnight). A day on which a metric has no unit has no tally.

    What waits at `now_ms` and is not late yet is left out, in each reading for itself. By agent: a
    unit is his who answered it; one that nobody answered is the store's alone; of a unit with
    several answers each agent has the part that he answered. `excuses` are the store's, for rules
    that name none.
    """
    days = Days(first, last, zone)
    tallies = Tallies()
    of_talks = [rule for rule in rules if rule.unit in TALK_UNITS]
    plan = plan_of(
        of_talks,
        days,
        now_ms=now_ms,
        excuses=frozenset(excuses),
        gap_ms=session_gap_s * 1000,
    )
    for start in range(0, len(facts.talks), TALKS_AT_ONCE):
        plan.take(facts.talks[start : start + TALKS_AT_ONCE])
    for measure in plan.measures:
        tallies.until_ms = min(tallies.until_ms, measure.until_ms)
        _store(tallies, measure.rule, measure.tallies(), days)
    for rule in rules:
        if rule.unit == "rating":
            _store(tallies, rule, rated(rule, facts.ratings, Hours(rule.window, days)), days)
        elif rule.unit == "duty":
            _store(tallies, rule, on_duty(rule, facts.online, days, now_ms), days)
            if facts.online and now_ms < days.end_ms:
                tallies.until_ms = min(tallies.until_ms, now_ms + 1)
    return tallies


def in_force(rule: MetricRule, day: dt.date) -> bool:
    """Whether the rule holds on a local day: `effective_from <= day < effective_to`."""
    return (rule.effective_from is None or rule.effective_from <= day) and (
        rule.effective_to is None or day < rule.effective_to
    )


def _store(
    tallies: dict[TallyKey, Tally],
    rule: MetricRule,
    parts: Iterable[tuple[Place, Tally]],
    days: Days,
) -> None:
    for (day, agent), part in parts:
        date = days.dates[day]
        if in_force(rule, date):
            tallies.setdefault((rule.id, date, agent), Tally()).add(part)
