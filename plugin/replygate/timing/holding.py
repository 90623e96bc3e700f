"""The holding reply: when it is due, whether it goes out, and what it says.

All pure: the time, the measurements and what was sent before come in.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from replygate.timing.calendar import (
    PLATFORM_ZONE,
    Window,
    inside,
    local_day,
    open_again_ms,
)
from replygate.timing.clocks import Clock, length_s
from replygate.timing.commands import SkipReason
from replygate.timing.events import CLOSING

LEAD_MIN_S = 6.0
LEAD_MAX_S = 20.0
JITTER_MAX_MS = 2_000
GRACE_MS = 60_000
"""A hold that comes due later than this after its deadline helps nobody any more."""


@dataclass(frozen=True, slots=True)
class HoldingTexts:
    """Holding texts for a part of the day, or for questions of one of these topics; none: any."""

    texts: tuple[str, ...]
    topics: tuple[str, ...] = ()
    hours: Window = field(default_factory=Window)
    off_duty: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """The platform takes `messages` in the time after the buyer's last one; `keep` are for answers.

    `keep` is what a hold must leave.
    """

    messages: int
    window_s: float
    keep: int = 2


@dataclass(frozen=True, slots=True)
class HoldingPolicy:
    """A store's holding replies.

    Texts may hold `{buyer}`, `{order}` and `{wait}`; one whose variable is unknown is not chosen.
    The first of `special` that fits the questions and the hour is taken, else `texts`, or outside
    `duty` `off_duty_texts`, where `{wait}` is the time of reopening. A turn in which the buyer
    only said thanks gets one of `closers`, or nothing where there are none. Ratios are of a clock's
    time. Times are in seconds; `lead_s` None means a third of the deadline, in bounds.
    """

    texts: tuple[str, ...] = ()
    off_duty_texts: tuple[str, ...] = ()
    special: tuple[HoldingTexts, ...] = ()
    closers: tuple[str, ...] = ()
    duty: Window = field(default_factory=Window)
    lead_s: float | None = None
    max_per_turn: int = 1
    max_per_conversation_day: int = 6
    min_gap_s: float = 60.0
    warn_ratio: float = 0.5
    escalate_ratio: float = 0.7
    follow_up_s: float = 300.0
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """What a send really takes: our own lateness, the platform's p99, and one retry."""

    lateness_ms: int = 0
    send_p99_ms: int = 0
    retry_ms: int = 0

    @property
    def total_ms(self) -> int:
        """The least lead with which a hold still arrives in time."""
        return self.lateness_ms + self.send_p99_ms + self.retry_ms


@dataclass(frozen=True, slots=True)
class Need:
    """A hold that has come due. Times are Unix ms; `holds_ms` are of those that may be out.

    `topics` are those that every question of the turn has. `asked_ms` is the buyer's last message,
    and `since_asked` counts what the store sent after it.
    """

    now_ms: int
    clock_due_ms: int
    topics: tuple[str, ...] = ()
    in_turn: int = 0
    holds_ms: Sequence[int] = ()
    used: Sequence[str] = ()
    asked_ms: int | None = None
    since_asked: int = 0
    buyer: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text to send, and the template it was made of."""

    template: str
    text: str


def lead_ms(clock: Clock, policy: HoldingPolicy, margin: Margin) -> int:
    """How long before the deadline the hold goes out: 30 s gives 10 s, 15 s 6 s, minutes 20 s."""
    wished_s = policy.lead_s
    if wished_s is None:
        wished_s = min(max(length_s(clock) / 3, LEAD_MIN_S), LEAD_MAX_S)
    return max(round(wished_s * 1000), margin.total_ms)


def hold_due_ms(clock: Clock, policy: HoldingPolicy, margin: Margin, jitter_ms: int) -> int:
    """When the hold for a clock is due; `jitter_ms` earlier flattens a store's bursts."""
    assert 0 <= jitter_ms <= JITTER_MAX_MS, "jitter is at most two seconds, and only earlier"
    return max(clock.opened_ms, clock.due_ms - lead_ms(clock, policy, margin) - jitter_ms)


