from __future__ import annotations

import hashlib
import hmac
import json

from replygate.notify.generic import SIGNATURE, TIMESTAMP, Generic
from replygate.notify.page import page_of
from replygate.notify.wire import Answer, Later, Taken

from .kit import NOW_MS, notice

URL = "https://hook.example/x"


def test_events_as_the_journal_writes_them_and_what_holds_now() -> None:
    told = notice(
        id="e-1",
        conversation="c-1",
        reason="waiting",
        said={"reason": "waiting", "rule": "PDD-D-01", "due_in_ms": 10_000, "conversation": "h"},
    )
    page = page_of([told], 100, NOW_MS + 4_000, counts=False)
    message = Generic().message(page)
    assert message == {
        "sent_at": "2026-11-20T10:15:04.000+08:00",
        "events": [
            {
                "reason": "waiting",
                "rule": "PDD-D-01",
                "conversation": "c-1",
                "event_id": "e-1",
                "event": "people.told",
                "kind": "escalate",
                "at": "2026-11-20T10:15:00.000+08:00",
                "store": "shop",
                "shop": "示例小店",
                "platform": "拼多多",
                "rule_name": "3 分钟回复",
                "due_at": "2026-11-20T10:15:10.000+08:00",
                "left_ms": 6_000,
                "hard": True,
            }
        ],
    }
    assert Generic().fits(message)


def test_what_has_no_deadline_has_no_times_of_one() -> None:
    told = notice("violated", due_ms=None, conversation=None, rule_name=None, said={"id": "m"})
    (event,) = Generic().message(page_of([told], 100, NOW_MS, counts=False))["events"]
    assert event.keys() == {"event_id", "event", "kind", "at", "store", "shop", "platform", "id"}


def test_the_signature_covers_the_timestamp_and_the_body() -> None:
    message = Generic().message(page_of([notice()], 100, NOW_MS, counts=False))
    request = Generic().request(URL, "s3cret", message, NOW_MS)
    assert json.loads(request.body) == message
    timestamp = request.headers[TIMESTAMP]
    assert timestamp == str(NOW_MS // 1000)
    signed = timestamp.encode() + b"." + request.body
    assert request.headers[SIGNATURE] == hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    assert SIGNATURE not in Generic().request(URL, None, message, NOW_MS).headers


def test_any_2xx_will_do() -> None:
    assert Generic().judge(Answer(202, b"<html>")) == Taken()
    assert Generic().judge(Answer(500, b"")) == Later("answered 500")
