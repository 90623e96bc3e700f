from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict, CIMultiDictProxy

from replygate_adapters.onebot import bodies
from replygate_adapters.onebot.bodies import params_of, read_bounded, travelling
from replygate_adapters.onebot.frames import Unjudgeable

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("query", "kind", "body", "params"),
    [
        ("", JSON, b'{"a":1}', {"a": 1}),
        ("?access_token=t", FORM, b"a=1&b=", {"a": "1", "b": ""}),
        ("?a=1&access_token=t", "", b"", {"a": "1"}),
        ("", "", b"", {}),
    ],
)
def test_parameters_have_three_shapes(query: str, kind: str, body: bytes, params: Any) -> None:
    request = make_mocked_request("POST", f"/x{query}", headers={"Content-Type": kind})
    assert params_of(request, body) == params


@pytest.mark.parametrize(
    ("query", "kind", "body"),
    [
        ("?a=1&a=2", "", b""),
        ("?a=1", JSON, b"{}"),
        ("", JSON, b"[]"),
        ("", FORM, b"a=%ff"),
        ("", "multipart/form-data", b"a"),
    ],
)
def test_what_is_not_clear_is_refused(query: str, kind: str, body: bytes) -> None:
    request = make_mocked_request("POST", f"/x{query}", headers={"Content-Type": kind})
    with pytest.raises(Unjudgeable):
        params_of(request, body)


def test_headers_of_one_connection_stay() -> None:
    given = CIMultiDict({"Host": "h", "Connection": "close", "X-A": "1", "Content-Length": "7"})
    assert dict(travelling(CIMultiDictProxy(given))) == {"X-A": "1"}


async def test_a_body_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FRAME_BYTES", 3)
    for sent, expected in ((b"abc", b"abc"), (b"abcd", None)):
        content = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
        content.feed_data(sent)
        content.feed_eof()
        assert await read_bounded(content) == expected
