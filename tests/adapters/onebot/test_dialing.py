from __future__ import annotations

import pytest
from aiohttp import web
from yarl import URL

from adapters.onebot.ends import house
from replygate_adapters.onebot.dialing import Unreachable, dial, open_session


async def test_why_nobody_is_reached_names_no_address() -> None:
    async with house() as server, open_session() as session:
        server.refuses = 403
        with pytest.raises(Unreachable, match=r"^it answered 403$") as refusal:
            await dial(session, URL(server.url).with_query(key="secret"), {})
        assert refusal.value.status == 403
        with pytest.raises(Unreachable, match=r"^the connection failed \(ClientConnectorError\)$"):
            await dial(session, URL("ws://127.0.0.1:9/secret"), {})


async def test_a_redirect_is_never_followed() -> None:
    async def away(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    app = web.Application()
    app.router.add_get("/", away)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with open_session() as session:
            with pytest.raises(Unreachable, match="the connection failed"):
                await dial(session, URL(f"ws://127.0.0.1:{runner.addresses[0][1]}/"), {})
    finally:
        await runner.cleanup()
