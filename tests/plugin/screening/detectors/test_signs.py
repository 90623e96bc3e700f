import pytest

from replygate.screening.detectors.signs import may_hold


@pytest.mark.parametrize(
    "text",
    [
        "您好在的呢",
        "一般两三天就能到的哦",
        "提交订单以后自己去领一下券",
        "这个面料是一线大厂的",
        "您说的是哪一款，一会给您看看",
        "好的ok",
        "，。！",
        "",
    ],
)
def test_most_replies_hold_no_sign(text: str) -> None:
    assert not may_hold(text)


@pytest.mark.parametrize(
    "text",
    ["1", "三八", "三 ❤ 八", "@", "abcdef", "qq点com", "来店自提", "可以面交", "实体店在这", "/"],
)
def test_what_a_detector_may_work_on_is_a_sign(text: str) -> None:
    assert may_hold(text)
