"""Rules over what went out before: the same wording again, perfunctory answers, too many in a row.

The memory is given in with the draft. Holding replies and the platform's own texts are not judged:
nobody chose to send them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from replygate.model import Draft, Finding, Memory
from replygate.screening.decide import about_all
from replygate.screening.fold import fold

MemoryAction = Literal["off", "warn", "block"]

DEFAULT_CLOSERS = (
    "不客气", "不用谢", "不谢", "应该的", "好的", "好嘞", "收到", "明白",
    "可以的", "是的", "有的", "在的", "您好", "你好", "早上好", "下午好",
    "晚上好", "稍等", "请稍等", "久等了", "抱歉", "不好意思", "对不起", "没关系",
    "没事", "谢谢", "谢谢您", "感谢您", "感谢支持", "感谢您的支持", "感谢理解",
    "感谢您的理解", "辛苦您了", "麻烦您了", "祝您生活愉快", "祝您购物愉快", "祝您愉快",
    "生活愉快", "购物愉快", "欢迎光临", "欢迎下次光临", "欢迎再来", "再见", "晚安",
    "请问还有其他可以帮您", "还有其他可以帮您", "还有什么可以帮您", "还有其他问题",
    "还有什么问题", "请问有什么可以帮您", "有什么可以帮您", "有需要随时联系", "有问题随时联系",
    "随时联系我们",
)  # fmt: skip
"""What people say over and over and nobody minds: greetings, thanks, good-byes."""

DEFAULT_PERFUNCTORY_WORDS = (
    "嗯", "哦", "噢", "额", "呃", "啊", "呵呵", "不知道", "不清楚", "不懂",
    "随便", "随你", "看着办", "你看着办", "自己看",
)  # fmt: skip
"""Alone these answer nothing. One may fit; one after another is brushing somebody off."""

REPEAT_MAX = 1
PERFUNCTORY_MAX = 1
IN_A_ROW_MAX = 8

_NOT_JUDGED = frozenset({"hold", "platform"})

# What may stand beside a closer or a perfunctory word and adds nothing to it.
_PARTICLES = frozenset("亲您你呢哦哈呀啊啦的了哟吧嘛吗么哒滴噢喔请呐")


@dataclass(frozen=True, slots=True)
class MemoryRules:
    """What a store minds of what went out before.

    The same wording may go out `repeat_max` times, but for texts of `closers` alone;
    `perfunctory_max` answers in succession may be made of `perfunctory_words` alone;
    `in_a_row_max` messages may go out without a word of the buyer.
    """

    repeat: MemoryAction = "off"
    perfunctory: MemoryAction = "off"
    in_a_row: MemoryAction = "off"
    repeat_max: int = REPEAT_MAX
    perfunctory_max: int = PERFUNCTORY_MAX
    in_a_row_max: int = IN_A_ROW_MAX
    closers: tuple[str, ...] = DEFAULT_CLOSERS
    perfunctory_words: tuple[str, ...] = DEFAULT_PERFUNCTORY_WORDS
    source: str = "replygate"

    @property
    def can_block(self) -> bool:
        """Whether one of them blocks."""
        return "block" in {self.repeat, self.perfunctory, self.in_a_row}


NOTHING_MINDED = MemoryRules()


def remembered(
    rules: MemoryRules, draft: Draft, text: str, memory: Memory | None
) -> Iterator[Finding]:
    """What is wrong with sending `text`, which came of `draft`, after all that went out before.

    The findings speak of the whole draft.
    """
    if memory is None or draft.origin in _NOT_JUDGED:
        return
    if rules.in_a_row != "off" and memory.in_a_row >= rules.in_a_row_max:
        why = f"买家没有回应，已经连发 {memory.in_a_row} 条，请等买家回复再说 (too many in a row)"
        yield about_all("memory.in-a-row", draft.text, rules.in_a_row, why, rules.source)
    if rules.repeat == rules.perfunctory == "off":
        return
    wording = _wording(text)
    if _made_of(wording, rules.perfunctory_words):
        before = _run(memory, rules.perfunctory_words)
        if rules.perfunctory != "off" and before >= rules.perfunctory_max:
            why = f"连着 {before + 1} 条都是敷衍的回复，请具体回答 (perfunctory, one after another)"
            yield about_all("memory.perfunctory", draft.text, rules.perfunctory, why, rules.source)
    elif rules.repeat != "off" and wording and not _made_of(wording, rules.closers):
        times = sum(_wording(sent) == wording for sent in memory.sent)
        if times >= rules.repeat_max:
            why = f"同样的话已经发过 {times} 次，请换个说法 (the same wording again)"
            yield about_all("memory.repeat", draft.text, rules.repeat, why, rules.source)


def _run(memory: Memory, words: tuple[str, ...]) -> int:
    """How many of the last texts were made of these words alone."""
    for run, text in enumerate(reversed(memory.sent)):
        if not _made_of(_wording(text), words):
            return run
    return len(memory.sent)


def _wording(text: str) -> str:
    """A text without what does not change how it reads: case, width, marks, blanks, emoji."""
    return "".join(char for char in fold(text) if char.isalnum())


def _made_of(wording: str, words: tuple[str, ...]) -> bool:
    """Whether a wording is made of some of these words, and particles."""
    rest = wording
    for word in _longest_first(words):
        rest = rest.replace(word, "\n")
    return "\n" in rest and _PARTICLES.issuperset(rest.replace("\n", ""))


@lru_cache(maxsize=64)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    folded = {_wording(word) for word in words} - {""}
    return tuple(sorted(folded, key=len, reverse=True))
