"""The route table: what the API serves, the OpenAPI document shows and the documentation lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from replygate.sidecar.figure_models import MetricsAnswer
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
from replygate.sidecar.people_models import (
    AgentsAnswer,
    DoneRequest,
    ForgottenAnswer,
    HandbackAnswer,
    HandoverAnswer,
    ReleaseRequest,
    TakeoverAnswer,
    TakeoverRequest,
    TaskAnswer,
    TasksAnswer,
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
    def names(self) -> tuple[str, ...]:
        """What the path names."""
        return tuple(re.findall(r"{(\w+)}", self.path))

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
        "POST",
        "/v1/stores/{store}/conversations/{conversation}/takeover",
        "takeover",
        "Give a conversation to a person; the bot's texts are kept back from now on.",
        body=TakeoverRequest,
        answer=TakeoverAnswer,
        acts=True,
    ),
    Route(
        "POST",
        "/v1/stores/{store}/conversations/{conversation}/handback",
        "handback",
        "Give a conversation back to the bot; takes no body.",
        answer=HandbackAnswer,
        acts=True,
        codes=("wrong-fields",),
    ),
    Route(
        "POST",
        "/v1/stores/{store}/conversations/{conversation}/forget",
        "forget",
        "Remove everything about a buyer; takes no body.",
        answer=ForgottenAnswer,
        acts=True,
        codes=("wrong-fields", "ledger-fault"),
    ),
    Route(
        "GET",
        "/v1/stores/{store}/agents",
        "agents",
        "Who is planned, who was heard of, and who is there.",
        answer=AgentsAnswer,
    ),
    Route(
        "GET",
        "/v1/stores/{store}/handover",
        "handover",
        "What somebody must go on with: who waits or was promised something, who has it.",
        answer=HandoverAnswer,
        codes=("ledger-fault",),
    ),
    Route(
        "GET",
        "/v1/stores/{store}/tasks",
        "tasks",
        "What people must decide, the oldest first.",
        answer=TasksAnswer,
        codes=("ledger-fault",),
    ),
    Route(
        "POST",
        "/v1/stores/{store}/tasks/{task}/done",
        "done",
        "Tell what came of a task.",
        body=DoneRequest,
        answer=TaskAnswer,
        acts=True,
        codes=("unknown-task", "task-done", "ledger-fault"),
    ),
    Route(
        "POST",
        "/v1/stores/{store}/tasks/{task}/release",
        "release",
        "Send a text that was kept back, by a person's word.",
        body=ReleaseRequest,
        answer=OutboundAnswer,
        acts=True,
        codes=(
            "unknown-task",
            "task-done",
            "not-released",
            "no-adapter",
            "ledger-fault",
            "not-finished",
        ),
    ),
    Route(
        "GET",
        "/v1/stores/{store}/metrics",
        "metrics",
        "Where the store stands: the platform's metrics, their limits and what is left of them.",
        answer=MetricsAnswer,
        codes=("ledger-fault", "too-long"),
        query=("window",),
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
