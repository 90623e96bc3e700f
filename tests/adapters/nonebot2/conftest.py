from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.nonebot2.kit import NoneBotHarness, nonebot_harness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[NoneBotHarness]:
    async with nonebot_harness(tmp_path) as harness:
        yield harness
