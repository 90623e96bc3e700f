"""What stands around every request: whatever happens in it becomes one clear answer, counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from replygate.sidecar.addresses import is_loopback
from replygate.sidecar.bodies import shorten
from replygate.sidecar.connections import SERVER, Connection
from replygate.sidecar.limits import HEADERS
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.problems import ApiProblem

Failed: TypeAlias = Callable[[str, BaseException], None]
"""Told of the route and the error, where a request failed by our fault."""

UNKNOWN: Final = "unknown"
"""The metrics' name for every path that is not there."""


def guard(metrics: Metrics, failed: Failed, *, is_open: bool) -> Middleware:
    """The middleware of both ports; `is_open` where no token keeps strangers out."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if isinstance(request.protocol, Connection):
            request.protocol.has_asked = True
        began_s = time.perf_counter()
        route = route_of(request)
        response = await _answer(
            request, _at_home(handler) if is_open else handler, lambda error: failed(route, error)
        )
        # How long a WebSocket was open is no time that anybody waited for an answer.
        upgraded = response.status == HTTPStatus.SWITCHING_PROTOCOLS
        took_s = 0.0 if upgraded else time.perf_counter() - began_s
        metrics.answered(route, response.status, took_s)
        return response

    return guarded


async def stamp(_request: web.Request, response: web.StreamResponse) -> None:
    """Name ourselves without versions, and let nobody guess or keep what we answered."""
    response.headers["Server"] = SERVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")


async def expect_continue(request: web.Request) -> web.StreamResponse | None:
    """Let a client send its body; it can expect nothing else."""
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # What was written is no part of the answer.
        request.writer.output_size = 0
        return None
    return ApiProblem("bad-expectation", "expected Expect: 100-continue, or none").response()


def route_of(request: web.Request) -> str:
    """The route as the table writes it: bounded, whatever is asked for."""
    resource = request.match_info.route.resource
    return UNKNOWN if resource is None else resource.canonical


def _at_home(handler: Handler) -> Handler:
    """Refuse what a page in a browser on this machine was tricked into asking (DNS rebinding)."""

    async def checked(request: web.Request) -> web.StreamResponse:
        host = request.url.host
        if host is None or not is_loopback(host):
            raise ApiProblem("wrong-host", "the Host header does not name this machine")
        return await handler(request)

    return checked


def _require_few_headers(request: web.Request) -> None:
    # Older versions of aiohttp do not count them.
    if len(request.headers) > HEADERS:
        raise ApiProblem("bad-http", f"there are more than {HEADERS} headers")


async def _answer(
    request: web.Request, handler: Handler, failed: Callable[[BaseException], None]
) -> web.StreamResponse:
    try:
        _require_few_headers(request)
        return await handler(request)
    except ApiProblem as problem:
        return problem.response()
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        detail = f"{shorten(request.method)} is not allowed here; allowed: {allowed}"
        return ApiProblem("wrong-method", detail, headers={"Allow": allowed}).response()
    except web.HTTPNotFound:
        return ApiProblem("unknown-route", "there is nothing at this path").response()
    except Exception as error:
        if isinstance(error, ConnectionError) and request.transport is None:
            # The client went away: nobody waits for an answer, and nothing is at fault.
            raise
        failed(error)
        return ApiProblem("internal", "a fault of replygate itself").response()
