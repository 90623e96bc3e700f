"""The robot of a WeCom group.

Its documentation (developer.work.weixin.qq.com, "群机器人配置说明") says: a robot takes 20 messages
a minute; `markdown.content` has at most 4,096 bytes of UTF-8 (more gives 40058); `<@userid>` in it
names a member. There is no signature: the `key` in the address is all. Every answer has status
200; `errcode` 0 is success, 45009 means too many, 93000 that there is no such robot.
"""

from __future__ import annotations

from typing import Final

from replygate.config.webhook import EVERYBODY
from replygate.notify.limiter import Budget
from replygate.notify.page import Page
from replygate.notify.wire import Answer, Message, Request, Verdict, by_code, json_request

CONTENT_BYTES: Final = 4_096

TOO_MANY_S: Final = 60.0

_TOO_MANY: Final = frozenset({45009, 45033})


class WeCom:
    """Markdown, not signed."""

    # As for DingTalk: 18 in any minute, 19 in any 65 s.
    budget = Budget(burst=6, per_s=0.2)
    listed_max = 20
    counts = True

    def message(self, page: Page) -> Message:
        """A markdown message; lists are not known there, quotes are."""
        lines = [f"**{page.title}**"]
        for group in page.groups:
            lines.append(f"**{group.head}**（{len(group.lines)}） {group.ask}")
            lines += [f"> {line}" for line in group.lines]
        lines += ["", *page.more] if page.more else []
        people = [who for who in page.mention if who != EVERYBODY]
        if people:
            lines += ["", "".join(f"<@{who}>" for who in people)]
        return {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}

    def fits(self, message: Message) -> bool:
        """Whether its content is short enough."""
        return len(message["markdown"]["content"].encode()) <= CONTENT_BYTES

    def request(self, url: str, secret: str | None, message: Message, now_ms: int) -> Request:  # noqa: ARG002 - a robot like the others
        """The message as it is."""
        return json_request(url, message)

    def judge(self, answer: Answer) -> Verdict:
        """The code in the body counts, where there is one."""
        return by_code(answer, "WeCom robot", ("errcode",), _TOO_MANY, TOO_MANY_S)
