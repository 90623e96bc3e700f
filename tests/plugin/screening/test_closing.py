from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.closing import is_closing


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "好的",
        "好的谢谢",
        "谢谢亲",
        "知道了，谢谢您！",
        "嗯嗯好的[微笑]",
        "OK",
        "ＯＫ👌",
        "辛苦了",
        "好的呢~",
        "收到，谢谢老板",
        "谢谢你们的耐心解答",
        "謝謝",
        "再见",
    ],
)
def test_who_only_says_thanks_or_yes(text: str) -> None:
    assert is_closing(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "您好，谢谢",
        "在吗",
        "谢谢，那什么时候发货",
        "好吗",
        "明白了吗",
        "谢谢？",
        "收到货了",
        "没收到",
        "不行",
        "好贵",
        "嗯",
        "可以",
        "好的，那就今天发货吧",
        "麻烦了，帮我催一下",
        "[微笑]",
        "谢谢" * 40,
    ],
)
def test_who_asks_or_tells_anything(text: str) -> None:
    assert not is_closing(text)


@given(st.text(st.characters(codec=None), max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(is_closing(text), bool)
