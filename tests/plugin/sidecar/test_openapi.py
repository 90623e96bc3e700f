from __future__ import annotations

from typing import Any

import pytest

from replygate.runtime import EventError, parse_event
from replygate.sidecar.openapi import build
from replygate.sidecar.problems import CODES
from replygate.sidecar.routes import ROUTES

DOCUMENT = build()


def test_the_document_is_valid() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(DOCUMENT)


def test_every_route_is_there_and_no_other() -> None:
    found = {
        (method.upper(), path)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
    }
    assert found == {(route.method, route.path) for route in ROUTES}


def test_every_problem_of_a_route_is_named() -> None:
    for route in ROUTES:
        responses = DOCUMENT["paths"][route.path][route.method.lower()]["responses"]
        for code in route.problems:
            status, says = CODES[code]
            assert f"`{code}`: {says}" in responses[str(status)]["description"]


def test_only_the_document_itself_needs_no_token() -> None:
    open_ = [
        path
        for path, operations in DOCUMENT["paths"].items()
        for operation in operations.values()
        if operation.get("security") == []
    ]
    assert open_ == ["/v1/openapi.json"]


def test_the_bodies_refuse_unknown_fields_and_events_keep_them() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("ScreenRequest", "OutboundRequest", "SentRequest"):
        assert schemas[name]["additionalProperties"] is False
    assert schemas["Event"]["additionalProperties"] is True


def test_the_events_are_those_that_can_be_read() -> None:
    with pytest.raises(EventError) as caught:
        parse_event({"type": ""}, store="one")
    types = DOCUMENT["components"]["schemas"]["Event"]["properties"]["type"]["enum"]
    assert caught.value.field == "type"
    for name in types:
        with pytest.raises(EventError) as caught:
            parse_event({"type": name}, store="one")
        assert caught.value.field != "type", name
    with pytest.raises(EventError, match=", ".join(types)):
        parse_event({"type": "nothing of these"}, store="one")


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    references = list(_references(DOCUMENT))
    assert references
    assert {reference.removeprefix("#/components/schemas/") for reference in references} == set(
        schemas
    )


def _references(node: Any) -> Any:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)
