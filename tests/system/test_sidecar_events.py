"""The event stream over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from replygate.sidecar import api
from replygate.sidecar.stream import Stream
from served import (
    DESK_TOKEN,
    ONE_TOKEN,
    TWO_TOKEN,
    VIEW_TOKEN,
    Served,
    auth,
    question,
    served,
    until,
)

EVENTS = "/v1/events"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, operators=True) as hand:
        yield hand
        assert hand.failed == []


@asynccontextmanager
async def listening(
    running: Served, token: str, path: str = EVENTS
) -> AsyncIterator[aiohttp.ClientResponse]:
    async with running.client.get(path, headers=auth(token)) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b": events from now on\n"
        yield response


async def next_event(response: aiohttp.ClientResponse) -> dict[str, Any]:
    while True:
        line = await asyncio.wait_for(response.content.readline(), 5)
        if line.startswith(b"data: "):
            event: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return event


async def ask_everywhere(running: Served) -> None:
    for store, token in (("two", TWO_TOKEN), ("one", ONE_TOKEN)):
        await running.ask("POST", f"/v1/stores/{store}/inbound", question(), token=token)


@pytest.mark.parametrize(
    ("token", "path", "stores"),
    [
        (ONE_TOKEN, EVENTS, ["one"]),
        (TWO_TOKEN, EVENTS, ["two"]),
        (VIEW_TOKEN, EVENTS, ["one"]),
        (DESK_TOKEN, EVENTS, ["two", "one"]),
        (DESK_TOKEN, f"{EVENTS}?store=one", ["one"]),
        (ONE_TOKEN, f"{EVENTS}?store=one", ["one"]),
    ],
)
async def test_a_token_sees_its_stores_and_no_others(
    running: Served, token: str, path: str, stores: list[str]
) -> None:
    async with listening(running, token, path) as response:
        await ask_everywhere(running)
        for store in stores:
            event = await next_event(response)
            assert (event["event"], event["store"]) == ("message.received", store)
            assert (await next_event(response))["event"] == "turn.opened"


async def test_events_of_the_process_are_for_who_sees_every_store(running: Served) -> None:
    async with listening(running, DESK_TOKEN) as desk, listening(running, ONE_TOKEN) as one:
        await running.service.gate.reload(list(running.service.gate.stores.values()))
        await ask_everywhere(running)
        assert (await next_event(desk))["event"] == "config.loaded"
        assert (await next_event(one))["event"] == "message.received"


async def test_what_is_streamed_is_what_the_journal_may_say(tmp_path: Path) -> None:
    async with served(tmp_path, top='[privacy]\nlog_text = "none"\n') as hand:
        async with listening(hand, ONE_TOKEN) as response:
            await hand.ask("POST", "/v1/stores/one/inbound", question(text="我的电话13800138000"))
            event = await next_event(response)
        assert "text" not in event
        assert event["conversation"] != "c-1"


async def test_who_waits_is_shown_by_its_name(running: Served) -> None:
    """/conversations is for those who must answer: it names whom to answer, and no text."""
    await running.ask("POST", "/v1/stores/one/inbound", question(text="我的电话13800138000"))
    _, answer = await running.ask("GET", "/v1/stores/one/conversations")
    assert answer["conversations"][0]["conversation"] == "c-1"
    assert "13800138000" not in json.dumps(answer)


async def test_a_stream_ends_in_order(running: Served) -> None:
    async with listening(running, ONE_TOKEN) as response:
        running.service.stream.end("draining")
        assert (await asyncio.wait_for(response.content.read(), 5)).endswith(b": draining\n\n")


async def test_who_goes_away_is_forgotten(running: Served) -> None:
    async with listening(running, ONE_TOKEN):
        assert len(running.service.stream) == 1
    # Gone: the next write finds out.

    def is_gone() -> bool:
        running.service.stream.publish({"event": "reply.sent", "store": "one"})
        return not len(running.service.stream)

    await until(is_gone)


async def test_too_many_streams_are_told_to_come_again(running: Served) -> None:
    running.service.stream = Stream(clients_max=0)
    status, problem = await running.ask("GET", EVENTS)
    assert (status, problem["code"]) == (503, "busy")


async def test_a_client_that_reads_nothing_is_dropped(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "STREAM_WRITE_S", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port, limit=1024)
    head = f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ONE_TOKEN}\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b"from now on")
    event = {"event": "reply.sent", "store": "one", "text": "您" * 20_000}

    def is_gone() -> bool:
        running.service.stream.publish(event)
        return not len(running.service.stream)

    await until(is_gone)
    writer.transport.abort()
    status, _ = await running.ask("GET", "/v1/stores/one/conversations")
    assert status == 200
