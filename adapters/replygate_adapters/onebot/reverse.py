"""Reverse WebSocket: the implementation connects to us, and we connect to the framework."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from replygate.sidecar.problems import ApiProblem
from replygate_adapters.onebot.bridge import Bridge
from replygate_adapters.onebot.dialing import RETRY_MAX_S, RETRY_MIN_S, Unreachable, dial, said_by
from replygate_adapters.onebot.frames import FRAME_BYTES
from replygate_adapters.onebot.pair import Pair
from replygate_adapters.onebot.paths import Target, upstream
from replygate_adapters.onebot.sides import CLOSE_S, Side

HEARTBEAT_S: Final = 60.0
"""An implementation that answers no ping for half of this is gone: it would lose our sends."""


def require_websocket(request: web.Request) -> None:
    """Raises ApiProblem for a request that wants none."""
    if not web.WebSocketResponse().can_prepare(request).ok:
        raise ApiProblem("bad-http", "expected a WebSocket handshake")


async def accept(request: web.Request, heartbeat_s: float | None) -> web.WebSocketResponse:
    """Open the WebSocket that was asked for."""
    ws = web.WebSocketResponse(
        autoclose=False,
        compress=False,
        heartbeat=heartbeat_s,
        max_msg_size=FRAME_BYTES,
        timeout=CLOSE_S,
    )
    await ws.prepare(request)
    return ws


def takes_actions(request: web.Request, target: Target) -> bool:
    """Whether a connection of this role takes actions; `Event` only tells."""
    role = request.headers.get("X-Client-Role", "")
    return role.casefold() != "event" and target.suffix != "/event"


async def serve_reverse(
    bridge: Bridge, request: web.Request, target: Target, pairs: list[Pair]
) -> web.StreamResponse:
    """Serve the implementation until either side ends."""
    require_websocket(request)
    url = upstream(bridge.adapter.url.reveal(), target.suffix, request.query.get("access_token"))
    headers = said_by(request)

    async def reach() -> Side:
        """Come to the framework; while it is down, buyers' messages are recorded all the same."""
        wait_s, told = RETRY_MIN_S, ""
        while True:
            try:
                return await dial(bridge.session, url, headers)
            except Unreachable as error:
                pair.wait_no_more()
                if str(error) != told:
                    told = str(error)
                    bridge.failed("onebot framework", error)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)

    ws = await accept(request, HEARTBEAT_S)
    pair = Pair(
        bridge,
        Side(ws),
        takes_actions=takes_actions(request, target),
        self_id=request.headers.get("X-Self-ID"),
    )
    pairs.append(pair)
    try:
        await pair.run(reach)
    finally:
        pairs.remove(pair)
    return ws
