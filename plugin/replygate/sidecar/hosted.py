"""Platforms that take requests of their own on the sidecar's port, such as protocol proxies.

Nothing here knows a protocol: `/KIND/…` belongs to the stores whose adapter is of that kind, and
each platform says itself which requests are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, runtime_checkable

from aiohttp import web

from replygate.config import Store
from replygate.model import Cleared, Receipt
from replygate.runtime import Platform, ReplyGate
from replygate.sidecar.problems import ApiProblem

PATH: Final = "/{kind:(?!v1/)[a-z0-9-]+}/{tail:.*}"
"""Every path with two parts that is not the API's own."""

Failed = Callable[[str, BaseException], None]
"""Told of background work that failed, and of its error."""


@runtime_checkable
class Hosted(Protocol):
    """A platform that the sidecar also serves requests for; it belongs to one store."""

    async def send(self, cleared: Cleared) -> Receipt:
        """Send, as every platform does."""

    async def start(self, gate: ReplyGate, failed: Failed) -> None:
        """Begin background work; comes before the first request."""

    def claims(self, request: web.Request) -> bool:
        """Whether this request is for this store and shows what it takes, by its head alone."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request that it claimed. May raise ApiProblem."""

    def keeps(self, store: Store) -> bool:
        """Whether, after a reload, it serves this store as it is, connections and all."""

    async def retire(self) -> None:
        """Make way for another platform of the same store: end connections, soon."""

    async def close(self) -> None:
        """End everything. May come twice."""


class Hosts:
    """The platforms that take requests, by the kind of their adapter."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[Hosted]] = {}

    def serve(self, stores: Mapping[str, Store], platforms: Mapping[str, Platform]) -> None:
        """Have these platforms serve their stores from now on, and no others."""
        self._by_kind = {}
        for name, platform in platforms.items():
            adapter = stores[name].adapter
            assert adapter is not None, "a store with a platform has an adapter"
            if isinstance(platform, Hosted):
                self._by_kind.setdefault(adapter.kind, []).append(platform)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Give a request to who claims it. Raises ApiProblem where nobody does."""
        hosted = self._by_kind.get(request.match_info["kind"])
        if hosted is None:
            raise ApiProblem("unknown-route", "there is nothing at this path")
        # All are asked: how long it takes must not tell which stores there are.
        for platform in [platform for platform in hosted if platform.claims(request)]:
            return await platform.handle(request)
        detail = "no store takes this: its path, X-Self-ID or access token is not right"
        raise ApiProblem("wrong-token", detail)


def hosted_of(platforms: Iterable[Platform]) -> list[Hosted]:
    """Those that take requests."""
    return [platform for platform in platforms if isinstance(platform, Hosted)]
