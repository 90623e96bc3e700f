from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from replygate.config import Secret
from replygate.sidecar.admin import Admin
from replygate.sidecar.connections import Listener
from replygate.sidecar.metrics import CONTENT_TYPE, Metrics
from served import auth

TOKEN = "token-of-the-admin"  # noqa: S105 - a token of the test


@asynccontextmanager
async def admin(reasons: list[str], token: str | None) -> AsyncIterator[aiohttp.ClientSession]:
    metrics = Metrics()
    refreshed: list[bool] = []
    room = Admin(
        metrics,
        lambda: reasons,
        lambda: refreshed.append(True),
        Secret(token, "test") if token else None,
    )
    failed: list[object] = []
    listener = Listener(room.app(lambda *fault: failed.append(fault)))
    await listener.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as client:
            yield client
    finally:
        await listener.close(1)
    assert failed == []


@pytest.mark.parametrize(
    ("reasons", "status", "body"),
    [
        ([], 200, {"ready": True, "reasons": []}),
        (["draining"], 503, {"ready": False, "reasons": ["draining"]}),
    ],
)
async def test_readiness_says_why(reasons: list[str], status: int, body: object) -> None:
    async with admin(reasons, None) as client, client.get("/readyz") as response:
        assert (response.status, await response.json()) == (status, body)


async def test_alive_is_alive_while_not_ready() -> None:
    async with admin(["starting"], None) as client, client.get("/livez") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})


async def test_the_figures() -> None:
    async with admin([], None) as client, client.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == CONTENT_TYPE
        assert "replygate_build_info{" in await response.text()


async def test_with_a_token_figures_and_reasons_ask_for_it() -> None:
    async with admin(["the ledger /var/x is full"], TOKEN) as client:
        for path, status in (("/livez", 200), ("/readyz", 503), ("/metrics", 401)):
            async with client.get(path) as response:
                assert response.status == status
                assert "ledger" not in await response.text()
        async with client.get("/metrics", headers=auth("something-else")) as response:
            assert response.status == 401
        async with client.get("/metrics", headers=auth(TOKEN)) as response:
            assert response.status == 200
        async with client.get("/readyz", headers=auth(TOKEN)) as response:
            assert (await response.json())["reasons"] == ["the ledger /var/x is full"]


async def test_nothing_else_is_there() -> None:
    async with admin([], None) as client:
        for method, path, status in (("GET", "/v1/events", 404), ("POST", "/metrics", 405)):
            async with client.request(method, path) as response:
                assert response.status == status
                assert response.content_type == "application/problem+json"


async def test_a_strange_host_is_refused_where_there_is_no_token() -> None:
    strange = {"Host": "evil.test"}
    async with admin([], None) as client, client.get("/metrics", headers=strange) as response:
        assert response.status == 421
    async with admin([], TOKEN) as client, client.get("/livez", headers=strange) as response:
        assert response.status == 200
