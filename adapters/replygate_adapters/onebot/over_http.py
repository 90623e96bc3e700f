"""HTTP: the framework posts actions to us, the implementation posts events to us.

An event goes on byte for byte, so that its `X-Signature` stays valid; what the framework answers to
it may be a quick operation, whose reply is a text to a buyer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from replygate.errors import PlatformError, PlatformRefused, SendUncertain
from replygate.sidecar.problems import ApiProblem
from replygate_adapters.onebot.actions import Outgoing, outgoing
from replygate_adapters.onebot.answers import NOT_JUDGED, NOT_SENT, Answer, failed
from replygate_adapters.onebot.bodies import (
    TOKEN_KEY,
    params_of,
    read_body,
    read_bounded,
    travelling,
)
from replygate_adapters.onebot.bridge import Bridge
from replygate_adapters.onebot.frames import Unjudgeable, dumps, read_strictly, read_value
from replygate_adapters.onebot.paths import is_signed, shows_token, upstream
from replygate_adapters.onebot.pieces import Unreadable

QUICK: Final = ".handle_quick_operation"

FRAMEWORK_S: Final = 60.0
"""A bot may take so long for the answer to an event, which may hold its reply."""

_JSON: Final = {"Content-Type": "application/json"}
_OK: Final = 200
_BAD_REQUEST: Final = 400
_FAULT: Final = 500
_UNAVAILABLE: Final = 502
_TIMED_OUT: Final = 504


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    def response(self) -> web.Response:
        """The same, for who asked us."""
        return web.Response(status=self.status, headers=self.headers, body=self.body)


async def call(bridge: Bridge, action: str, params: Mapping[str, Any]) -> object:
    """Ask the implementation ourselves; its answer. Raises a PlatformError."""
    headers = CIMultiDict({**_JSON, "User-Agent": "replygate"})
    if bridge.adapter.token is not None:
        headers["Authorization"] = f"Bearer {bridge.adapter.token.reveal()}"
    url = _action_url(bridge, action, None)
    return _judged(await _send(bridge, "POST", url, headers, dumps(params).encode()))


async def serve_action(bridge: Bridge, request: web.Request, action: str) -> web.StreamResponse:
    """Pass an action of the bot to the implementation, and the answer back."""
    if request.method not in {"GET", "POST"}:
        raise ApiProblem("wrong-method", "expected GET or POST", headers={"Allow": "GET, POST"})
    body = await read_body(request)
    try:
        params = params_of(request, body)
        text = outgoing(action, params)
    except (Unjudgeable, Unreadable) as error:
        return _told(failed(NOT_JUDGED, f"replygate: {error}"), _OK)
    url = _action_url(bridge, action, request.query)
    headers = travelling(request.headers)
    if text is None:
        try:
            return (await _send(bridge, request.method, url, headers, body)).response()
        except SendUncertain as error:
            return _told(failed(NOT_SENT, str(error)), _TIMED_OUT)
        except PlatformError as error:
            return _told(failed(NOT_SENT, str(error)), _UNAVAILABLE)
    replies: list[Reply] = []

    async def carry(changed: Mapping[str, Any] | None) -> object:
        if changed is None:
            reply = await _send(bridge, request.method, url, headers, body)
        else:
            token = {key: value for key, value in request.query.items() if key == TOKEN_KEY}
            plain = headers.copy()
            plain["Content-Type"] = "application/json"
            made = dumps(changed).encode()
            reply = await _send(bridge, "POST", url.with_query(token), plain, made)
        replies.append(reply)
        return _judged(reply)

    answer = await bridge.turnstile.send(action, params, text, carry)
    if replies:
        return replies[-1].response()
    if answer is None:
        return _told(failed(NOT_SENT, "no answer in time; it may be out"), _TIMED_OUT)
    return _told(answer, _UNAVAILABLE if answer["retcode"] == NOT_SENT else _OK)


async def serve_event(bridge: Bridge, request: web.Request) -> web.StreamResponse:
    """Pass an event to the bot, at once, and what it replies back, through the gate."""
    if request.method != "POST":
        raise ApiProblem("wrong-method", "expected POST", headers={"Allow": "POST"})
    body = await read_body(request)
    _require_signature(bridge, request, body)
    assert bridge.adapter.event_url is not None, "the way http has one"
    url = upstream(bridge.adapter.event_url.reveal(), "", request.query.get(TOKEN_KEY))
    headers = travelling(request.headers)
    asking = bridge.tasks.hold(
        "onebot framework", _ask(bridge, "POST", url, headers, body, FRAMEWORK_S)
    )
    value = read_value(body)
    if isinstance(value, dict):
        await bridge.intake.take(value)
    try:
        reply = await bridge.tasks.wait(asking)
    except PlatformError as error:
        return _told(failed(NOT_SENT, f"the framework: {error}"), _UNAVAILABLE)
    return await _quick_reply(bridge, request, value, reply)


async def _quick_reply(
    bridge: Bridge, request: web.Request, event: object, reply: Reply
) -> web.StreamResponse:
    """The bot's answer to an event, when it may go out."""
    nothing = web.Response(status=204 if reply.status < _BAD_REQUEST else reply.status)
    if reply.status >= _BAD_REQUEST or not reply.body.strip():
        return nothing
    try:
        operation = read_strictly(reply.body)
        if not isinstance(operation, dict) or not isinstance(event, dict):
            return nothing
        if any(key != key.casefold() for key in operation):
            return nothing
        params = {"context": event, "operation": operation}
        text = outgoing(QUICK, params)
    except (Unjudgeable, Unreadable) as error:
        bridge.failed("onebot quick reply", error)
        return nothing
    if text is None:
        return reply.response()
    return await _through_the_gate(bridge, request, params, text, reply) or nothing


