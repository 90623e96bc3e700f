"""From a request's bytes to one JSON object, or one clear problem."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from aiohttp import web

from replygate.sidecar.limits import BODY_BYTES, BODY_S, JSON_DEPTH
from replygate.sidecar.problems import JSON_TYPE, ApiProblem

Body = dict[str, Any]

_MARK: Final = b"\xef\xbb\xbf"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


async def read_object(request: web.BaseRequest) -> Body:
    """Read the body as a JSON object. Raises ApiProblem where it is none."""
    _require_type(request)
    return parse_object(await _read(request))


def parse_object(raw: bytes) -> Body:
    """Read a JSON object strictly. Raises ApiProblem.

    Refused are what parsers read in different ways or texts can not hold: repeated keys, NaN,
    lone surrogates, NUL, deep nesting.
    """
    if not raw.strip():
        raise ApiProblem("bad-json", "the body is empty; expected a JSON object")
    value = _parse(_decode(raw))
    if not isinstance(value, dict):
        raise ApiProblem("bad-json", f"expected a JSON object, got {describe(value)}")
    _require_sound(value)
    return value


def describe(value: object) -> str:
    """Name a JSON value for a person: `the number 3`, `a list`."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return f"the number {shorten(str(value))}"
    if isinstance(value, str):
        return f'the string "{shorten(value)}"' if value else "an empty string"
    return "a list" if isinstance(value, list) else "an object"


def shorten(text: str, limit: int = 40) -> str:
    """Cut a text that would not fit an error line; what can not be printed is escaped."""
    cut = text[:limit] + "…" if len(text) > limit else text
    return "".join(char if char.isprintable() else _escape(char) for char in cut)


def _require_type(request: web.BaseRequest) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ApiProblem("wrong-type", "a compressed body is not taken; send it as it is")
    if "Content-Type" not in request.headers:
        raise ApiProblem("wrong-type", f"Content-Type is missing; expected {JSON_TYPE}")
    if request.content_type != JSON_TYPE:
        given = shorten(request.content_type)
        raise ApiProblem("wrong-type", f"Content-Type is {given}; expected {JSON_TYPE}")
    charset = request.charset
    if charset is not None and charset.lower() not in {"utf-8", "utf8"}:
        raise ApiProblem("wrong-type", f"the charset is {shorten(charset)}; expected utf-8")


async def _read(request: web.BaseRequest) -> bytes:
    too_large = f"the body is larger than {BODY_BYTES} bytes"
    if (request.content_length or 0) > BODY_BYTES:
        raise ApiProblem("too-large", too_large, headers={"Connection": "close"})
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiProblem("too-large", too_large, headers={"Connection": "close"}) from error
    except TimeoutError as error:
        raise ApiProblem(
            "too-slow",
            f"the body did not come within {BODY_S:g} s",
            headers={"Connection": "close"},
        ) from error
    except (web.RequestPayloadError, web.HTTPBadRequest) as error:
        raise ApiProblem(
            "bad-http", "the body is not valid HTTP", headers={"Connection": "close"}
        ) from error


def _decode(raw: bytes) -> str:
    if raw.startswith(_MARK):
        raise ApiProblem("bad-json", "the body begins with a byte order mark; leave it out")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise ApiProblem(
            "bad-encoding", f"the body is not UTF-8 (byte 0x{byte:02x} at {error.start + 1})"
        ) from error


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ApiProblem(
            "bad-json", f"line {error.lineno}, column {error.colno}: {_worded(error.msg)}"
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # a number beyond all measure
        raise ApiProblem("bad-json", "a number is too long") from error


def _worded(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(" at")


def _object(pairs: list[tuple[str, Any]]) -> Body:
    found: Body = {}
    for key, value in pairs:
        if key in found:
            raise ApiProblem("bad-json", f'the key "{shorten(key)}" is there twice')
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ApiProblem("bad-json", f"{name} is no JSON")


def _require_sound(body: Body) -> None:
    for value, depth in _walk(body):
        if depth > JSON_DEPTH and isinstance(value, dict | list):
            raise _too_deep()
        if isinstance(value, str) and (found := _NO_TEXT.search(value)):
            raise ApiProblem("bad-json", f"a text holds {_escape(found[0])}, which is no character")
        if isinstance(value, float) and value in {float("inf"), float("-inf")}:
            raise ApiProblem("bad-json", "a number is too large")


def _walk(body: Body) -> Iterator[tuple[object, int]]:
    """Every key and value with its depth; without recursion, as depth is what is to be judged."""
    left: list[tuple[object, int]] = [(body, 1)]
    while left:
        value, depth = left.pop()
        yield value, depth
        if isinstance(value, dict):
            left += [(inner, depth + 1) for pair in value.items() for inner in pair]
        elif isinstance(value, list):
            left += [(inner, depth + 1) for inner in value]


def _too_deep() -> ApiProblem:
    return ApiProblem("bad-json", f"nested deeper than {JSON_DEPTH} levels")


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}"
