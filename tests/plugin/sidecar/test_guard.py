from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from replygate.sidecar.connections import Listener
from replygate.sidecar.guard import expect_continue, guard, stamp
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.problems import ApiProblem, json_response


class Hand:
    """An application with one route of each kind behind the guard."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.failed: list[tuple[str, BaseException]] = []
        self.client: aiohttp.ClientSession

    @asynccontextmanager
    async def running(self, *, is_open: bool = False) -> AsyncIterator[aiohttp.ClientSession]:
        made = guard(self.metrics, lambda *fault: self.failed.append(fault), is_open=is_open)
        app = web.Application(middlewares=[made])
        app.on_response_prepare.append(stamp)
        for path, handler in (("/fine", fine), ("/problem", problem), ("/fault/{id}", fault)):
            app.router.add_resource(path).add_route("GET", handler, expect_handler=expect_continue)
        listener = Listener(app)
        await listener.start("127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as client:
                yield client
        finally:
            await listener.close(1)

    def count(self, route: str, status: str) -> float | None:
        name = "replygate_http_requests_total"
        labels = {"route": route, "status": status}
        return self.metrics._registry.get_sample_value(name, labels)


async def fine(_request: web.Request) -> web.Response:
    return json_response({})


async def problem(_request: web.Request) -> web.Response:
    raise ApiProblem("busy", "come again")


async def fault(_request: web.Request) -> web.Response:
    raise KeyError("a secret of the inside")


async def test_a_fault_of_ours_is_told_and_gives_nothing_away() -> None:
    hand = Hand()
    async with hand.running() as client, client.get("/fault/7") as response:
        assert response.status == 500
        assert "secret" not in await response.text()
    ((route, error),) = hand.failed
    assert (route, type(error)) == ("/fault/{id}", KeyError)


async def test_answers_are_counted_by_route_never_by_path() -> None:
    hand = Hand()
    async with hand.running() as client:
        for path in ("/fine", "/problem", "/fault/1", "/fault/2", "/x", "/y"):
            async with client.get(path):
                pass
    assert hand.count("/fine", "200") == 1
    assert hand.count("/problem", "503") == 1
    assert hand.count("/fault/{id}", "500") == 2
    assert hand.count("unknown", "404") == 2


async def test_no_answer_tells_what_it_is_made_of() -> None:
    async with Hand().running() as client:
        for path in ("/fine", "/problem", "/nowhere"):
            async with client.get(path) as response:
                assert response.headers["Server"] == "replygate"
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Cache-Control"] == "no-store"


async def test_a_client_can_expect_to_continue_and_nothing_else() -> None:
    async with Hand().running() as client:
        async with client.get("/fine", headers={"Expect": "100-Continue"}) as response:
            assert response.status == 200
        async with client.get("/fine", headers={"Expect": "tea"}) as response:
            assert response.status == 417
            assert response.content_type == "application/problem+json"


async def test_without_tokens_only_this_machine_may_ask() -> None:
    async with Hand().running(is_open=True) as client:
        for host, status in (("localhost", 200), ("127.0.0.1:99", 200), ("evil.test", 421)):
            async with client.get("/fine", headers={"Host": host}) as response:
                assert response.status == status