async def _through_the_gate(
    bridge: Bridge,
    request: web.Request,
    params: Mapping[str, Any],
    text: Outgoing,
    reply: Reply,
) -> web.StreamResponse | None:
    responses: list[web.StreamResponse] = []

    async def carry(changed: Mapping[str, Any] | None) -> object:
        body = reply.body if changed is None else dumps(changed["operation"]).encode()
        response = web.Response(status=reply.status, headers=reply.headers, body=body)
        responses.append(response)
        try:
            await response.prepare(request)
            await response.write_eof()
        except (ConnectionError, aiohttp.ClientError) as error:
            raise SendUncertain("the implementation went away; it may be out") from error
        return {"status": "async", "retcode": 1}

    await bridge.turnstile.send(QUICK, params, text, carry)
    return responses[-1] if responses else None


def _require_signature(bridge: Bridge, request: web.Request, body: bytes) -> None:
    """An event may be signed with the token in place of showing it. Raises ApiProblem."""
    token, signature = bridge.adapter.token, request.headers.get("X-Signature")
    if token is None or shows_token(request, token):
        return
    if signature is None or not is_signed(body, signature, token):
        raise ApiProblem("wrong-token", "X-Signature is not made with this store's token")


def _action_url(bridge: Bridge, action: str, query: Mapping[str, str] | None) -> URL:
    url = upstream(bridge.adapter.url.reveal(), "", None)
    made = (url / action).with_query(url.query)
    return made.extend_query(query) if query else made


async def _send(
    bridge: Bridge, method: str, url: URL, headers: CIMultiDict[str], body: bytes
) -> Reply:
    return await _ask(bridge, method, url, headers, body, bridge.adapter.timeout_s)


async def _ask(
    bridge: Bridge,
    method: str,
    url: URL,
    headers: CIMultiDict[str],
    body: bytes,
    timeout_s: float,
) -> Reply:
    """One request. Raises PlatformRefused where it surely was not made, else SendUncertain."""
    try:
        async with bridge.session.request(
            method,
            url,
            data=body or None,
            headers={**headers, "Accept-Encoding": "identity"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout_s),
        ) as response:
            found = await read_bounded(response.content)
            if found is None:
                raise SendUncertain("the answer is too large; it may be out")
            return Reply(response.status, travelling(response.headers), found)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        # Not chained: what aiohttp raises names addresses.
        raise PlatformRefused("there is no connection; nothing was sent") from None
    except TimeoutError:
        raise SendUncertain(f"no answer within {timeout_s:g} s; it may be out") from None
    except (aiohttp.ClientError, OSError) as error:
        raise SendUncertain(f"the connection was lost ({type(error).__name__})") from None


def _judged(reply: Reply) -> object:
    """What an answer says. Raises a PlatformError for one that is none."""
    if reply.status >= _FAULT:
        raise SendUncertain(f"the implementation answered {reply.status}; it may be out")
    if reply.status >= _BAD_REQUEST:
        raise PlatformRefused(f"the implementation answered {reply.status}")
    return read_value(reply.body)


def _told(answer: Answer, status: int) -> web.Response:
    return web.Response(status=status, body=dumps(answer).encode(), content_type="application/json")
