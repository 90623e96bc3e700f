"""Errors over HTTP: `application/problem+json` (RFC 9457) with a stable `code`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

JSON_TYPE: Final = "application/json"
PROBLEM_TYPE: Final = "application/problem+json"

CODES: Final[Mapping[str, tuple[int, str]]] = {
    "bad-http": (400, "the request is not valid HTTP, or its line or headers are too long"),
    "bad-encoding": (400, "the body is not UTF-8"),
    "bad-json": (400, "the body is not one JSON object without repeated keys"),
    "bad-query": (400, "a query parameter is wrong or unknown"),
    "bad-key": (400, "the Idempotency-Key is wrong"),
    "no-token": (401, "the Authorization header is missing or no Bearer token"),
    "wrong-token": (401, "no store and no operator has this token"),
    "read-only": (403, "this operator may look, not act"),
    "unknown-store": (404, "there is no such store, or the token does not open it"),
    "unknown-task": (404, "the store has no such task"),
    "unknown-route": (404, "there is nothing at this path"),
    "wrong-method": (405, "this path is there for other methods (see Allow)"),
    "too-slow": (408, "the body did not come in time"),
    "no-adapter": (409, "the store has no adapter to send through"),
    "task-done": (409, "somebody has decided this task otherwise"),
    "not-released": (409, "this text may not be sent; `detail` says why"),
    "too-large": (413, "the body is too large"),
    "wrong-type": (415, "the body is not application/json, or it is compressed"),
    "bad-expectation": (417, "the Expect header asks for something else than 100-continue"),
    "wrong-host": (421, "without tokens, only this machine may ask, by its own name"),
    "wrong-fields": (422, "the body's fields are wrong; `errors` names each"),
    "idempotency-mismatch": (422, "the Idempotency-Key was used for another message"),
    "busy-store": (429, "too many requests for this store are at work; come again"),
    "internal": (500, "a fault of replygate itself; the journal says more"),
    "busy": (503, "too many requests or event streams are open; come again"),
    "not-ready": (503, "starting or draining; come again"),
    "ledger-fault": (503, "the facts can not be written; come again"),
    "too-long": (503, "other reports are being made; come again"),
    "not-finished": (504, "no result in time; ask again with the same Idempotency-Key"),
}
"""Every code with its status and what it means; `docs/sidecar.md` lists the same."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of a body that is wrong. `field` is its dotted name, empty for the whole body."""

    field: str
    what: str


class ApiProblem(Exception):
    """A request that can not be answered as it was meant.

    `code` is one of CODES, `detail` says in one line what was wrong and what was expected.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        assert code in CODES, f"{code} is not declared"
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return CODES[self.code][0]

    def response(self) -> web.Response:
        """The answer to send."""
        body: dict[str, object] = {
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"field": one.field, "what": one.what} for one in self.errors]
        return web.Response(
            body=to_bytes(body),
            status=self.status,
            content_type=PROBLEM_TYPE,
            headers=self.headers,
        )


def to_bytes(value: object) -> bytes:
    """Compact JSON; Chinese as it is, a lone surrogate as an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def json_response(value: object, status: int = 200) -> web.Response:
    """An answer that is no problem."""
    return web.Response(body=to_bytes(value), status=status, content_type=JSON_TYPE)
