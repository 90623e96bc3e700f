from __future__ import annotations

import json

import pytest

from replygate.notify.page import page_of
from replygate.notify.wecom import CONTENT_BYTES, TOO_MANY_S, WeCom
from replygate.notify.wire import Answer, Later, Message, Refused, Taken, Verdict

from .kit import NOW_MS, notice

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"


def message(*mention: str, lost: int = 0) -> Message:
    told = notice(conversation="c-1", mention=mention)
    return WeCom().message(page_of([told], 20, NOW_MS, counts=True, lost=lost))


def test_a_message() -> None:
    assert message("zhang.san", "all", lost=2) == {
        "msgtype": "markdown",
        "markdown": {
            "content": "**replygate｜需要马上回复｜示例小店**\n"
            "**需要马上回复**（1） 请到工作台回复买家\n"
            "> 还剩 10 秒｜示例小店（拼多多）｜会话 c-1｜3 分钟回复\n\n"
            "2 条太多或太旧，未发出，见日志\n\n"
            "<@zhang.san>"
        },
    }


def test_the_limit_is_in_bytes() -> None:
    fits = {"markdown": {"content": "字" * (CONTENT_BYTES // 3)}}
    assert WeCom().fits(fits)
    assert not WeCom().fits({"markdown": {"content": "字" * (CONTENT_BYTES // 3 + 1)}})


def test_nothing_is_signed() -> None:
    request = WeCom().request(URL, "unused", message(), NOW_MS)
    assert request.url == URL
    assert json.loads(request.body) == message()


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', Taken()),
        (
            200,
            b'{"errcode":45009,"errmsg":"api freq out of limit"}',
            Later("errcode 45009: api freq out of limit", TOO_MANY_S),
        ),
        (200, b'{"errcode":-1,"errmsg":"busy"}', Later("errcode -1: busy")),
        (
            200,
            b'{"errcode":93000,"errmsg":"invalid webhook url"}',
            Refused("errcode 93000: invalid webhook url"),
        ),
        (200, b"", Later("the answer is not that of a WeCom robot")),
        (503, b"", Later("answered 503")),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, verdict: Verdict) -> None:
    assert WeCom().judge(Answer(status, body)) == verdict
