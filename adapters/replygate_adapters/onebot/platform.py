"""A store behind a OneBot v11 implementation: the proxy's front, and the way of holding replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import web

from replygate.config import OneBotAdapter, Store
from replygate.errors import PlatformBusy
from replygate.model import Cleared, Receipt
from replygate.runtime import ReplyGate
from replygate.sidecar.problems import ApiProblem
from replygate_adapters.onebot import over_http
from replygate_adapters.onebot.answers import receipt_of
from replygate_adapters.onebot.bridge import Bridge
from replygate_adapters.onebot.dialing import open_session
from replygate_adapters.onebot.forward import listen, serve_forward
from replygate_adapters.onebot.pair import Pair
from replygate_adapters.onebot.paths import names_store, shows_token, target_of
from replygate_adapters.onebot.reverse import serve_reverse
from replygate_adapters.onebot.saying import Route, saying
from replygate_adapters.onebot.sides import GOING_AWAY, RESTART, Ended

BUSY_S: Final = 1.0
"""Without a connection, the next try comes after this."""

QUIET_S: Final = 10.0
"""Texts on their way have so long before a connection is ended for a reload."""


class OneBotPlatform:
    """Serves one store's proxy, and sends its holding replies.

    Belongs to one event loop; made by the store, begun by `start`, ended by `close`.
    """

    def __init__(self, store: Store) -> None:
        assert isinstance(store.adapter, OneBotAdapter), "its [adapter] table is of this kind"
        self._adapter = store.adapter
        self._store = store.id
        self._pairs: list[Pair] = []
        self._bridge: Bridge | None = None

    async def start(self, gate: ReplyGate, failed: Callable[[str, BaseException], None]) -> None:
        """Begin to serve."""
        session = open_session()
        self._bridge = Bridge.build(self._store, self._adapter, gate, session, failed)
        if self._adapter.way == "forward-ws":
            self._bridge.tasks.start("onebot listener", listen(self._bridge, self._pairs))

    def claims(self, request: web.Request) -> bool:
        """Whether a request is for this store and shows its token."""
        target = target_of(request.path)
        if target is None or not names_store(target, request, self._store, self._adapter):
            return False
        # A signature takes the token to make; what is signed can be read only later.
        is_signed = target.door == "event" and "X-Signature" in request.headers
        return is_signed or shows_token(request, self._adapter.token)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection or request. Raises ApiProblem."""
        target, bridge = target_of(request.path), self._bridge
        assert target is not None, "claims() comes first"
        if bridge is None:
            raise ApiProblem("not-ready", "the store's adapter is closed")
        match self._adapter.way, target.door:
            case "reverse-ws", "ws":
                return await serve_reverse(bridge, request, target, self._pairs)
            case "forward-ws", "ws":
                return await serve_forward(bridge, request, target, self._pairs)
            case "http", "api":
                return await over_http.serve_action(bridge, request, target.action)
            case "http", "event":
                return await over_http.serve_event(bridge, request)
        detail = f'this store\'s adapter has way = "{self._adapter.way}"'
        raise ApiProblem("unknown-route", detail)

    async def send(self, cleared: Cleared) -> Receipt:
        """Send a text of ours. Raises a PlatformError."""
        assert cleared.text is not None, "only a text that may go out gets here"
        bridge = self._bridge
        if bridge is None:
            raise PlatformBusy(f"{self._store}: the proxy is closed", retry_after_s=BUSY_S)
        conversation = cleared.draft.conversation
        route = bridge.intake.route(conversation)
        action, params = saying(conversation, cleared.text, route)
        if self._adapter.way == "http":
            answer = await over_http.call(bridge, action, params)
        else:
            answer = await self._pair_for(route).call(action, params)
        return receipt_of(answer, bridge.gate.now_ms())

    def _pair_for(self, route: Route | None) -> Pair:
        """The latest connection that a text can go out by: of the account that heard the buyer."""
        heard_by = None if route is None else route.self_id
        for pair in reversed(self._pairs):
            if pair.can_send and (heard_by is None or pair.self_id in {None, heard_by}):
                return pair
        what = f"{self._store}: no implementation is connected; nothing was sent"
        raise PlatformBusy(what, retry_after_s=BUSY_S)

    def keeps(self, store: Store) -> bool:
        """Whether nothing changed that connections depend on."""
        return store.id == self._store and store.adapter == self._adapter

    async def retire(self) -> None:
        """End every connection when its texts are through; both sides come again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_S):
                for pair in list(self._pairs):
                    await pair.quiet()
        await self._end(Ended(RESTART, "replygate was reloaded"))

    async def close(self) -> None:
        """End everything."""
        await self._end(Ended(GOING_AWAY, "replygate ends"))

    async def _end(self, how: Ended) -> None:
        bridge, self._bridge = self._bridge, None
        if bridge is None:
            return
        pairs = list(self._pairs)
        for pair in pairs:
            pair.finish(how)
        for pair in pairs:
            await pair.ended()
        await bridge.tasks.cancel()
        await bridge.session.close()
