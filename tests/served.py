"""The sidecar's API on a real socket, with two stores, a fake platform and a client."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from replygate.clock import SystemClock
from replygate.config import Store, load_stores
from replygate.journal import Journal
from replygate.runtime import ReplyGate
from replygate.sidecar.access import Access
from replygate.sidecar.api import Service, api_app
from replygate.sidecar.connections import Listener
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.operators import Operator, load_operators
from replygate.testing import FakePlatform

ONE_TOKEN = "token-of-store-one"  # noqa: S105 - a token of the test
TWO_TOKEN = "token-of-store-two"  # noqa: S105 - a token of the test
DESK_TOKEN = "token-of-the-desk-"  # noqa: S105 - a token of the test
VIEW_TOKEN = "token-of-a-viewer-"  # noqa: S105 - a token of the test

STORE = """\
id = "{name}"
platform = "general"
token = {{ file = "{name}.token" }}
{top}
[[screening.rule]]
id = "chat"
words = ["微信"]
action = "block"
why = "不得引导买家离开平台"
source = "店规"

[[screening.rule]]
id = "brand"
words = ["小米手环"]
action = "rewrite"
replace = "本店手环"
why = "别家的品牌"
source = "店规"

[[deadline]]
id = "soft"
name = "五分钟"
due_s = 300
{tables}
"""

OPERATORS = """\
[[operator]]
name = "desk"
token = { file = "desk.token" }
can = "act"

[[operator]]
name = "viewer"
token = { file = "view.token" }
stores = ["one"]
"""


def write_stores(folder: Path, *, top: str = "", tables: str = "") -> Path:
    """Write the stores `one` and `two`; give the folder that holds them and nothing else."""
    stores = folder / "stores"
    stores.mkdir(exist_ok=True)
    for name, token in (("one", ONE_TOKEN), ("two", TWO_TOKEN)):
        text = STORE.format(name=name, top=top, tables=tables)
        (stores / f"{name}.toml").write_text(text, "utf-8")
        (stores / f"{name}.token").write_text(token, "utf-8")
    return stores


def write_operators(folder: Path) -> Path:
    """Write an operators file: a desk that acts for all, a viewer of store `one`."""
    (folder / "desk.token").write_text(DESK_TOKEN, "utf-8")
    (folder / "view.token").write_text(VIEW_TOKEN, "utf-8")
    path = folder / "operators.toml"
    path.write_text(OPERATORS, "utf-8")
    return path


def auth(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def question(**fields: object) -> dict[str, object]:
    """A canonical event: a buyer asks, now."""
    return {
        "type": "message",
        "id": "m-1",
        "conversation": "c-1",
        "direction": "in",
        "text": "在吗",
        "at": now(),
        **fields,
    }


async def until(condition: Callable[[], bool | Awaitable[bool]], wait_s: float = 20) -> None:
    """Wait until it holds: for what can be looked at, and tells nobody when it changes."""
    async with asyncio.timeout(wait_s):
        while True:
            held = condition()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.005)


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class Served:
    """What a test holds in its hands. `failed` are faults of ours that requests met."""

    service: Service
    platform: FakePlatform
    client: aiohttp.ClientSession
    port: int
    metrics: Metrics
    journal: io.BytesIO
    failed: list[tuple[str, BaseException]] = field(default_factory=list)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = ONE_TOKEN,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One request; its status and its JSON."""
        async with self.client.request(
            method,
            path,
            json=body,
            headers={**(auth(token) if token else {}), **(headers or {})},
        ) as response:
            raw = await response.read()
            return response.status, json.loads(raw) if raw else None

    def events(self) -> list[str]:
        """The journal's events so far."""
        return [json.loads(line)["event"] for line in self.journal.getvalue().splitlines()]


@asynccontextmanager
async def served(
    folder: Path,
    *,
    top: str = "",
    tables: str = "",
    operators: bool = False,
    is_open: bool = False,
) -> AsyncIterator[Served]:
    """Serve; store `one` is connected to a platform, store `two` is not."""
    stores: dict[str, Store] = load_stores(write_stores(folder, top=top, tables=tables))
    known: tuple[Operator, ...] = ()
    if operators:
        known = load_operators(write_operators(folder), stores)
    lines = io.BytesIO()
    journal = Journal(lines)
    metrics = Metrics()
    journal.subscribe(metrics.see)
    platform = FakePlatform(SystemClock())
    failed: list[tuple[str, BaseException]] = []
    async with ReplyGate.open(
        stores=list(stores.values()), ledger="sqlite://", journal=journal, drain_s=1
    ) as gate:
        gate.connect("one", platform)
        service = Service(
            Access(stores, known, is_open=is_open), is_open=is_open, connected=frozenset({"one"})
        )
        service.serve(gate)
        journal.subscribe(service.stream.publish)
        listener = Listener(api_app(service, metrics, lambda *fault: failed.append(fault)))
        await listener.start("127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as client:
                yield Served(service, platform, client, listener.port, metrics, lines, failed)
        finally:
            service.stream.end("the test is over")
            await listener.close(1)
