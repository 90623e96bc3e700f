import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from replygate.screening.detectors import DETECTORS, may_hold
from replygate.screening.fold import fold
from replygate.screening.rule import Detector

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})

# Pieces of what detectors look for, so that chance puts contacts together.
_WORDS = """
1 3 8 0 一 三 八 零 幺 两 138 0013 8000 13800138000 一三八 0571 400 6222 - . · ， 。 点 @ 艾特 圈a #
com qq cn 163 微信 薇 v vx 加 加我 abc123 : 扣扣 群 电话 后面 前三位 来店 自提 线下 门店 面交 在 路
88号 收 省 地址 元 件 订单号 ok www http:// / \\ 👍 o l
"""
_PIECES = st.sampled_from(_WORDS.split())
_TEXT = st.lists(_PIECES | st.just(" "), max_size=24).map("".join)
_ANY = st.text(st.characters(codec=None) | st.sampled_from("138@.a:/\\w-+三八零"))


@pytest.mark.parametrize("detector", DETECTORS)
@given(text=_TEXT | _ANY)
@example(text="\ud800 13800138000 \x00")
def test_what_is_found_has_a_sign_and_lies_in_the_text(detector: Detector, text: str) -> None:
    folded = fold(text)
    reached = 0
    for start, end, _ in DETECTORS[detector](folded, OWN):
        assert reached <= start < end <= len(folded)
        assert may_hold(folded)
        reached = end


@given(
    before=st.sampled_from(["", "您好", "单子", "电话"]),
    digits=st.text("0123456789", min_size=16, max_size=40),
)
def test_no_mobile_is_found_in_a_longer_run_of_digits(before: str, digits: str) -> None:
    assert [*DETECTORS["mobile"](before + digits + "的", OWN)] == []


@given(
    first=st.sampled_from("3456789"),
    rest=st.text("0123456789", min_size=9, max_size=9),
    separator=st.sampled_from(["", " ", "-", "·", "❤"]),
)
def test_a_mobile_is_found_however_it_is_cut(first: str, rest: str, separator: str) -> None:
    number = "1" + first + rest
    cut = separator.join((number[:3], number[3:7], number[7:]))
    (found,) = DETECTORS["mobile"](f"打{cut}找我", OWN)
    assert (found.start, found.end) == (1, 1 + len(cut))


@given(rest=st.text("零一二三四五六七八九", min_size=9, max_size=9))
def test_a_mobile_in_numerals_is_a_disguise(rest: str) -> None:
    (found,) = DETECTORS["mobile"](f"打幺三{rest}，谢谢", OWN)
    assert found == (1, 12, True)


def test_a_mobile_is_eleven_digits_after_its_country_code() -> None:
    for text in ("13812345678", "+8613812345678", "138-1234-5678"):
        ((start, end, _),) = DETECTORS["mobile"](text, OWN)
        assert re.sub(r"^\+?86|\D", "", text[start:end]) == "13812345678"
