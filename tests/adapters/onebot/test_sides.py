from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.onebot.ends import Peer, house
from replygate.runtime.tasks import Tasks
from replygate_adapters.onebot import sides
from replygate_adapters.onebot.sides import ABNORMAL, Ended, Side, Stalled


@pytest.fixture
async def ends() -> AsyncIterator[tuple[Side, Peer]]:
    async with house() as server, aiohttp.ClientSession() as client:
        ws = await client.ws_connect(server.url, autoclose=False)
        yield Side(ws), await server.peer()


async def test_frames_are_written_in_order_before_the_end(ends: tuple[Side, Peer]) -> None:
    side, peer = ends
    tasks = Tasks(lambda *_: None)
    frames: list[str | bytes] = ["a", b"b", "c" * 100_000]
    for frame in frames:
        side.put(frame)
    tasks.start("writer", side.write())
    await side.end(Ended(4001, "理" * 100))
    await side.end(Ended(4002))
    assert [await peer.raw() for _ in frames] == frames
    assert await peer.closed() == 4001
    await tasks.cancel()


async def test_who_does_not_read_is_given_up(
    ends: tuple[Side, Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    side, _ = ends
    monkeypatch.setattr(sides, "QUEUE_BYTES", 10)
    side.put("x" * 10)
    with pytest.raises(Stalled):
        side.put("x")


async def test_how_it_ended_is_told(ends: tuple[Side, Peer]) -> None:
    side, peer = ends
    await peer.say("a")
    assert await side.read() == "a"
    peer.ws.get_extra_info("socket").shutdown(2)
    assert await side.read() == Ended(ABNORMAL)
