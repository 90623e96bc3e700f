"""From the ledger's rows to the facts of a day: what metrics are counted from."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from replygate.ledger import (
    DutyRow,
    FindingLine,
    Ledger,
    LegLine,
    MessageLine,
    RatingRow,
    SendLine,
    SpanPage,
)
from replygate.ledger.summaries import day_of
from replygate.model import Origin
from replygate.runtime.history import NOTICE, TOPIC_SEPARATOR
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.events import Excuse
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.talk import Facts, Line, OnlineFact, RatingFact, Talk, What

FEW_LINES: Final = 5_000
"""While a read finds no more messages than these, the next one takes twice as many days."""

DAYS_AT_ONCE: Final = 8
"""At most: somebody waits for the reader, and a busy time may follow a quiet one."""

ONE_DAY: Final = dt.timedelta(days=1)

# Which of two facts of one instant came first, as `timing.events` puts them: a reply through our
# own gate comes after the question of that instant, anybody else's before it.
_OPEN, _ELSEWHERE, _QUESTION, _TRANSFER, _OWN, _CLOSE = range(6)

_NOTICED: Final[dict[str, tuple[int, What]]] = {
    "transfer": (_TRANSFER, "transfer"),
    "session_open": (_OPEN, "session_open"),
    "session_close": (_CLOSE, "session_close"),
}

Placed = tuple[int, int, int, str, Line]
"""A line and its place: `at_ms`, `received_ms`, rank and id."""

Marks = dict[tuple[str, str], tuple[Excuse, ...]]
"""What the platform said of a message, by conversation and id."""


@dataclass(slots=True)
class Rows:
    """What the ledger holds of one day. `talks` are the placed lines of each conversation.

    `sent` are messages that went out, by agent and origin; `heard` are conversations with any.
    """

    talks: defaultdict[str, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    marks: Marks = field(default_factory=dict)
    received: int = 0
    sent: Counter[tuple[str, Origin]] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)
    ratings: list[RatingRow] = field(default_factory=list)
    duty: list[DutyRow] = field(default_factory=list)
    sends: list[SendLine] = field(default_factory=list)
    findings: list[FindingLine] = field(default_factory=list)
    legs: list[LegLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DayRows:
    """A day's rows, and the facts of it and the days around it."""

    day: dt.date
    facts: Facts
    rows: Rows


def start_ms(day: dt.date) -> int:
    """The first instant of a local day (Unix ms)."""
    return round(dt.datetime.combine(day, dt.time(), PLATFORM_ZONE).timestamp()) * 1000


async def read_days(
    ledger: Ledger, store: str, days: Iterable[dt.date]
) -> AsyncIterator[list[DayRows]]:
    """The facts of these days, oldest first, some days at a time.

    Of a store with many messages a day, no more than a day and its neighbours are in memory.
    """
    for first, last in _stretches(sorted(days)):
        async for some in _read_stretch(ledger, store, first, last):
            yield some


