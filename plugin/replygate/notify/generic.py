"""Any address that takes JSON: the journal's events, signed, each with an id to know repeats by."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import replace
from typing import Any, Final

from replygate.notify.limiter import Budget
from replygate.notify.notice import Notice
from replygate.notify.page import Page
from replygate.notify.wire import Answer, Message, Request, Verdict, by_status, json_request

TIMESTAMP: Final = "X-Replygate-Timestamp"
SIGNATURE: Final = "X-Replygate-Signature"

_ZONE: Final = dt.timezone(dt.timedelta(hours=8))


class Generic:
    """A list of events in one request."""

    budget = Budget(burst=20, per_s=5.0)
    listed_max = 100
    counts = False

    def message(self, page: Page) -> Message:
        """All events; for a program nothing is told by number."""
        return {
            "sent_at": _time(page.now_ms),
            "events": [_event(notice, page.now_ms) for notice in page.listed],
        }

    def fits(self, message: Message) -> bool:
        """Whether it is short enough: `listed_max` sees to that."""
        return len(message["events"]) <= self.listed_max

    def request(self, url: str, secret: str | None, message: Message, now_ms: int) -> Request:
        """The signature stands in a header, over the timestamp, a dot and the body."""
        request = json_request(url, message)
        if secret is None:
            return request
        timestamp = str(now_ms // 1000)
        signature = sign(secret, timestamp, request.body)
        signed = {**request.headers, TIMESTAMP: timestamp, SIGNATURE: signature}
        return replace(request, headers=signed)

    def judge(self, answer: Answer) -> Verdict:
        """Any 2xx will do."""
        return by_status(answer)


def sign(secret: str, timestamp_s: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body, as small hexadecimal letters."""
    signed = timestamp_s.encode("ascii") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _event(notice: Notice, now_ms: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        **notice.said,
        "event_id": notice.id,
        "event": notice.event,
        "kind": notice.kind,
        "at": _time(notice.at_ms),
        "store": notice.store,
        "shop": notice.shop or None,
        "platform": notice.platform or None,
        "conversation": notice.conversation,
        "rule_name": notice.rule_name,
        "on_duty": list(notice.on_duty) or None,
    }
    if notice.due_ms is not None:
        told |= {"due_at": _time(notice.due_ms), "left_ms": notice.due_ms - now_ms}
        told |= {"hard": notice.hard}
        # They were true when it happened; `left_ms` is now.
        told.pop("due_in_ms", None)
        told.pop("late_ms", None)
    return {name: value for name, value in told.items() if value is not None}


def _time(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1000, _ZONE).isoformat(timespec="milliseconds")
