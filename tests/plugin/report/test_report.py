from __future__ import annotations

from pathlib import Path

from replygate.report.make import store_report
from replygate.report.report import WAIT_BUCKETS_S
from replygate.timing.metrics.figure import Period

from .shop import TODAY, ledger_of, ms, shop


async def test_what_only_the_platform_knows_is_marked(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        report = await store_report(
            ledger, shop(tmp_path), Period(TODAY, TODAY), now_ms=ms("20:00"), keep=False
        )
        assert {metric.external for metric in report.metrics} == {True, False}
        for metric in report.metrics:
            assert metric.external is (metric.rule.unit == "external")
        assert all(len(hour.buckets) == len(WAIT_BUCKETS_S) + 1 for hour in report.waits)
