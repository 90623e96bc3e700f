"""What a rewrite must never change: a price, an amount, a date, a promise to refund."""

from __future__ import annotations

import re
from collections import Counter

from replygate.screening.fold import fold

_UNITS = (
    "元|块|角|毛|折|成|倍|个月|个工作日|工作日|小时|分钟|天|日|号|月|年|周|点|次|件|个|斤|克|公斤|%"
)
_FIGURE = re.compile(
    rf"[0-9]+(?:[.,:：/-][0-9]+)*(?:{_UNITS})?|[零一二两三四五六七八九十百千万半几]+(?:{_UNITS})"
)
_PROMISE = re.compile(
    "退款|退货|退换|换货|退差|退钱|包退|包换|包赔|赔付|赔偿|补偿|质保|保修|保价|三包|无理由|运费险"
)


def changes_figure(matched: str, replacement: str) -> bool:
    """Whether a number, date, amount or promise in `matched` is not in `replacement`."""
    return bool(_figures(matched) - _figures(replacement))


def cuts_figure(text: str, start: int, end: int) -> bool:
    """Whether an edge of `start:end` lies inside a number."""
    return _inside_number(text, start) or _inside_number(text, end)


def _figures(text: str) -> Counter[str]:
    folded = fold(text)
    return Counter([*_FIGURE.findall(folded), *_PROMISE.findall(folded)])


def _inside_number(text: str, at: int) -> bool:
    # Most words stand among letters: no need to look twice.
    if not 0 < at < len(text) or not (text[at - 1].isdigit() or text[at - 1] in ".,"):
        return False
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if before[-1].isdigit():
        return after[0].isdigit() or (after[0] in ".,:" and after[1:].isdigit())
    return before[-1] in ".," and before[:-1].isdigit() and after[0].isdigit()
