"""A day's summary as the ledger keeps it: text in three lines, each read when it is asked for.

Reports of many days read little else, and of most stores nobody looks at more than the figures. So
what every report needs is one flat list of numbers, which adds up number by number; what a page
shows of a store is the second line, and what it shows of its agents the third.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from typing import Any, Final

from replygate.ledger.lines import FOREVER_MS
from replygate.model import Origin
from replygate.report.report import Example
from replygate.report.summary import DaySummary, RuleKey
from replygate.timing.metrics.tally import Tally
from replygate.timing.metrics.waits import SlowTalk, Waits

VERDICTS: Final = ("pass", "rewrite", "block", "elsewhere")
HOLDS: Final = ("sent", "unknown", "failed", "kept", "broken")

RECEIVED, TALKS, SENT, VERDICT = 0, 1, 2, 3
"""Places in `Day.numbers`: each of `VERDICTS` has one, then each of `HOLDS`."""

HOLD: Final = VERDICT + len(VERDICTS)
TALLIES: Final = HOLD + len(HOLDS)
"""Where the tallies of the whole store begin, `TALLY` numbers each."""

TALLY: Final = len(fields(Tally))


class Day:
    """A day that was read back. `numbers` add up; the other parts are as in `DaySummary`."""

    __slots__ = ("_agents", "_shown", "body", "broken", "numbers", "skipped", "until_ms")

    def __init__(self, body: str, until_ms: int = FOREVER_MS) -> None:
        figures, self._shown, self._agents = body.split("\n")
        self.body = body
        self.until_ms = until_ms
        self.numbers: list[int]
        self.skipped: dict[str, int]
        self.broken: list[tuple[list[str], int]]
        self.numbers, self.skipped, self.broken = json.loads(figures)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Day) and self.body == other.body

    __hash__ = None  # type: ignore[assignment] # like a list

    def __repr__(self) -> str:
        return f"Day({self.body!r})"

    def tally(self, index: int) -> Tally:
        """The store's tally of the rule in this place of `counted`."""
        start = TALLIES + index * TALLY
        return Tally(*self.numbers[start : start + TALLY])

    def shown(self) -> dict[str, Any] | None:
        """The second line; None where nothing happened."""
        return json.loads(self._shown) if self._shown else None

    def agents(self) -> dict[str, Any] | None:
        """The third line; None where no agent is named."""
        return json.loads(self._agents) if self._agents else None


def to_body(summary: DaySummary, counted: Sequence[str]) -> str:
    """A summary as it is kept; `counted` are the ids of all that is counted, in their order."""
    none = Tally()
    numbers = [
        summary.received,
        summary.talks,
        sum(summary.sent.values()),
        *(summary.verdicts[name] for name in VERDICTS),
        *(summary.holds[name] for name in HOLDS),
    ]
    for metric in counted:
        numbers += summary.tallies.get((metric, ""), none).numbers()
    figures = [numbers, dict(sorted(summary.skipped.items())), sorted(summary.broken.items())]
    return "\n".join((_text(figures), _text(_shown_of(summary)), _text(_agents_of(summary))))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _shown_of(summary: DaySummary) -> dict[str, object]:
    waits = summary.waits
    by_hour = {str(hour): buckets for hour, buckets in enumerate(waits.by_hour) if any(buckets)}
    if not (by_hour or summary.matched):
        return {}
    return {
        "waits": by_hour,
        "slowest": [
            [slow.conversation, slow.asked_ms, slow.wait_ms, slow.agent] for slow in waits.slowest
        ],
        "matched": _pairs(summary.matched),
        "examples": [
            [*key, [astuple(example) for example in examples]]
            for key, examples in sorted(summary.examples.items())
        ],
    }


def _agents_of(summary: DaySummary) -> dict[str, object]:
    tallies = [[*key, *tally.numbers()] for key, tally in sorted(summary.tallies.items()) if key[1]]
    if not (tallies or summary.sent or summary.hits):
        return {}
    return {
        "tallies": tallies,
        "sent": _pairs(summary.sent),
        "hits": dict(sorted(summary.hits.items())),
    }


def _pairs(counter: Counter[Any]) -> list[list[object]]:
    return [[*key, number] for key, number in sorted(counter.items())]


@dataclass(slots=True)
class Shown:
    """What is shown of a store's days together, besides its figures."""

    waits: Waits = field(default_factory=Waits)
    matched: Counter[RuleKey] = field(default_factory=Counter)
    examples: dict[RuleKey, list[Example]] = field(default_factory=dict)


@dataclass(slots=True)
class Agents:
    """What is known of a store's agents in its days together; `tallies` by metric and agent."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    sent: Counter[tuple[str, Origin]] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)


def shown_of(days: Iterable[Day]) -> Shown:
    """The days together."""
    whole = Shown()
    slowest: list[SlowTalk] = []
    for day in days:
        kept = day.shown()
        if kept is None:
            continue
        for hour, buckets in kept["waits"].items():
            mine = whole.waits.by_hour[int(hour)]
            for bucket, number in enumerate(buckets):
                mine[bucket] += number
        slowest += [SlowTalk(*slow) for slow in kept["slowest"]]
        for rule, action, number in kept["matched"]:
            whole.matched[rule, action] += number
        for rule, action, examples in kept["examples"]:
            known = whole.examples.setdefault((rule, action), [])
            known += [Example(*example) for example in examples]
    whole.waits.add(Waits(slowest=slowest))
    return whole


def agents_of(days: Iterable[Day]) -> Agents:
    """The days together."""
    whole = Agents()
    for day in days:
        kept = day.agents()
        if kept is None:
            continue
        for metric, agent, *counts in kept["tallies"]:
            whole.tallies.setdefault((metric, agent), Tally()).add(Tally(*counts))
        for agent, origin, number in kept["sent"]:
            whole.sent[agent, origin] += number
        whole.hits.update(kept["hits"])
    return whole
