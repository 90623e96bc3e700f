"""Bad requests over every route: one clear problem each, the service stays up, nothing is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from replygate.sidecar.limits import BODY_BYTES, JSON_DEPTH, NAME_CHARS
from replygate.sidecar.problems import CODES
from served import ONE_TOKEN, TWO_TOKEN, VIEW_TOKEN, Served, auth, now, question, served

ONE = "/v1/stores/one"
TWO = "/v1/stores/two"
SCREEN, INBOUND, OUTBOUND, SENT = (f"{ONE}/{n}" for n in ("screen", "inbound", "outbound", "sent"))
WAITING, EVENTS, OPENAPI = f"{ONE}/conversations", "/v1/events", "/v1/openapi.json"
JSON = {"Content-Type": "application/json"}
FINE = {"conversation": "c-1", "text": "今天发"}


@dataclass(frozen=True)
class Bad:
    """One request, and the problem that it must meet. `says` stands in the detail."""

    method: str
    path: str
    body: Any
    status: int
    code: str
    says: str
    headers: dict[str, str] = field(default_factory=dict)
    token: str | None = ONE_TOKEN

    def __str__(self) -> str:
        return f"{self.method} {self.path[:40]} {self.code} {self.says[:30]}"


def without(name: str) -> dict[str, object]:
    """A good question but for one field."""
    return {key: value for key, value in question().items() if key != name}


def fields(method: str, path: str, body: object, says: str) -> Bad:
    return Bad(method, path, body, 422, "wrong-fields", says)


def text(raw: bytes, says: str, code: str = "bad-json", status: int = 400) -> Bad:
    return Bad("POST", SCREEN, raw, status, code, says, JSON)


def key(value: str) -> Bad:
    return Bad("POST", OUTBOUND, FINE, 400, "bad-key", "1 to", {"Idempotency-Key": value})


DEEP = b'{"text":' + b"[" * (JSON_DEPTH + 1) + b"]" * (JSON_DEPTH + 1) + b"}"
VERY_DEEP = b'{"text":' + b"[" * 30_000 + b"]" * 30_000 + b"}"

DONE = {"by": "xiao-wang", "outcome": "sent"}

BAD = [
    # Who asks
    Bad("GET", WAITING, None, 401, "no-token", "is missing", token=None),
    Bad("POST", SCREEN, {}, 401, "no-token", "is missing", token=None),
    Bad("POST", OUTBOUND, FINE, 401, "no-token", "is missing", token=None),
    Bad("GET", EVENTS, None, 401, "no-token", "is missing", token=None),
    Bad("GET", WAITING, None, 401, "no-token", "form", {"Authorization": "Basic eDp5"}, None),
    Bad("GET", WAITING, None, 401, "no-token", "form", {"Authorization": "Bearer"}, None),
    Bad("GET", WAITING, None, 401, "no-token", "form", {"Authorization": ONE_TOKEN}, None),
    Bad("GET", WAITING, None, 401, "wrong-token", "opens nothing", token=ONE_TOKEN + "!"),
    Bad("GET", WAITING, None, 401, "wrong-token", "opens nothing", token=ONE_TOKEN[:-1]),
    Bad("GET", WAITING, None, 401, "wrong-token", "opens nothing", token=ONE_TOKEN.upper()),
    Bad("GET", WAITING, None, 401, "wrong-token", "opens nothing", token="密码" * 8),
    Bad("POST", OUTBOUND, FINE, 401, "wrong-token", "opens nothing", token="x" * 5_000),
    Bad("GET", f"{TWO}/conversations", None, 404, "unknown-store", "no such store"),
    Bad("POST", f"{TWO}/outbound", FINE, 404, "unknown-store", "no such store"),
    Bad("POST", OUTBOUND, FINE, 404, "unknown-store", "no such store", token=TWO_TOKEN),
    Bad("POST", "/v1/stores/three/screen", {"text": "x"}, 404, "unknown-store", "no such store"),
    Bad("POST", "/v1/stores/on%65%00/screen", {}, 404, "unknown-store", "no such store"),
    Bad("POST", "/v1/stores/..%2Fone/screen", {}, 404, "unknown-store", "no such store"),
    Bad("GET", f"{EVENTS}?store=two", None, 404, "unknown-store", "no such store"),
    Bad("GET", f"{EVENTS}?store=three", None, 404, "unknown-store", "no such store"),
    Bad("POST", INBOUND, question(), 403, "read-only", "not act", token=VIEW_TOKEN),
    Bad("POST", OUTBOUND, FINE, 403, "read-only", "not act", token=VIEW_TOKEN),
    Bad("POST", SENT, FINE, 403, "read-only", "not act", token=VIEW_TOKEN),
    # What is there
    Bad("GET", "/", None, 404, "unknown-route", "nothing at this path"),
    Bad("GET", "/v1", None, 404, "unknown-route", "nothing at this path"),
    Bad("POST", "/v2/stores/one/screen", {}, 404, "unknown-route", "nothing at this path"),
    Bad("POST", f"{SCREEN}/", {}, 404, "unknown-route", "nothing at this path"),
    Bad("POST", f"{ONE}/Screen", {}, 404, "unknown-route", "nothing at this path"),
    Bad("POST", f"{ONE}/outbound/https://x.test", FINE, 404, "unknown-route", "nothing"),
    Bad("GET", f"{ONE}/metric", None, 404, "unknown-route", "nothing at this path"),
    Bad("POST", f"{ONE}/tasks/none/done", DONE, 404, "unknown-task", "no such task"),
    Bad("POST", f"{ONE}/tasks/none/release", {"by": "x"}, 404, "unknown-task", "no such task"),
    Bad("POST", f"{ONE}/tasks/none/done", DONE, 403, "read-only", "not act", token=VIEW_TOKEN),
    Bad("POST", f"{ONE}/tasks/none/done", {}, 422, "wrong-fields", "by"),
    Bad("POST", f"{ONE}/conversations/c-1/forget", None, 403, "read-only", "", token=VIEW_TOKEN),
    Bad("GET", f"{ONE}/metrics?window=soon", None, 400, "bad-query", "window"),
    Bad("GET", "/metrics", None, 404, "unknown-route", "nothing at this path"),
    Bad("GET", "/readyz", None, 404, "unknown-route", "nothing at this path"),
    Bad("GET", "/v1/stores//conversations", None, 404, "unknown-route", "nothing at this path"),
    Bad("GET", SCREEN, None, 405, "wrong-method", "allowed: POST"),
    Bad("PUT", SCREEN, {"text": "x"}, 405, "wrong-method", "allowed: POST"),
    Bad("DELETE", WAITING, None, 405, "wrong-method", "allowed: GET"),
    Bad("PATCH", OUTBOUND, FINE, 405, "wrong-method", "allowed: POST"),
    Bad("POST", WAITING, {}, 405, "wrong-method", "allowed: GET"),
    Bad("POST", EVENTS, {}, 405, "wrong-method", "allowed: GET"),
    Bad("POST", OPENAPI, {}, 405, "wrong-method", "allowed: GET"),
    Bad("OPTIONS", OUTBOUND, None, 405, "wrong-method", "allowed: POST"),
    Bad("TRACE", OPENAPI, None, 405, "wrong-method", "allowed: GET"),
    Bad("PROPFIND", INBOUND, None, 405, "wrong-method", "PROPFIND is not allowed"),
    Bad("GET", f"{WAITING}?limit=5", None, 400, "bad-query", "'limit'"),
    Bad("POST", f"{OUTBOUND}?dry_run=1", FINE, 400, "bad-query", "'dry_run'"),
    Bad("GET", f"{EVENTS}?stor=one", None, 400, "bad-query", "did you mean store?"),
    Bad("GET", f"{EVENTS}?store=one&store=two", None, 400, "bad-query", "twice"),
    Bad("GET", f"{OPENAPI}?pretty", None, 400, "bad-query", "'pretty'"),
    # How it is written
    Bad("POST", SCREEN, b"{}", 415, "wrong-type", "is text/plain", {"Content-Type": "text/plain"}),
    Bad(
        "POST",
        OUTBOUND,
        b"text=x",
        415,
        "wrong-type",
        "x-www-form-urlencoded",
        {"Content-Type": "application/x-www-form-urlencoded"},
    ),
    Bad(
        "POST",
        SCREEN,
        b"{}",
        415,
        "wrong-type",
        "gb18030",
        {"Content-Type": "application/json; charset=gb18030"},
    ),
    Bad(
        "POST", SCREEN, b"{}", 415, "wrong-type", "compressed", {**JSON, "Content-Encoding": "gzip"}
    ),
    Bad("POST", INBOUND, b"\x1f\x8b", 415, "wrong-type", "compressed", {"Content-Encoding": "br"}),
    Bad("POST", SCREEN, b"{}", 417, "bad-expectation", "100-continue", {**JSON, "Expect": "tea"}),
    text(b"", "is empty"),
    text(b" \r\n", "is empty"),
    text(b"{", "line 1, column 2"),
    text(b'{"text": "x"', "column 13"),
    text(b"{'text': 'x'}", "double quotes"),
    text(b'{"text": "x"} {}', "extra data"),
    text(b'{"text": "x\ny"}', "control character"),
    text(b'{"text": "\\x41"}', "escape"),
    text(b"[]", "got a list"),
    text(b'"x"', 'got the string "x"'),
    text(b"null", "got null"),
    text(b"12", "got the number 12"),
    text(b'{"text": NaN}', "NaN is no JSON"),
    text(b'{"text": -Infinity}', "-Infinity is no JSON"),
    text(b'{"text": 1e999}', "too large"),
    text(b'{"text": ' + b"1" * 5_000 + b"}", "too long"),
    text(b'{"text": "x", "text": "y"}', '"text" is there twice'),
    text(b'{"a": {"b": 1, "b": 1}}', '"b" is there twice'),
    text(b'{"text": "a\\u0000b"}', "\\u0000"),
    text(b'{"a\\u0000": "b"}', "\\u0000"),
    text(b'{"text": "\\ud83d"}', "\\ud83d"),
    text(DEEP, "deeper than"),
    text(VERY_DEEP, "deeper than"),
    text(b"\xef\xbb\xbf{}", "byte order mark"),
    text('{"text": "微信"}'.encode("gb18030"), "byte 0x", "bad-encoding"),
    text('{"text": "微信"}'.encode("utf-16"), "byte 0xff", "bad-encoding"),
    text(b'{"text": "\xff"}', "byte 0xff at 11", "bad-encoding"),
    text(b'{"text": "\xed\xa0\x80"}', "byte 0xed", "bad-encoding"),
    text(b" " * (BODY_BYTES + 1), "larger than", "too-large", 413),
    text(b'{"text": "' + b"x" * BODY_BYTES + b'"}', "larger than", "too-large", 413),
    # What it says: screen
    fields("POST", SCREEN, {}, "text: is missing"),
    fields("POST", SCREEN, {"text": 5}, "text: expected a string, got the number 5"),
    fields("POST", SCREEN, {"text": None}, "text: expected a string, got null"),
    fields("POST", SCREEN, {"text": ["x"]}, "text: expected a string, got a list"),
    fields("POST", SCREEN, {"text": "x", "origin": "boss"}, "origin: expected one of buyer"),
    fields("POST", SCREEN, {"text": "x", "origin": "bott"}, "did you mean bot?"),
    fields("POST", SCREEN, {"text": "x", "kind": 1}, "kind: expected one of"),
    fields("POST", SCREEN, {"text": "x", "txt": "y"}, "did you mean text?"),
    fields("POST", SCREEN, {"text": "x", "conversation": ""}, "an empty string"),
    # outbound
    fields("POST", OUTBOUND, {"text": "x"}, "conversation: is missing"),
    fields("POST", OUTBOUND, {"conversation": "c"}, "text: is missing"),
    fields("POST", OUTBOUND, {**FINE, "text": ""}, "text: expected some text"),
    fields("POST", OUTBOUND, {**FINE, "conversation": 7}, "conversation: expected a string"),
    fields("POST", OUTBOUND, {**FINE, "conversation": "c" * (NAME_CHARS + 1)}, "at most"),
    fields("POST", OUTBOUND, {**FINE, "origin": "hold"}, "expected one of bot, human"),
    fields("POST", OUTBOUND, {**FINE, "origin": "buyer"}, "expected one of bot, human"),
    fields("POST", OUTBOUND, {**FINE, "store": "two"}, "store: unknown field"),
    fields("POST", OUTBOUND, {**FINE, "url": "http://10.0.0.1/"}, "url: unknown field"),
    fields("POST", OUTBOUND, {**FINE, "callback": {"url": "http://x.test"}}, "unknown field"),
    fields("POST", OUTBOUND, {**FINE, "agent": 7}, "agent: expected a string"),
    fields("POST", OUTBOUND, {"text": 1, "conversation": 2}, "(and 1 more)"),
    key("x" * (NAME_CHARS + 1)),
    key(""),
    key("a b"),
    key("键"),
    # sent
    fields("POST", SENT, {"text": "x"}, "conversation: is missing"),
    fields("POST", SENT, {**FINE, "at": 1_700_000_000}, "at: expected a time with its offset"),
    fields("POST", SENT, {**FINE, "at": "2026-11-20T10:10:15"}, "at: expected a time with its"),
    fields("POST", SENT, {**FINE, "at": "yesterday"}, "at: expected a time with its offset"),
    fields("POST", SENT, {**FINE, "origin": "buyer"}, "origin: expected one of"),
    fields("POST", SENT, {**FINE, "id": ""}, "id: expected some text"),
    fields("POST", SENT, {**FINE, "direction": "out"}, "direction: unknown field"),
    # inbound
    fields("POST", INBOUND, {}, "type: is missing"),
    fields("POST", INBOUND, {"type": "mesage"}, "type: "),
    fields("POST", INBOUND, {"type": 5}, "type: "),
    fields("POST", INBOUND, without("id"), "id: is missing"),
    fields("POST", INBOUND, without("conversation"), "conversation: is missing"),
    fields("POST", INBOUND, without("at"), "at: is missing"),
    fields("POST", INBOUND, without("direction"), "direction: is missing"),
    fields("POST", INBOUND, question(direction="out"), "direction: "),
    fields("POST", INBOUND, question(direction="sideways"), "direction: "),
    fields("POST", INBOUND, question(at="2026-11-20T10:10:15"), "at: "),
    fields("POST", INBOUND, question(at=1_700_000_000), "at: "),
    fields("POST", INBOUND, question(id=7), "id: expected a string"),
    fields("POST", INBOUND, question(text=["在吗"]), "text: expected a string"),
    fields("POST", INBOUND, question(store="two"), "store: expected"),
    fields("POST", INBOUND, question(conversation="c" * 300), "conversation: has 300"),
    fields("POST", INBOUND, {"type": "recall", "conversation": "c", "at": now()}, "message: "),
    fields("POST", INBOUND, {"type": "rating", "conversation": "c", "at": now()}, "score: "),
    fields("POST", INBOUND, {"type": "agent_online", "at": now()}, "agent: is missing"),
]


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, operators=True) as hand:
        yield hand


async def test_there_are_many_of_them() -> None:
    assert len(BAD) + len(RAW) >= 80
    shown = {bad.code for bad in BAD} | {"bad-http"}
    assert shown >= {code for code, (status, _) in CODES.items() if status in range(400, 408)}


async def test_each_bad_request_meets_one_clear_problem(running: Served) -> None:
    wrong = [told for bad in BAD if (told := await meet(running, bad))]
    assert wrong == []
    await require_untouched(running)


async def meet(running: Served, bad: Bad) -> str:
    """What was wrong with the answer, or nothing."""
    headers = {**(auth(bad.token) if bad.token else {}), **bad.headers}
    body = {"data": bad.body} if isinstance(bad.body, bytes) else {"json": bad.body}
    # The path as it stands: a client that tidies it up would hide what is to be tried.
    url = URL(bad.path, encoded=True)
    async with running.client.request(bad.method, url, headers=headers, **body) as response:
        raw = await response.read()
        problem = json.loads(raw)
        found = (response.status, problem.get("code"), response.content_type)
        if found != (bad.status, bad.code, "application/problem+json"):
            return f"{bad}: got {found}: {problem}"
        if bad.says not in problem["detail"] or "\n" in problem["detail"]:
            return f"{bad}: says {problem['detail']!r}"
        if response.headers["Server"] != "replygate":
            return f"{bad}: Server is {response.headers['Server']}"
        if (bad.status == 401) != ("WWW-Authenticate" in response.headers):
            return f"{bad}: WWW-Authenticate"
        if (bad.status == 405) != ("Allow" in response.headers):
            return f"{bad}: Allow"
    return ""


async def require_untouched(running: Served) -> None:
    """The service is up, and nothing was sent or taken in."""
    assert running.failed == []
    assert running.platform.sent == []
    assert set(running.events()) <= {"config.loaded", "process.started"}
    assert await running.ask("GET", WAITING) == (200, {"conversations": []})
    status, sent = await running.ask("POST", OUTBOUND, FINE)
    assert (status, sent["state"]) == (200, "sent")


LINE = b"GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    f"POST {OUTBOUND} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ONE_TOKEN}\r\n".encode()
)

RAW = [
    pytest.param(b"\r\n\r\n\r\n\x00\x01\x02\r\n\r\n", id="noise"),
    pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS"),
    pytest.param(b"GET\r\n\r\n", id="no target"),
    pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="another version"),
    pytest.param(b"GET /v1/openapi.json SMTP/1.1\r\n\r\n", id="another protocol"),
    pytest.param(b"G\xc3T / HTTP/1.1\r\nHost: localhost\r\n\r\n", id="a method of bytes"),
    pytest.param(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="a long line"),
    pytest.param(LINE + b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n", id="a long header"),
    pytest.param(LINE + b"no colon here\r\n\r\n", id="a header without colon"),
    pytest.param(LINE + b"Bad Name: x\r\n\r\n", id="a space in a header's name"),
    pytest.param(LINE + b"X: a\x00b\r\n\r\n", id="NUL in a header"),
    pytest.param(POST + b"Content-Length: -1\r\n\r\n", id="a negative length"),
    pytest.param(POST + b"Content-Length: ten\r\n\r\n", id="a length in words"),
    pytest.param(POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", id="two lengths"),
    pytest.param(
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        id="a length and chunks",
    ),
    pytest.param(
        POST
        + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"zz\r\n{}\r\n0\r\n\r\n",
        id="a wrong chunk",
    ),
]


@pytest.mark.parametrize("raw", RAW)
async def test_what_is_no_http_is_answered_so(running: Served, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(raw)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400")), answer
    assert b"Server: replygate" in head
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "bad-http"
    await require_untouched(running)


async def test_many_headers_are_too_many(running: Served) -> None:
    headers = {f"X-{number}": "1" for number in range(200)}
    async with running.client.get(OPENAPI, headers=headers) as response:
        assert response.status == 400
        assert (await response.json(content_type=None))["code"] == "bad-http"


async def test_a_large_body_in_chunks_is_cut(running: Served) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 4096

    headers = {**auth(ONE_TOKEN), **JSON}
    async with running.client.post(OUTBOUND, data=chunks(), headers=headers) as response:
        assert response.status == 413
        assert (await response.json(content_type=None))["code"] == "too-large"
    await require_untouched(running)


async def test_a_head_request_gets_headers_only(running: Served) -> None:
    async with running.client.head(WAITING, headers=auth(ONE_TOKEN)) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET")
        assert await response.read() == b""


async def test_a_body_that_is_expected_to_continue_is_taken(running: Served) -> None:
    async with running.client.post(
        SCREEN, json={"text": "您好"}, headers=auth(ONE_TOKEN), expect100=True
    ) as response:
        assert response.status == 200


async def test_every_client_error_of_aiohttp_is_ours(running: Served) -> None:
    """Nothing of the library's own words gets out, not even where it answers before us."""
    async with running.client.get("/nowhere", headers={"Expect": "tea"}) as response:
        assert response.status in {404, 417}
        assert "aiohttp" not in str(response.headers)
