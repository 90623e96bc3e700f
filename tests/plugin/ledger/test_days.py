from __future__ import annotations

from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger import SqliteLedger, SummaryRow

from .samples import STORE, message


async def test_who_only_reads_keeps_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    writer = await SqliteLedger.open(url)
    await writer.record_inbound(message())
    reader = await SqliteLedger.open(url, read_only=True)
    (page,) = [page async for page in reader.days.span(STORE, 0, 9_000)]
    assert [line.id for line in page.lines] == ["m-1"]
    with pytest.raises(LedgerError, match="for reading only"):
        await reader.days.claim(STORE, [7], "token")
    with pytest.raises(LedgerError, match="for reading only"):
        await reader.days.put([SummaryRow(STORE, 7, "law", "{}")], "token")
    await reader.close()
    await writer.close()


async def test_a_summary_survives_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    first = await SqliteLedger.open(url)
    await first.days.claim(STORE, [7], "token")
    row = SummaryRow(STORE, 7, "law", '{"talks":1}', from_ms=3, until_ms=4)
    await first.days.put([row], "token")
    await first.close()
    second = await SqliteLedger.open(url)
    assert await second.days.summaries(STORE, 7, 7) == (row,)
    await second.close()
