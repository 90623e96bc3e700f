"""The network: one POST, with nothing followed, nothing kept, and everything bounded."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from replygate.config import Store
from replygate.errors import ReplygateError
from replygate.notify.wire import Answer, Request

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S: Final = 5.0
"""A robot that has not answered by then is asked again."""

ANSWER_BYTES: Final = 16 * 1024

RETRY_AFTER_MAX_S: Final = 3_600.0

CONNECTIONS: Final = 20


class Unreachable(ReplygateError):
    """There was no answer; what was sent may have been read all the same."""


def require_http(stores: Iterable[Store]) -> None:
    """Raise ReplygateError where a store has webhooks and the library to call them is missing."""
    names = [store.id for store in stores if store.webhooks]
    if names and importlib.util.find_spec("aiohttp") is None:
        raise ReplygateError(
            f'the store "{names[0]}" has a [[webhook]], and the extra `http` is not installed; '
            "run pip install 'replygate[http]'"
        )


class Poster:
    """Sends requests. Belongs to one event loop; `close` when done."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, request: Request) -> Answer:
        """Send it and read the answer. Raises Unreachable, in words that name no address."""
        import aiohttp

        try:
            async with self._open().post(
                request.url, data=request.body, headers=request.headers, allow_redirects=False
            ) as response:
                body = await _start_of(response.content)
                retry_after_s = _seconds(response.headers.get("Retry-After"))
                return Answer(response.status, body, retry_after_s)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            # Not chained: what aiohttp raises names addresses.
            raise Unreachable(self._words(fault)) from None

    async def close(self) -> None:
        """Close what is open."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                # What is read of an answer is bounded; what it would unpack to is not.
                auto_decompress=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "replygate"},
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            )
        return self._session

    def _words(self, fault: Exception) -> str:
        import aiohttp

        if isinstance(fault, TimeoutError):
            return f"no answer within {self._timeout_s:g} s"
        if isinstance(fault, aiohttp.ClientConnectorDNSError):
            return "the host name was not found"
        if isinstance(fault, aiohttp.ClientSSLError):
            return "the TLS connection failed"
        if isinstance(fault, aiohttp.ServerDisconnectedError):
            return "the connection was closed without an answer"
        if isinstance(fault, OSError) and fault.errno:
            return f"the connection failed: {os.strerror(fault.errno).lower()}"
        return f"the connection failed ({type(fault).__name__})"


async def _start_of(content: aiohttp.StreamReader) -> bytes:
    """The body, or as much of it as is read; it comes in pieces."""
    body = b""
    while len(body) < ANSWER_BYTES and (piece := await content.read(ANSWER_BYTES - len(body))):
        body += piece
    return body


def _seconds(header: str | None) -> float | None:
    """What a `Retry-After` in seconds asks for, within bounds."""
    text = (header or "").strip()
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(float(text[:9]), RETRY_AFTER_MAX_S)
