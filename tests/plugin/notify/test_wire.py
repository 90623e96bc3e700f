from __future__ import annotations

import json

import pytest

from replygate.notify.wire import (
    SAID_CHARS,
    Answer,
    Later,
    Refused,
    Taken,
    Verdict,
    by_status,
    code_of,
    json_request,
    one_line,
)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Taken()),
        (204, Taken()),
        (302, Refused("answered 302; a redirect is never followed")),
        (401, Refused("answered 401")),
        (408, Later("answered 408", 7)),
        (429, Later("answered 429", 7)),
        (502, Later("answered 502", 7)),
    ],
)
def test_what_a_status_means(status: int, verdict: Verdict) -> None:
    assert by_status(Answer(status, b"", 7)) == verdict


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', (0, "ok")),
        (b'{"errcode":310000,"errmsg":"a\\nb"}', (310000, "a b")),
        (b'{"code":19021,"msg":"sign"}', (19021, "sign")),
        (b'{"StatusCode":0,"StatusMessage":"success"}', (0, "success")),
        (b'{"errcode":"0"}', None),
        (b'{"errcode":true}', None),
        (b"[]", None),
        (b"<html>", None),
        (b"[" * 100_000, None),
        (b"", None),
    ],
)
def test_the_robots_own_code(body: bytes, found: tuple[int, str] | None) -> None:
    assert code_of(Answer(200, body), "errcode", "code", "StatusCode") == found


def test_somebody_elses_words_are_one_short_line() -> None:
    assert one_line(" a\r\n\x00b \ud800") == "a b ?"
    assert len(one_line("x" * 1_000)) == SAID_CHARS


def test_a_request_shows_nothing_of_itself() -> None:
    request = json_request("https://a.example/?key=s3cret", {"a": "中\ud800"})
    assert json.loads(request.body) == {"a": "中?"}
    assert "s3cret" not in repr(request)
