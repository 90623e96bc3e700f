from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from replygate.notify.feishu import BUSY_S, Feishu, sign
from replygate.notify.page import page_of
from replygate.notify.wire import Answer, Later, Message, Refused, Taken, Verdict

from .kit import NOW_MS, notice

URL = "https://open.feishu.cn/open-apis/bot/v2/hook/abc"


def message(*mention: str) -> Message:
    told = notice(conversation="c-1", mention=mention)
    return Feishu().message(page_of([told], 20, NOW_MS, counts=True))


def test_a_message() -> None:
    assert message("ou_1", "all") == {
        "msg_type": "text",
        "content": {
            "text": "replygate｜需要马上回复｜示例小店\n"
            "【需要马上回复】请到工作台回复买家\n"
            "· 还剩 10 秒｜示例小店（拼多多）｜会话 c-1｜3 分钟回复\n"
            '<at user_id="ou_1"></at><at user_id="all"></at>'
        },
    }


def test_the_body_carries_the_signature() -> None:
    request = Feishu().request(URL, "demo", message(), NOW_MS)
    timestamp = str(NOW_MS // 1000)
    key = f"{timestamp}\ndemo".encode()
    expected = base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()
    assert json.loads(request.body) == {
        "timestamp": timestamp,
        "sign": expected,
        **message(),
    }
    assert request.url == URL


def test_without_a_secret_nothing_is_signed() -> None:
    assert json.loads(Feishu().request(URL, None, message(), NOW_MS).body) == message()


def test_a_known_signature() -> None:
    # Worked out with openssl, HMAC over nothing with the key "TIME\nSECRET".
    assert sign("demo", "1599360473") == KNOWN


KNOWN = "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"code":0,"msg":"success","data":{}}', Taken()),
        (200, b'{"StatusCode":0,"StatusMessage":"success"}', Taken()),
        (200, b'{"code":11232,"msg":"limit"}', Later("code 11232: limit", BUSY_S)),
        (400, b'{"code":11232,"msg":"limit"}', Later("code 11232: limit", BUSY_S)),
        (
            200,
            b'{"code":9499,"msg":"Too Many Requests"}',
            Later("code 9499: Too Many Requests", 10),
        ),
        (429, b'{"code":1,"msg":"x"}', Later("code 1: x", BUSY_S)),
        (200, b'{"code":19021,"msg":"sign match fail"}', Refused("code 19021: sign match fail")),
        (
            200,
            b'{"code":19024,"msg":"Key Words Not Found"}',
            Refused("code 19024: Key Words Not Found"),
        ),
        (200, b"hello", Later("the answer is not that of a Feishu bot")),
        (500, b"", Later("answered 500")),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, verdict: Verdict) -> None:
    assert Feishu().judge(Answer(status, body)) == verdict
