from __future__ import annotations

import json
from http import HTTPStatus

import pytest

from replygate.sidecar.problems import CODES, ApiProblem, FieldError, json_response, to_bytes


def test_a_problem_is_as_rfc_9457_has_it() -> None:
    response = ApiProblem("busy", "come again", headers={"Retry-After": "1"}).response()
    assert (response.status, response.content_type) == (503, "application/problem+json")
    assert response.headers["Retry-After"] == "1"
    assert isinstance(response.body, bytes)
    assert json.loads(response.body) == {
        "title": "Service Unavailable",
        "status": 503,
        "code": "busy",
        "detail": "come again",
    }


def test_wrong_fields_are_named() -> None:
    errors = [FieldError("text", "is missing"), FieldError("kind", "expected one of …")]
    response = ApiProblem("wrong-fields", "text: is missing", errors=errors).response()
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["errors"] == [
        {"field": "text", "what": "is missing"},
        {"field": "kind", "what": "expected one of …"},
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_status_and_a_meaning(code: str) -> None:
    status, says = CODES[code]
    assert status >= 400
    assert HTTPStatus(status).phrase
    assert says
    assert ApiProblem(code, "x").status == status


def test_a_code_that_is_not_declared_is_a_programmers_error() -> None:
    with pytest.raises(AssertionError, match="not declared"):
        ApiProblem("teapot", "x")


def test_json_is_compact_utf8_whatever_it_holds() -> None:
    assert to_bytes({"a": "您好"}) == '{"a":"您好"}'.encode()
    assert to_bytes("\ud83d") == b'"\\ud83d"'
    assert json.loads(to_bytes("\ud83d")) == "\ud83d"


def test_an_answer_is_json() -> None:
    response = json_response([1], 201)
    assert (response.status, response.content_type, response.body) == (
        201,
        "application/json",
        b"[1]",
    )