def _stretches(days: list[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last of days that follow each other."""
    start = 0
    for end in range(1, len(days) + 1):
        if end == len(days) or days[end] != days[end - 1] + ONE_DAY:
            yield days[start], days[end - 1]
            start = end


async def _read_stretch(
    ledger: Ledger, store: str, first: dt.date, last: dt.date
) -> AsyncIterator[list[DayRows]]:
    by_day: dict[dt.date, Rows] = {}
    latest: dict[str, DutyRow] = {}
    day, unread, at_once = first, first - ONE_DAY, 1
    while day <= last:
        until = min(unread + at_once * ONE_DAY, last + 2 * ONE_DAY)
        lines = await _read(ledger, store, by_day, unread, until, latest)
        unread = until
        at_once = min(2 * at_once, DAYS_AT_ONCE) if lines <= FEW_LINES else 1
        some = []
        while day <= last and day + ONE_DAY < unread:
            some.append(DayRows(day, facts_of(by_day, day, latest.values()), by_day[day]))
            for row in by_day.pop(day - ONE_DAY).duty:
                latest[row.agent] = _later(latest.get(row.agent), row)
            day += ONE_DAY
        if some:
            yield some


async def _read(
    ledger: Ledger,
    store: str,
    by_day: dict[dt.date, Rows],
    first: dt.date,
    until: dt.date,
    latest: dict[str, DutyRow],
) -> int:
    """Put the rows of the days before `until` into `by_day`; how many messages there were.

    `latest`, where it is still empty, gets what each agent said last before `first`.
    """
    found = {number: Rows() for number in range(first.toordinal(), until.toordinal())}
    lines: dict[int, list[MessageLine]] = {number: [] for number in found}
    since_ms, count = start_ms(first), 0
    async for page in ledger.days.span(store, since_ms, start_ms(until)):
        _spread(page, found, lines)
        for row in page.duty:
            if row.at_ms >= since_ms:
                found[day_of(row.at_ms)].duty.append(row)
            elif not by_day:
                latest[row.agent] = _later(latest.get(row.agent), row)
        count += len(page.lines)
    for number, rows in found.items():
        _place(rows, lines.pop(number))
        by_day[dt.date.fromordinal(number)] = rows
    return count


def _later(one: DutyRow | None, other: DutyRow) -> DutyRow:
    # Of two words of one instant, "away" is the last.
    if one is None or (one.at_ms, not one.online) < (other.at_ms, not other.online):
        return other
    return one


def _spread(
    page: SpanPage, found: Mapping[int, Rows], lines: Mapping[int, list[MessageLine]]
) -> None:
    of_day: list[MessageLine] = []
    end_ms = 0
    for line in page.lines:
        if line.at_ms >= end_ms:
            # They come by time: only the first of a day need be asked.
            number = day_of(line.at_ms)
            of_day, end_ms = lines[number], start_ms(dt.date.fromordinal(number + 1))
        of_day.append(line)
    for send in page.sends:
        found[day_of(send.intent_ms)].sends.append(send)
    for finding in page.findings:
        found[day_of(finding.row.at_ms)].findings.append(finding)
    for leg in page.legs:
        found[day_of(leg.asked_ms)].legs.append(leg)
    for rating in page.ratings:
        found[day_of(rating.at_ms)].ratings.append(rating)


def _place(rows: Rows, lines: list[MessageLine]) -> None:
    """Count a day's messages, and put them where they belong."""
    own = {send.platform_id or send.send_id for send in rows.sends}
    talks, marks, sent = rows.talks, rows.marks, rows.sent
    for conversation, name, direction, origin, agent, at_ms, received_ms, topic, _ in lines:
        if direction == "out":
            rank = _OWN if name in own else _ELSEWHERE
            told = Line(at_ms, "answer", name, origin, agent or "")
            sent[agent or "", origin] += 1
        elif origin == "buyer":
            rank = _QUESTION
            topics = tuple(topic.split(TOPIC_SEPARATOR)) if topic else ()
            told = Line(at_ms, "question", name, origin, agent or "", topics)
            rows.received += 1
        elif topic is not None and topic.startswith(NOTICE):
            kind = topic.removeprefix(NOTICE)
            if kind in ALL_EXCUSES:
                key = (conversation, name.partition(":")[2])
                marks[key] = (*marks.get(key, ()), kind)
            elif kind in _NOTICED:
                rank, what = _NOTICED[kind]
                talks[conversation].append(
                    (at_ms, received_ms, rank, name, Line(at_ms, what, name))
                )
            continue
        else:
            rows.heard.add(conversation)
            continue
        talks[conversation].append((at_ms, received_ms, rank, name, told))
        rows.heard.add(conversation)


def facts_of(by_day: Mapping[dt.date, Rows], day: dt.date, before: Iterable[DutyRow] = ()) -> Facts:
    """The day's talks, with what was said in them the day before and the day after.

    `before` are comings and goings before these days. The platform's word on a message counts when
    it came within these three days.
    """
    empty = Rows()
    around = [by_day.get(one, empty) for one in (day - ONE_DAY, day, day + ONE_DAY)]
    earlier, today, later = around
    marks: Marks = {}
    for each in around:
        for key, excuses in each.marks.items():
            marks[key] = (*marks.get(key, ()), *excuses)
    talks = []
    for conversation, of_day in today.talks.items():
        placed = [
            *earlier.talks.get(conversation, ()),
            *of_day,
            *later.talks.get(conversation, ()),
        ]
        placed.sort()
        lines = [one[-1] for one in placed]
        talks.append(Talk(conversation, _marked(conversation, lines, marks) if marks else lines))
    online = [*before, *(row for each in around for row in each.duty)]
    return Facts(
        talks,
        [rating_fact(row) for row in today.ratings],
        [OnlineFact(row.at_ms, row.agent, row.online) for row in online],
    )


def _marked(conversation: str, lines: list[Line], marks: Marks) -> list[Line]:
    return [
        line._replace(excuses=(*line.excuses, *said))
        if line.what == "question" and (said := marks.get((conversation, line.id), ()))
        else line
        for line in lines
    ]


def rating_fact(row: RatingRow) -> RatingFact:
    """A rating as metrics see it."""
    return RatingFact(
        row.at_ms,
        row.conversation,
        row.agent or "",
        row.score,
        row.scale_max,
        row.label,
        row.reason,
        row.source,
    )
