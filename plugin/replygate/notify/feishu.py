"""The custom bot of a Feishu (Lark) group.

Its documentation (open.feishu.cn, "自定义机器人使用指南") says: a bot takes 100 messages a minute
and 5 a second, more gives code 11232, and full and half hours are busy; a body may have 20 KB; with
"签名校验" the body carries `timestamp` (s, within one hour) and `sign`, the Base64 of HMAC-SHA256
over nothing, keyed with "{timestamp}\\n{secret}". Success is `code` 0 (older: `StatusCode` 0);
19021 is a wrong signature or clock, 19022 a wrong address, 19024 a missing keyword, 9499 a bad
request.
`<at user_id="…"></at>` names a member, `all` everybody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from replygate.notify.limiter import Budget
from replygate.notify.page import Page
from replygate.notify.wire import (
    BUSY,
    Answer,
    Later,
    Message,
    Refused,
    Request,
    Verdict,
    by_code,
    json_request,
)

TEXT_BYTES: Final = 15_000

BUSY_S: Final = 10.0

_TOO_MANY: Final = frozenset({11232, 99991400})


class Feishu:
    """Plain text, signed in the body."""

    # 3 + 1 a second: 4 in any second, 63 in any minute.
    budget = Budget(burst=3, per_s=1.0)
    listed_max = 20
    counts = True

    def message(self, page: Page) -> Message:
        """A text message, in which nothing but `<at>` is markup."""
        lines = [page.title]
        for group in page.groups:
            lines.append(f"【{group.head}】{group.ask}")
            lines += [f"· {line}" for line in group.lines]
        lines += page.more
        if page.mention:
            lines.append("".join(f'<at user_id="{who}"></at>' for who in page.mention))
        return {"msg_type": "text", "content": {"text": "\n".join(lines)}}

    def fits(self, message: Message) -> bool:
        """Whether it is short enough, with room for what is around it."""
        return len(message["content"]["text"].encode()) <= TEXT_BYTES

    def request(self, url: str, secret: str | None, message: Message, now_ms: int) -> Request:
        """The body gets its signature."""
        if secret is not None:
            timestamp = str(now_ms // 1000)
            message = {"timestamp": timestamp, "sign": sign(secret, timestamp), **message}
        return json_request(url, message)

    def judge(self, answer: Answer) -> Verdict:
        """The code in the body counts, where there is one."""
        wait_s = answer.retry_after_s or BUSY_S
        verdict = by_code(answer, "Feishu bot", ("code", "StatusCode"), _TOO_MANY, wait_s)
        if not isinstance(verdict, Refused):
            return verdict
        is_busy = answer.status in BUSY or "too many" in verdict.why.lower()
        return Later(verdict.why, wait_s) if is_busy else verdict


def sign(secret: str, timestamp_s: str) -> str:
    """The signature, Base64."""
    key = f"{timestamp_s}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode("ascii")
