"""A store's report: what the terminal, the page, the API and Prometheus show of it.

Nothing here is drawn or worded. All times are Unix ms, days are the platform's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replygate.config import Store
from replygate.model import FindingAction, Origin
from replygate.timing.deadline import Counts
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.rule import MetricRule
from replygate.timing.metrics.waits import BUCKETS_S

WAIT_BUCKETS_S: Final = BUCKETS_S
"""Upper ends (included) of the buckets of `HourWaits`; one more is for longer waits."""


@dataclass(frozen=True, slots=True)
class MetricReport:
    """One metric. A figure is there with no unit counted, too (`denominator` 0).

    `today` is the report's last day alone, `whole` the whole range (which no platform judges).
    `current` is the platform's own period that this day
    lies in (a rolling one ends on it, `lag_days` before it). `periods` are the platform's periods
    that lie in the range, wholly or in part, oldest first; of a rolling one the last only. `trend`
    holds one figure for each day of the range, oldest first. `external`: no event tells it, so
    that all of these say nothing.
    """

    rule: MetricRule
    today: Figure
    whole: Figure
    current: Figure
    periods: Sequence[Figure]
    trend: Sequence[Figure]

    @property
    def external(self) -> bool:
        """Whether only the platform's own export knows the figure."""
        return self.rule.unit == "external"


@dataclass(frozen=True, slots=True)
class ClockCounts:
    """Whose reply stops the clock of a deadline or counts in a metric: `id` names it."""

    id: str
    name: str
    counts: Counts
    source: str


@dataclass(frozen=True, slots=True)
class HourWaits:
    """Waits that began in one hour of the day (0 to 23), over the days of the range.

    `buckets[i]` of them waited at most `WAIT_BUCKETS_S[i]` seconds (and longer than the bucket
    before) for the first answer; the last bucket is of all that waited longer. `unanswered` were
    never answered, and stand in no bucket.
    """

    hour: int
    asked: int
    buckets: tuple[int, ...]
    unanswered: int


@dataclass(frozen=True, slots=True)
class SlowConversation:
    """The longest wait of a conversation on a day, till its first answer.

    `answered` False: nobody has answered for `waited_ms`. `agent` is None where nobody is named.
    """

    conversation: str
    asked_ms: int
    waited_ms: int
    answered: bool
    agent: str | None


@dataclass(frozen=True, slots=True)
class HoldCounts:
    """Holding replies, and the promises in them.

    `sent` surely went out, `unknown` may be out, `failed` surely did not. `skipped` were due and
    not sent, by reason. A promise is `kept` when somebody answered in time, else `broken`.
    """

    sent: int
    unknown: int
    failed: int
    skipped: tuple[tuple[str, int], ...]
    kept: int
    broken: int


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """Texts that came to the gate, by its verdict.

    `elsewhere` are messages that went out past the gate and break a rule.
    """

    passed: int
    rewritten: int
    blocked: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Example:
    """One text that a rule matched.

    `matched` is what matched, contact data masked; None where the store keeps no matches. `text`
    is the whole message, masked; None unless the store keeps texts and the message went out.
    """

    at_ms: int
    conversation: str
    origin: Origin | None
    matched: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many texts one rule matched, and what it asked for; the latest examples first."""

    rule: str
    action: FindingAction
    texts: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class MissedClocks:
    """Clocks of one deadline rule that opened in the range and are over.

    `missed`: no reply that surely counts came in time. `surely_missed`: not even one of which the
    sources do not say whether it counts.
    """

    rule: str
    name: str
    hard: bool
    opened: int
    missed: int
    surely_missed: int


@dataclass(frozen=True, slots=True)
class AgentReport:
    """One agent (sub-account): its figures over the whole range, the busiest agent first.

    `figures` are those of metrics that count this agent's units. `messages` went out, by origin.
    `texts_matched` of them hit a rule.
    """

    agent: str
    messages: tuple[tuple[Origin, int], ...]
    texts_matched: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class StoreReport:
    """Everything that is shown of one store.

    `today` is the last day of `range`: of a range in the past, the day it ends on. `as_of` is the
    day of the profile's edition; None, like `edition`, on the platform `general`. `deadlines` are
    those of which no metric has the id, as rates that nobody judges. `charges` are of
    each penalty's period that `today` lies in. `messages_in` and `messages_out` are those of the
    range; a conversation counts once on each day that it had one. `known_from` is the day of the
    store's first fact in the ledger; None where there is none.
    """

    store: Store
    platform: str
    edition: str | None
    as_of: dt.date | None
    range: Period
    today: dt.date
    generated_ms: int
    messages_in: int
    messages_out: int
    conversations: int
    metrics: tuple[MetricReport, ...]
    deadlines: tuple[MetricReport, ...]
    charges: tuple[Charge, ...]
    counts: tuple[ClockCounts, ...]
    waits: Sequence[HourWaits]
    slowest: Sequence[SlowConversation]
    holds: HoldCounts
    verdicts: VerdictCounts
    rules: Sequence[RuleCount]
    clocks: tuple[MissedClocks, ...]
    agents: Sequence[AgentReport]
    known_from: dt.date | None
