"""Conversations as rules read them: questions, sessions, and what answered each question.

Many conversations are read into the same few lists of plain tuples: a report reads millions of
messages, and a call for each of them would cost more than the counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from replygate.model import Origin
from replygate.timing.deadline import Counted, Counts
from replygate.timing.events import Excuse
from replygate.timing.metrics.days import Days
from replygate.timing.metrics.talk import Talk
from replygate.timing.timeline import ADOPT_MS

Asked = tuple[int, int, tuple[str, ...], int, int]
"""A question that needs an answer: its time, session, topics, day (-1: not one wanted), talk."""

Said = tuple[int, int, int, Origin, str, int]
"""A message of the store: how many questions and transfers stand before it, time, origin, agent,
session."""

Moved = tuple[int, int, int]
"""A transfer to a human: its time, its session, and how many questions stand before it."""

Answer = tuple[int, str, int]
"""What answered: its time, agent and session."""

NO_SESSION = -1

TALKS_AT_ONCE = 256
"""Enough to spread the cost of each step over, few enough to stay in the processor's cache."""


@dataclass(slots=True)
class Reading:
    """Several conversations, one after another. Sessions are numbered through all of them.

    `ends` are the lengths of `asked`, `said` and `moved` at the end of each conversation.
    """

    asked: list[Asked] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    session_starts_ms: list[int] = field(default_factory=list)
    ends: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Matched:
    """The answer to each question and transfer in both readings; None: there is none."""

    strict: list[Answer | None] = field(default_factory=list)
    lenient: list[Answer | None] = field(default_factory=list)
    moved_strict: list[Answer | None] = field(default_factory=list)
    moved_lenient: list[Answer | None] = field(default_factory=list)


def near(talks: Iterable[Talk], days: Days) -> list[Talk]:
    """The conversations that have anything to do with the days."""
    first_ms, end_ms = days.start_ms, days.end_ms
    return [
        talk
        for talk in talks
        if talk.lines and talk.lines[0][0] < end_ms and talk.lines[-1][0] >= first_ms
    ]


def read(talks: Iterable[Talk], excuses: AbstractSet[Excuse], gap_ms: int, days: Days) -> Reading:
    """Fold conversations. What is excused is not there at all: it starts no session either.

    Sessions begin as in `timing.timeline`: where the platform says so, else with the first
    question after more than `gap_ms` of silence.
    """
    reading = Reading()
    for talk in talks:
        _read_on(reading, talk, excuses, gap_ms, days)
        reading.ends.append((len(reading.asked), len(reading.said), len(reading.moved)))
    return reading


def _read_on(
    reading: Reading, talk: Talk, excuses: AbstractSet[Excuse], gap_ms: int, days: Days
) -> None:
    asked, said, moved = reading.asked, reading.said, reading.moved
    starts_ms, number, day_of = reading.session_starts_ms, len(reading.ends), days.index
    session, named, last_ms = NO_SESSION, False, 0
    for at_ms, what, _, origin, agent, topics, marks in talk.lines:
        if what == "question":
            if marks and not excuses.isdisjoint(marks):
                continue
            if session == NO_SESSION or (not named and at_ms - last_ms > gap_ms):
                session, named = len(starts_ms), False
                starts_ms.append(at_ms)
            last_ms = at_ms
            asked.append((at_ms, session, topics, day_of(at_ms), number))
        elif what == "answer":
            last_ms = at_ms
            said.append((len(asked), len(moved), at_ms, origin, agent, session))
        elif what == "transfer":
            moved.append((at_ms, session, len(asked)))
        elif what == "session_close":
            session = NO_SESSION
        elif session != NO_SESSION and not named and at_ms - starts_ms[session] <= ADOPT_MS:
            named = True
        else:
            session, named = len(starts_ms), True
            starts_ms.append(at_ms)


def counted_by_origin(counts: Counts) -> Mapping[Origin, Counted]:
    """Whose message answers. Of an unknown origin nobody can say."""
    return {
        "human": counts.human,
        "bot": counts.bot,
        "hold": counts.hold,
        "platform": counts.platform,
        "unknown": "unknown",
    }


def match(reading: Reading, counted: Mapping[Origin, Counted], *, bounded: bool) -> Matched:
    """Find what answers each question: the first message after it that counts.

    In the strict reading what may not count is not there; in the lenient one it answers. A
    message that surely does not count is not there in either. `bounded`: an answer in another
    session is none.
    """
    result = Matched()
    strict, lenient = result.strict, result.lenient
    start = 0
    for asked, said, moved in reading.ends:
        for before, moved_before, at_ms, origin, agent, session in reading.said[start:said]:
            verdict = counted[origin]
            if verdict == "no":
                continue
            answer = (at_ms, agent, session)
            if len(lenient) < before:
                lenient += [answer] * (before - len(lenient))
            if verdict == "yes" and len(strict) < before:
                strict += [answer] * (before - len(strict))
            if moved_before > len(result.moved_strict):
                _match_moved(result, moved_before, answer, sure=verdict == "yes")
        strict += [None] * (asked - len(strict))
        lenient += [None] * (asked - len(lenient))
        _match_moved(result, moved, None, sure=True)
        start = said
    if bounded:
        sessions = [question[1] for question in reading.asked]
        result.strict = _within(strict, sessions)
        result.lenient = _within(lenient, sessions)
        sessions = [transfer[1] for transfer in reading.moved]
        result.moved_strict = _within(result.moved_strict, sessions)
        result.moved_lenient = _within(result.moved_lenient, sessions)
    return result


def _match_moved(result: Matched, before: int, answer: Answer | None, *, sure: bool) -> None:
    result.moved_lenient += [answer] * (before - len(result.moved_lenient))
    if sure:
        result.moved_strict += [answer] * (before - len(result.moved_strict))


def _within(answers: list[Answer | None], sessions: list[int]) -> list[Answer | None]:
    return [
        answer if answer is not None and answer[2] == session else None
        for answer, session in zip(answers, sessions, strict=True)
    ]
