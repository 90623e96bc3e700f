"""Makes a store's report from what its days come to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TypeVar

from replygate.config import Store
from replygate.ledger import Ledger
from replygate.model import Origin
from replygate.report.days import day_summaries, days_of
from replygate.report.gather import ONE_DAY
from replygate.report.kept import (
    HOLD,
    HOLDS,
    RECEIVED,
    SENT,
    TALKS,
    VERDICT,
    VERDICTS,
    Agents,
    Day,
    Shown,
    agents_of,
    shown_of,
)
from replygate.report.later import Later
from replygate.report.law import DEADLINE, counted, deadlines_of, measurable
from replygate.report.report import (
    AgentReport,
    ClockCounts,
    HoldCounts,
    HourWaits,
    MetricReport,
    MissedClocks,
    RuleCount,
    SlowConversation,
    StoreReport,
    VerdictCounts,
)
from replygate.report.sums import Sums
from replygate.timing.calendar import local_day
from replygate.timing.metrics import assess
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.penalty import Misses, charges, misses
from replygate.timing.metrics.period import period_of, periods, reported_on
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.waits import UNANSWERED, Waits

T = TypeVar("T")

EXAMPLES_MAX = 5
"""Examples of one rule, the latest."""

AGENTS_MAX = 200
"""Agents of one report, those with the most messages."""


async def store_report(
    ledger: Ledger, store: Store, asked: Period, *, now_ms: int, keep: bool
) -> StoreReport:
    """The report of a store over these days, none of them after today. Raises LedgerError.

    With `keep` what days come to is kept in the ledger, for the next report.
    """
    first = _first_day(store, asked)
    days = list(days_of(first, asked.last))
    # Asked together: the ledger's reader goes through both without waiting for the loop.
    summaries, known_from_ms = await asyncio.gather(
        day_summaries(ledger, store, days, now_ms=now_ms, keep=keep),
        ledger.days.first_ms(store.id),
    )
    return _Maker(store, asked, first, [summaries[day] for day in days], now_ms).report(
        known_from_ms
    )


def _first_day(store: Store, asked: Period) -> dt.date:
    """The first day that anything in the report looks at."""
    found = [asked.first, asked.last - ONE_DAY]
    for rule in measurable(store).values():
        found += [_periods(rule, asked)[0].first, reported_on(rule, asked.last).first]
    found += [period_of(rule.period, asked.last).first for rule in store.penalties]
    rules = {rule.id: rule for rule in store.metrics}
    for name, first in _punished_from(store, asked.last).items():
        found.append(periods(rules[name], first, first)[0].first)
    return min(found)


def _punished_from(store: Store, today: dt.date) -> dict[str, dt.date]:
    """Since when each metric that is punished matters to its penalties, by metric id."""
    known = {rule.id for rule in store.metrics}
    since: dict[str, dt.date] = {}
    for penalty in store.penalties:
        first = period_of(penalty.period, today).first
        for name in penalty.on_metrics:
            if name in known:
                since[name] = min(first, since.get(name, first))
    return since


def _periods(rule: MetricRule, asked: Period) -> list[Period]:
    """The periods that are shown; of rolling ones the last, for each day would be one more."""
    if rule.period in {"rolling_7", "rolling_30"}:
        return [reported_on(rule, asked.last)]
    return periods(rule, asked.first, asked.last)


class _Maker:
    def __init__(
        self, store: Store, asked: Period, first: dt.date, days: Sequence[Day], now_ms: int
    ) -> None:
        self.store = store
        self.asked = asked
        self.first = first
        self.days = days
        self.now_ms = now_ms
        self.is_now = asked.last == local_day(now_ms)
        self.sums = Sums(first, days)
        self.places = {rule.id: place for place, rule in enumerate(counted(store))}
        self.measurable = measurable(store)
        self.deadlines = deadlines_of(store)
        self.made: dict[tuple[str, dt.date, dt.date], Figure] = {}

    def report(self, known_from_ms: int | None) -> StoreReport:
        store, asked = self.store, self.asked
        days = self.days[(asked.first - self.first).days :]
        shown, agents = _once(lambda: shown_of(days)), _once(lambda: agents_of(days))
        whole = partial(self.sums.number, first=asked.first, last=asked.last)
        deadlines = tuple(
            self._metric(rule, key)
            for key, rule in self.measurable.items()
            if key.startswith(DEADLINE)
        )
        profile = store.profile
        return StoreReport(
            store=store,
            platform=profile.name if profile else store.platform,
            edition=store.edition,
            as_of=profile.as_of if profile else None,
            range=asked,
            today=asked.last,
            generated_ms=self.now_ms,
            messages_in=whole(RECEIVED),
            messages_out=whole(SENT),
            conversations=whole(TALKS),
            metrics=tuple(self._metric(rule, rule.id) for rule in store.metrics),
            deadlines=deadlines,
            charges=tuple(self._charges()),
            counts=tuple(
                ClockCounts(rule.id, rule.name, rule.counts, rule.source)
                for rule in self.measurable.values()
                if rule.unit not in {"rating", "duty", "external"} and rule.value != "count"
            ),
            waits=Later(lambda: _hours(shown().waits)),
            slowest=Later(lambda: _slowest(shown().waits, self.now_ms)),
            holds=_holds(whole, days),
            verdicts=VerdictCounts(*(whole(VERDICT + at) for at in range(len(VERDICTS)))),
            rules=Later(lambda: _rules(shown())),
            clocks=tuple(self._missed(rule) for rule in self.deadlines),
            agents=Later(lambda: self._agents(agents())),
            known_from=None if known_from_ms is None else local_day(known_from_ms),
        )

    def figure(self, rule: MetricRule, key: str, period: Period) -> Figure:
        # A day is a period, a part of the trend and today at once.
        name = (key, period.first, period.last)
        made = self.made.get(name)
        if made is None:
            made = self.made[name] = self._make_figure(rule, key, period)
        return made

    def _make_figure(self, rule: MetricRule, key: str, period: Period) -> Figure:
        today, place, last_part = self.asked.last, self.places[key], None
        if self.is_now and period.first <= today <= period.last:
            # Today is not over: the day before says how things go.
            last_part = self.sums.tally(place, today - ONE_DAY, today - ONE_DAY)
        return assess.figure(
            rule,
            period,
            self.sums.tally(place, period.first, min(period.last, today)),
            now_ms=self.now_ms,
            last_part=last_part,
        )

    def _metric(self, rule: MetricRule, key: str) -> MetricReport:
        first, today = self.asked.first, self.asked.last
        figure = partial(self.figure, rule, key)
        return MetricReport(
            rule=rule,
            today=figure(Period(today, today)),
            whole=figure(self.asked),
            current=figure(reported_on(rule, today)),
            periods=Later(lambda: list(map(figure, _periods(rule, self.asked)))),
            trend=Later(lambda: [figure(Period(day, day)) for day in days_of(first, today)]),
        )

    def _charges(self) -> list[Charge]:
        found: Counter[tuple[tuple[str, ...], dt.date]] = Counter()
        for number, day in enumerate(self.days):
            for rules, times in day.broken:
                found[tuple(rules), self.first + number * ONE_DAY] += times
        return charges(
            self.store.penalties,
            self._punished(),
            day=self.asked.last,
            missed=self._late(),
            found=found,
        )

    def _late(self) -> Misses:
        """How often each deadline that is punished was missed, by day."""
        names = {name for penalty in self.store.penalties for name in penalty.on_deadlines}
        rules = [rule for rule in self.deadlines if rule.id in names]
        tallies = {}
        for rule in rules:
            place = self.places[DEADLINE + rule.id]
            for number, day in enumerate(self.days):
                tallies[rule.id, self.first + number * ONE_DAY, ""] = day.tally(place)
        return misses(tallies, rules)

    def _punished(self) -> list[Figure]:
        """The figures of every period that a penalty may look at."""
        today = self.asked.last
        rules = {rule.id: rule for rule in self.store.metrics}
        return [
            self.figure(rules[name], name, period)
            for name, first in _punished_from(self.store, today).items()
            for period in periods(rules[name], first, today)
        ]

    def _missed(self, rule: MetricRule) -> MissedClocks:
        place = self.places[DEADLINE + rule.id]
        tally = self.sums.tally(place, self.asked.first, self.asked.last)
        return MissedClocks(
            rule=rule.id,
            name=rule.name,
            hard=rule.severity == "hard",
            opened=tally.units,
            missed=tally.units - tally.strict_good,
            surely_missed=tally.lenient_units - tally.lenient_good,
        )

    def _agents(self, whole: Agents) -> tuple[AgentReport, ...]:
        sent: dict[str, list[tuple[Origin, int]]] = {}
        for (agent, origin), number in sorted(whole.sent.items()):
            sent.setdefault(agent, []).append((origin, number))
        named = {agent for _, agent in whole.tallies} | sent.keys() | whole.hits.keys()
        busiest = sorted(
            named - {""}, key=lambda agent: (-sum(n for _, n in sent.get(agent, ())), agent)
        )
        return tuple(
            AgentReport(
                agent=agent,
                messages=tuple(sent.get(agent, ())),
                texts_matched=whole.hits[agent],
                figures=tuple(
                    assess.figure(
                        rule, self.asked, whole.tallies[rule.id, agent], now_ms=self.now_ms
                    )
                    for rule in self.store.metrics
                    if (rule.id, agent) in whole.tallies
                ),
            )
            for agent in busiest[:AGENTS_MAX]
        )


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Makes it at the first call, and gives the same from then on."""
    return lru_cache(1)(make)


