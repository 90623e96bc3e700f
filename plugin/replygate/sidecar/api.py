"""The handlers of the `/v1` routes: from a request to the gate and back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from aiohttp import web

from replygate.config.places import did_you_mean
from replygate.errors import LedgerError, ReplygateError, UnknownStore
from replygate.model import Draft
from replygate.report.make import store_report
from replygate.report.window import WrongWindow, read_window
from replygate.runtime import ReplyGate, SendIdReused
from replygate.sidecar import answers, hosted, people
from replygate.sidecar.access import Access, Grant, unknown_store
from replygate.sidecar.admission import Admission
from replygate.sidecar.bodies import read_object, shorten
from replygate.sidecar.events import read_inbound, read_sent
from replygate.sidecar.figures import report_json
from replygate.sidecar.guard import Failed, expect_continue, guard, stamp
from replygate.sidecar.limits import ANSWER_S, BODY_BYTES, NAME_CHARS, REPORTS, STREAM_WRITE_S
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.models import OutboundRequest, ScreenRequest, read
from replygate.sidecar.openapi import build
from replygate.sidecar.problems import ApiProblem, json_response, to_bytes
from replygate.sidecar.routes import KEY_HEADER, ROUTES, Route
from replygate.sidecar.stream import Client, Stream
from replygate.sidecar.verdicts import verdict_json
from replygate.timing.calendar import local_day

Phase = Literal["starting", "serving", "draining"]

Work = Callable[[web.Request, str], Awaitable[dict[str, Any]]]

_KEY = re.compile(rf"[!-~]{{1,{NAME_CHARS}}}")
_COME_AGAIN: Final = {"Retry-After": "1"}


@dataclass(slots=True)
class Service:
    """What the handlers work with; no handler runs before `serve`.

    `is_open` asks for no tokens. `connected` are the stores that have an adapter.
    """

    access: Access
    is_open: bool = False
    phase: Phase = "starting"
    connected: frozenset[str] = frozenset()
    stream: Stream = field(default_factory=Stream)
    admission: Admission = field(default_factory=Admission)
    hosts: hosted.Hosts = field(default_factory=hosted.Hosts)
    _gate: ReplyGate | None = None

    @property
    def gate(self) -> ReplyGate:
        """The gate behind the API."""
        assert self._gate is not None, "serve() comes first"
        return self._gate

    def serve(self, gate: ReplyGate) -> None:
        """Answer requests by this gate from now on."""
        self._gate = gate
        self.phase = "serving"


def api_app(service: Service, metrics: Metrics, failed: Failed) -> web.Application:
    """The application that serves the route table."""
    api = Api(service)
    app = web.Application(
        middlewares=[guard(metrics, failed, is_open=service.is_open)], client_max_size=BODY_BYTES
    )
    app.on_response_prepare.append(stamp)
    for route in ROUTES:
        resource = app.router.add_resource(route.path)
        resource.add_route(route.method, api.handler(route), expect_handler=expect_continue)
    app.router.add_route("*", hosted.PATH, api.hosted, expect_handler=expect_continue)
    return app


class Api:
    """One method for each route, named as in the route table."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._openapi = to_bytes(build())
        self._reports = asyncio.Semaphore(REPORTS)

    def handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The route's handler, behind its token and its limits."""
        work = getattr(self, route.name)

        async def handle(request: web.Request) -> web.StreamResponse:
            service = self._service
            if route.is_open:
                require_query(request, route)
                return await self.openapi(request)
            grant = service.access.grant(authorization(request))
            store = request.match_info.get("store", "")
            if route.of_store:
                service.access.require(grant, store, acts=route.acts)
            require_query(request, route)
            if service.phase != "serving":
                raise not_ready(service.phase)
            if route.answer == "events":
                return await self.events(request, grant)
            with service.admission.admit(route.name, store):
                return json_response(await self._work(work, request, store))

        return handle

    async def _work(self, work: Work, request: web.Request, store: str) -> dict[str, Any]:
        try:
            return await work(request, store)
        except LedgerError as error:
            raise ApiProblem("ledger-fault", str(error), headers=_COME_AGAIN) from error
        except UnknownStore as error:
            # A reload took it away while the request was at work.
            raise unknown_store() from error
        except ReplygateError as error:
            if self._service.phase == "serving":
                raise
            raise not_ready(self._service.phase) from error

    async def hosted(self, request: web.Request) -> web.StreamResponse:
        """Pass a request to the platform that claims it."""
        service = self._service
        if service.phase != "serving":
            raise not_ready(service.phase)
        return await service.hosts.handle(request)

    async def screen(self, request: web.Request, store: str) -> dict[str, Any]:
        """Judge a text."""
        asked = read(ScreenRequest, await read_object(request))
        draft = Draft(
            asked.conversation,
            asked.text,
            store=store,
            origin=asked.origin,
            agent=asked.agent,
            kind=asked.kind,
        )
        return verdict_json(self._service.gate.screen(draft))

    async def inbound(self, request: web.Request, store: str) -> dict[str, Any]:
        """Take an event in."""
        event = read_inbound(await read_object(request), store)
        return answers.received(await self._service.gate.received(event))

    async def outbound(self, request: web.Request, store: str) -> dict[str, Any]:
        """Screen a message and send it."""
        send_id = idempotency_key(request)
        asked = read(OutboundRequest, await read_object(request))
        draft = Draft(
            asked.conversation,
            asked.text,
            store=store,
            origin=asked.origin,
            agent=asked.agent,
            kind=asked.kind,
        )
        self._require_adapter(store)
        try:
            async with asyncio.timeout(ANSWER_S):
                sent = await self._service.gate.send(draft, send_id=send_id)
        except SendIdReused as error:
            detail = f"this {KEY_HEADER} was used for another message; each needs its own"
            raise ApiProblem("idempotency-mismatch", detail) from error
        except TimeoutError as error:
            detail = f"no result within {ANSWER_S:g} s; it goes on"
            raise ApiProblem("not-finished", detail, headers=_COME_AGAIN) from error
        return answers.sent(sent)

    async def sent(self, request: web.Request, store: str) -> dict[str, Any]:
        """Take in a message that went out elsewhere."""
        event = read_sent(await read_object(request), store)
        return answers.observed(await self._service.gate.sent_elsewhere(event))

    async def conversations(self, _request: web.Request, store: str) -> dict[str, Any]:
        """Tell who waits."""
        waiting = await self._service.gate.waiting(store)
        return {"conversations": [answers.waiting(one) for one in waiting]}

    async def metrics(self, request: web.Request, store: str) -> dict[str, Any]:
        """Tell where a store stands."""
        gate = self._service.gate
        asked, now_ms = gate.stores.get(store), gate.now_ms()
        if asked is None:
            raise unknown_store()
        try:
            window = read_window(
                request.query.get("window", "today"), local_day(now_ms), asked.metrics
            )
        except WrongWindow as error:
            raise ApiProblem("bad-query", f"window: {error}") from error
        try:
            async with asyncio.timeout(ANSWER_S), self._reports:
                report = await store_report(gate.ledger, asked, window, now_ms=now_ms, keep=True)
        except TimeoutError as error:
            detail = f"the report was not made within {ANSWER_S:g} s"
            raise ApiProblem("too-long", detail, headers=_COME_AGAIN) from error
        return report_json(report)

    async def takeover(self, request: web.Request, store: str) -> dict[str, Any]:
        """Give a conversation to a person."""
        return await people.takeover(self._service.gate, request, store)

    async def handback(self, request: web.Request, store: str) -> dict[str, Any]:
        """Give a conversation back to the bot."""
        return await people.handback(self._service.gate, request, store)

    async def forget(self, request: web.Request, store: str) -> dict[str, Any]:
        """Remove everything about a buyer."""
        return await people.forget(self._service.gate, request, store)

    async def agents(self, _request: web.Request, store: str) -> dict[str, Any]:
        """Tell who is there."""
        return people.agents(self._service.gate, store)

    async def handover(self, _request: web.Request, store: str) -> dict[str, Any]:
        """Tell what somebody must go on with."""
        return await people.handover(self._service.gate, store)

    async def tasks(self, _request: web.Request, store: str) -> dict[str, Any]:
        """Tell what people must decide."""
        return await people.tasks(self._service.gate, store)

    async def done(self, request: web.Request, store: str) -> dict[str, Any]:
        """Take in what a person made of a task."""
        return await people.done(self._service.gate, request, store)

    async def release(self, request: web.Request, store: str) -> dict[str, Any]:
        """Send a text that was kept back."""
        self._require_adapter(store)
        return await people.release(self._service.gate, request, store)

    def _require_adapter(self, store: str) -> None:
        if store not in self._service.connected:
            raise ApiProblem("no-adapter", f'the store "{store}" has no [adapter]')

    async def openapi(self, _request: web.Request) -> web.Response:
        """Describe this API."""
        return web.Response(body=self._openapi, content_type="application/json")

    async def events(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        """Write events as they happen."""
        service = self._service
        chosen = request.query.get("store")
        if chosen is not None:
            service.access.require(grant, chosen, acts=False)
        client = service.stream.join(lambda store: grant.opens(store) and chosen in (None, store))
        try:
            return await stream_to(request, client)
        finally:
            service.stream.leave(client)


async def stream_to(request: web.Request, client: Client) -> web.StreamResponse:
    """Write to one client until it ends or goes away."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b": events from now on\n\n")
    while not client.is_ended:
        chunk = await client.read()
        try:
            async with asyncio.timeout(STREAM_WRITE_S):
                await response.write(chunk)
        except TimeoutError:
            response.force_close()
            if request.transport is not None:
                request.transport.abort()
            break
        except ConnectionError:
            break
    return response


def authorization(request: web.Request) -> str | None:
    """The Authorization header; two of them are as good as none."""
    given = request.headers.getall("Authorization", [])
    return given[0] if len(given) == 1 else None


def require_query(request: web.Request, route: Route) -> None:
    """Raise ApiProblem for a query parameter that the route has not, or that is there twice."""
    for name in request.query:
        if name not in route.query:
            near = did_you_mean(name, route.query)
            hint = f"; {near}" if near else ""
            raise ApiProblem("bad-query", f"unknown query parameter {shorten(name)!r}{hint}")
        if len(request.query.getall(name)) > 1:
            raise ApiProblem("bad-query", f"the query parameter {name} is there twice")


def idempotency_key(request: web.Request) -> str | None:
    """The client's name for the message. Raises ApiProblem for a wrong one."""
    given = request.headers.getall(KEY_HEADER, [])
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        detail = f"{KEY_HEADER} is expected once, with 1 to {NAME_CHARS} printable ASCII characters"
        raise ApiProblem("bad-key", detail)
    return given[0]


def not_ready(phase: Phase) -> ApiProblem:
    """The process is starting or ending."""
    headers = {**_COME_AGAIN, "Connection": "close"} if phase == "draining" else _COME_AGAIN
    return ApiProblem("not-ready", f"replygate is {phase}", headers=headers)
