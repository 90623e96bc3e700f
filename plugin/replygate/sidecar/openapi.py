"""The OpenAPI 3.1 document, built from the route table and the models of bodies and answers."""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from replygate.sidecar.models import ProblemAnswer
from replygate.sidecar.problems import CODES, JSON_TYPE, PROBLEM_TYPE
from replygate.sidecar.routes import ROUTES, Route

Json = dict[str, Any]

EVENT_SCHEMA: Final[Json] = {
    "title": "Event",
    "description": "A canonical event; docs/events.md shows every type. Unknown fields are kept.",
    "type": "object",
    "properties": {
        "type": {
            "type": "string",
            "enum": [
                "message",
                "recall",
                "session_open",
                "session_close",
                "transfer_to_human",
                "rating",
                "ad_reported",
                "platform_spam",
                "platform_no_reply_needed",
                "agent_online",
                "agent_offline",
            ],
        },
        "id": {"type": "string"},
        "conversation": {"type": "string"},
        "text": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
    },
    "required": ["type"],
    "additionalProperties": True,
}

_REF: Final = "#/components/schemas/{model}"


def build() -> Json:
    """The whole document."""
    paths: defaultdict[str, Json] = defaultdict(dict)
    for route in ROUTES:
        paths[route.path][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "replygate",
            "version": version("replygate"),
            "summary": "A gate that every reply of an online store passes, in time.",
        },
        "paths": dict(paths),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _schemas() -> Json:
    models: set[type[BaseModel]] = {ProblemAnswer}
    for route in ROUTES:
        models |= {part for part in (route.body, route.answer) if isinstance(part, type)}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schema = models_json_schema([(model, "validation") for model in ordered], ref_template=_REF)
    return {**schema["$defs"], "Event": EVENT_SCHEMA}


def _operation(route: Route) -> Json:
    operation: Json = {
        "operationId": route.name,
        "summary": route.says,
        "parameters": _parameters(route),
        "responses": {"200": _answer(route), **_problems(route)},
    }
    if route.is_open:
        operation["security"] = []
    if route.body is not None:
        name = "Event" if isinstance(route.body, str) else route.body.__name__
        operation["requestBody"] = {"required": True, "content": _content(JSON_TYPE, name)}
    return operation


def _parameters(route: Route) -> list[Json]:
    text = {"type": "string"}
    found: list[Json] = [{"name": name, "in": "query", "schema": text} for name in route.query]
    found += [{"name": name, "in": "header", "schema": text} for name in route.headers]
    found += [
        {"name": name, "in": "path", "required": True, "schema": text} for name in route.names
    ]
    return found


def _answer(route: Route) -> Json:
    if isinstance(route.answer, type):
        return {"description": "Done.", "content": _content(JSON_TYPE, route.answer.__name__)}
    media = "text/event-stream" if route.answer == "events" else JSON_TYPE
    kind = "string" if route.answer == "events" else "object"
    return {"description": "Done.", "content": {media: {"schema": {"type": kind}}}}


def _problems(route: Route) -> Json:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in route.problems:
        by_status[CODES[code][0]].append(code)
    return {
        str(status): {
            "description": "; ".join(f"`{code}`: {CODES[code][1]}" for code in codes),
            "content": _content(PROBLEM_TYPE, ProblemAnswer.__name__),
        }
        for status, codes in sorted(by_status.items())
    }


def _content(media: str, model: str) -> Json:
    return {media: {"schema": {"$ref": _REF.format(model=model)}}}
