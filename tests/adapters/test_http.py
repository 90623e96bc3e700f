"""Against real servers on the loopback: what goes over the wire, and what each answer means."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import struct
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from aiohttp import web

from replygate.config import load_store
from replygate.errors import PlatformBusy, PlatformError, PlatformRefused, SendUncertain
from replygate.model import Cleared, Draft, Origin, Receipt
from replygate.runtime.platform import port_of
from replygate.screening.gate import Gate
from replygate.screening.rule import RulePart
from replygate.screening.rulebook import Rulebook
from replygate.testing import VirtualClock
from replygate_adapters.http import ANSWER_BYTES, BUSY_MAX_S, BUSY_S, CONNECTIONS, HttpPlatform

NOW = VirtualClock().wall_ms()
SECRET = "s3cret"  # noqa: S105 - what must never be shown


@dataclass
class Gateway:
    """A platform's own server: answers as it is told, remembers what it was sent."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    busiest: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        self.bodies.append(await request.read())
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self.answers.wait()
        finally:
            self.busy -= 1
        return web.Response(status=self.status, headers=self.headers, body=self.body)

    @property
    def sent(self) -> object:
        (body,) = self.bodies
        return json.loads(body)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    gateway = Gateway()
    gateway.answers.set()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", gateway.handle)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    gateway.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    yield gateway
    await runner.cleanup()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[tuple[int, list[int]]]:
    """A server below HTTP. Gives its port, and one entry per connection."""
    connections: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], connections
    finally:
        server.close()
        await server.wait_closed()


MakePlatform = Callable[..., HttpPlatform]


@pytest.fixture
async def connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakePlatform]:
    """Makes the platform of a store whose `[adapter]` table goes on with `table`."""
    made: list[HttpPlatform] = []
    monkeypatch.setenv("SEND_TOKEN", f"Bearer {SECRET}")
    monkeypatch.setenv("SIGN_KEY", SECRET)

    def make(url: str, table: str = "", more: str = "") -> HttpPlatform:
        monkeypatch.setenv("SEND_URL", url)
        path = tmp_path / "shop.toml"
        path.write_text(
            'id = "shop"\n[adapter]\nkind = "http"\nurl = { env = "SEND_URL" }\n'
            'headers.Authorization = { env = "SEND_TOKEN" }\nheaders.X-Shop = "7"\n'
            f'secret = {{ env = "SIGN_KEY" }}\n{more}\n{table}\n',
            "utf-8",
        )
        platform = HttpPlatform(load_store(path), VirtualClock())
        made.append(platform)
        return platform

    yield make
    for platform in made:
        await platform.close()


def cleared(text: str = "今天发货", origin: Origin = "bot", agent: str | None = None) -> Cleared:
    gate = Gate(Rulebook.compile(RulePart(), RulePart()))
    return gate.screen(Draft("c-1", text, store="shop", origin=origin, agent=agent))


async def failure(platform: HttpPlatform) -> PlatformError:
    """What a send raises: one clear line without anything secret, down to its traceback."""
    with pytest.raises(PlatformError) as raised:
        await platform.send(cleared(), client_id="k-1")
    shown = "".join(traceback.format_exception(raised.value))
    assert str(raised.value).startswith("shop: ")
    assert "\n" not in str(raised.value)
    assert SECRET not in shown
    assert "127.0.0.1:" not in shown
    return raised.value


async def test_a_message_becomes_one_request(gateway: Gateway, connect: MakePlatform) -> None:
    receipt = await connect(gateway.url).send(cleared(origin="hold"), client_id="k-1")
    assert receipt == Receipt(platform_id=None, at_ms=NOW)
    (request,) = gateway.requests
    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
    assert request.headers["X-Shop"] == "7"
    assert gateway.sent == {
        "text": "今天发货",
        "conversation": "c-1",
        "client_id": "k-1",
        "origin": "hold",
    }


