"""The yardstick of the proxy: joins two WebSockets and does nothing else.

Run by `bench_onebot.py` with the address of the bot; says its port on stdout.
"""

from __future__ import annotations

import asyncio
import sys

import aiohttp
from aiohttp import WSMsgType, web

Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def pass_on(one: Socket, other: Socket) -> None:
    async for frame in one:
        if frame.type is WSMsgType.TEXT:
            await other.send_str(frame.data)


async def relay(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(compress=False)
    await ws.prepare(request)
    async with aiohttp.ClientSession() as client, client.ws_connect(sys.argv[1]) as bot:
        await asyncio.gather(pass_on(ws, bot), pass_on(bot, ws))
    return ws


async def main() -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", relay)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
