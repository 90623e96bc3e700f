"""The units of conversations: what one is counted of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replygate.timing.metrics.days import Days, Hours
from replygate.timing.metrics.reading import NO_SESSION, Answer, Asked, Matched, Reading

Row = tuple[int, Answer | None, Answer | None, int, int, int]
"""Something that waits: since when, its answer in the strict and in the lenient reading, its
session, the place of the day it is counted on, and its talk."""

ELSEWHERE: Answer = (-1, "", NO_SESSION)
"""Stands for the strict answer of a round that is part of another one in the strict reading."""


class Sieve:
    """The questions that rules of one topic and one window look at."""

    __slots__ = ("_days", "_hours", "_topic")

    def __init__(self, topic: str | None, hours: Hours, days: Days) -> None:
        self._topic, self._hours, self._days = topic, hours, days

    def kept(self, reading: Reading, *, earlier: bool = False) -> list[int]:
        """Which questions of the days wanted it keeps; `earlier`: of the days before them, too."""
        asked, hours = reading.asked, self._hours
        if earlier:
            stop_ms = self._days.end_ms
            result = [i for i, question in enumerate(asked) if question[0] < stop_ms]
        else:
            result = [i for i, question in enumerate(asked) if question[3] >= 0]
        if self._topic is not None:
            result = [i for i in result if self._topic in asked[i][2]]
        if hours.always:
            return result
        assess = hours.assess
        if hours.window.anchor == "message":
            return [i for i in result if assess(asked[i][0])]
        starts_ms = reading.session_starts_ms
        return [i for i in result if assess(starts_ms[asked[i][1]])]

    def sessions(
        self, reading: Reading, matched: Matched, *, from_start: bool = False
    ) -> Iterator[list[Row]]:
        """The questions of each session that starts on a day wanted, at its start, in the window.

        `from_start`: the first question waits since the session's start, as the clock of a
        deadline does that opens with the session.
        """
        topic, starts_ms = self._topic, reading.session_starts_ms
        rows: list[Row] = []
        last, day = NO_SESSION, -1
        for i, (at_ms, session, topics, _, talk) in enumerate(reading.asked):
            if session != last:
                if rows:
                    yield rows
                rows, last = [], session
                day = self._days.index(starts_ms[session])
                if not self._hours.assess(starts_ms[session]):
                    day = -1
            if day >= 0 and (topic is None or topic in topics):
                since_ms = starts_ms[session] if from_start and not rows else at_ms
                rows.append((since_ms, matched.strict[i], matched.lenient[i], session, day, talk))
        if rows:
            yield rows

    def transfers(
        self, reading: Reading, matched: Matched, *, once: bool = False
    ) -> Iterator[list[Row]]:
        """Each transfer of the days wanted, then the questions up to the next one or the session's
        end. `once`: of each session only the first, and the questions up to the session's end. A
        rule for one topic looks at none.
        """
        if self._topic is not None:
            return
        first = 0
        for talk, (asked_end, _, moved_end) in enumerate(reading.ends):
            last: int | None = None
            for i in range(first, moved_end):
                at_ms, session, before = reading.moved[i]
                began = session == NO_SESSION and before < asked_end
                whose = reading.asked[before][1] if began else session
                if once and whose == last:
                    continue
                last = whose
                alone = once or i + 1 == moved_end
                stop = asked_end if alone else reading.moved[i + 1][2]
                day = self._days.index(at_ms)
                if day < 0 or not self._assesses_transfer(reading, at_ms, session):
                    continue
                answers = matched.moved_strict[i], matched.moved_lenient[i]
                rows: list[Row] = [(at_ms, *answers, session, day, talk)]
                later = _of_session(reading.asked[before:stop], session)
                for j, (asked_ms, of_session, *_) in enumerate(later, before):
                    waits = matched.strict[j], matched.lenient[j]
                    rows.append((asked_ms, *waits, of_session, day, talk))
                yield rows
            first = moved_end

    def _assesses_transfer(self, reading: Reading, at_ms: int, session: int) -> bool:
        by_session = self._hours.window.anchor == "session" and session != NO_SESSION
        return self._hours.assess(reading.session_starts_ms[session] if by_session else at_ms)


def _of_session(asked: Sequence[Asked], session: int) -> Iterator[Asked]:
    """The first of these questions that belong to a session; to the first one where none ran."""
    for question in asked:
        if question[1] != (asked[0][1] if session == NO_SESSION else session):
            return
        yield question


def messages(kept: list[int], reading: Reading, matched: Matched) -> list[Row]:
    """Each of these questions."""
    strict, lenient = matched.strict, matched.lenient
    rows: list[Row] = []
    for i in kept:
        at_ms, session, _, day, talk = reading.asked[i]
        rows.append((at_ms, strict[i], lenient[i], session, day, talk))
    return rows


def rounds(rows: list[Row], *, bounded: bool) -> list[Row]:
    """Rounds: from the first unanswered of these questions to its answer (OUT-TB-04).

    Questions that have one answer are one round. An answer that may not count ends a round in the
    lenient reading only: what it begins is `ELSEWHERE` in the strict one. `bounded`: a round ends
    with its session, too.
    """
    result: list[Row] = []
    last_strict: Answer | None = None
    last_lenient: Answer | None = None
    last_session = last_talk = -1
    for row in rows:
        at_ms, strict, lenient, session, day, talk = row
        fresh = talk != last_talk or (bounded and session != last_session)
        if fresh or strict is not last_strict:
            result.append(row)
        elif lenient is not last_lenient:
            result.append((at_ms, ELSEWHERE, lenient, session, day, talk))
        last_strict, last_lenient, last_session, last_talk = strict, lenient, session, talk
    return result


def user_days(rows: list[Row]) -> Iterator[list[Row]]:
    """The questions of each buyer, day by day."""
    unit: list[Row] = []
    for row in rows:
        if unit and (row[4] != unit[-1][4] or row[5] != unit[-1][5]):
            yield unit
            unit = []
        unit.append(row)
    if unit:
        yield unit


def agent_of(strict: Answer | None, lenient: Answer | None) -> str:
    """Whose unit it is: his who answered in the strict reading, else in the lenient one."""
    if strict is not None and strict is not ELSEWHERE:
        return strict[1]
    return "" if lenient is None else lenient[1]
