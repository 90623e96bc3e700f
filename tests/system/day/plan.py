"""Which holding replies go out, and which of their promises are kept: told before anything runs.

A plain walk along one conversation. Where a reply comes so close to a holding reply that nobody can
say which is first, `plan` says so (None), and the script draws another conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .script import Act, Chat
from .shop import Deadline, Shop, in_hours

JITTER_MS: Final = 2_000
"""A holding reply goes out up to so much earlier."""

NEAR_MS: Final = 1_000
SESSION_GAP_MS: Final = 600_000
MIN_GAP_MS: Final = 60_000
FOLLOW_UP_MS: Final = 300_000


@dataclass(frozen=True, slots=True)
class Hold:
    """A holding reply goes out from `first_ms` to `last_ms`, for a question of `asked_ms`.

    `kept`: whether the promise in it is; None where it promises nothing.
    """

    chat: str
    rule: str
    first_ms: int
    last_ms: int
    asked_ms: int
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What our side does in a conversation. `skipped` says why no holding reply went out, and to a
    question of when.
    """

    holds: tuple[Hold, ...]
    skipped: tuple[tuple[str, int], ...]


class _UnclearError(Exception):
    """Two things come too close together."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A clock: since when, until when, and when the holding reply for it is due at the latest."""

    rule: Deadline
    since_ms: int

    @property
    def hold_ms(self) -> int:
        return self.rule.due_ms(self.since_ms) - self.rule.lead_ms


@dataclass
class _Walk:
    chat: Chat
    shop: Shop
    end_ms: int
    waits: list[_Running] = field(default_factory=list)
    all_running: list[_Running] = field(default_factory=list)
    asked: list[Act] = field(default_factory=list)
    session_ms: int | None = None
    named: bool = False
    last_ms: int = 0
    held_ms: int | None = None
    found: list[tuple[Hold, bool]] = field(default_factory=list)
    skipped: list[tuple[str, int]] = field(default_factory=list)

    def go(self) -> Plan:
        excused = self.chat.excused(self.shop)
        acts = sorted(self.chat.acts, key=lambda act: act.heard_ms)
        for act in acts:
            self.until(act.heard_ms)
            if act.id not in excused:
                self.take(act)
        self.until(self.end_ms)
        holds = [self.with_promise(hold, closing=closing) for hold, closing in self.found]
        return Plan(tuple(holds), tuple(self.skipped))

    def until(self, now_ms: int) -> None:
        """Let every holding reply go out that is due by then."""
        while self.waits:
            first = min(self.waits, key=lambda one: (one.rule.due_ms(one.since_ms), one.rule.id))
            last_ms = first.hold_ms
            first_ms = max(first.since_ms, last_ms - JITTER_MS)
            if now_ms < first_ms - NEAR_MS:
                return
            if now_ms < last_ms + NEAR_MS:
                raise _UnclearError
            self.waits.remove(first)
            closing = all(act.is_thanks for act in self.asked)
            if self.held_ms is not None and last_ms - self.held_ms < MIN_GAP_MS + NEAR_MS:
                if last_ms - self.held_ms > MIN_GAP_MS - NEAR_MS:
                    raise _UnclearError
                self.skip("min_gap")
            elif closing and not self.shop.closers:
                self.skip("not_needed")
            else:
                hold = Hold(
                    self.chat.name,
                    first.rule.id,
                    first_ms,
                    last_ms,
                    self.asked[0].at_ms,
                    None,
                )
                self.found.append((hold, closing))
                self.held_ms = last_ms
                self.answered(first_ms)

    def skip(self, why: str) -> None:
        self.skipped.append((why, self.asked[0].at_ms))

    def take(self, act: Act) -> None:
        if act.what == "ask":
            self.question(act)
        elif act.what == "move":
            self.asked.append(act)
            self.start(act, act.at_ms, "transfer")
        elif act.what == "open":
            self.session_ms, self.named = act.at_ms, True
        elif act.what == "close":
            self.session_ms = None
        elif act.what == "auto":
            self.last_ms = act.at_ms
        elif act.arrives:
            overtaken = [one.at_ms for one in self.asked]
            if self.held_ms is not None:
                overtaken.append(self.held_ms)
            if any(at_ms > act.at_ms for at_ms in overtaken):
                raise _UnclearError
            self.answered(act.at_ms)

    def question(self, act: Act) -> None:
        silent_ms = act.at_ms - self.last_ms - SESSION_GAP_MS
        if abs(silent_ms) < JITTER_MS + NEAR_MS:
            raise _UnclearError
        if self.session_ms is None or (silent_ms > 0 and not self.named):
            self.session_ms, self.named = act.at_ms, False
        self.last_ms = act.at_ms
        self.asked.append(act)
        self.start(act, self.session_ms, "message")
        self.start(act, self.session_ms, "turn")

    def start(self, act: Act, session_ms: int, opens: str) -> None:
        if opens == "turn" and any(one.since_ms >= self.asked[0].at_ms for one in self.all_running):
            return
        for rule in self.shop.deadlines:
            anchor_ms = session_ms if rule.by_session else act.at_ms
            fits = rule.opens == opens and in_hours(anchor_ms, rule.hours)
            if fits and (rule.topic is None or rule.topic in act.topics):
                clock = _Running(rule, act.at_ms)
                self.waits.append(clock)
                self.all_running.append(clock)

    def answered(self, at_ms: int) -> None:
        self.last_ms = at_ms
        self.waits.clear()
        self.asked.clear()

    def with_promise(self, hold: Hold, *, closing: bool) -> Hold:
        if closing:
            return hold
        after = (act for act in self.chat.acts if act.arrives and act.what != "auto")
        answers = sorted(act.heard_ms for act in after if act.heard_ms > hold.last_ms)
        first, last = hold.first_ms + FOLLOW_UP_MS, hold.last_ms + FOLLOW_UP_MS
        for before_ms in self.next_deadlines(hold):
            first, last = min(first, before_ms), min(last, before_ms)
        if not answers or answers[0] > last + NEAR_MS:
            kept = False
        elif answers[0] < first - NEAR_MS:
            kept = True
        else:
            raise _UnclearError
        return Hold(hold.chat, hold.rule, hold.first_ms, hold.last_ms, hold.asked_ms, kept)

    def next_deadlines(self, hold: Hold) -> Iterator[int]:
        """When holds for the other clocks that run would be due: a promise must be kept by then."""
        people = [act.at_ms for act in self.chat.acts if act.origin == "human" and act.arrives]
        for one in self.all_running:
            stopped = any(one.since_ms <= at_ms < hold.first_ms for at_ms in people)
            if stopped:
                continue
            before_ms = one.hold_ms
            if hold.last_ms < before_ms < hold.last_ms + JITTER_MS + NEAR_MS:
                raise _UnclearError
            if before_ms > hold.last_ms:
                yield before_ms


def plan(chat: Chat, shop: Shop, end_ms: int) -> Plan | None:
    """What our side does in this conversation; None where nobody can say, or it ends too late."""
    if any(act.heard_ms >= end_ms for act in chat.acts):
        return None
    try:
        return _Walk(chat, shop, end_ms).go()
    except _UnclearError:
        return None
