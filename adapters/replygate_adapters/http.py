"""Any platform or gateway that takes a message as one HTTP request with a JSON body.

What may be out is never called undelivered: only what fails before there is a connection is
surely not. So every message gets a connection of its own; one that was kept open and that the
platform is just closing would leave a message in doubt for nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final
from uuid import uuid4

import aiohttp
from multidict import CIMultiDict

from replygate.clock import Clock, SystemClock
from replygate.config import HttpAdapter, Store
from replygate.errors import (
    PlatformBusy,
    PlatformError,
    PlatformRefused,
    SendUncertain,
)
from replygate.model import Cleared, Receipt

CONNECTIONS: Final = 20
"""Messages of one store that are on their way at once; more wait for their turn."""

ANSWER_BYTES: Final = 64 * 1024
"""What is read of an answer, to find the message's id in it."""

CONNECT_SHARE: Final = 0.5
"""Part of the time in which there must be a connection: what is sent has time for its answer."""

PLATFORM_ID_CHARS: Final = 200

BUSY_S: Final = 1.0
"""How long to wait where the platform does not say."""

BUSY_MIN_S: Final = 0.2
BUSY_MAX_S: Final = 3_600.0

_BUSY: Final = frozenset({408, 425, 429, 503})


class HttpPlatform:
    """Sends a store's texts as its `[adapter]` table says. A `replygate.runtime` platform.

    Belongs to one event loop; `close` when done.
    """

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        assert isinstance(store.adapter, HttpAdapter), "its [adapter] table is that of this kind"
        self._adapter = store.adapter
        self._store = store.id
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None
        self.dedupes = store.adapter.dedupes

    async def send(self, cleared: Cleared, *, client_id: str | None = None) -> Receipt:
        """Send `cleared.text`. `client_id` is the same whenever one message is sent again.

        Raises PlatformRefused, PlatformBusy or SendUncertain, with one line that names no secret,
        no address and nothing of what the platform answered.
        """
        body = self._body(cleared, client_id or uuid4().hex)
        progress = SimpleNamespace(connected=False)
        try:
            return await self._ask(body, progress)
        except PlatformError:
            raise
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            # Not chained: what aiohttp raises names addresses and headers.
            raise self._lost(fault, connected=progress.connected) from None

    async def close(self) -> None:
        """Close what is open. Sending again opens it anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _body(self, cleared: Cleared, client_id: str) -> bytes:
        assert cleared.text is not None, "only a text that may go out gets here"
        draft = cleared.draft
        filled = self._adapter.body.fill(
            {
                "text": cleared.text,
                "conversation": draft.conversation,
                "store": self._store,
                "client_id": client_id,
                "origin": draft.origin,
                "agent": draft.agent,
            }
        )
        # ASCII: a lone surrogate has no UTF-8.
        return json.dumps(filled, separators=(",", ":")).encode("ascii")

    async def _ask(self, body: bytes, progress: SimpleNamespace) -> Receipt:
        adapter = self._adapter
        async with self._open().request(
            adapter.method,
            adapter.url.reveal(),
            data=body,
            headers=self._headers(body),
            allow_redirects=False,
            trace_request_ctx=progress,
        ) as response:
            self._judge(response)
            found = await self._platform_id(response) if adapter.id_path else None
            return Receipt(platform_id=found, at_ms=self._clock.wall_ms())

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_end.append(_note_connected)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                # What is read of an answer is bounded; what it would unpack to is not.
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=self._adapter.timeout_s,
                    connect=self._adapter.timeout_s * CONNECT_SHARE,
                ),
                trace_configs=[trace],
            )
        return self._session

    def _headers(self, body: bytes) -> CIMultiDict[str]:
        headers = CIMultiDict(
            {
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
                "User-Agent": "replygate",
            }
        )
        headers.update({name: value.reveal() for name, value in self._adapter.headers})
        if self._adapter.secret is not None:
            timestamp = str(self._clock.wall_ms() // 1000)
            headers["X-Replygate-Timestamp"] = timestamp
            headers["X-Replygate-Signature"] = sign(self._adapter.secret.reveal(), timestamp, body)
        return headers

    def _judge(self, response: aiohttp.ClientResponse) -> None:
        """Raise what the status code means, unless the message was taken."""
        status, map_ = response.status, self._adapter.status
        said = f"{self._store}: the platform answered {_name(status)}"
        if status in map_.uncertain:
            raise SendUncertain(f"{said}; the message may be out")
        if status in map_.busy or (status in _BUSY and status not in map_.refused):
            retry_after_s = self._retry_after_s(response.headers.get("Retry-After"))
            raise PlatformBusy(
                f"{said}; it may be asked again after {retry_after_s:g} s",
                retry_after_s=retry_after_s,
            )
        if status in map_.refused:
            raise PlatformRefused(said)
        match status // 100:
            case 2:
                return
            case 3:
                raise PlatformRefused(f"{said}; a redirect is never followed")
            case 4:
                raise PlatformRefused(said)
            case _:
                raise SendUncertain(f"{said}; the message may be out")

    def _retry_after_s(self, header: str | None) -> float:
        """What a `Retry-After` asks for, seconds or a date, within bounds."""
        if header is None:
            return BUSY_S
        try:
            if header.strip().isdecimal():
                wait_s = float(header)
            else:
                wait_s = parsedate_to_datetime(header).timestamp() - self._clock.wall_ms() / 1000
        except (ValueError, OverflowError):
            return BUSY_S
        return min(max(wait_s, BUSY_MIN_S), BUSY_MAX_S)

    async def _platform_id(self, response: aiohttp.ClientResponse) -> str:
        """The message's id in the answer. An answer without it proves nothing."""
        found = _look_up(await _read(response), self._adapter.id_path)
        if found is None:
            path = ".".join(self._adapter.id_path)
            raise SendUncertain(
                f"{self._store}: the platform answered {_name(response.status)} without an id at "
                f"{path}; the message may be out"
            )
        return found

    def _lost(self, fault: Exception, *, connected: bool) -> PlatformError:
        why = _reason(fault, self._adapter.timeout_s, connected=connected)
        if connected:
            return SendUncertain(f"{self._store}: {why}, after it was sent; it may be out")
        said = f"{self._store}: {why}; nothing was sent"
        return PlatformBusy(said, retry_after_s=BUSY_S, reached=False)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body, as small hexadecimal letters."""
    signed = timestamp.encode("ascii") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


async def _note_connected(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionCreateEndParams,
) -> None:
    context.trace_request_ctx.connected = True


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The answer's body, or nothing where it is longer than anybody needs."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > ANSWER_BYTES:
            return b""
        parts.append(part)
    return b"".join(parts)


def _look_up(answer: bytes, path: tuple[str, ...]) -> str | None:
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    for key in path:
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    usable = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value)[:PLATFORM_ID_CHARS] or None if usable else None


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _reason(fault: Exception, timeout_s: float, *, connected: bool) -> str:
    """Say what happened, in words of our own: the fault's may name addresses."""
    if isinstance(fault, TimeoutError) and not connected:
        return f"no connection to the platform within {timeout_s * CONNECT_SHARE:g} s"
    if isinstance(fault, TimeoutError):
        return f"the platform did not answer within {timeout_s:g} s"
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return "the platform's host name was not found"
    if isinstance(fault, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "the TLS connection to the platform failed"
    if isinstance(fault, aiohttp.ServerDisconnectedError):
        return "the platform closed the connection"
    if isinstance(fault, OSError) and fault.errno:
        return f"the connection to the platform failed: {os.strerror(fault.errno).lower()}"
    return f"the connection to the platform failed ({type(fault).__name__})"
