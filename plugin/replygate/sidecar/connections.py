"""A listener whose every connection is bounded: in number, in time, in the length of its lines."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final, cast

from aiohttp import web

from replygate.sidecar.limits import (
    CONNECTIONS,
    HEADERS,
    HEADERS_S,
    IDLE_S,
    LINE_BYTES,
    LINGER_S,
)
from replygate.sidecar.problems import ApiProblem

SERVER: Final = "replygate"

_OPTIONS: Final[dict[str, Any]] = {
    "access_log": None,
    "keepalive_timeout": IDLE_S,
    "lingering_time": LINGER_S,
    "max_line_size": LINE_BYTES,
    "max_field_size": LINE_BYTES,
    "max_headers": HEADERS,
    # A small body could hide a large one.
    "auto_decompress": False,
    # Its errors are answers of ours; the journal has what people should know.
    "logger": logging.getLogger("replygate.sidecar"),
}


class Connection(web.RequestHandler):
    """One connection. It is closed where no request comes, and errors are problems."""

    __slots__ = ("_deadline", "has_asked")

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, **_OPTIONS)
        self._deadline: asyncio.TimerHandle | None = None
        self.has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have a request within HEADERS_S, or close."""
        super().connection_made(transport)
        self._deadline = asyncio.get_running_loop().call_later(HEADERS_S, self._require_request)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the deadline."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - aiohttp's signature
        message: str | None = None,  # noqa: ARG002 - aiohttp's signature
    ) -> web.StreamResponse:
        """Answer what could not be read as HTTP, in place of aiohttp's own text."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is out already")
        bad = status < web.HTTPInternalServerError.status_code
        response = ApiProblem(
            "bad-http" if bad else "internal",
            "this is not valid HTTP, or its lines are too long" if bad else "a fault of replygate",
            headers={"Server": SERVER},
        ).response()
        response.force_close()
        return response

    def _require_request(self) -> None:
        self._deadline = None
        if not self.has_asked:
            self.force_close()


class Refusal(asyncio.Protocol):
    """Where there are too many connections: one more is told so and closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Write the answer before anything was asked."""
        out = cast("asyncio.Transport", transport)
        response = ApiProblem("busy", f"{CONNECTIONS} connections are open").response()
        body = cast("bytes", response.body)
        head = (
            "HTTP/1.1 503 Service Unavailable\r\n"
            f"Content-Type: {response.content_type}\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Server: {SERVER}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
        )
        out.write(head.encode() + body)
        out.close()


class Listener:
    """One listening address and the application behind it."""

    def __init__(self, app: web.Application, *, connections_max: int = CONNECTIONS) -> None:
        self._runner = web.AppRunner(app, access_log=None)
        self._connections_max = connections_max
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the address can not be had."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, host, port)

    @property
    def port(self) -> int:
        """The port that was given, where 0 was asked for."""
        assert self._server is not None, "start() comes first"
        return int(self._server.sockets[0].getsockname()[1])

    def stop_listening(self) -> None:
        """Take no new connections; those that are open go on."""
        if self._server is not None:
            self._server.close()

    async def close(self, wait_s: float) -> None:
        """End every connection; requests at work may take so long."""
        self.stop_listening()
        server = self._runner.server
        if server is not None:
            server.pre_shutdown()
            await server.shutdown(wait_s)
        await self._runner.cleanup()

    def _connect(self) -> asyncio.Protocol:
        server = self._runner.server
        assert server is not None, "the runner is set up before anybody connects"
        if len(server.connections) >= self._connections_max:
            return Refusal()
        return Connection(server, asyncio.get_running_loop())
