"""The robots by the word that stands in the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from replygate.config.schema_notify import WebhookKind
from replygate.notify.dingtalk import DingTalk
from replygate.notify.feishu import Feishu
from replygate.notify.generic import Generic
from replygate.notify.notice import Notice
from replygate.notify.page import NAMES_MAX, Page, page_of
from replygate.notify.wecom import WeCom
from replygate.notify.wire import Message, Robot

ROBOTS: Final[Mapping[WebhookKind, Robot]] = {
    "generic": Generic(),
    "dingtalk": DingTalk(),
    "feishu": Feishu(),
    "wecom": WeCom(),
}


def written(
    robot: Robot, waiting: Sequence[Notice], now_ms: int, lost: int = 0
) -> tuple[Message, Page]:
    """As much of `waiting` as one message of this robot holds."""
    listed, names = min(robot.listed_max, len(waiting)), NAMES_MAX
    while True:
        page = page_of(waiting, listed, now_ms, counts=robot.counts, lost=lost, names_max=names)
        message = robot.message(page)
        if robot.fits(message):
            return message, page
        if listed > 1:
            listed -= 1
            continue
        assert names, "one notice without names is short enough for every robot"
        names //= 2
