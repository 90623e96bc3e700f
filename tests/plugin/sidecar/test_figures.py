from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from plugin.report.shop import TODAY, ledger_of, live, ms, shop
from replygate.report.make import store_report
from replygate.sidecar.figure_models import MetricsAnswer
from replygate.sidecar.figures import report_json
from replygate.timing.metrics.figure import Period


async def test_a_report_as_json(tmp_path: Path) -> None:
    store = shop(tmp_path)
    week = Period(TODAY - dt.timedelta(days=6), TODAY)
    async with ledger_of() as ledger:
        await live(ledger)
        report = await store_report(ledger, store, week, now_ms=ms("20:00"), keep=True)
    told = report_json(report)
    shaped = MetricsAnswer.model_validate(told, strict=True)
    assert set(told) == set(MetricsAnswer.model_fields)
    assert json.loads(json.dumps(told)) == told
    assert (told["since"], told["until"]) == ("2026-11-14", "2026-11-20")
    metric = told["metrics"]["PDD-M-01"]
    assert metric["gate"] == {"op": "<", "at": 0.5}
    assert metric["counts"]["human"] == "yes"
    assert metric["period"] == "2026-11-20"
    assert [one["period"] for one in metric["periods"]][-1] == "2026-11-20"
    assert len(metric["periods"]) == 7
    assert "PDD-M-09" not in told["metrics"]
    assert "ours" in told["metrics"]
    assert "PDD-X-02" in {charge.rule for charge in shaped.charges}
    assert any("规则资料截至" in warning for warning in told["warnings"])
