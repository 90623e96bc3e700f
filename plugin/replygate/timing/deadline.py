"""A deadline rule: what opens its clock, when it is due, and whose reply stops it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from replygate.timing.calendar import Window

Opens = Literal["message", "turn", "session", "transfer"]
"""What opens a clock: every counted buyer message, the first unanswered one, a session's start,
a transfer to a human."""

Counted = Literal["yes", "no", "unknown"]

Severity = Literal["hard", "soft"]
"""`hard` is the platform's own, with penalties; `soft` is the store's own wish."""

Reliability = Literal["official", "official-copy", "third-party", "experience", "own"]
"""Whose word a rule stands on: the platform's text, a copy of it, others who write of it, what
merchants met with, the store itself."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Whose reply stops the clock. `unknown` where sources contradict each other."""

    human: Counted = "yes"
    bot: Counted = "unknown"
    hold: Counted = "unknown"
    platform: Counted = "no"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One reply deadline, dated and with its source.

    `due_s` is in seconds after the clock opened; None means the end of the local day
    (`same day`). `inclusive`: a reply at exactly `due_s` is in time. `topic` limits the rule to
    questions of that topic. A question is judged by the rules in force when it was asked:
    `effective_from <= day < effective_to`. `quote` is a few words of the source, `as_of` its date;
    `conflicts` are ids of entries that say otherwise.
    """

    id: str
    name: str
    opens: Opens
    due_s: int | None
    source: str
    window: Window = field(default_factory=Window)
    inclusive: bool = True
    severity: Severity = "hard"
    topic: str | None = None
    counts: Counts = Counts()
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    reliability: Reliability = "experience"
    as_of: dt.date | None = None
    quote: str | None = None
    note: str | None = None
    conflicts: tuple[str, ...] = ()
