"""The route table: what the API serves, the OpenAPI document shows and the documentation lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from replygate.sidecar.models import (
    Answer,
    ConversationsAnswer,
    InboundAnswer,
    OutboundAnswer,
    OutboundRequest,
    Request,
    ScreenRequest,
    SentAnswer,
    SentRequest,
    VerdictAnswer,
)

KEY_HEADER: Final = "Idempotency-Key"

BODY_CODES: Final = (
    "bad-encoding",
    "bad-json",
    "too-slow",
    "too-large",
    "wrong-type",
    "wrong-fields",
)
TOKEN_CODES: Final = ("no-token", "wrong-token")
COMMON_CODES: Final = (
    "bad-http",
    "bad-query",
    "bad-expectation",
    "wrong-host",
    "internal",
    "busy",
    "not-ready",
)
STORE_CODES: Final = ("unknown-store", "busy-store")


@dataclass(frozen=True, slots=True)
class Route:
    """One call. `name` is the handler's method; `codes` are problems beyond the common ones."""

    method: Literal["GET", "POST"]
    path: str
    name: str
    says: str
    body: type[Request] | Literal["event"] | None = None
    answer: type[Answer] | Literal["events", "openapi"] = "openapi"
    acts: bool = False
    codes: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    @property
    def of_store(self) -> bool:
        """Whether the path names a store."""
        return "{store}" in self.path

    @property
    def is_open(self) -> bool:
        """Whether no token is asked for."""
        return self.answer == "openapi"

    @property
    def problems(self) -> tuple[str, ...]:
        """Every code that it can answer."""
        return (
            *COMMON_CODES,
            *(() if self.is_open else TOKEN_CODES),
            *(STORE_CODES if self.of_store else ()),
            *(BODY_CODES if self.body else ()),
            *(("read-only",) if self.acts else ()),
            *self.codes,
        )


ROUTES: Final = (
    Route(
        "POST",
        "/v1/stores/{store}/screen",
        "screen",
        "Judge a text; nothing is sent.",
        body=ScreenRequest,
        answer=VerdictAnswer,
    ),
    Route(
        "POST",
        "/v1/stores/{store}/inbound",
        "inbound",
        "Take in a buyer's message or an event; answers with the deadlines it opened.",
        body="event",
        answer=InboundAnswer,
        acts=True,
    ),
    Route(
        "POST",
        "/v1/stores/{store}/outbound",
        "outbound",
        "Screen a message and send it through the store's adapter.",
        body=OutboundRequest,
        answer=OutboundAnswer,
        acts=True,
        codes=("bad-key", "idempotency-mismatch", "no-adapter", "ledger-fault", "not-finished"),
        headers=(KEY_HEADER,),
    ),
    Route(
        "POST",
        "/v1/stores/{store}/sent",
        "sent",
        "Tell that somebody else sent a message; the clock stops and the text is screened.",
        body=SentRequest,
        answer=SentAnswer,
        acts=True,
    ),
    Route(
        "GET",
        "/v1/stores/{store}/conversations",
        "conversations",
        "Who waits, since when, and what will happen next.",
        answer=ConversationsAnswer,
        codes=("ledger-fault",),
    ),
    Route(
        "GET",
        "/v1/events",
        "events",
        "What happens, live: the journal's events as server-sent events.",
        answer="events",
        codes=("unknown-store",),
        query=("store",),
    ),
    Route("GET", "/v1/openapi.json", "openapi", "This API as an OpenAPI 3.1 document."),
)
