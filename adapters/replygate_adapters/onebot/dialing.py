"""Calling the other side: the configured address and no other, with what our caller said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Final

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from replygate_adapters.onebot.frames import FRAME_BYTES
from replygate_adapters.onebot.sides import CLOSE_S, Side

DIAL_S: Final = 10.0
"""A WebSocket is open by then, or it is not reached."""

RETRY_MIN_S: Final = 0.5
RETRY_MAX_S: Final = 15.0
"""A bot that is down is called again after this, doubled each time."""

CONNECTIONS: Final = 100
"""Requests of one store on their way at once."""

SAID: Final = ("Authorization", "X-Self-ID", "X-Client-Role", "User-Agent")
"""Headers that say who is there, for the other side."""


class Unreachable(Exception):
    """The other side can not be reached. `status` is its HTTP status where it refused us."""

    def __init__(self, what: str, status: int | None = None) -> None:
        super().__init__(what)
        self.status = status


def open_session() -> aiohttp.ClientSession:
    """What calls are made with: no cookies, no proxies of the environment, no redirects."""
    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("User-Agent",),
        trace_configs=[trace],
    )


def said_by(request: web.Request) -> CIMultiDict[str]:
    """What our caller said of itself."""
    found: CIMultiDict[str] = CIMultiDict()
    for name in SAID:
        for value in request.headers.getall(name, []):
            found.add(name, value)
    return found


async def dial(session: aiohttp.ClientSession, url: URL, headers: Mapping[str, str]) -> Side:
    """Open a WebSocket. Raises Unreachable."""
    try:
        async with asyncio.timeout(DIAL_S):
            ws = await session.ws_connect(
                url,
                headers=headers,
                autoclose=False,
                max_msg_size=FRAME_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
            )
    except aiohttp.WSServerHandshakeError as error:
        # Not chained: what aiohttp raises names addresses and tokens.
        raise Unreachable(f"it answered {error.status}", error.status) from None
    except TimeoutError:
        raise Unreachable(f"it did not answer within {DIAL_S:g} s") from None
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(_reason(error)) from None
    return Side(ws)


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its host name was not found"
    if isinstance(error, aiohttp.ClientSSLError):
        return "the TLS connection failed"
    return f"the connection failed ({type(error).__name__})"


async def _refuse_redirect(
    _session: aiohttp.ClientSession,
    _context: SimpleNamespace,
    _params: aiohttp.TraceRequestRedirectParams,
) -> None:
    raise aiohttp.ClientError("a redirect is never followed")
