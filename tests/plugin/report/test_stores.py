from __future__ import annotations

from pathlib import Path

import pytest

from replygate.report.stores import every_store, worst_first
from replygate.report.window import WrongWindow

from .shop import ledger_of, line, live, ms, reply, shop, tell

NOW_MS = ms("20:00")


async def test_each_store_has_its_report_in_turn(tmp_path: Path) -> None:
    stores = [shop(tmp_path, name=name) for name in ("one", "two")]
    async with ledger_of() as ledger:
        await live(ledger, store="two")
        made = every_store(ledger, stores, "7d", now_ms=NOW_MS, keep=True)
        one, two = [report async for report in made]
        assert (one.store.id, two.store.id) == ("one", "two")
        assert one.messages_in == 0 < two.messages_in
        assert str(two.range) == "2026-11-14/2026-11-20"


async def test_the_worst_comes_first(tmp_path: Path) -> None:
    names = ("empty", "good", "late", "worst")
    stores = [shop(tmp_path, name=name) for name in names]
    late_of = {"good": 0, "late": 40, "worst": 80}
    async with ledger_of() as ledger:
        for name, late in late_of.items():
            for number in range(120):
                wait_ms = 4_000_000 if number < late else 30_000
                talk = f"c-{number}"
                at_ms = ms("10:00") + number
                await tell(
                    ledger,
                    line("q", at_ms, store=name, conversation=talk),
                    reply("a", at_ms + wait_ms, store=name, conversation=talk),
                )
        made = every_store(ledger, stores, "today", now_ms=NOW_MS, keep=False)
        reports = [report async for report in made]
        assert [report.store.id for report in worst_first(reports)] == [
            "worst",
            "late",
            "good",
            "empty",
        ]


async def test_a_wrong_window_is_said(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        made = every_store(ledger, [shop(tmp_path)], "week", now_ms=NOW_MS, keep=False)
        with pytest.raises(WrongWindow):
            await anext(made)
