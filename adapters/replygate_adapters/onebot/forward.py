"""Forward WebSocket: the framework connects to us, and we connect to the implementation.

Beside the framework's connections there is one of our own, which hears buyers and sends holding
replies while no bot is there. What comes over both is recorded once.
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

from aiohttp import web
from multidict import CIMultiDict

from replygate.sidecar.problems import ApiProblem
from replygate_adapters.onebot.bridge import Bridge
from replygate_adapters.onebot.dialing import RETRY_MAX_S, RETRY_MIN_S, Unreachable, dial, said_by
from replygate_adapters.onebot.pair import Pair
from replygate_adapters.onebot.paths import Target, upstream
from replygate_adapters.onebot.reverse import accept, require_websocket, takes_actions
from replygate_adapters.onebot.sides import GOING_AWAY, Ended, Side


async def serve_forward(
    bridge: Bridge, request: web.Request, target: Target, pairs: list[Pair]
) -> web.StreamResponse:
    """Serve the framework until either side ends. Raises ApiProblem where nobody is behind us."""
    require_websocket(request)
    url = upstream(bridge.adapter.url.reveal(), target.suffix, request.query.get("access_token"))
    try:
        implementation = await dial(bridge.session, url, said_by(request))
    except Unreachable as error:
        raise ApiProblem("not-ready", f"the implementation can not be reached: {error}") from error

    try:
        # A bot that computes for a minute answers no ping, and is not gone.
        ws = await accept(request, None)
    except BaseException:
        await implementation.end(Ended(GOING_AWAY))
        raise
    pair = Pair(bridge, implementation, takes_actions=takes_actions(request, target))
    pair.join(Side(ws))
    pairs.append(pair)
    try:
        await pair.run()
    finally:
        pairs.remove(pair)
    return ws


async def listen(bridge: Bridge, pairs: list[Pair]) -> NoReturn:
    """Keep a connection of our own to the implementation."""
    headers: CIMultiDict[str] = CIMultiDict({"User-Agent": "replygate"})
    if bridge.adapter.token is not None:
        headers["Authorization"] = f"Bearer {bridge.adapter.token.reveal()}"
    url = upstream(bridge.adapter.url.reveal(), "", None)
    wait_s, told = RETRY_MIN_S, ""
    while True:
        try:
            implementation = await dial(bridge.session, url, headers)
        except Unreachable as error:
            if str(error) != told:
                told = str(error)
                bridge.failed("onebot implementation", error)
        else:
            wait_s, told = RETRY_MIN_S, ""
            pair = Pair(bridge, implementation, takes_actions=True)
            pairs.append(pair)
            try:
                await pair.run()
            finally:
                pairs.remove(pair)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, RETRY_MAX_S)
