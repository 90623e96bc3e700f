"""The words of a message, in Chinese: short, and safe in a robot's markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from replygate.config.schema_notify import NoticeKind
from replygate.notify.notice import Notice

NAME_CHARS: Final = 40
"""A shop, conversation or rule in a message; longer ones are cut."""

REASON_CHARS: Final = 80

HEADS: Final[Mapping[NoticeKind, tuple[str, str]]] = {
    "escalate": ("需要马上回复", "请到工作台回复买家"),
    "warn": ("等待已过半", "请留意"),
    "follow_up": ("请买家稍等后仍未答复", "请尽快给出答复"),
    "breach": ("已超时", "请尽快回复买家"),
    "violated": ("违规内容已发出", "请撤回或更正"),
    "blocked": ("回复被拦下，买家还在等", "请改写后再回复"),
    "send": ("消息未确认送达", "请到平台核对，没有发出的请补发"),
    "task": ("需要人工处理", "请查看"),
    "fault": ("系统故障", "请通知管理员"),
}
"""What each kind is called, and what is asked of people."""

_REASONS: Final[Mapping[str, str]] = {
    "hold_failed": "安抚语没有发出",
    "hold_unknown": "安抚语是否送达不明",
    "hold_too_late": "来不及发安抚语",
    "send_unknown": "可能已送达",
    "send_failed": "没有送达",
    "platform_down": "平台没有回应，消息暂时发不出去",
    "blocked": "被规则拦下",
    "follow_up": "未兑现",
    "gate.fault": "有回复无法判定",
    "ledger.fault": "账本写不进",
    "ledger.recovered": "账本已恢复",
    "platform.answers": "平台已恢复应答",
}

# What a robot's markdown would make a heading, emphasis, link, tag or mention of.
_MARKUP: Final = str.maketrans("*`#[]()<>!|~@\\", "＊｀＃［］（）＜＞！｜～＠＼")
_EDGE_UNDERSCORE: Final = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_INVISIBLE: Final = re.compile(
    r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def plain(text: str, chars: int = NAME_CHARS) -> str:
    """A name that somebody else chose, as it may stand in a message: one line, no markup.

    Signs that mean something give way to wide ones that look the same.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _INVISIBLE.sub(" ", text).replace("://", "：//").translate(_MARKUP)
    text = _EDGE_UNDERSCORE.sub("＿", " ".join(text.split()))
    return text if len(text) <= chars else text[: chars - 1] + "…"


def line(notice: Notice, now_ms: int) -> str:
    """One notice as one line: how urgent, whose, whom, by which rule."""
    parts = [_state(notice, now_ms)]
    if notice.shop:
        platform = f"（{plain(notice.platform)}）" if notice.platform else ""
        parts.append(plain(notice.shop) + platform)
    if notice.conversation is not None:
        parts.append(f"会话 {plain(notice.conversation)}")
    if notice.rule is not None:
        parts.append(plain(notice.rule_name or notice.rule))
    text = notice.said.get("text")
    if isinstance(text, str) and notice.kind == "violated":
        parts.append(f"「{plain(text)}」")
    return "｜".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """So long, in the two largest units, rounded down."""
    whole = int(seconds)
    for size, unit, smaller, small in _UNITS:
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {small}" if rest else "")
    return f"{whole} 秒"


_UNITS: Final = (
    (86_400, "天", 3_600, "小时"),
    (3_600, "小时", 60, "分"),
    (60, "分", 1, "秒"),
)


def _state(notice: Notice, now_ms: int) -> str:
    parts = []
    if notice.kind in {"fault", "task"}:
        parts.append(_what(notice))
    elif notice.reason is not None and notice.reason in _REASONS:
        parts.append(_REASONS[notice.reason])
    recall_left_s = notice.said.get("recall_left_s")
    if recall_left_s is not None:
        left_s = recall_left_s - (now_ms - notice.at_ms) / 1000
        parts.append(f"还可撤回 {duration(left_s)}" if left_s >= 1 else "已过撤回时间")
    if notice.due_ms is not None:
        left_s = (notice.due_ms - now_ms) / 1000
        parts.append(f"还剩 {duration(left_s)}" if left_s > 0 else f"已超时 {duration(-left_s)}")
    return "，".join(parts)


def _what(notice: Notice) -> str:
    if notice.reason == "hand_over":
        return "交接：" + "，".join(_counts(notice.said))
    known = _REASONS.get(notice.event)
    if known is None:
        reason = notice.reason or ""
        return _REASONS.get(reason) or plain(reason, REASON_CHARS)
    return known + (f"：{plain(notice.reason, REASON_CHARS)}" if notice.reason else "")


def _counts(said: Mapping[str, Any]) -> Iterator[str]:
    for name, what in _OPEN:
        if said.get(name):
            yield f"{what} {said[name]}"
    for name, what in (("gone", "离开"), ("conversations", "会话")):
        if said.get(name):
            named = "、".join(plain(str(each)) for each in said[name][:_NAMED_MAX])
            yield f"{what} {named}" + (" 等" if len(said[name]) > _NAMED_MAX else "")


_NAMED_MAX: Final = 5
_OPEN: Final = (
    ("open", "未结会话"),
    ("waiting", "买家在等"),
    ("promised", "已答应跟进"),
    ("tasks", "待办"),
)
