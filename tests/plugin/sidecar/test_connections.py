from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from replygate.sidecar import connections
from replygate.sidecar.connections import Listener

ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def app() -> web.Application:
    async def hello(request: web.Request) -> web.Response:
        assert isinstance(request.protocol, connections.Connection)
        request.protocol.has_asked = True
        return web.Response(text="hello")

    made = web.Application()
    made.router.add_get("/", hello)
    return made


async def test_an_address_is_had_once(app: web.Application) -> None:
    first = Listener(app)
    await first.start("127.0.0.1", 0)
    second = Listener(web.Application())
    with pytest.raises(OSError, match="in use"):
        await second.start("127.0.0.1", first.port)
    await second.close(1)
    await first.close(1)


async def test_who_has_asked_may_stay(
    app: web.Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADERS_S", 0.05)
    listener = Listener(app)
    await listener.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(ASK)
    await reader.readuntil(b"hello")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    writer.write(ASK)
    await reader.readuntil(b"hello")
    writer.close()
    await listener.close(1)


async def test_closing_ends_idle_connections_and_can_be_done_twice(app: web.Application) -> None:
    listener = Listener(app)
    await listener.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(ASK)
    await reader.readuntil(b"hello")
    listener.stop_listening()
    await listener.close(1)
    assert await reader.read() == b""
    await listener.close(1)
    writer.close()


async def test_closing_without_a_start_is_fine(app: web.Application) -> None:
    await Listener(app).close(1)
