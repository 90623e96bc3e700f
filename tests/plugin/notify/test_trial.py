from __future__ import annotations

import json
from pathlib import Path

import pytest

from replygate.notify.post import Unreachable
from replygate.notify.trial import Tried, try_webhook
from replygate.notify.wire import Answer, Request
from replygate.testing import VirtualClock

from .kit import store

HOOK = 'kind = "wecom"\nurl = "https://qyapi.weixin.qq.com/send?key=s3cret"\nmention = ["li"]'


@pytest.mark.parametrize(
    ("answer", "tried"),
    [
        (
            Answer(200, b'{"errcode":0,"errmsg":"ok"}'),
            Tried(ok=True, said='answered 200: {"errcode":0,"errmsg":"ok"}'),
        ),
        (
            Answer(200, b'{"errcode":93000,"errmsg":"no robot s3cret"}'),
            Tried(ok=False, said="errcode 93000: no robot ***"),
        ),
        (Answer(502, b""), Tried(ok=False, said="answered 502")),
        (Unreachable("no answer within 5 s"), Tried(ok=False, said="no answer within 5 s")),
    ],
)
async def test_one_message_and_what_was_answered(
    tmp_path: Path, answer: Answer | Unreachable, tried: Tried
) -> None:
    requests: list[Request] = []

    async def post(request: Request) -> Answer:
        requests.append(request)
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    shop = store(tmp_path, HOOK)
    assert await try_webhook(shop.webhooks[0], shop, VirtualClock(), post) == tried
    (request,) = requests
    content = json.loads(request.body)["markdown"]["content"]
    assert "这是一条测试消息，不用处理" in content
    assert "小店 shop" in content
    assert "<@li>" in content
