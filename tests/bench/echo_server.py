"""The yardstick of the sidecar: reads JSON and gives it back, with nothing in between.

Run by `bench_sidecar.py`; says its port on stdout.
"""

from __future__ import annotations

import asyncio

from aiohttp import web


async def echo(request: web.Request) -> web.Response:
    return web.json_response(await request.json())


async def main() -> None:
    app = web.Application()
    app.router.add_post("/", echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
