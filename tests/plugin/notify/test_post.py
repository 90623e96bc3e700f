from __future__ import annotations

import asyncio
import importlib.util
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from replygate.errors import ReplygateError
from replygate.notify.post import ANSWER_BYTES, Poster, Unreachable, require_http
from replygate.notify.wire import Answer, json_request

from .kit import store

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/s3cret"
    finally:
        await runner.cleanup()


async def post(url: str, timeout_s: float = 5) -> Answer:
    poster = Poster(timeout_s)
    try:
        return await poster(json_request(url, {"a": 1}))
    finally:
        await poster.close()


async def test_a_post_and_its_answer() -> None:
    async def handle(request: web.Request) -> web.Response:
        assert request.method == "POST"
        assert request.content_type == "application/json"
        assert await request.json() == {"a": 1}
        return web.Response(text="ok", status=429, headers={"Retry-After": "17"})

    async with served(handle) as url:
        assert await post(url) == Answer(429, b"ok", 17)


@pytest.mark.parametrize(
    ("header", "seconds"), [("99999999999", 3_600), ("soon", None), ("-1", None), ("", None)]
)
async def test_a_strange_retry_after_is_bounded(header: str, seconds: float | None) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(headers={"Retry-After": header})

    async with served(handle) as url:
        assert (await post(url)).retry_after_s == seconds


async def test_no_redirect_is_followed_and_no_proxy_of_the_environment_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    paths = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with served(handle) as url:
        assert (await post(url)).status == 307
    assert paths == ["/s3cret"]


async def test_only_the_start_of_an_answer_is_read() -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * (ANSWER_BYTES * 10))

    async with served(handle) as url:
        assert len((await post(url)).body) <= ANSWER_BYTES


async def test_an_answer_that_comes_in_pieces_is_read_to_its_end() -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in (b'{"errcode":', b" 0}"):
            await response.write(piece)
            await asyncio.sleep(0.02)
        return response

    async with served(handle) as url:
        assert (await post(url)).body == b'{"errcode": 0}'


async def test_who_does_not_answer_in_time() -> None:
    over = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    async with served(handle) as url:
        with pytest.raises(Unreachable, match=r"^no answer within 0\.05 s$"):
            await post(url, 0.05)
        over.set()


async def test_who_hangs_up() -> None:
    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with served(handle) as url:
        with pytest.raises(Unreachable, match=r"^the connection was closed without an answer$"):
            await post(url)


async def test_who_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        await post(f"http://127.0.0.1:{port}/s3cret")
    assert str(caught.value) == "the connection failed: connection refused"
    assert caught.value.__cause__ is None


async def test_an_answer_that_is_no_http() -> None:
    async def garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01 nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(garbage, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable) as caught:
            await post(f"http://127.0.0.1:{port}/s3cret")
    assert "s3cret" not in str(caught.value)


def test_webhooks_need_the_library_that_calls_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_hook = store(tmp_path, 'kind = "generic"\nurl = "https://a.example"')
    without = store(tmp_path, id_="plain")
    require_http([with_hook, without])
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    require_http([without])
    with pytest.raises(ReplygateError, match=r'"shop" has a \[\[webhook\]\].*replygate\[http\]'):
        require_http([without, with_hook])
