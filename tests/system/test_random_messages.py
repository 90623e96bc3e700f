"""Thousands of careless messages over every path, checked on the platform's side. Takes minutes.

`REPLYGATE_LONG=1 python -m pytest -s tests/system/test_random_messages.py` runs it and tells what
it saw; the same with fewer messages is a scenario of the contract and runs every time.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("nonebot.adapters.onebot.v11")

from adapters.nonebot2.kit import NoneBotHarness, nonebot_harness
from adapters.onebot.behind import WAYS, harness_behind
from replygate_adapters.contract import HOLD, MANY, random_run

pytestmark = pytest.mark.skipif(
    "REPLYGATE_LONG" not in os.environ, reason="REPLYGATE_LONG is not set"
)


async def run_long(harness: NoneBotHarness, name: str) -> None:
    began_s = time.monotonic()
    await random_run(harness, MANY)
    took_s = time.monotonic() - began_s
    kinds = Counter(_kind(each.text) for each in harness.arrived())
    paths = len(harness.paths)
    print(f"\n{name}: {MANY} messages over {paths} paths, {took_s:.0f} s: {dict(kinds)}")
    assert min(kinds["as it was"], kinds["rewritten"]) > MANY / 20


def _kind(text: str) -> str:
    if text == HOLD:
        return "hold"
    return "rewritten" if "本店客服" in text else "as it was"


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_forbidden_comes_through_the_proxy(way: str, tmp_path: Path) -> None:
    async with harness_behind(way, tmp_path) as harness:
        await run_long(harness, f"proxy, {way}")


async def test_nothing_forbidden_comes_through_the_plugin(tmp_path: Path) -> None:
    async with nonebot_harness(tmp_path) as harness:
        await run_long(harness, "NoneBot2 plugin")
