"""The day's figures counted by hand: plainly, one after the other, from what everybody saw.

Nothing of the product is used. `strict` is the reading in which a reply counts only where the
sources say so, in `lenient` one counts unless they say that it does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .plan import SESSION_GAP_MS
from .script import Act, Chat
from .shop import (
    BLOCKED,
    PRESENCE,
    REWRITTEN,
    START_MS,
    TYPED,
    Deadline,
    Shop,
    at_ms,
    hour_of,
    in_hours,
    of_day,
)

NEVER_MS: Final = 2**62
BUCKETS_S: Final = (10, 30, 60, 180, 300, 600, 1800, 3600)

Replies = frozenset[str]
"""Whose message answers."""

PEOPLE: Final[Replies] = frozenset({"human"})
ANYBODY: Final[Replies] = frozenset({"human", "bot"})
ANYTHING: Final[Replies] = frozenset({"human", "bot", "hold"})


@dataclass(slots=True)
class Count:
    """How many of how many are in time, in both readings; of a mean, ms and waits."""

    good: int = 0
    units: int = 0
    lenient_good: int = 0
    lenient_units: int = 0

    def add(self, strict: bool | None, lenient: bool | None) -> None:
        """One more. None: nobody knows yet."""
        if strict is not None:
            self.units += 1
            self.good += strict
        if lenient is not None:
            self.lenient_units += 1
            self.lenient_good += lenient


@dataclass(frozen=True, slots=True)
class Session:
    """A buyer's visit: since when, and all that happened in it."""

    start_ms: int
    acts: list[Act]

    @property
    def asked(self) -> list[Act]:
        """The buyer's questions."""
        return [act for act in self.acts if act.what == "ask"]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was seen of the day until `now_ms`: one list of acts for each buyer."""

    shop: Shop
    talks: Mapping[str, list[Act]]
    all_acts: list[Act]
    now_ms: int = NEVER_MS

    # Counting, in the order of rules.md.

    def user_days(self, within_s: int, hours: tuple[int, int], *, every: bool = True) -> Count:
        """Buyers who asked in these hours; in time is whose every (or first) question was."""
        count = Count()
        for talk in self.talks.values():
            asked = [act for act in talk if self.is_asked(act, hours) and of_day(act.at_ms)]
            asked = asked if every else asked[:1]
            if asked:
                count.add(
                    *(
                        worst(self.in_time(talk, act.at_ms, act, who, within_s) for act in asked)
                        for who in (PEOPLE, ANYTHING)
                    )
                )
        return count

    def buyers(self, hours: tuple[int, int] = (0, 24)) -> Count:
        """How many buyers asked in these hours."""
        number = sum(
            any(self.is_asked(act, hours) and of_day(act.at_ms) for act in talk)
            for talk in self.talks.values()
        )
        return Count(number, number, number, number)

    def sessions_first(self, within_s: int, hours: tuple[int, int] = (0, 24)) -> Count:
        """Sessions that began in these hours, and those whose first question was in time."""
        count = Count()
        for talk in self.talks.values():
            for one in sessions(talk):
                if of_day(one.start_ms) and in_hours(one.start_ms, hours):
                    first = one.asked[0]
                    count.add(
                        self.in_time(talk, first.at_ms, first, PEOPLE, within_s),
                        self.in_time(talk, first.at_ms, first, ANYTHING, within_s),
                    )
        return count

    def moved_first(self, within_s: int) -> Count:
        """Sessions moved to a person, and those that a person took up in time."""
        count = Count()
        for talk, (moved, *_) in self.moved():
            good = self.in_time(talk, moved.at_ms, moved, PEOPLE, within_s)
            count.add(good, good)
        return count

    def moved_mean(self, within_s: int) -> Count:
        """The same, where a person answered within so many seconds in the mean ever since."""
        count = Count()
        for talk, acts in self.moved():
            waits: dict[str, tuple[int, Act | None]] = {}
            for act in acts:
                told = first_reply(talk, act, PEOPLE)
                waits.setdefault("" if told is None else told.id, (act.at_ms, told))
            known = [told.at_ms - since_ms for since_ms, told in waits.values() if told]
            (open_ms, _) = waits.get("", (self.now_ms, None))
            if self.now_ms - open_ms > within_s * 1000:
                count.add(strict=False, lenient=False)
            elif known:
                good = sum(known) <= within_s * 1000 * len(known)
                count.add(good, good)
        return count

    def moved(self) -> Iterator[tuple[list[Act], list[Act]]]:
        """Of each session that was moved to a person: the move, and what was asked after it."""
        for talk in self.talks.values():
            for one in sessions(talk):
                moves = [act for act in one.acts if act.what == "move"]
                if moves and of_day(moves[0].at_ms):
                    after = one.acts[one.acts.index(moves[0]) :]
                    yield talk, [moves[0], *(act for act in after if act.what == "ask")]

    def rounds_mean(self) -> Count:
        """Waits from the first open question to its answer: their sum in ms, and how many."""
        count = Count()
        for talk in self.talks.values():
            for since_ms, told in rounds(talk, PEOPLE):
                if of_day(since_ms) and told is not None:
                    count.good += told.at_ms - since_ms
                    count.units += 1
            for since_ms, told in rounds(talk, ANYTHING):
                if of_day(since_ms) and told is not None:
                    count.lenient_good += told.at_ms - since_ms
                    count.lenient_units += 1
        return count

    def rated(
        self, good: Callable[[Act], bool], of: Callable[[Act], bool] = lambda _act: True
    ) -> Count:
        """Ratings, and those of them that are good (or bad, where the figure is about those)."""
        rates = [act for act in self.all_acts if act.what == "rate" and of_day(act.at_ms)]
        all_of_them = [act for act in rates if of(act)]
        chosen = sum(map(good, all_of_them))
        return Count(chosen, len(all_of_them), chosen, len(all_of_them))

    def online(self, hours: tuple[int, int]) -> Count:
        """Seconds of these hours, and in how many of them somebody was there."""
        first_ms, last_ms = (START_MS + hour * 3_600_000 for hour in hours)
        last_ms = min(last_ms, self.now_ms)
        here = sum(
            any(at_ms(come) <= now_ms < at_ms(go) for _, come, go in PRESENCE)
            for now_ms in range(first_ms, last_ms, 1000)
        )
        seconds = (last_ms - first_ms) // 1000
        return Count(here, seconds, here, seconds)

    def clocks(self, rule: Deadline) -> Count:
        """How often a deadline ran, and how often it was met."""
        count = Count()
        lenient = PEOPLE if rule.bot_counts is False else ANYTHING
        for talk in self.talks.values():
            if rule.opens == "turn":
                for who in (PEOPLE, lenient) if lenient != PEOPLE else (PEOPLE,):
                    for act, told in turns(talk, who, rule):
                        met = self.met(rule, act.at_ms, told)
                        count.add(met if who is PEOPLE else None, met if who is lenient else None)
                continue
            for act in talk:
                fits = act.what == {"message": "ask", "transfer": "move"}[rule.opens]
                fits = fits and of_day(act.at_ms) and in_hours(act.at_ms, rule.hours)
                if fits and (rule.topic is None or rule.topic in act.topics):
                    count.add(
                        *(
                            self.met(rule, act.at_ms, first_reply(talk, act, who))
                            for who in (PEOPLE, lenient)
                        )
                    )
        return count

    def met(self, rule: Deadline, asked_ms: int, told: Act | None) -> bool | None:
        """Whether a deadline was met; exactly at it is in time, at the end of the day is not."""
        last_ms = rule.due_ms(asked_ms) - (rule.due_s is None)
        if told is None:
            return False if self.now_ms > last_ms else None
        return told.at_ms <= last_ms

    def in_time(
        self, talk: list[Act], since_ms: int, act: Act, who: Replies, within_s: int
    ) -> bool | None:
        """Whether one of these answered in time."""
        told = first_reply(talk, act, who)
        if told is None:
            return False if self.now_ms - since_ms > within_s * 1000 else None
        return told.at_ms - since_ms <= within_s * 1000

    def is_asked(self, act: Act, hours: tuple[int, int]) -> bool:
        """Whether it is a question of these hours."""
        return act.what == "ask" and in_hours(act.at_ms, hours)

    # What the rest of the report shows.

    def waits(self) -> list[list[int]]:
        """By the hour asked: how many waited at most as long as each bucket, longer, for ever."""
        hours = [[0] * (len(BUCKETS_S) + 2) for _ in range(24)]
        for talk in self.talks.values():
            for since_ms, told in rounds(talk, ANYBODY):
                if of_day(since_ms):
                    hours[hour_of(since_ms)][bucket(since_ms, told)] += 1
        return hours

    def slowest(self, number: int) -> list[tuple[str, int]]:
        """The longest wait of each buyer, the longest first: who was never answered leads."""
        longest: list[tuple[int, int, str]] = []
        for name, talk in self.talks.items():
            waits = [
                (0 if told is None else 1, since_ms if told is None else since_ms - told.at_ms)
                for since_ms, told in rounds(talk, ANYBODY)
                if of_day(since_ms)
            ]
            if waits:
                longest.append((*min(waits), name))
        longest.sort()
        return [(name, -rank if answered else -1) for answered, rank, name in longest[:number]]

    def sent(self) -> Counter[tuple[str, str]]:
        """Messages of ours that went out, by agent and origin."""
        return Counter(
            (act.agent, act.origin) for act in self.all_acts if act.arrives and of_day(act.at_ms)
        )

    def received(self) -> int:
        """Messages of buyers, those that need no reply too."""
        return sum(act.what == "ask" and of_day(act.at_ms) for act in self.all_acts)

    def verdicts(self) -> Counter[str]:
        """Texts that came to the gate, by what it said."""
        found = Counter[str]()
        for act in self.all_acts:
            if not of_day(act.at_ms):
                continue
            if act.what in {"say", "hold"}:
                found[verdict(act.text)] += 1
            elif act.what == "typed" and act.text == TYPED and self.shop.typed_breaks:
                found["elsewhere"] += 1
        return found

    def rules(self) -> Counter[tuple[str, str]]:
        """Texts that each rule matched."""
        found = Counter[tuple[str, str]]()
        for act in self.all_acts:
            if of_day(act.at_ms):
                for rule in matched(self.shop, act):
                    found[rule] += 1
        return found

    def typed_wrongly(self) -> int:
        """Texts that went out past the gate as they should not have."""
        return self.verdicts()["elsewhere"]


def matched(shop: Shop, act: Act) -> list[tuple[str, str]]:
    """The rules that a text of ours breaks."""
    if act.what == "say" and act.text in BLOCKED:
        return [(rule, "block") for rule in shop.blocked_by]
    if act.what == "say" and act.text == REWRITTEN:
        return [("absolute-claims.price", "rewrite"), ("absolute-claims.superlative", "warn")]
    if act.what == "typed" and act.text == TYPED and shop.typed_breaks:
        return [(shop.typed_breaks, "block")]
    return []


def verdict(text: str) -> str:
    """What the gate says of a text."""
    if text in BLOCKED:
        return "block"
    return "rewrite" if text == REWRITTEN else "pass"


def worst(outcomes: Iterable[bool | None]) -> bool | None:
    """Late if any is, in time if the rest that is known is."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return all(known) if known else None