async def test_the_body_is_what_the_store_asks_for(gateway: Gateway, connect: MakePlatform) -> None:
    platform = connect(
        gateway.url,
        'method = "PATCH"\n[adapter.body]\nmsg = { type = "text", content = "{text}" }\n'
        'tags = ["{store}/{origin}", "{agent}", 3]\n',
    )
    text = '引"号 \\ 换\n行 {origin} \ud800 "}'
    await platform.send(cleared(text))
    assert gateway.requests[0].method == "PATCH"
    assert gateway.sent == {
        "msg": {"type": "text", "content": text},
        "tags": ["shop/bot", None, 3],
    }


@pytest.mark.parametrize("origin", ["bot", "hold"])
async def test_nothing_of_ours_is_called_human(
    gateway: Gateway, connect: MakePlatform, origin: Origin
) -> None:
    await connect(gateway.url).send(cleared(origin=origin))
    assert isinstance(gateway.sent, dict)
    assert gateway.sent["origin"] == origin


async def test_a_configured_header_replaces_ours(gateway: Gateway, connect: MakePlatform) -> None:
    header = 'headers.content-type = "application/vnd.shop+json"'
    await connect(gateway.url, "", header).send(cleared())
    assert gateway.requests[0].headers.getall("Content-Type") == ["application/vnd.shop+json"]


async def test_the_body_is_signed(gateway: Gateway, connect: MakePlatform) -> None:
    await connect(gateway.url).send(cleared())
    (request,), (body,) = gateway.requests, gateway.bodies
    timestamp = request.headers["X-Replygate-Timestamp"]
    assert timestamp == str(NOW // 1000)
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    assert request.headers["X-Replygate-Signature"] == expected.hexdigest()


async def test_every_send_without_an_id_gets_one_of_its_own(
    gateway: Gateway, connect: MakePlatform
) -> None:
    platform = connect(gateway.url)
    await platform.send(cleared())
    await platform.send(cleared())
    ids = {json.loads(body)["client_id"] for body in gateway.bodies}
    assert len(ids) == 2
    assert all(len(found) == 32 for found in ids)


async def test_no_cookie_and_no_connection_is_kept(gateway: Gateway, connect: MakePlatform) -> None:
    gateway.headers = {"Set-Cookie": "session=1; Path=/"}
    platform = connect(gateway.url)
    await platform.send(cleared())
    await platform.send(cleared())
    assert all("Cookie" not in request.headers for request in gateway.requests)
    assert len(gateway.peers) == 2


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("id", '{"id": "m-9"}', "m-9"),
        ("data.msg_id", '{"data": {"msg_id": 12345678901234567890}}', "12345678901234567890"),
        ("messages.1.id", '{"messages": [{}, {"id": "b"}]}', "b"),
        ("id", json.dumps({"id": "x" * 300}), "x" * 200),
    ],
)
async def test_the_id_of_the_message_is_found(
    gateway: Gateway, connect: MakePlatform, path: str, body: str, expected: str
) -> None:
    gateway.body = body.encode()
    receipt = await connect(gateway.url, f'id_path = "{path}"').send(cleared())
    assert receipt.platform_id == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ok",
        b'{"errcode": 40001}',
        b'{"id": null}',
        b'{"id": ""}',
        b'{"id": true}',
        b'{"id": {}}',
        b"[]",
        b"[" * 100_000,
        b'{"id": "' + b"x" * ANSWER_BYTES + b'"}',
        b'{"id": "\xff"}',
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
async def test_an_answer_without_the_id_proves_nothing(
    gateway: Gateway, connect: MakePlatform, body: bytes
) -> None:
    gateway.body = body
    error = await failure(connect(gateway.url, 'id_path = "id"'))
    assert isinstance(error, SendUncertain)
    assert str(error) == (
        "shop: the platform answered 200 OK without an id at id; the message may be out"
    )


async def test_an_answer_that_nobody_asks_for_is_not_read(
    gateway: Gateway, connect: MakePlatform
) -> None:
    gateway.body = b"x" * (4 * ANSWER_BYTES)
    assert (await connect(gateway.url).send(cleared())).platform_id is None


MEANINGS = [
    (201, None),
    (204, None),
    (301, PlatformRefused),
    (302, PlatformRefused),
    (307, PlatformRefused),
    (400, PlatformRefused),
    (401, PlatformRefused),
    (404, PlatformRefused),
    (408, PlatformBusy),
    (409, PlatformRefused),
    (418, PlatformRefused),
    (422, PlatformRefused),
    (425, PlatformBusy),
    (429, PlatformBusy),
    (451, PlatformRefused),
    (500, SendUncertain),
    (501, SendUncertain),
    (502, SendUncertain),
    (503, PlatformBusy),
    (504, SendUncertain),
    (599, SendUncertain),
]


