"""Tries one webhook: a message that asks nobody for anything, and what comes back."""

from __future__ import annotations

from typing import NamedTuple
from uuid import uuid4

from replygate.clock import Clock
from replygate.config import Store, Webhook
from replygate.notify.channel import Post, masked
from replygate.notify.notice import Notice
from replygate.notify.post import Unreachable
from replygate.notify.robots import ROBOTS, written
from replygate.notify.wire import Answer, Later, Refused, Taken, Verdict, one_line


class Tried(NamedTuple):
    """Whether it was taken, and what was answered, for a person."""

    ok: bool
    said: str


async def try_webhook(webhook: Webhook, store: Store, clock: Clock, post: Post) -> Tried:
    """Send one test message, to the people whom a real one would name."""
    robot = ROBOTS[webhook.kind]
    now_ms = clock.wall_ms()
    message, _ = written(robot, [_test_notice(webhook, store, now_ms)], now_ms)
    secret = webhook.secret.reveal() if webhook.secret else None
    try:
        answer = await post(robot.request(webhook.url.reveal(), secret, message, now_ms))
    except Unreachable as error:
        return Tried(ok=False, said=str(error))
    verdict = robot.judge(answer)
    return Tried(isinstance(verdict, Taken), masked(_words(verdict, answer), webhook))


def _words(verdict: Verdict, answer: Answer) -> str:
    if isinstance(verdict, Refused | Later):
        return verdict.why
    body = one_line(answer.body.decode("utf-8", "replace"))
    return f"answered {answer.status}" + (f": {body}" if body else "")


def _test_notice(webhook: Webhook, store: Store, now_ms: int) -> Notice:
    return Notice(
        id=uuid4().hex,
        kind="task",
        event="notify.test",
        reason="这是一条测试消息，不用处理",
        at_ms=now_ms,
        store=store.id,
        shop=store.name,
        platform=store.profile.name if store.profile else "",
        conversation=None,
        rule=None,
        rule_name=None,
        due_ms=None,
        hard=True,
        mention=webhook.mention,
        on_duty=(),
        said={},
        about=None,
        turn=None,
    )
