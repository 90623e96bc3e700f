"""The sidecar over real sockets, with a platform that refuses, stalls, drops, and a crowd."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from served import question, until, write_stores
from sidecar_process import Process, Shop, shop, sidecar

INBOUND, OUTBOUND = "/v1/stores/one/inbound", "/v1/stores/one/outbound"
ANSWER = "今天发货"
BUYERS = 200
AT_ONCE = 40

SOON = """
[[deadline]]
id = "soon"
name = "八秒"
due_s = 8
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class Moody(Shop):
    """Does with a message what its conversation's name says."""

    async def take(self, request: web.Request) -> web.Response:
        message = await request.json()
        self.taken.append(message)
        match message["conversation"].partition("-")[0]:
            case "refuse":
                return web.json_response({"error": "no"}, status=403)
            case "stall":
                await asyncio.sleep(5)
            case "drop":
                assert request.transport is not None
                request.transport.abort()
        return web.json_response({"id": f"p-{len(self.taken)}"})


@pytest.fixture
async def platform() -> AsyncIterator[Shop]:
    async with shop(Moody()) as made:
        yield made


def draft(conversation: str) -> dict[str, str]:
    return {"conversation": conversation, "text": ANSWER}


async def test_what_a_platform_does_is_an_outcome_and_nothing_goes_out_twice(
    tmp_path: Path, platform: Shop
) -> None:
    stores = write_stores(tmp_path, tables=f"{platform.table()}timeout_s = 1\n")
    async with sidecar(tmp_path, stores) as process:
        names = ["refuse-1", "stall-1", "drop-1", "fine-1"]

        async def send(name: str) -> tuple[int, str]:
            status, sent = await process.ask("POST", OUTBOUND, draft(name), key=name)
            return status, sent["state"]

        expected = [(200, "failed"), (200, "unknown"), (200, "unknown"), (200, "sent")]
        assert await asyncio.gather(*map(send, names)) == expected
        # The same keys again, as a client does that did not hear the answer.
        assert await asyncio.gather(*map(send, names)) == expected
        assert Counter(message["conversation"] for message in platform.taken) == Counter(names)
        assert {told["send"] for told in process.events("reply.unknown")} == {
            "one:stall-1",
            "one:drop-1",
        }


async def test_a_crowd_gets_each_its_hold_once_and_no_hold_after_its_answer(
    tmp_path: Path, platform: Shop
) -> None:
    stores = write_stores(tmp_path, tables=SOON + platform.table())
    async with sidecar(tmp_path, stores) as process:
        few = asyncio.Semaphore(AT_ONCE)
        silent = [f"silent-{number}" for number in range(BUYERS // 2)]
        answered = [f"answered-{number}" for number in range(BUYERS // 2)]
        await asyncio.gather(*(ask_twice(process, few, name) for name in [*silent, *answered]))

        async def answer_late(place: int, name: str) -> None:
            # Holds are due between two and five seconds after the question.
            await asyncio.sleep(1.5 + 3.5 * place / len(answered))
            async with few:
                status, sent = await process.ask("POST", OUTBOUND, draft(name))
            assert (status, sent["state"]) == (200, "sent")

        await asyncio.gather(*(answer_late(*each) for each in enumerate(answered)))
        await until(lambda: len(told(platform, silent)) == len(silent))
    for name in silent:
        assert [message["origin"] for message in told(platform, [name])] == ["hold"]
    for name in answered:
        origins = [message["origin"] for message in told(platform, [name])]
        assert origins in (["bot"], ["hold", "bot"])


async def ask_twice(process: Process, few: asyncio.Semaphore, name: str) -> None:
    """A question, and its repeat, which changes nothing."""
    for new in (True, False):
        async with few:
            body = question(id=f"m-{name}", conversation=name)
            status, received = await process.ask("POST", INBOUND, body)
        assert (status, received["new"]) == (200, new)


def told(platform: Shop, names: list[str]) -> list[dict[str, str]]:
    return [message for message in platform.taken if message["conversation"] in names]