@pytest.mark.parametrize(("status", "meaning"), MEANINGS)
async def test_what_a_status_means(
    gateway: Gateway, connect: MakePlatform, status: int, meaning: type[PlatformError] | None
) -> None:
    gateway.status = status
    gateway.headers = {"Location": "/elsewhere"}
    gateway.body = SECRET.encode() if status != 204 else b""
    platform = connect(gateway.url)
    if meaning is None:
        assert await platform.send(cleared()) == Receipt(None, NOW)
    else:
        error = await failure(platform)
        assert type(error) is meaning
        assert f"the platform answered {status}" in str(error)
    assert len(gateway.requests) == 1, "no redirect is followed, nothing is repeated"


@pytest.mark.parametrize(
    ("table", "status", "meaning"),
    [
        ("refused = [202]", 202, PlatformRefused),
        ("refused = [503]", 503, PlatformRefused),
        ("refused = [500]", 500, PlatformRefused),
        ("busy = [500]", 500, PlatformBusy),
        ("busy = [403]", 403, PlatformBusy),
        ("busy = [202]", 202, PlatformBusy),
        ("uncertain = [429]", 429, SendUncertain),
        ("uncertain = [200]", 200, SendUncertain),
        ("uncertain = [302]", 302, SendUncertain),
    ],
)
async def test_a_store_may_give_a_status_another_meaning(
    gateway: Gateway,
    connect: MakePlatform,
    table: str,
    status: int,
    meaning: type[PlatformError],
) -> None:
    gateway.status = status
    assert type(await failure(connect(gateway.url, f"[adapter.status]\n{table}"))) is meaning


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, BUSY_S),
        ("3", 3),
        ("0", 0.2),
        (" 7 ", 7),
        ("99999999999999999999", BUSY_MAX_S),
        ("-5", BUSY_S),
        ("2.5", BUSY_S),
        ("soon", BUSY_S),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.2),
        ("Fri, 31 Dec 9999 23:59:59 GMT", BUSY_MAX_S),
        ("Fri, 99 Dec 9999 23:59:59 GMT", BUSY_S),
    ],
)
async def test_how_long_a_busy_platform_asks_to_wait(
    gateway: Gateway, connect: MakePlatform, header: str | None, wait_s: float
) -> None:
    gateway.status = 429
    gateway.headers = {} if header is None else {"Retry-After": header}
    error = await failure(connect(gateway.url))
    assert isinstance(error, PlatformBusy)
    assert (error.retry_after_s, error.reached) == (wait_s, True)
    assert f"after {wait_s:g} s" in str(error)


