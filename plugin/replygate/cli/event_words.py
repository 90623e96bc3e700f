"""What the words and times in exported tables of messages mean."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

from replygate.model import Kind, Origin
from replygate.runtime.fields import EventError, shown
from replygate.timing.calendar import PLATFORM_ZONE

Sender = tuple[str, Origin]
"""Direction and origin."""

_SENDERS: Final[dict[Sender, tuple[str, ...]]] = {
    ("in", "buyer"): (
        *("买家", "顾客", "客户", "用户", "消费者", "访客", "买家消息", "用户消息", "买家发送"),
        *("接收", "收", "收到", "进线", "buyer", "customer", "user", "client", "in", "received"),
    ),
    ("out", "human"): ("客服", "人工", "人工客服", "客服人员", "坐席", "human", "agent", "staff"),
    ("out", "bot"): (
        *("机器人", "智能客服", "机器人客服", "智能回复", "机器人回复", "bot", "robot"),
        *("自动回复", "自动", "auto"),
    ),
    ("out", "hold"): ("安抚", "安抚回复", "hold"),
    ("out", "platform"): ("系统", "平台", "系统消息", "平台消息", "system", "platform"),
    # Whoever wrote for the shop: a person or a bot.
    ("out", "unknown"): (
        *("卖家", "商家", "店铺", "店家", "商家消息", "卖家发送", "发送", "发", "发出"),
        *("seller", "shop", "store", "merchant", "out", "sent", "unknown"),
    ),
}
_SENDER_OF: Final = {word: sender for sender, words in _SENDERS.items() for word in words}

_KINDS: Final[dict[Kind, tuple[str, ...]]] = {
    "text": ("", "text", "文本", "文字", "文本消息", "普通消息"),
    "image": ("image", "图片", "图片消息", "picture", "表情"),
    "card": ("card", "卡片", "商品", "商品卡片", "链接", "订单", "订单卡片"),
    "voice": ("voice", "语音", "语音消息", "audio"),
    "video": ("video", "视频", "视频消息"),
    "file": ("file", "文件"),
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words}

_EXAMPLE: Final = "2026-11-20 10:10:15"
_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*"
    r"(\d{1,2})[:时](\d{1,2})(?:[:分](?:(\d{1,2})(?:[.,](\d{1,6}))?秒?)?)?"
    r" *(Z|[+-]\d{2}:?\d{2})?"
)
_UNIX_S_DIGITS: Final = 10
_UNIX: Final = re.compile(r"\d{10}(\d{3})?")


def sender_of(word: str) -> Sender:
    """Who 买家, 客服, 机器人 … is. Raises EventError: a guess could make a bot human."""
    sender = _SENDER_OF.get(_plain(word))
    if sender is None:
        raise EventError("who", f"expected 买家, 客服, 机器人, 卖家 or 系统, got {shown(word)}")
    return sender


def kind_of(word: str) -> Kind:
    """The kind that 文本, 图片 … is; whatever is not known is `other`."""
    return _KIND_OF.get(_plain(word), "other")


def has_seconds(text: str) -> bool:
    """Whether a time is exact to the second."""
    found = _TIME.fullmatch(_plain(text).upper())
    return found is None or found[6] is not None


def time_of(text: str) -> str:
    """A time as events write it. One without an offset is the platforms' (China).

    Unix seconds (10 digits) and milliseconds (13) are times too. Raises EventError.
    """
    plain = _plain(text).upper()
    if _UNIX.fullmatch(plain):
        per_second = 1 if len(plain) == _UNIX_S_DIGITS else 1000
        at = dt.datetime.fromtimestamp(int(plain) / per_second, dt.UTC)
        return at.isoformat(timespec="milliseconds")
    found = _TIME.fullmatch(plain)
    if found is None:
        raise EventError("at", f"expected a time such as {_EXAMPLE}, got {shown(text)}")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        at = dt.datetime(year, month, day, hour, minute, second, tzinfo=_zone(found[8]))
    except ValueError as fault:
        raise EventError("at", f"{shown(text)} is no time: {fault}") from fault
    fraction = (found[7] or "").ljust(6, "0")
    return at.replace(microsecond=int(fraction)).isoformat(timespec="milliseconds")


def _zone(offset: str | None) -> dt.tzinfo:
    if offset is None:
        return PLATFORM_ZONE
    if offset == "Z":
        return dt.UTC
    hours, minutes = int(offset[:3]), int(offset[-2:])
    sign = -1 if offset.startswith("-") else 1
    return dt.timezone(dt.timedelta(hours=hours, minutes=sign * minutes))


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
