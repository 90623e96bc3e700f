"""The admin port: is the process alive, is it ready, what are its figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from replygate.config import Secret
from replygate.sidecar.access import bearer, is_token, refused
from replygate.sidecar.guard import Failed, guard, stamp
from replygate.sidecar.metrics import CONTENT_TYPE, Metrics
from replygate.sidecar.problems import ApiProblem, json_response

Reasons = Callable[[], list[str]]
"""Why the process is not ready; empty while it is."""

Refresh = Callable[[], None]
"""Brings the figures up to date that no event tells."""


@dataclass(frozen=True, slots=True)
class Admin:
    """What the admin port tells of. With a token, figures and reasons ask for it, probes do not."""

    metrics: Metrics
    reasons: Reasons
    refresh: Refresh
    token: Secret | None

    def app(self, failed: Failed) -> web.Application:
        """The application."""
        app = web.Application(middlewares=[guard(self.metrics, failed, is_open=self.token is None)])
        app.on_response_prepare.append(stamp)
        app.router.add_get("/livez", self.livez)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.figures)
        return app

    async def livez(self, _request: web.Request) -> web.Response:
        """The process is alive, and its loop turns."""
        return json_response({"alive": True})

    async def readyz(self, request: web.Request) -> web.Response:
        """Whether it does all that it promises."""
        why = self.reasons()
        body: dict[str, object] = {"ready": not why}
        if self.token is None or self._is_known(request):
            body["reasons"] = why
        return json_response(body, 503 if why else 200)

    async def figures(self, request: web.Request) -> web.Response:
        """The figures, for Prometheus."""
        if self.token is not None and not self._is_known(request):
            raise refused("wrong-token", "this is not REPLYGATE_ADMIN_TOKEN")
        self.refresh()
        page = await asyncio.to_thread(self.metrics.render)
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    def _is_known(self, request: web.Request) -> bool:
        assert self.token is not None, "asked only where there is a token"
        try:
            return is_token(self.token, bearer(request.headers.get("Authorization")))
        except ApiProblem:
            return False
