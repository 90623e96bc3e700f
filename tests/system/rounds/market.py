"""The selling platforms, in the process that never dies: what the buyers really got."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

STORES = ("shop-1", "shop-2", "shop-3", "shop-4")
DEDUPES = "shop-4"
"""The store whose platform drops a second message of the same client id."""

DUE_S = 8
LEAD_S = 6

FATES = {"quick": 60, "slow": 20, "late": 5, "lost": 6, "lost before": 3, "busy": 4, "refused": 2}
"""How many of a hundred messages fare so: `lost` and `late` ones are seen by the buyer."""

TIMEOUT_S = 1.5

Key = tuple[str, str]
"""Store and conversation."""

STORE = """\
id = "{name}"
token = {{ file = "{name}.token" }}

[hours]
open = ["00:00-24:00"]

[holding]
lead_s = {lead_s}

[privacy]
log_text = "full"

[[deadline]]
id = "soon"
name = "soon"
due_s = {due_s}
counts = {{ human = "yes", bot = "yes", hold = "no", platform = "no" }}

[adapter]
kind = "http"
url = "{url}"
id_path = "id"
timeout_s = {timeout_s}
dedupes = {dedupes}

[adapter.body]
store = "{{store}}"
conversation = "{{conversation}}"
text = "{{text}}"
origin = "{{origin}}"
client_id = "{{client_id}}"
"""


def token(store: str) -> str:
    """What opens the API of one store."""
    return f"the-token-of-{store}"


def now_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that a buyer got. `asked_ms` is when the platform was asked to deliver it."""

    text: str
    origin: str
    client_id: str
    id: str
    asked_ms: int
    at_ms: int

    @property
    def hold(self) -> bool:
        return self.origin == "hold"


@dataclass(slots=True)
class Market:
    """All platforms behind one address. `calm`: nothing is lost any more."""

    chance: random.Random
    url: str = ""
    calm: bool = False
    busy: int = 0
    seen: dict[Key, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    _ids: int = 0

    def table(self, name: str) -> str:
        """The file of one of its stores."""
        dedupes = "true" if name == DEDUPES else "false"
        return STORE.format(
            name=name,
            url=self.url,
            dedupes=dedupes,
            lead_s=LEAD_S,
            due_s=DUE_S,
            timeout_s=TIMEOUT_S,
        )

    async def take(self, request: web.Request) -> web.StreamResponse:
        asked_ms = now_ms()
        body = await request.json()
        self.busy += 1
        try:
            return await self._take(request, body, asked_ms)
        finally:
            self.busy -= 1

    async def _take(
        self, request: web.Request, body: dict[str, str], asked_ms: int
    ) -> web.StreamResponse:
        chance = self.chance
        [fate] = chance.choices(list(FATES), list(FATES.values()))
        fate = "quick" if self.calm else fate
        if fate == "busy":
            return web.json_response({}, status=429, headers={"Retry-After": "1"})
        if fate == "refused":
            return web.json_response({}, status=403)
        await asyncio.sleep(chance.uniform(0.3, 1.0) if fate == "slow" else chance.random() * 0.08)
        if fate == "late":
            await asyncio.sleep(TIMEOUT_S)
        if fate == "lost before":
            _hang_up(request)
            return web.Response()
        message_id = self.deliver(body, asked_ms)
        if fate == "lost":
            _hang_up(request)
        await asyncio.sleep(chance.random() * 0.08)
        return web.json_response({"id": message_id})

    def deliver(self, body: dict[str, str], asked_ms: int) -> str:
        """The buyer sees it, now."""
        seen = self.seen[body["store"], body["conversation"]]
        if body["store"] == DEDUPES:
            for before in seen:
                if before.client_id == body["client_id"]:
                    return before.id
        self._ids += 1
        message_id = f"p-{self._ids}"
        seen.append(
            Seen(body["text"], body["origin"], body["client_id"], message_id, asked_ms, now_ms())
        )
        return message_id


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


@asynccontextmanager
async def market(chance: random.Random) -> AsyncIterator[Market]:
    """Serve the platforms on the loopback."""
    made = Market(chance)
    app = web.Application()
    app.router.add_post("/send", made.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    try:
        yield made
    finally:
        await runner.cleanup()
