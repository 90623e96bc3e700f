from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from replygate.notify.dingtalk import MUTED_S, DingTalk, sign
from replygate.notify.page import page_of
from replygate.notify.wire import Answer, Later, Message, Refused, Taken, Verdict

from .kit import NOW_MS, notice

URL = "https://oapi.dingtalk.com/robot/send?access_token=abc"


def message(*mention: str) -> Message:
    told = notice(conversation="c-1", mention=mention)
    return DingTalk().message(page_of([told], 20, NOW_MS, counts=True))


def test_a_message() -> None:
    assert message("13800001111", "li.lei", "all") == {
        "msgtype": "markdown",
        "markdown": {
            "title": "replygate｜需要马上回复｜示例小店",
            "text": "#### replygate｜需要马上回复｜示例小店\n\n"
            "**需要马上回复**（1） 请到工作台回复买家\n\n"
            "- 还剩 10 秒｜示例小店（拼多多）｜会话 c-1｜3 分钟回复\n\n"
            "@13800001111 @li.lei",
        },
        "at": {"atMobiles": ["13800001111"], "atUserIds": ["li.lei"], "isAtAll": True},
    }


def test_the_address_carries_the_signature() -> None:
    request = DingTalk().request(URL, "SEC+/", message(), NOW_MS)
    query = parse_qs(urlsplit(request.url).query)
    text = f"{NOW_MS}\nSEC+/".encode()
    expected = base64.b64encode(hmac.digest(b"SEC+/", text, hashlib.sha256)).decode()
    assert query == {"access_token": ["abc"], "timestamp": [str(NOW_MS)], "sign": [expected]}
    assert json.loads(request.body) == message()


def test_without_a_secret_nothing_is_signed() -> None:
    assert DingTalk().request(URL, None, message(), NOW_MS).url == URL


def test_a_known_signature() -> None:
    # Worked out with openssl: printf '%s\n%s' TIME SECRET | openssl dgst -sha256 -hmac SECRET
    assert sign("this is secret", 1_599_360_473_000) == KNOWN


KNOWN = "hXZTWifRGHclNuZSKxoXc//sh51SWfVfRIhcdeKs63I="


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', Taken()),
        (
            200,
            b'{"errcode":130101,"errmsg":"send too fast"}',
            Later("errcode 130101: send too fast", MUTED_S),
        ),
        (200, b'{"errcode":410100,"errmsg":"x"}', Later("errcode 410100: x", MUTED_S)),
        (200, b'{"errcode":-1,"errmsg":"busy"}', Later("errcode -1: busy")),
        (
            200,
            b'{"errcode":310000,"errmsg":"sign not match"}',
            Refused("errcode 310000: sign not match"),
        ),
        (200, b"<html>login</html>", Later("the answer is not that of a DingTalk robot")),
        (502, b"bad gateway", Later("answered 502")),
        (404, b"", Refused("answered 404")),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, verdict: Verdict) -> None:
    assert DingTalk().judge(Answer(status, body)) == verdict
