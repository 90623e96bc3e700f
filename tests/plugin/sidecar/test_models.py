from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from replygate.sidecar.models import (
    OutboundRequest,
    ScreenRequest,
    SentRequest,
    read,
    wrong_fields,
)
from replygate.sidecar.problems import ApiProblem, FieldError

SENT = {"conversation": "c-1", "text": "好的"}


def test_what_is_left_out_has_its_default() -> None:
    asked = read(OutboundRequest, {"conversation": "c-1", "text": "好的"})
    assert (asked.origin, asked.kind, asked.agent) == ("bot", "text", None)
    assert read(ScreenRequest, {"text": ""}).conversation == "screen"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-20T10:10:15+08:00", dt.datetime(2026, 11, 20, 2, 10, 15, tzinfo=dt.UTC)),
        ("2026-11-20T02:10:15.250Z", dt.datetime(2026, 11, 20, 2, 10, 15, 250_000, tzinfo=dt.UTC)),
    ],
)
def test_a_time_has_its_offset(written: str, at: dt.datetime) -> None:
    assert read(SentRequest, {**SENT, "at": written}).at == at


@pytest.mark.parametrize("at", ["", "2026-11-20", "2026-11-20T10:10:15", "now", 17, True, []])
def test_a_time_without_offset_is_refused(at: object) -> None:
    with pytest.raises(ApiProblem, match=r"at: expected a time with its offset \(2026-"):
        read(SentRequest, {**SENT, "at": at})


def test_every_wrong_field_is_named() -> None:
    body: dict[str, Any] = {"conversation": 1, "kind": "vidio", "txt": "x" * 100}
    with pytest.raises(ApiProblem) as caught:
        read(OutboundRequest, body)
    assert {error.field: error.what for error in caught.value.errors} == {
        "conversation": "expected a string, got the number 1",
        "text": "is missing",
        "kind": "expected one of text, image, card, voice, video, file, other; "
        'got the string "vidio"; did you mean video?',
        "txt": "unknown field; did you mean text?",
    }
    assert caught.value.detail == "conversation: expected a string, got the number 1 (and 3 more)"


def test_an_unknown_field_that_is_near_nothing_lists_what_is_known() -> None:
    with pytest.raises(ApiProblem, match="known are text, origin, conversation, kind, agent"):
        read(ScreenRequest, {"text": "x", "zzz": 1})


def test_a_problem_of_the_whole_body_has_no_field() -> None:
    problem = wrong_fields([FieldError("", "expected an object")])
    assert problem.detail == "expected an object"
