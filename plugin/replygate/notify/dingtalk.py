"""The custom robot of a DingTalk group.

Its documentation (open.dingtalk.com, "自定义机器人接入", "安全设置") says: a robot takes 20
messages a minute, and one that gets more is muted for 10 minutes; with the security setting "加签"
the address carries `timestamp` (ms, within one hour) and `sign`, the Base64 of HMAC-SHA256 over
"{timestamp}\\n{secret}" keyed with the secret; a markdown message names people whose `@number`
stands in its text and whose number stands in `at`. Every answer has status 200; `errcode` 0 is
success, 130101 and 410100 mean too many, 310000 that a keyword, signature or address is wrong.
A body of more than 20,000 bytes is refused (460101).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import quote_plus

from replygate.config.webhook import EVERYBODY, is_mobile
from replygate.notify.limiter import Budget
from replygate.notify.page import Page
from replygate.notify.wire import Answer, Message, Request, Verdict, by_code, json_request

MUTED_S: Final = 600.0

BODY_BYTES: Final = 15_000

_TOO_MANY: Final = frozenset({130101, 410100, 90018, 90030})


class DingTalk:
    """Markdown, signed in the address."""

    # 6 + 0.2 a second: 18 in any minute, 19 in any 65 s, so a slow network can not bunch up 21.
    budget = Budget(burst=6, per_s=0.2)
    listed_max = 20
    counts = True

    def message(self, page: Page) -> Message:
        """A markdown message; blank lines, because single line breaks are not shown."""
        parts = [f"#### {page.title}"]
        for group in page.groups:
            parts.append(f"**{group.head}**（{len(group.lines)}） {group.ask}")
            parts.append("\n".join(f"- {line}" for line in group.lines))
        parts += page.more
        people = [who for who in page.mention if who != EVERYBODY]
        if people:
            parts.append(" ".join(f"@{who}" for who in people))
        return {
            "msgtype": "markdown",
            "markdown": {"title": page.title, "text": "\n\n".join(parts)},
            "at": {
                "atMobiles": [who for who in people if is_mobile(who)],
                "atUserIds": [who for who in people if not is_mobile(who)],
                "isAtAll": EVERYBODY in page.mention,
            },
        }

    def fits(self, message: Message) -> bool:
        """Whether its text is short enough."""
        return len(message["markdown"]["text"].encode()) <= BODY_BYTES

    def request(self, url: str, secret: str | None, message: Message, now_ms: int) -> Request:
        """The address gets its signature."""
        if secret is not None:
            joint = "&" if "?" in url else "?"
            url = f"{url}{joint}timestamp={now_ms}&sign={quote_plus(sign(secret, now_ms))}"
        return json_request(url, message)

    def judge(self, answer: Answer) -> Verdict:
        """The code in the body counts, where there is one."""
        return by_code(answer, "DingTalk robot", ("errcode",), _TOO_MANY, MUTED_S)


def sign(secret: str, timestamp_ms: int) -> str:
    """The signature, Base64, not yet escaped for an address."""
    signed = f"{timestamp_ms}\n{secret}".encode()
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")
