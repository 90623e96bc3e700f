"""The counting against a second one that knows no tricks, and against the clocks themselves.

The second one looks at one conversation, one rule and one reading at a time, and asks every
question anew of all lines: it was written from the words of the rules, not from the code.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
import random
from collections import Counter

import pytest

from replygate.timing.calendar import PLATFORM_ZONE, Window
from replygate.timing.deadline import Counts, DeadlineRule, Opens
from replygate.timing.events import Fact, Message, SessionClose, SessionOpen, Transfer
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.count import count
from replygate.timing.metrics.derive import metric_of
from replygate.timing.metrics.measure import NEVER_MS
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.talk import Facts, Line, Talk
from replygate.timing.metrics.tally import Tally
from replygate.timing.timeline import Timeline

from .kit import ANYONE, DAY, HUMAN_ONLY, ONE_DAY, RULES, ms, random_lines, rule, window

FIRST, LAST = DAY, DAY + ONE_DAY
GAP_MS = 600_000
SEEDS = range(150)


MORE_RULES = [
    rule("all-night", "user_day", answered="all", within_s=300, window=window("20:00-26:00")),
    rule("two-windows", "round", within_s=180, window=window("08:00-12:00", "13:00-23:00")),
    rule("by-session", "message", within_s=60, window=window("09:00-23:00", anchor="session")),
    rule("bounded", "message", value="mean_s", unanswered_s=300),
    rule("bounded-round", "round", within_s=300, unanswered_s=300, counts=HUMAN_ONLY),
    rule("topic-session", "session", within_s=180, topic="quality"),
    rule("day-all-mean", "user_day", value="mean_s", answered="all", unanswered_s=600),
    rule("transfer-all", "transfer", answered="all", within_s=300),
    rule("any-round", "round", within_s=180, counts=ANYONE),
]
ALL_RULES = [*RULES.values(), *MORE_RULES]


# ------------------------------------------------------------------ the second implementation


@functools.cache
def open_seconds(of: Window) -> list[int]:
    """How many seconds were open before each second of some days, one by one."""
    seconds = [any(each.start_s <= s < each.end_s for each in of.intervals) for s in range(86_400)]
    return list(itertools.accumulate(seconds * 14, initial=0))


@dataclasses.dataclass
class Naive:
    """One rule, one conversation, one reading."""

    rule: MetricRule
    lines: list[Line]
    now_ms: int
    lenient: bool

    def day(self, at_ms: int) -> dt.date:
        return dt.datetime.fromtimestamp(at_ms / 1000, PLATFORM_ZONE).date()

    def open_at(self, at_ms: int) -> bool:
        local = dt.datetime.fromtimestamp(at_ms / 1000, PLATFORM_ZONE)
        second = local.hour * 3600 + local.minute * 60 + local.second
        intervals = self.rule.window.intervals
        return not intervals or any(
            each.start_s <= second < each.end_s or each.start_s <= second + 86400 < each.end_s
            for each in intervals
        )

    def passed_ms(self, from_ms: int, to_ms: int) -> int:
        if self.rule.window.mode == "gate":
            return to_ms - from_ms
        zero_ms = ms("-3/00:00")
        open_before = open_seconds(self.rule.window)
        edges = [open_before[(at_ms - zero_ms) // 1000] for at_ms in (from_ms, to_ms)]
        return 1000 * (edges[1] - edges[0])

    def counts(self, line: Line) -> bool:
        if line.what != "answer":
            return False
        counts = self.rule.counts
        told = {
            "human": counts.human,
            "bot": counts.bot,
            "hold": counts.hold,
            "platform": counts.platform,
            "unknown": "unknown",
        }[line.origin]
        return told == "yes" or (told == "unknown" and self.lenient)

    def is_asked(self, i: int) -> bool:
        excused = ALL_EXCUSES if self.rule.excuses is None else self.rule.excuses
        line = self.lines[i]
        return line.what == "question" and not set(line.excuses) & excused

    @functools.cached_property
    def sessions(self) -> dict[int, int]:
        """The number of the line at which each line's session began; -1 for none."""
        result, began, named, heard_ms = {}, -1, False, 0
        for i, line in enumerate(self.lines):
            if line.what == "session_close":
                began = -1
            elif line.what == "session_open":
                adopted = began >= 0 and not named
                if not (adopted and line.at_ms - self.lines[began].at_ms <= 60_000):
                    began = i
                named = True
            elif self.is_asked(i):
                if began < 0 or (not named and line.at_ms - heard_ms > GAP_MS):
                    began, named = i, False
                heard_ms = line.at_ms
            elif line.what == "answer":
                heard_ms = line.at_ms
            result[i] = began
        return result

    def answer(self, i: int) -> int | None:
        """The line that answers this one."""
        for j in range(i + 1, len(self.lines)):
            if self.counts(self.lines[j]):
                apart = self.sessions[j] != self.sessions[i]
                return None if self.rule.unanswered_s is not None and apart else j
        return None

    def looked_at(self) -> list[int]:
        """Questions of the rule's topic, inside its window."""
        result = []
        for i, line in enumerate(self.lines):
            if not self.is_asked(i) or self.rule.topic not in {None, *line.topics}:
                continue
            anchor_ms = line.at_ms
            if self.rule.window.anchor == "session":
                anchor_ms = self.lines[self.sessions[i]].at_ms
            if self.rule.window.mode == "elapse" or self.open_at(anchor_ms):
                result.append(i)
        return result

    def round_starts(self, questions: list[int]) -> list[int]:
        """Those that ask when nothing of the rule waits."""
        starts: list[int] = []
        for i in questions:
            last = starts[-1] if starts else None
            if last is None:
                starts.append(i)
                continue
            answered = any(self.counts(line) for line in self.lines[last:i])
            ended = self.rule.unanswered_s is not None and any(
                self.sessions[j] != self.sessions[last] for j in questions if last < j <= i
            )
            if answered or ended:
                starts.append(i)
        return starts

    def units(self) -> list[tuple[dt.date, list[tuple[int, int]]]]:
        """Each unit's day, and its waits: since when, and the line that waits."""
        match self.rule.unit:
            case "message":
                questions = self.looked_at()
                return [(self.day(self.at(i)), [(self.at(i), i)]) for i in questions]
            case "round":
                starts = self.round_starts(self.looked_at())
                return [(self.day(self.at(i)), [(self.at(i), i)]) for i in starts]
            case "user_day":
                days = sorted({self.day(self.at(i)) for i in self.looked_at()})
                return [
                    (
                        day,
                        [(self.at(i), i) for i in self.looked_at() if self.day(self.at(i)) == day],
                    )
                    for day in days
                ]
            case "session" if self.rule.since != "transfer":
                return self.session_units()
            case "session":
                return self.handed_units()
            case _:
                return self.transfer_units()

    def at(self, i: int) -> int:
        return self.lines[i].at_ms

    def session_units(self) -> list[tuple[dt.date, list[tuple[int, int]]]]:
        result = []
        began = self.sessions
        for start in sorted(set(began.values()) - {-1}):
            questions = [i for i in began if began[i] == start and self.is_asked(i)]
            questions = [i for i in questions if self.rule.topic in {None, *self.lines[i].topics}]
            if questions and self.open_at(self.at(start)):
                waits = [(self.at(i), i) for i in questions]
                if self.rule.since == "session":
                    waits[0] = (self.at(start), questions[0])
                result.append((self.day(self.at(start)), waits))
        return result

    def transfer_units(self) -> list[tuple[dt.date, list[tuple[int, int]]]]:
        result = []
        began = self.sessions
        for i, line in enumerate(self.lines):
            if line.what != "transfer":
                continue
            waits, session = [(line.at_ms, i)], began[i]
            for j in range(i + 1, len(self.lines)):
                if self.lines[j].what == "transfer":
                    break
                if not self.is_asked(j):
                    continue
                session = began[j] if session < 0 else session
                if began[j] != session:
                    break
                waits.append((self.at(j), j))
            result.append((self.day(line.at_ms), waits))
        return result

    def handed_units(self) -> list[tuple[dt.date, list[tuple[int, int]]]]:
        result = []
        began = self.sessions
        handed: int | None = None
        for i, line in enumerate(self.lines):
            if line.what != "transfer":
                continue
            later = [j for j in range(i + 1, len(self.lines)) if self.is_asked(j)]
            whose = began[later[0]] if began[i] < 0 and later else began[i]
            if whose != handed:
                others = (n for n, j in enumerate(later) if began[j] != whose)
                of_session = later[: next(others, len(later))]
                waits = [(line.at_ms, i), *((self.at(j), j) for j in of_session)]
                result.append((self.day(line.at_ms), waits))
            handed = whose
        return result

    def longest_ms(self, since_ms: int) -> int:
        if self.rule.within_s is not None:
            return self.rule.within_s * 1000 - (0 if self.rule.inclusive else 1)
        midnight = dt.datetime.combine(self.day(since_ms) + ONE_DAY, dt.time(), PLATFORM_ZONE)
        return round(midnight.timestamp() * 1000) - since_ms - 1

    def good(self, waits: list[tuple[int, int]]) -> bool | None:
        """Whether a unit is in time; None: it waits."""
        verdicts: list[bool] = []
        for since_ms, i in waits:
            answer = self.answer(i)
            until_ms = self.now_ms if answer is None else self.at(answer)
            fits = self.passed_ms(since_ms, until_ms) <= self.longest_ms(since_ms)
            if answer is not None or not fits:
                verdicts.append(fits and answer is not None)
        return all(verdicts) if verdicts else None

    def mean(self, waits: list[tuple[int, int]]) -> list[int] | None:
        """The waits of a mean, in ms; None: one of them has no end and no weight."""
        result = []
        weighs = self.rule.unanswered_s
        for since_ms, i in waits:
            answer = self.answer(i)
            if answer is not None:
                result.append(self.passed_ms(since_ms, self.at(answer)))
                continue
            patience_ms = (
                self.longest_ms(since_ms) if self.rule.value == "share" else (weighs or 0) * 1000
            )
            if self.rule.value == "share" and weighs is None:
                if self.now_ms - since_ms > patience_ms:
                    return None
            elif weighs is not None and self.now_ms - since_ms > patience_ms:
                result.append(weighs * 1000)
        return result

    def chosen(self, waits: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if self.rule.answered == "first":
            return waits[:1]
        if self.rule.answered == "all":
            return waits
        starts = self.round_starts([i for _, i in waits])
        return [wait for wait in waits if wait[1] in starts]

    def outcome(self) -> Counter[tuple[dt.date, str]]:
        """By day: units, good ones, waits and their sum."""
        result: Counter[tuple[dt.date, str]] = Counter()
        for day, waits in self.units():
            if not FIRST <= day <= LAST:
                continue
            if self.rule.value == "count":
                result[day, "units"] += 1
                continue
            chosen = self.chosen(waits)
            if self.rule.value == "mean_s":
                sums = self.mean(chosen) or []
                result[day, "units"] += bool(sums)
                result[day, "waits"] += len(sums)
                result[day, "wait_ms"] += sum(sums)
                continue
            if self.rule.answered == "mean":
                sums_or_none = self.mean(chosen)
                good: bool | None = False
                if sums_or_none is not None:
                    limit_ms = self.longest_ms(0) * len(sums_or_none)
                    good = sum(sums_or_none) <= limit_ms if sums_or_none else None
            else:
                good = self.good(chosen)
            result[day, "units"] += good is not None
            result[day, "good"] += bool(good)
        return +result


def naive(rule_of: MetricRule, talks: list[Talk], now_ms: int) -> dict[dt.date, Tally]:
    """The tallies by the second implementation, those of days without a unit left out."""
    strict: Counter[tuple[dt.date, str]] = Counter()
    lenient: Counter[tuple[dt.date, str]] = Counter()
    for talk in talks:
        lines = list(talk.lines)
        strict += Naive(rule_of, lines, now_ms, lenient=False).outcome()
        lenient += Naive(rule_of, lines, now_ms, lenient=True).outcome()
    return {
        day: Tally(
            units=strict[day, "units"],
            strict_good=strict[day, "good"],
            lenient_units=lenient[day, "units"],
            lenient_good=lenient[day, "good"],
            strict_wait_ms=strict[day, "wait_ms"],
            strict_waits=strict[day, "waits"],
            lenient_wait_ms=lenient[day, "wait_ms"],
            lenient_waits=lenient[day, "waits"],
        )
        for day in {day for day, _ in strict | lenient}
    }


def of_store(
    tallies: dict[tuple[str, dt.date, str], Tally], rule_of: MetricRule
) -> dict[dt.date, Tally]:
    return {
        day: tally
        for (metric, day, agent), tally in tallies.items()
        if metric == rule_of.id and not agent and tally != Tally()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_two_implementations_agree(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same for ever
    talks = [Talk(f"c-{number}", random_lines(chance)) for number in range(3)]
    now_ms = ms(chance.choice(["12:00", "23:59:59", "1/00:00", "9/00:00"]))
    seen = [Talk(name, [line for line in lines if line.at_ms <= now_ms]) for name, lines in talks]
    tallies = count(ALL_RULES, Facts(seen), FIRST, LAST, now_ms=now_ms)
    for rule_of in ALL_RULES:
        assert of_store(tallies, rule_of) == naive(rule_of, seen, now_ms), rule_of.id


@pytest.mark.parametrize("seed", SEEDS)
def test_tallies_stay_what_they_are_until_they_say(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same for ever
    talks = [Talk(f"c-{number}", random_lines(chance)) for number in range(3)]
    now_ms = ms("12:00") + chance.randrange(43_200_000)
    seen = Facts([Talk(name, [x for x in lines if x.at_ms <= now_ms]) for name, lines in talks])
    for rule_of in ALL_RULES:
        while True:
            tallies = count([rule_of], seen, FIRST, LAST, now_ms=now_ms)
            until_ms = tallies.until_ms
            assert until_ms > now_ms
            later_ms = [now_ms + chance.randrange(min(until_ms - now_ms, 86_400_000)), until_ms - 1]
            for at_ms in later_ms:
                assert count([rule_of], seen, FIRST, LAST, now_ms=at_ms) == tallies, rule_of.id
            if until_ms == NEVER_MS:
                break
            # Somebody's time is over then: it is never said for nothing.
            after = count([rule_of], seen, FIRST, LAST, now_ms=until_ms)
            assert after != tallies or rule_of.answered != "first", rule_of.id
            now_ms = until_ms


# ------------------------------------------------------------------ against the clocks


def as_facts(lines: list[Line]) -> list[Fact]:
    result: list[Fact] = []
    for line in lines:
        at_ms = line.at_ms
        match line.what:
            case "question":
                result.append(Message(line.id, at_ms, at_ms, "in", "buyer", line.topics))
            case "answer":
                result.append(Message(line.id, at_ms, at_ms, "out", line.origin))
            case "transfer":
                result.append(Transfer(at_ms, at_ms, line.id))
            case "session_open":
                result.append(SessionOpen(at_ms, at_ms, line.id))
            case "session_close":
                result.append(SessionClose(at_ms, at_ms, line.id))
    return result


@pytest.mark.parametrize("opens", ["message", "session", "transfer"])
@pytest.mark.parametrize("seed", range(25))
def test_a_derived_rate_is_the_share_of_clocks_that_were_met(seed: int, opens: Opens) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same for ever
    deadline = DeadlineRule(
        "D",
        "D",
        opens,
        chance.choice([30, 180, 300, None]),
        "a test",
        window("09:00-23:00", anchor="session") if chance.random() < 0.5 else window(),
        inclusive=chance.random() < 0.5,
        counts=chance.choice([Counts(), HUMAN_ONLY, ANYONE]),
    )
    lines = random_lines(chance, start="08:50")
    lines = [line._replace(excuses=()) for line in lines if line.at_ms < ms("1/00:00")]
    timeline = Timeline()
    for fact in as_facts(lines):
        timeline.apply(fact, [deadline])
    clocks = list(timeline.clocks.values())
    metric = metric_of(deadline)
    tallies = count([metric], Facts([Talk("c", lines)]), DAY, DAY, now_ms=ms("9/00:00"))
    assert tallies.get(("D", DAY, ""), Tally()) == Tally(
        units=len(clocks),
        strict_good=sum(clock.met_strictly is True for clock in clocks),
        lenient_units=len(clocks),
        lenient_good=sum(clock.met_leniently is True for clock in clocks),
    )


@pytest.mark.parametrize("seed", range(40))
def test_rounds_are_the_clocks_of_turns_where_every_answer_may_count(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same for ever
    deadline = DeadlineRule(
        "D", "D", "turn", 180, "a test", counts=chance.choice([Counts(), ANYONE])
    )
    lines = [
        line._replace(excuses=())
        for line in random_lines(chance, start="08:50")
        if line.what in {"question", "answer"} and line.at_ms < ms("1/00:00")
    ]
    timeline = Timeline()
    for fact in as_facts(lines):
        timeline.apply(fact, [deadline])
    clocks = list(timeline.clocks.values())
    tallies = count(
        [metric_of(deadline)], Facts([Talk("c", lines)]), DAY, DAY, now_ms=ms("9/00:00")
    )
    tally = tallies.get(("D", DAY, ""), Tally())
    met = sum(clock.met_leniently is True for clock in clocks)
    assert (tally.lenient_units, tally.lenient_good) == (len(clocks), met)