def first_reply(talk: list[Act], act: Act, who: Replies) -> Act | None:
    """The first message of one of these after it."""
    place = talk.index(act)
    for later in talk[place + 1 :]:
        if later.arrives and later.origin in who:
            return later
    return None


def sessions(talk: list[Act]) -> list[Session]:
    """A buyer's visits: named by the platform, or begun after ten minutes of silence."""
    found: list[Session] = []
    current: Session | None = None
    named, last_ms = False, 0
    for act in talk:
        if act.what == "ask":
            if current is None or (not named and act.at_ms - last_ms > SESSION_GAP_MS):
                current, named = Session(act.at_ms, []), False
                found.append(current)
        elif act.what == "open":
            current, named = Session(act.at_ms, []), True
            found.append(current)
        elif act.what == "close":
            current = None
        if current is not None:
            current.acts.append(act)
        if act.what == "ask" or act.arrives:
            last_ms = act.at_ms
    return [one for one in found if one.asked]


def rounds(talk: list[Act], who: Replies) -> Iterator[tuple[int, Act | None]]:
    """Since when a buyer waits, and who of these answers."""
    since_ms: int | None = None
    for act in talk:
        if act.what == "ask" and since_ms is None:
            since_ms = act.at_ms
        elif act.arrives and act.origin in who and since_ms is not None:
            yield since_ms, act
            since_ms = None
    if since_ms is not None:
        yield since_ms, None


