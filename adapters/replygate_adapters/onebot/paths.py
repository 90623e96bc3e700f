"""The proxy's paths, and who may use them.

`/onebot/v11/STORE/…`, or `/onebot/v11/…` for the store whose `self_id` `X-Self-ID` names; behind it
`ws` (also `ws/api`, `ws/event`), `event`, `api/ACTION`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from aiohttp import web
from yarl import URL

from replygate.config import OneBotAdapter, Secret
from replygate.sidecar.addresses import is_loopback

Door = Literal["ws", "event", "api"]

_PATH: Final = re.compile(
    r"/onebot/v11(?:/(?P<store>\w[\w.\-]*))??"
    r"/(?:(?P<door>ws)(?P<suffix>/api|/event)?/?|(?P<event>event)/?|api/(?P<action>\.?\w+))",
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a path asks for. `suffix` follows our caller to the other side."""

    store: str | None
    door: Door
    suffix: str = ""
    action: str = ""


def target_of(path: str) -> Target | None:
    """Read a path; None where it is none of the proxy's."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    if found["action"]:
        return Target(found["store"], "api", action=found["action"])
    if found["event"]:
        return Target(found["store"], "event")
    return Target(found["store"], "ws", suffix=found["suffix"] or "")


def names_store(target: Target, request: web.Request, store: str, adapter: OneBotAdapter) -> bool:
    """Whether a request is for this store: its path says so, or its self id."""
    given = request.headers.getall("X-Self-ID", [])
    if target.store is None:
        return adapter.self_id is not None and given == [adapter.self_id]
    is_other = adapter.self_id is not None and given not in ([], [adapter.self_id])
    return target.store == store and not is_other


def shows_token(request: web.Request, token: Secret | None) -> bool:
    """Whether a request shows the access token; without one, whether it comes from this machine."""
    if token is None:
        return _is_no_browser(request)
    given = given_token(request)
    return given is not None and _same(token.reveal(), given)


def given_token(request: web.Request) -> str | None:
    """The access token of a request, from its header or its query; two are as good as none."""
    headers = request.headers.getall("Authorization", [])
    queries = request.query.getall("access_token", [])
    if len(headers) + len(queries) != 1:
        return None
    if queries:
        return queries[0]
    scheme, _, token = headers[0].partition(" ")
    return token.strip() if scheme.casefold() in {"bearer", "token"} else None


def is_signed(body: bytes, signature: str, token: Secret) -> bool:
    """Whether `X-Signature` is the HMAC of a body under the token."""
    made = hmac.new(token.reveal().encode(), body, hashlib.sha1).hexdigest()
    return _same(f"sha1={made}", signature)


def upstream(url: str, suffix: str, access_token: str | None) -> URL:
    """The address to call: the configured one, with the known suffix and the caller's token."""
    found = URL(url)
    if suffix:
        found = found.with_path(unquote(found.path.rstrip("/")) + suffix).with_query(found.query)
    return found if access_token is None else found.update_query(access_token=access_token)


def _same(one: str, other: str) -> bool:
    # Equal lengths for all: the comparison itself would tell a token's length.
    digests = (hashlib.sha256(text.encode("utf-8", "surrogateescape")) for text in (one, other))
    first, second = (digest.digest() for digest in digests)
    return hmac.compare_digest(first, second)


def _is_no_browser(request: web.Request) -> bool:
    """A page in a browser on this machine may open a WebSocket to us; it says where it is from."""
    host = request.url.host
    if host is None or not is_loopback(host):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host
