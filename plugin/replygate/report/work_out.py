"""From a day's rows to what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from replygate.config import Store
from replygate.ledger import FindingLine, LegLine, SendLine
from replygate.report.gather import DayRows
from replygate.report.law import counted
from replygate.report.report import Example
from replygate.report.summary import DAY_EXAMPLES_MAX, DaySummary, RuleKey
from replygate.timing.metrics.count import count
from replygate.timing.metrics.talk import Facts
from replygate.timing.metrics.waits import Waits, waits

SHOWN = frozenset({"findings", "full"})
"""`log_text` of the stores that show what a rule matched."""


def work_out(store: Store, day: DayRows, now_ms: int) -> DaySummary:
    """What a day comes to, as far as it is known at `now_ms`."""
    date, rows = day.day, day.rows
    tallies = count(
        counted(store),
        day.facts,
        date,
        date,
        now_ms=now_ms,
        excuses=store.excuses,
        session_gap_s=store.session_gap_s,
    )
    waited = waits(day.facts, date, date, now_ms=now_ms, excuses=store.excuses)
    summary = DaySummary(
        tallies={(metric, agent): tally for (metric, _, agent), tally in tallies.items()},
        waits=waited.get(date, Waits()),
        received=rows.received,
        talks=len(rows.heard),
        sent=rows.sent,
        # What is asked later than now waits for its hour to come.
        until_ms=now_ms + 1 if _is_early(day.facts, now_ms) else tallies.until_ms,
    )
    _sends(summary, rows.sends)
    _legs(summary, rows.legs)
    _findings(summary, rows.findings, store)
    return summary


def _is_early(facts: Facts, now_ms: int) -> bool:
    """Whether anything was said later than now."""
    return any(talk.lines[-1].at_ms >= now_ms for talk in facts.talks)


def _sends(summary: DaySummary, sends: Iterable[SendLine]) -> None:
    for send in sends:
        if send.verdict is not None and send.state not in {"armed", "cancelled"}:
            summary.verdicts[send.verdict] += 1
        if send.origin == "hold" and send.state in {"sent", "unknown", "failed"}:
            summary.holds[send.state] += 1


def _legs(summary: DaySummary, legs: Iterable[LegLine]) -> None:
    promises: dict[tuple[str, str], set[str]] = {}
    for leg in legs:
        if leg.kind == "follow_up":
            promises.setdefault((leg.turn_id, leg.opened_by), set()).add(leg.state)
        elif leg.state == "skipped":
            summary.skipped[leg.result or ""] += 1
    for states in promises.values():
        if "fired" in states:
            summary.holds["broken"] += 1
        elif "armed" not in states:
            summary.holds["kept"] += 1


def _findings(summary: DaySummary, findings: Iterable[FindingLine], store: Store) -> None:
    by_rule: dict[RuleKey, dict[tuple[str, str], FindingLine]] = {}
    for line in findings:
        message = (line.row.conversation, line.row.message_id)
        by_rule.setdefault((line.row.rule_id, line.row.action), {}).setdefault(message, line)
    elsewhere: set[tuple[str, str]] = set()
    hits: dict[tuple[str, str], str] = {}
    broken: dict[tuple[str, str], set[str]] = {}
    for (rule, action), texts in by_rule.items():
        summary.matched[rule, action] = len(texts)
        latest = list(texts.values())[-DAY_EXAMPLES_MAX:]
        summary.examples[rule, action] = [example(line, store) for line in latest]
        for message, line in texts.items():
            hits[message] = line.agent or ""
            if line.went_out:
                broken.setdefault(message, set()).add(rule)
            if line.verdict is None and action != "warn":
                elsewhere.add(message)
    summary.hits = Counter(hits.values())
    summary.broken = Counter(tuple(sorted(rules)) for rules in broken.values())
    if elsewhere:
        summary.verdicts["elsewhere"] = len(elsewhere)


def example(line: FindingLine, store: Store) -> Example:
    """What may be shown of a finding, by the store's `privacy.log_text`."""
    return Example(
        at_ms=line.row.at_ms,
        conversation=line.row.conversation,
        origin=line.origin,
        matched=line.row.masked if store.log_text in SHOWN else None,
        text=line.text if store.log_text == "full" else None,
    )