def turns(talk: list[Act], who: Replies, rule: Deadline) -> Iterator[tuple[Act, Act | None]]:
    """The first open question of those that a rule is about, and who of these answers."""
    starts = {act.id: one.start_ms for one in sessions(talk) for act in one.asked}
    first: Act | None = None
    for act in talk:
        if act.what == "ask" and first is None:
            anchor_ms = starts[act.id] if rule.by_session else act.at_ms
            if of_day(act.at_ms) and in_hours(anchor_ms, rule.hours):
                first = act
        elif act.arrives and act.origin in who and first is not None:
            yield first, act
            first = None
    if first is not None:
        yield first, None


def bucket(since_ms: int, told: Act | None) -> int:
    """The place of a wait among the buckets."""
    if told is None:
        return len(BUCKETS_S) + 1
    wait_ms = told.at_ms - since_ms
    return sum(wait_ms > most * 1000 for most in BUCKETS_S)


def book(
    shop: Shop, chats: Iterable[Chat], holds: Mapping[str, list[Act]], now_ms: int = NEVER_MS
) -> Book:
    """What everybody saw until `now_ms`, with the holding replies as they went out."""
    talks: dict[str, list[Act]] = {}
    everything: list[Act] = []
    for chat in chats:
        excused = chat.excused(shop)
        seen = [act for act in (*chat.acts, *holds.get(chat.name, ())) if act.heard_ms <= now_ms]
        seen.sort(key=lambda act: act.at_ms)
        everything += seen
        talks[chat.name] = [act for act in seen if act.id not in excused]
    return Book(shop, talks, everything, now_ms)
