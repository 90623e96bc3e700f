import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.evidence import WINDOW_CHARS, near

NEAR = (
    "加我[卫星]",
    "到[薇]那边发",
    "[小绿]那边等您",
    "[薇信]转账给您",
    "[微星] store-one",
    "[卫星]加一下",
    "[威信]多少",
    "您的[威信]号",
    "[维信]可以吗",
    "搜[威信]",
    "[威信]上聊",
    "私聊[卫星]",
    "[威信]abc123",
    "abc123[威信]",
    "[企鹅]123456789",
    "➕[薇]",
    "[威信]：tea_2020",
    "发到[维信]",
    "有没有[企鹅]",
)
FAR = (
    "[卫星]地图",
    "很有[威信]",
    "增加[卫星]频道",
    "加热[卫星]锅",
    "加急，[卫星]锅有货",
    "[威信]。加我",
    "无聊看[卫星]",
    "[企鹅]12345元",
    "[微信]支付",
    "原路返到[微信]",
    "[微信]扫码支付",
    "[微信]零钱",
    "[卫星]www.abc123.com",
    "聊城[卫星]厂",
)


def marked(text: str) -> bool:
    start, end = text.index("["), text.index("]") - 1
    return near(text.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize("text", NEAR)
def test_words_that_speak_of_a_contact(text: str) -> None:
    assert marked(text)


@pytest.mark.parametrize("text", FAR)
def test_words_that_do_not(text: str) -> None:
    assert not marked(text)


@given(st.text("加聊号多少abc123：，。 我微信"), st.integers(0, 9), st.integers(1, 4))
def test_what_stands_beyond_the_clause_counts_for_nothing(text: str, at: int, chars: int) -> None:
    start = min(at, len(text))
    end = min(start + chars, len(text))
    mark = "。" * (WINDOW_CHARS + 1)
    inner = f"。{text}。"
    assert near(inner, start + 1, end + 1) == near(
        f"加我聊{mark}{text}{mark}号abc1", start + 12, end + 12
    )


@pytest.mark.parametrize(
    "text",
    [
        "老板的[13788001234]，批发找他",
        "您打[137-8800-1234]问问",
        "我的电话[13788001234]，快递有问题也找我",
        "[13788001234]，晚上也有人",
    ],
)
def test_a_number_that_is_offered_speaks_for_itself(text: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    assert near(text.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    "text",
    [
        "派件员[13788001234]，您联系他",
        "配送站电话[13788001234]",
        "您预留的手机是[13788001234]吗",
        "[13788001234]",
    ],
)
def test_a_couriers_and_the_buyers_number_do_not(text: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    assert not near(text.replace("[", "").replace("]", ""), start, end)
