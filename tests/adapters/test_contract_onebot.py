"""The proxy keeps the contract, with a real NoneBot2 behind it, each way."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.onebot.behind import WAYS, harness_behind
from replygate_adapters.contract import SCENARIOS, Scenario


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_the_proxy_keeps_the_contract(scenario: Scenario, way: str, tmp_path: Path) -> None:
    async with harness_behind(way, tmp_path) as harness:
        assert scenario.applies(harness)
        await scenario.run(harness)
