"""The bot is a real NoneBot2 and says what the script has, carelessly: nothing stands before it."""

from __future__ import annotations

import asyncio
import contextlib
import json

import pytest

from replygate.demo import processes
from replygate.demo.bot import PATH
from replygate.demo.platform import SimulatedPlatform
from served import until

pytest.importorskip("nonebot", reason="needs NoneBot2: the extra `demo`")


async def test_without_a_gate_everything_goes_out() -> None:
    said: list[str] = []
    port = processes.free_port()
    async with processes.bot(port, said.append):
        platform = SimulatedPlatform(f"ws://127.0.0.1:{port}{PATH}", lambda *_told: None)
        playing = asyncio.ensure_future(platform.run())  # noqa: TID251 - cancelled below
        try:
            await until(lambda: "建议穿 M 码" in text_of(platform), wait_s=30)
        finally:
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing
    for forbidden in ("淘宝", "加微[表情]信", "13812345678", "有病"):
        assert forbidden in text_of(platform)
    told = [json.loads(line) for line in said]
    assert {"user_id": 10001, "said": "在的，今天下午就给您发货", "call": "send"} in told


def text_of(platform: SimulatedPlatform) -> str:
    return " ".join(each.text for each in platform.delivered)
