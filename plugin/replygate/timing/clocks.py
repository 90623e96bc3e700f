"""A clock: one deadline rule running for a turn or a message.

Pure arithmetic on one clock; which facts open and stop clocks, and when, is `timeline`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from replygate.model import Origin
from replygate.timing.calendar import PLATFORM_ZONE, due_ms, elapsed_ms, local_day
from replygate.timing.deadline import Counted, Counts, DeadlineRule

ClockKey = tuple[str, str]
"""Rule id, and the key of the fact that opened it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A rule at work since `opened_ms` (Unix ms), opened by the fact `opened_by` in `turn`.

    `stopped_*` is the first reply that counts. `answered_unknown_*` is the first reply of which
    the sources do not say whether it counts: the clock goes on (the stricter reading), and the
    other reading can be computed from it (rules.md C2).
    """

    rule: DeadlineRule
    opened_by: str
    opened_ms: int
    due_ms: int
    turn: str
    stopped_ms: int | None = None
    stopped_by: str | None = None
    answered_unknown_ms: int | None = None
    answered_unknown_by: str | None = None

    @property
    def key(self) -> ClockKey:
        """What it is known by within its conversation."""
        return (self.rule.id, self.opened_by)

    @property
    def is_open(self) -> bool:
        """Whether no reply that surely counts has come."""
        return self.stopped_ms is None

    @property
    def late_from_ms(self) -> int:
        """The first instant that is too late. The end of a day belongs to the next (PDD-D-06)."""
        inclusive = self.rule.inclusive and self.rule.due_s is not None
        return self.due_ms + 1 if inclusive else self.due_ms

    @property
    def met_strictly(self) -> bool | None:
        """Whether it was met where what is unknown does not count; None while it is open."""
        return None if self.stopped_ms is None else self.stopped_ms < self.late_from_ms

    @property
    def met_leniently(self) -> bool | None:
        """Whether it was met where what is unknown counts; None while nobody answered at all."""
        times_ms = [t for t in (self.stopped_ms, self.answered_unknown_ms) if t is not None]
        return min(times_ms) < self.late_from_ms if times_ms else None


def in_force(rule: DeadlineRule, asked_ms: int, zone: dt.tzinfo = PLATFORM_ZONE) -> bool:
    """Whether the rule held on the local day of the question (KS-P-02)."""
    if rule.effective_from is None and rule.effective_to is None:
        return True
    day = local_day(asked_ms, zone)
    return (rule.effective_from is None or rule.effective_from <= day) and (
        rule.effective_to is None or day < rule.effective_to
    )


def open_clock(
    rule: DeadlineRule,
    *,
    opened_by: str,
    opened_ms: int,
    turn: str,
    session_ms: int | None = None,
    zone: dt.tzinfo = PLATFORM_ZONE,
) -> Clock | None:
    """The clock of a rule; None when the question lies outside the rule's window.

    A window anchored on the session looks at `session_ms`, when there is one (OUT-JD-01).
    """
    anchor_ms = session_ms if rule.window.anchor == "session" else None
    due = due_ms(opened_ms, rule.due_s, rule.window, zone, anchor_ms=anchor_ms)
    return None if due is None else Clock(rule, opened_by, opened_ms, due, turn)


def counted(counts: Counts, origin: Origin) -> Counted:
    """Whether a store's message of this origin stops a clock."""
    match origin:
        case "human":
            return counts.human
        case "bot":
            return counts.bot
        case "hold":
            return counts.hold
        case "platform":
            return counts.platform
        case "unknown":
            return "unknown"
        case "buyer":
            raise AssertionError("a buyer's message answers nobody")


def answer(clock: Clock, *, by: str, at_ms: int, origin: Origin) -> Clock:
    """The clock after a message from the store; the same object when nothing changed."""
    assert at_ms >= clock.opened_ms, "a reply can not answer what was asked later"
    if clock.stopped_ms is not None:
        return clock
    match counted(clock.rule.counts, origin):
        case "yes":
            doubt = (clock.answered_unknown_ms, clock.answered_unknown_by)
            return Clock(*_opening(clock), at_ms, by, *doubt)
        case "unknown" if clock.answered_unknown_ms is None:
            return Clock(*_opening(clock), None, None, at_ms, by)
        case _:
            return clock


def _opening(clock: Clock) -> tuple[DeadlineRule, str, int, int, str]:
    # `dataclasses.replace` takes three times as long, and every answer stops many clocks.
    return (clock.rule, clock.opened_by, clock.opened_ms, clock.due_ms, clock.turn)


def part_ms(clock: Clock, ratio: float, zone: dt.tzinfo = PLATFORM_ZONE) -> int:
    """When this part of the clock's time has passed (0.5: half). Nights do not elapse."""
    rule = clock.rule
    if rule.window.mode == "elapse" and rule.due_s is not None:
        passed = elapsed_ms(clock.opened_ms, round(rule.due_s * 1000 * ratio), rule.window, zone)
        if passed is not None:
            return passed
    return clock.opened_ms + round((clock.due_ms - clock.opened_ms) * ratio)


def length_s(clock: Clock) -> float:
    """How long the rule gives, in seconds that count."""
    if clock.rule.due_s is not None:
        return clock.rule.due_s
    return (clock.due_ms - clock.opened_ms) / 1000