def follow_up_due_ms(
    sent_ms: int,
    clocks: Sequence[Clock],
    policy: HoldingPolicy,
    margin: Margin,
) -> int:
    """When the promise of a hold must be kept: before the next deadline that still runs.

    The deadline for which the hold itself went out is not the next one: it was due a lead, and
    perhaps a jitter, after it.
    """
    due_ms = sent_ms + round(policy.follow_up_s * 1000)
    for clock in clocks:
        before_ms = clock.due_ms - lead_ms(clock, policy, margin)
        if sent_ms + JITTER_MAX_MS < before_ms < due_ms:
            due_ms = before_ms
    return due_ms


def choose(
    need: Need, policy: HoldingPolicy, zone: dt.tzinfo = PLATFORM_ZONE
) -> Chosen | SkipReason:
    """The holding reply that goes out now, or why none does."""
    if need.now_ms > need.clock_due_ms + GRACE_MS:
        return "too_late"
    if need.in_turn >= policy.max_per_turn:
        return "max_per_turn"
    today = local_day(need.now_ms, zone)
    if (
        sum(local_day(at_ms, zone) == today for at_ms in need.holds_ms)
        >= policy.max_per_conversation_day
    ):
        return "max_per_day"
    if need.holds_ms and need.now_ms - max(need.holds_ms) < policy.min_gap_s * 1000:
        return "min_gap"
    if policy.quota is not None and not _quota_allows(need, policy.quota):
        return "quota"
    return _choose_text(need, policy, zone)


def _quota_allows(need: Need, quota: Quota) -> bool:
    if need.asked_ms is None:
        return False
    in_time = need.now_ms - need.asked_ms < quota.window_s * 1000
    return in_time and quota.messages - need.since_asked - 1 >= quota.keep


def _choose_text(need: Need, policy: HoldingPolicy, zone: dt.tzinfo) -> Chosen | SkipReason:
    on_duty = inside(policy.duty, need.now_ms, zone)
    wait: str | None = _minutes(policy.follow_up_s)
    if not on_duty:
        again_ms = open_again_ms(policy.duty, need.now_ms, zone)
        wait = None if again_ms is None else _clock_time(need.now_ms, again_ms, zone)
    if CLOSING in need.topics:
        return _rotate(policy.closers, need, wait) if policy.closers else "not_needed"
    for one in policy.special:
        fits = not one.topics or not set(one.topics).isdisjoint(need.topics)
        if fits and one.off_duty != on_duty and inside(one.hours, need.now_ms, zone):
            chosen = _rotate(one.texts, need, wait)
            if chosen != "no_text":
                return chosen
    return _rotate(policy.texts if on_duty else policy.off_duty_texts, need, wait)


def _rotate(texts: Sequence[str], need: Need, wait: str | None) -> Chosen | SkipReason:
    """The text least used with this buyer, in the order of the store's file."""
    known = {"{buyer}": need.buyer, "{order}": need.order, "{wait}": wait}
    unknown = [name for name, value in known.items() if not value]
    fitting = [text for text in texts if not any(name in text for name in unknown)]
    if not fitting:
        return "no_text"
    template = min(fitting, key=list(need.used).count)
    return Chosen(template, render(template, buyer=need.buyer, order=need.order, wait=wait))


def render(
    template: str, *, buyer: str | None = None, order: str | None = None, wait: str | None = None
) -> str:
    """Fill the variables in, once: a buyer called `{order}` stays that."""
    text = template
    parts = [text]
    for name, value in (("{buyer}", buyer), ("{order}", order), ("{wait}", wait)):
        if value:
            parts = _fill(parts, name, value)
    return "".join(parts)


def _fill(parts: list[str], name: str, value: str) -> list[str]:
    # Even places are the template's own text, odd ones are values already filled in.
    filled: list[str] = []
    for place, part in enumerate(parts):
        if place % 2:
            filled.append(part)
            continue
        first, *rest = part.split(name)
        filled.append(first)
        for piece in rest:
            filled += [value, piece]
    return filled


def _minutes(wait_s: float) -> str:
    return f"{max(1, math.ceil(wait_s / 60))}分钟"


def _clock_time(now_ms: int, then_ms: int, zone: dt.tzinfo) -> str:
    then = dt.datetime.fromtimestamp(then_ms / 1000, zone)
    days = (then.date() - local_day(now_ms, zone)).days
    if days == 0:
        return f"{then:%H:%M}"
    return f"明天{then:%H:%M}" if days == 1 else f"{then.month}月{then.day}日{then:%H:%M}"
