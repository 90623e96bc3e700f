"""Clients that are slow, half gone or too many: each is bounded, the others are served."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from replygate.sidecar import bodies, connections
from replygate.sidecar.api import api_app
from replygate.sidecar.connections import Listener
from served import ONE_TOKEN, Served, auth, served, until

SCREEN = "/v1/stores/one/screen"
HEAD = (
    f"POST {SCREEN} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ONE_TOKEN}\r\n"
    "Content-Type: application/json\r\n"
).encode()

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(connections, "HEADERS_S", 0.2)
    monkeypatch.setattr(bodies, "BODY_S", 0.2)
    async with served(tmp_path) as hand:
        yield hand
        assert hand.failed == []


async def connect(running: Served) -> Pair:
    return await asyncio.open_connection("127.0.0.1", running.port)


async def require_closed(reader: asyncio.StreamReader) -> None:
    """The other end says nothing and is gone; who still writes then learns it by a reset."""
    with contextlib.suppress(ConnectionResetError):
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def require_served(running: Served) -> None:
    status, _ = await running.ask("POST", SCREEN, {"text": "您好"})
    assert status == 200


@pytest.mark.parametrize("said", [b"", b"P", HEAD], ids=["nothing", "a letter", "half a head"])
async def test_who_does_not_ask_in_time_is_closed(running: Served, said: bytes) -> None:
    reader, writer = await connect(running)
    writer.write(said)
    await require_closed(reader)
    writer.close()
    await require_served(running)


async def test_a_head_that_drips_is_closed(running: Served) -> None:
    reader, writer = await connect(running)

    async def drip() -> None:
        for byte in HEAD:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as group:
        dripping = group.create_task(drip())
        await require_closed(reader)
        dripping.cancel()
    writer.close()
    await require_served(running)


async def test_a_body_that_does_not_come_is_told_so(running: Served) -> None:
    reader, writer = await connect(running)
    writer.write(HEAD + b'Content-Length: 100\r\n\r\n{"text":')
    answer = await asyncio.wait_for(reader.read(), 5)
    assert b"408 Request Timeout" in answer.splitlines()[0]
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "too-slow"
    writer.close()
    await require_served(running)


@pytest.mark.parametrize("aborts", [True, False], ids=["reset", "closed"])
async def test_a_client_that_goes_away_half_way_is_no_fault(running: Served, aborts: bool) -> None:
    _, writer = await connect(running)
    writer.write(HEAD + b'Content-Length: 100\r\n\r\n{"text":')
    await writer.drain()
    await until(lambda: len(running.service.admission) == 1)
    if aborts:
        writer.transport.abort()
    else:
        writer.close()
    await until(lambda: len(running.service.admission) == 0)
    await require_served(running)


async def test_many_slow_clients_keep_nobody_out(running: Served) -> None:
    slow = [await connect(running) for _ in range(100)]
    for _, writer in slow:
        writer.write(HEAD)
    await require_served(running)
    for reader, writer in slow:
        await require_closed(reader)
        writer.close()


async def test_one_connection_too_many_is_told_so(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADERS_S", 30)
    app = api_app(running.service, running.metrics, lambda *fault: running.failed.append(fault))
    listener = Listener(app, connections_max=2)
    await listener.start("127.0.0.1", 0)
    held = [await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(2)]
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1\r\n" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "busy"
    writer.close()
    for _, held_writer in held:
        held_writer.close()
    await listener.close(1)


async def test_requests_over_a_share_are_told_to_come_again(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_S", 30)
    running.service.admission._share = 3
    slow = [await connect(running) for _ in range(3)]
    for _, writer in slow:
        writer.write(HEAD + b"Content-Length: 100\r\n\r\n{")
    await until(lambda: len(running.service.admission) == 3)
    async with running.client.post(SCREEN, json={"text": "x"}, headers=auth(ONE_TOKEN)) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert (await response.json(content_type=None))["code"] == "busy-store"
    # Another route of the same store is free: a stalled platform keeps no buyer out.
    assert (await running.ask("GET", "/v1/stores/one/conversations"))[0] == 200
    for _, writer in slow:
        writer.transport.abort()
    await until(lambda: len(running.service.admission) == 0)
    await require_served(running)


async def test_requests_over_the_limit_are_told_to_come_again(running: Served) -> None:
    running.service.admission._total = 0
    async with running.client.post(SCREEN, json={"text": "x"}, headers=auth(ONE_TOKEN)) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "1")
        assert (await response.json(content_type=None))["code"] == "busy"


async def test_pipelined_requests_are_answered_in_order(running: Served) -> None:
    reader, writer = await connect(running)
    for text in ("一", "二", "三"):
        body = json.dumps({"text": text}).encode()
        writer.write(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    for text in ("一", "二", "三"):
        await reader.readuntil(b"\r\n\r\n")
        assert json.loads(await reader.readuntil(b"]}"))["text"] == text
    writer.close()
