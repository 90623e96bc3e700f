from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config import Store
from replygate.ledger import Change, Ledger, LegRow
from replygate.report.gather import read_days
from replygate.report.summary import DAY_EXAMPLES_MAX, DaySummary
from replygate.report.work_out import work_out

from .shop import TODAY, finding, ledger_of, line, ms, reply, sent, shop, tell, turn

AT = ms("10:00")
NOW_MS = ms("23:00")


async def worked_out(ledger: Ledger, store: Store) -> DaySummary:
    (chunk,) = [chunk async for chunk in read_days(ledger, store.id, [TODAY])]
    (day,) = chunk
    return work_out(store, day, NOW_MS)


async def test_messages_are_counted(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("q-1", AT),
            line("q-2", AT + 1),
            line("n-1", AT + 2, origin="platform"),
            line("q-3", AT + 3, conversation="c-2"),
            reply("a-1", AT + 60_000),
            reply("a-2", AT + 61_000),
            reply("a-3", AT + 62_000, origin="hold", agent=None),
        )
        found = await worked_out(ledger, shop(tmp_path))
        assert (found.received, found.talks) == (3, 2)
        assert found.sent == {("甲", "human"): 2, ("", "hold"): 1}
        tally = found.tallies["deadline:ours", ""]
        assert (tally.units, tally.strict_good) == (2, 1)
        assert ("PDD-M-01", "") in found.tallies


async def test_sends_and_promises_are_counted(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        of = turn(1, AT)
        legs = [
            LegRow(of.turn_id, "hold", 0, AT),
            LegRow(of.turn_id, "follow_up", 0, AT, opened_by="kept"),
            LegRow(of.turn_id, "follow_up", 1, AT, opened_by="moved, then broken"),
            LegRow(of.turn_id, "follow_up", 2, AT, opened_by="moved, then broken"),
            LegRow(of.turn_id, "follow_up", 3, AT, opened_by="still open"),
        ]
        await ledger.record_change(Change(turns=(of,), legs=tuple(legs)))
        for leg, state in zip(legs, ("skipped", "cancelled", "cancelled", "fired"), strict=False):
            await ledger.settle_leg(leg.key, state, "min_gap")  # type: ignore[arg-type] # one of them
        for number, verdict in enumerate(("pass", "pass", "rewrite", "block")):
            await ledger.intend(sent(f"s-{number}", AT, verdict=verdict))
        await ledger.intend(sent("waits", AT, state="armed"))
        await ledger.begin(sent("may be out", AT))
        await ledger.finish("may be out", "unknown")
        found = await worked_out(ledger, shop(tmp_path))
        assert found.verdicts == {"pass": 3, "rewrite": 1, "block": 1}
        assert found.skipped == {"min_gap": 1}
        assert found.holds == {"kept": 1, "broken": 1}


async def test_holds_by_what_came_of_them(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        for number, state in enumerate(("sent", "unknown", "failed")):
            of = turn(number, AT + number)
            leg = LegRow(of.turn_id, "hold", 0, AT)
            await ledger.record_change(Change(turns=(of,), legs=(leg,)))
            name = f"h-{number}"
            assert await ledger.begin(sent(name, AT + number, origin="hold", leg=leg))
            await ledger.finish(name, state)  # type: ignore[arg-type] # one of them
            of_next = turn(number, AT + number)
            await ledger.record_change(Change(turns=(of_next,)))
            if state == "unknown":
                break
        found = await worked_out(ledger, shop(tmp_path))
        assert found.holds == {"sent": 1, "unknown": 1}


async def test_a_message_that_breaks_two_rules_is_one(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        both = finding("a-1", AT), finding("a-1", AT, rule="insult")
        await ledger.record_store_message(reply("a-1", AT), Change(findings=both))
        found = await worked_out(ledger, shop(tmp_path))
        assert found.broken == {("contact.wechat", "insult"): 1}


async def test_findings_by_rule(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        blocked = sent("s-1", AT, verdict="block")
        await ledger.intend(blocked, [finding("s-1", AT), finding("s-1", AT)])
        await ledger.record_store_message(
            reply("a-1", AT + 1), Change(findings=(finding("a-1", AT + 1),))
        )
        await ledger.record_store_message(
            reply("a-2", AT + 2),
            Change(findings=(finding("a-2", AT + 2, rule="tone", action="warn"),)),
        )
        found = await worked_out(ledger, shop(tmp_path))
        assert found.matched == {("contact.wechat", "block"): 2, ("tone", "warn"): 1}
        # What was kept back harmed nobody.
        assert found.broken == {("contact.wechat",): 1, ("tone",): 1}
        assert found.verdicts == {"block": 1, "elsewhere": 1}
        assert found.hits == {"乙": 1, "甲": 2}
        examples = found.examples["contact.wechat", "block"]
        assert [(one.at_ms, one.origin, one.matched) for one in examples] == [
            (AT, "bot", "微***"),
            (AT + 1, "human", "微***"),
        ]


async def test_a_day_keeps_a_few_examples(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        for number in range(DAY_EXAMPLES_MAX + 5):
            name, at_ms = f"s-{number}", AT + number
            await ledger.intend(sent(name, at_ms, verdict="block"), [finding(name, at_ms)])
        found = await worked_out(ledger, shop(tmp_path))
        (examples,) = found.examples.values()
        assert [one.at_ms for one in examples] == [AT + 5, AT + 6, AT + 7]
        assert found.matched["contact.wechat", "block"] == DAY_EXAMPLES_MAX + 5


@pytest.mark.parametrize(
    ("log_text", "matched", "text"),
    [
        ("none", None, None),
        ("hash", None, None),
        ("findings", "微***", None),
        ("full", "微***", "加微***吧"),
    ],
)
async def test_examples_show_what_the_store_allows(
    tmp_path: Path, log_text: str, matched: str | None, text: str | None
) -> None:
    """Also of what an earlier setting let into the ledger."""
    async with ledger_of() as ledger:
        await ledger.record_store_message(
            reply("a-1", AT, text="加微***吧"), Change(findings=(finding("a-1", AT),))
        )
        found = await worked_out(ledger, shop(tmp_path, log_text=log_text))
        ((example,),) = found.examples.values()
        assert (example.matched, example.text) == (matched, text)
