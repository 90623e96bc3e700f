"""OneBot over HTTP: bodies within bounds, headers that travel, parameters in their three shapes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import StreamReader, web
from multidict import CIMultiDict, CIMultiDictProxy

from replygate.sidecar.problems import ApiProblem
from replygate_adapters.onebot.frames import (
    FRAME_BYTES,
    Unjudgeable,
    read_strictly,
    sound_params,
)

BODY_S: Final = 30.0
"""A body has come by then."""

TOKEN_KEY: Final = "access_token"  # noqa: S105 - its name, not its value

_STAYS: Final = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "accept-encoding",
    }
)
"""Headers of one connection, not of what is said over it."""


async def read_body(request: web.Request) -> bytes:
    """A request's body as it came. Raises ApiProblem."""
    try:
        async with asyncio.timeout(BODY_S):
            body = await read_bounded(request.content)
    except TimeoutError as error:
        raise ApiProblem("too-slow", f"the body did not come within {BODY_S:g} s") from error
    if body is None:
        raise ApiProblem("too-large", f"the body has more than {FRAME_BYTES} bytes")
    return body


async def read_bounded(content: StreamReader) -> bytes | None:
    """All of it; None where it is longer than FRAME_BYTES."""
    parts: list[bytes] = []
    size = 0
    async for part in content.iter_any():
        size += len(part)
        if size > FRAME_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def travelling(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """The headers that are for the other side. What comes back must be readable."""
    found: CIMultiDict[str] = CIMultiDict()
    for name, value in headers.items():
        if name.casefold() not in _STAYS:
            found.add(name, value)
    return found


def params_of(request: web.Request, body: bytes) -> Mapping[str, Any]:
    """An action's parameters. Raises Unjudgeable where it is not clear what they are."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Unjudgeable("a compressed body is not read")
    in_query = [(key, value) for key, value in request.query.items() if key != TOKEN_KEY]
    if not body:
        return sound_params(_unique(in_query))
    if in_query:
        raise Unjudgeable("parameters stand in the address and in the body")
    if request.content_type == "application/json":
        return sound_params(read_strictly(body))
    if request.content_type == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
        except ValueError as error:
            raise Unjudgeable("the form is not UTF-8") from error
        return sound_params(_unique(pairs))
    raise Unjudgeable("expected a body of application/json or application/x-www-form-urlencoded")


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in pairs:
        if key in found:
            raise Unjudgeable(f"the parameter {key} is there twice")
        found[key] = value
    return found
