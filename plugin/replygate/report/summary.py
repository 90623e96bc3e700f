"""What one day of a store comes to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from replygate.ledger.lines import FOREVER_MS
from replygate.model import FindingAction, Origin
from replygate.report.report import Example
from replygate.timing.metrics.tally import Tally
from replygate.timing.metrics.waits import Waits

VERSION: Final = 3
"""Of the body, and of how days are worked out: with another one, days are worked out again."""

DAY_EXAMPLES_MAX: Final = 3
"""Examples of one rule that are kept of a day."""

RuleKey = tuple[str, FindingAction]


@dataclass(slots=True)
class DaySummary:
    """Counts of one day. They stay what they are before `until_ms`, if no fact is added.

    `tallies` by metric and agent ("" is the store). `sent` are messages that went out, by agent and
    origin. `talks` are conversations of a day. `verdicts` by `pass`, `rewrite`, `block` and
    `elsewhere`. `matched` are texts by rule, `broken` those that went out as they were, by all the
    rules that matched in one. `holds` by `sent`, `unknown`, `failed`, `kept`, `broken`; `skipped`
    by reason. `hits` are texts that a rule matched, by agent.
    """

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    waits: Waits = field(default_factory=Waits)
    received: int = 0
    talks: int = 0
    sent: Counter[tuple[str, Origin]] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    matched: Counter[RuleKey] = field(default_factory=Counter)
    broken: Counter[tuple[str, ...]] = field(default_factory=Counter)
    examples: dict[RuleKey, list[Example]] = field(default_factory=dict)
    holds: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    until_ms: int = FOREVER_MS