async def test_a_date_to_wait_for(gateway: Gateway, connect: MakePlatform) -> None:
    gateway.status = 503
    gateway.headers = {"Retry-After": formatdate(NOW // 1000 + 90, usegmt=True)}
    error = await failure(connect(gateway.url))
    assert isinstance(error, PlatformBusy)
    assert error.retry_after_s == pytest.approx(90, abs=1)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_nobody_listens(connect: MakePlatform) -> None:
    error = await failure(connect(f"http://127.0.0.1:{closed_port()}/{SECRET}"))
    assert isinstance(error, PlatformBusy)
    assert str(error) == (
        "shop: the connection to the platform failed: connection refused; nothing was sent"
    )
    assert (error.retry_after_s, error.reached) == (BUSY_S, False)


async def test_a_host_that_does_not_exist(connect: MakePlatform) -> None:
    error = await failure(connect(f"http://nowhere.invalid/{SECRET}", "timeout_s = 8"))
    assert isinstance(error, PlatformBusy)
    assert str(error).endswith("; nothing was sent")
    assert "nowhere" not in str(error)


async def test_a_server_without_tls(gateway: Gateway, connect: MakePlatform) -> None:
    error = await failure(connect(gateway.url.replace("http:", "https:")))
    assert isinstance(error, PlatformBusy)
    assert str(error) == "shop: the TLS connection to the platform failed; nothing was sent"
    assert gateway.requests == []


async def test_a_handshake_that_never_ends(connect: MakePlatform) -> None:
    done = asyncio.Event()

    async def stay_silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await done.wait()

    async with raw_server(stay_silent) as (port, _):
        error = await failure(connect(f"https://127.0.0.1:{port}/", "timeout_s = 0.2"))
        done.set()
    assert isinstance(error, PlatformBusy)
    assert str(error) == "shop: no connection to the platform within 0.1 s; nothing was sent"


async def test_no_answer_in_time(gateway: Gateway, connect: MakePlatform) -> None:
    gateway.answers.clear()
    error = await failure(connect(gateway.url, "timeout_s = 0.2"))
    assert isinstance(error, SendUncertain)
    assert str(error) == (
        "shop: the platform did not answer within 0.2 s, after it was sent; it may be out"
    )
    assert len(gateway.requests) == 1


async def _read_request(reader: asyncio.StreamReader) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)
    writer.write(b"SSH-2.0-shop\r\n\r\n")
    await writer.drain()


async def stop_in_the_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await writer.drain()


async def stop_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": "m')
    await writer.drain()


async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    "talk", [hang_up, reset, talk_nonsense, stop_in_the_headers, stop_in_the_body, endless_headers]
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_connection_that_breaks_after_sending(
    connect: MakePlatform, talk: Talk, method: str
) -> None:
    async with raw_server(talk) as (port, connections):
        platform = connect(
            f"http://127.0.0.1:{port}/", f'id_path = "id"\nmethod = "{method}"\ntimeout_s = 3'
        )
        error = await failure(platform)
    assert isinstance(error, SendUncertain)
    assert str(error).endswith("after it was sent; it may be out")
    assert len(connections) == 1, "what may be out is never repeated"


async def test_a_body_cut_short_matters_only_where_it_is_read(connect: MakePlatform) -> None:
    async with raw_server(stop_in_the_body) as (port, _):
        assert await connect(f"http://127.0.0.1:{port}/").send(cleared()) == Receipt(None, NOW)


async def test_a_packed_answer_is_not_unpacked(connect: MakePlatform) -> None:
    async def pack(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"accept-encoding: identity" in head.lower()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz")
        await writer.drain()

    async with raw_server(pack) as (port, _):
        error = await failure(connect(f"http://127.0.0.1:{port}/", 'id_path = "id"'))
    assert isinstance(error, SendUncertain)
    assert "without an id" in str(error)


async def test_messages_wait_for_a_free_connection(gateway: Gateway, connect: MakePlatform) -> None:
    platform = connect(gateway.url)
    count = CONNECTIONS + 10
    receipts = await asyncio.gather(*(platform.send(cleared()) for _ in range(count)))
    assert len(receipts) == len(gateway.requests) == count
    assert gateway.busiest <= CONNECTIONS


async def test_who_never_got_a_connection_was_not_sent(
    gateway: Gateway, connect: MakePlatform
) -> None:
    gateway.answers.clear()
    platform = connect(gateway.url, "timeout_s = 0.5")
    outcomes = await asyncio.gather(
        *(platform.send(cleared()) for _ in range(CONNECTIONS + 3)), return_exceptions=True
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(SendUncertain) == len(gateway.requests) == CONNECTIONS
    assert kinds.count(PlatformBusy) == 3


async def test_closing_ends_nothing_for_good(gateway: Gateway, connect: MakePlatform) -> None:
    platform = connect(gateway.url)
    await platform.close()
    await platform.send(cleared())
    await platform.close()
    await platform.close()
    await platform.send(cleared())
    assert len(gateway.requests) == 2


async def test_the_runtime_gives_its_own_id(gateway: Gateway, connect: MakePlatform) -> None:
    port = port_of(connect(gateway.url, "dedupes = true"))
    assert port.dedupes
    await port.send(cleared(), "k-7")
    assert isinstance(gateway.sent, dict)
    assert gateway.sent["client_id"] == "k-7"


def test_it_is_found_by_its_name() -> None:
    (entry,) = entry_points(group="replygate.adapters", name="http")
    assert entry.load() is HttpPlatform