def _hours(waits: Waits) -> tuple[HourWaits, ...]:
    return tuple(
        HourWaits(hour, sum(buckets), tuple(buckets[:UNANSWERED]), buckets[UNANSWERED])
        for hour, buckets in enumerate(waits.by_hour)
    )


def _slowest(waits: Waits, now_ms: int) -> tuple[SlowConversation, ...]:
    return tuple(
        SlowConversation(
            conversation=slow.conversation,
            asked_ms=slow.asked_ms,
            waited_ms=now_ms - slow.asked_ms if slow.wait_ms is None else slow.wait_ms,
            answered=slow.wait_ms is not None,
            agent=slow.agent or None,
        )
        for slow in waits.slowest
    )


def _holds(whole: Callable[[int], int], days: Sequence[Day]) -> HoldCounts:
    sent, unknown, failed, kept, broken = (whole(HOLD + at) for at in range(len(HOLDS)))
    skipped: Counter[str] = Counter()
    for day in days:
        if day.skipped:
            skipped.update(day.skipped)
    return HoldCounts(sent, unknown, failed, tuple(skipped.most_common()), kept, broken)


def _rules(whole: Shown) -> tuple[RuleCount, ...]:
    most = sorted(whole.matched.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        RuleCount(
            rule,
            action,
            texts,
            tuple(
                sorted(whole.examples.get((rule, action), ()), key=lambda one: -one.at_ms)[
                    :EXAMPLES_MAX
                ]
            ),
        )
        for (rule, action), texts in most
    )
