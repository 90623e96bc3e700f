from __future__ import annotations

from pathlib import Path

import pytest

from replygate.errors import ConfigError, LedgerError
from replygate.report.opening import reading

from .shop import ledger_of, line, ms, tell


async def test_a_report_reads_beside_the_process_that_writes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    async with ledger_of(path) as ledger:
        await tell(ledger, line("q-1", ms("10:00")))
        async with reading(f"sqlite:///{path}") as beside:
            assert await beside.days.first_ms("shop") == ms("10:00")
        await tell(ledger, line("q-2", ms("10:01")))


async def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="could not be opened"):
        async with reading(f"sqlite:///{tmp_path}/none.db"):
            pass
    with pytest.raises(ConfigError, match="empty for everybody else"):
        async with reading("sqlite://"):
            pass
