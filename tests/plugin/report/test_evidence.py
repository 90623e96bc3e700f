from __future__ import annotations

import pytest

from replygate.ledger import Change, ClockRow, LegRow
from replygate.report import evidence as room
from replygate.report.evidence import evidence
from replygate.timing.events import Transfer

from .shop import finding, ledger_of, line, ms, noticed, reply, sent, tell, turn

AT = ms("10:00")


async def test_all_that_is_known_of_one_conversation() -> None:
    of = turn(1, AT)
    clock = ClockRow("shop", "c-1", "ours", "q-1", AT, AT + 180_000)
    legs = (LegRow(of.turn_id, "hold", 0, AT + 160_000), LegRow(of.turn_id, "warn", 0, AT + 90_000))
    async with ledger_of() as ledger:
        question = line("q-1", AT, text="在吗")
        await ledger.record_inbound(question, Change(turns=(of,), clocks=(clock,), legs=legs))
        transfer = noticed(Transfer(AT + 1, AT + 1))
        answer = reply("a-1", AT + 60_000)
        await tell(ledger, transfer, answer, line("q-9", AT, conversation="c-2"))
        blocked = sent("s-1", AT + 2, verdict="block")
        await ledger.intend(blocked, [finding("s-1", AT + 2)])
        found = await evidence(ledger, "shop", "c-1")
        assert found.messages == (question, answer)
        assert found.notices == (transfer,)
        assert found.sends == (blocked,)
        assert found.findings == (finding("s-1", AT + 2),)
        assert (found.turns, found.clocks) == ((of,), (clock,))
        assert [leg.kind for leg in found.legs] == ["warn", "hold"]
        assert not found.is_empty
        assert not found.truncated


async def test_of_nobody_nothing_is_known() -> None:
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", AT))
        assert (await evidence(ledger, "shop", "c-7")).is_empty
        assert (await evidence(ledger, "other", "c-1")).is_empty


async def test_more_than_the_ledger_gives_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "HISTORY_MESSAGES_MAX", 2)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", AT))
        assert not (await evidence(ledger, "shop", "c-1")).truncated
        await tell(ledger, line("q-2", AT + 1))
        assert (await evidence(ledger, "shop", "c-1")).truncated
