"""What a conversation knows: its facts in order, what was said of them, and what follows.

A fact that comes last is folded in; one that comes late is put where it belongs and everything is
folded again. Both ways lead to the same timeline.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from replygate.model import Origin
from replygate.timing.changes import before_all, between
from replygate.timing.commands import Command, TooOld
from replygate.timing.events import Excuse, Fact, Mark, Message, Order, SessionOpen, merge
from replygate.timing.legs import Terms
from replygate.timing.timeline import Before, Timeline

RETAIN_MS = 3 * 86_400_000
"""How long a settled fact is remembered; the longest deadline of a platform is a day."""

MAX_FACTS = 2_000
"""More facts than this in one conversation: the older half is forgotten, settled or not."""


class Facts:
    """The facts of one conversation. `timeline` is what follows from them under the terms."""

    __slots__ = ("_by_key", "_marks", "_ordered", "_terms", "timeline")

    def __init__(
        self,
        terms: Terms,
        facts: Iterable[Fact] = (),
        marks: Iterable[Mark] = (),
        floor_ms: int = 0,
    ) -> None:
        self._terms = terms
        self._ordered: list[Fact] = sorted(facts, key=_order)
        self._by_key: dict[str, Fact] = {fact.key: fact for fact in self._ordered}
        self._marks: dict[tuple[str, Excuse], Mark] = {
            (mark.message, mark.excuse): mark for mark in marks
        }
        assert len(self._by_key) == len(self._ordered), "one fact twice"
        self.timeline = self._fold(floor_ms)

    @property
    def ordered(self) -> tuple[Fact, ...]:
        """The facts as they happened."""
        return tuple(self._ordered)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was said of messages, of ones not seen yet too."""
        return tuple(self._marks.values())

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def since_asked(self) -> tuple[int | None, int]:
        """When the buyer last wrote (Unix ms), and how many messages the store sent since."""
        sent = 0
        for fact in reversed(self._ordered):
            if isinstance(fact, Message) and fact.is_question:
                return fact.at_ms, sent
            # The platform's own texts are at nobody's expense.
            sent += isinstance(fact, Message) and _is_sent(fact)
        return None, sent

    @property
    def latest_ms(self) -> int:
        """When the latest fact happened; 0 where nothing is known."""
        return self._ordered[-1].at_ms if self._ordered else 0

    @property
    def answered_last(self) -> Origin | None:
        """Who of the store wrote last."""
        for fact in reversed(self._ordered):
            if isinstance(fact, Message) and _is_sent(fact):
                return fact.origin
        return None

    def learn(self, fact: Fact) -> list[Command]:
        """Take a fact in: what it changes. Nothing, when it is known."""
        known = self._by_key.get(fact.key)
        if known is None and fact.at_ms < self.timeline.floor_ms:
            return [TooOld(fact)]
        if known is not None:
            fact = merge(known, fact)
            if fact == known:
                return []
            self._ordered.remove(known)
        newest = known is None and (not self._ordered or self._ordered[-1].order < fact.order)
        bisect.insort(self._ordered, fact, key=_order)
        self._by_key[fact.key] = fact
        if newest:
            self.timeline.before = Before()
            self._apply(self.timeline, fact)
            return between(self.timeline.before, self.timeline)
        return self._again()

    def mark(self, mark: Mark) -> list[Command]:
        """Take in what was said of a message, which may not have come yet."""
        known = mark.message in self._by_key
        if not known and mark.at_ms < self.timeline.floor_ms:
            return [TooOld(mark)]
        if (mark.message, mark.excuse) in self._marks:
            return []
        self._marks[mark.message, mark.excuse] = mark
        return self._again() if known else []

    def judge_by(self, terms: Terms) -> list[Command]:
        """Take new terms; where they judge otherwise, all that is remembered is judged again."""
        was, self._terms = self._terms, terms
        return [] if _law(was) == _law(terms) else self._again()

    def forget(self, now_ms: int) -> bool:
        """Let go of what is settled and old; what still runs stays. Whether anything went."""
        horizon_ms = now_ms - RETAIN_MS
        crowded = len(self._ordered) >= MAX_FACTS
        timeline = self.timeline
        # Twice the horizon: so that forgetting, which looks at everything, is rare. What is older
        # than the floor is still needed, and is no reason to look again.
        if not self._ordered or (
            max(self._ordered[0].at_ms, timeline.floor_ms) > horizon_ms - RETAIN_MS and not crowded
        ):
            return False
        running = [c.opened_ms for c in timeline.open_clocks.values() if c.due_ms >= horizon_ms]
        floor_ms = min([horizon_ms, *running])
        if crowded:
            floor_ms = max(floor_ms, self._ordered[len(self._ordered) // 2].at_ms)
        if floor_ms <= timeline.floor_ms:
            return False
        needed = {timeline.open_turn, self._session_opening()}
        self._ordered = [f for f in self._ordered if f.at_ms >= floor_ms or f.key in needed]
        self._by_key = {fact.key: fact for fact in self._ordered}
        self._marks = {
            key: mark
            for key, mark in self._marks.items()
            if mark.at_ms >= floor_ms or mark.message in self._by_key
        }
        self.timeline = self._fold(floor_ms)
        return True

    def _session_opening(self) -> str | None:
        """The word of the platform that opened the session which runs."""
        session = self.timeline.session
        if session is None or not session.named:
            return None
        opening = (fact for fact in reversed(self._ordered) if isinstance(fact, SessionOpen))
        return next(opening).key

    def _again(self) -> list[Command]:
        was, self.timeline = self.timeline, self._fold(self.timeline.floor_ms)
        return between(before_all(was, self.timeline), self.timeline)

    def _fold(self, floor_ms: int) -> Timeline:
        timeline = Timeline(
            self._terms.zone, session_gap_s=self._terms.session_gap_s, floor_ms=floor_ms
        )
        for fact in self._ordered:
            self._apply(timeline, fact)
        return timeline

    def _apply(self, timeline: Timeline, fact: Fact) -> None:
        excuses = self._terms.excuses if self._marks else ()
        excused = any((fact.key, excuse) in self._marks for excuse in excuses)
        timeline.apply(fact, self._terms.rules, excused=excused)


def _is_sent(message: Message) -> bool:
    return message.direction == "out" and message.origin != "platform"


def _order(fact: Fact) -> Order:
    return fact.order


def _law(terms: Terms) -> tuple[object, ...]:
    return (terms.rules, terms.excuses, terms.session_gap_s, terms.zone)
