"""Whether a buyer's message is nothing but thanks, a farewell or a plain yes: nobody asks anything.

A holding reply would be out of place there (deadlines.md says never 请稍等), and on Pinduoduo the
shop still has to have the last word (PDD-D-09, PDD-D-10).
"""

from __future__ import annotations

import re

from replygate.screening.fold import fold

_READ_CHARS = 60
"""Whoever only says thanks is brief."""

_PHRASES = (
    "谢谢", "谢啦", "谢了", "多谢", "感谢", "感恩", "辛苦了", "辛苦", "麻烦了", "费心了",
    "thanks", "thankyou", "thx", "3q", "好的", "好嘞", "好哒", "好滴", "好呢", "好吧",
    "行的", "行吧", "可以的", "知道了", "晓得了", "明白了", "明白", "了解了", "了解", "懂了",
    "收到了", "收到", "没事了", "没问题了", "不用了",
    "不客气", "没有了", "ok", "okk", "嗯嗯", "嗯", "恩恩", "好", "行", "哦哦", "哦", "再见",
    "拜拜", "晚安", "祝你", "祝您", "生意兴隆", "生活愉快", "满意", "非常", "十分", "特别",
    "太", "真的", "那", "就", "我", "你们", "这么", "耐心", "解答", "帮忙", "帮助", "店家",
    "老板", "客服", "小姐姐", "小哥哥",
)  # fmt: skip

_MUST = frozenset(_PHRASES[: _PHRASES.index("不客气")]) | {
    "ok", "okk", "嗯嗯", "恩恩", "好", "行", "再见", "拜拜", "晚安",
}  # fmt: skip
"""One of these must be there: 太好了 alone tells nothing of the sort, 你们 neither."""

_PARTICLES = frozenset("亲您你呢哈呀啊啦的了哟吧嘛噢喔哒滴哇们咯么")
_KNOWN = _PARTICLES.union(*_PHRASES)
"""Most questions hold a character that is none of these, and are through at once."""

_LONGEST_FIRST = sorted(_PHRASES, key=len, reverse=True)
_SMILEY = re.compile(r"\[[^\[\]]{1,6}\]")
"""Platforms write theirs as words in brackets."""

_ASKS = frozenset("?？")
_GREETINGS = ("你好", "您好", "早上好", "下午好", "晚上好")
"""Whoever greets has not asked yet."""


def is_closing(text: str) -> bool:
    """Whether the text asks and tells nothing. Raises nothing, whatever it holds."""
    if len(text) > _READ_CHARS or _ASKS & set(text):
        return False
    rest = "".join(char for char in fold(_SMILEY.sub("", text)) if char.isalnum())
    if not _KNOWN.issuperset(rest) or any(greeting in rest for greeting in _GREETINGS):
        return False
    found = set()
    for phrase in _LONGEST_FIRST:
        if phrase in rest:
            found.add(phrase)
            rest = rest.replace(phrase, "\n")
    return bool(found & _MUST) and _PARTICLES.issuperset(rest.replace("\n", ""))
