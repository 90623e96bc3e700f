import pytest

from replygate.screening.detectors.mail import find_emails
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("abc@qq.com", ["abc@qq.com"]),
        ("12345678@qq.com", ["12345678@qq.com"]),
        ("abc＠１６３．ｃｏｍ", ["abc@163.com"]),
        ("ａｂｃ＠ｑｑ．ｃｏｍ", ["abc@qq.com"]),
        ("发到a.b+c@example.com的", ["a.b+c@example.com"]),
        ("A@B.CN", ["a@b.cn"]),
        ("me@pinduoduo.com", ["me@pinduoduo.com"]),
    ],
)
def test_a_mail_address_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_emails(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("163邮箱，前面是 shop_2020", ["163邮箱，前面是 shop_2020"]),
        ("shop2020🐭163.com", ["shop2020🐭163.com"]),
        ("shop2020在foxmail点com", ["shop2020在foxmail点com"]),
        ("shop2020@一六三.com", ["shop2020@一六三.com"]),
        ("abc艾特qq点com", ["abc艾特qq点com"]),
        ("12345678圈a qq点com", ["12345678圈a qq点com"]),
        ("abc#163.com", ["abc#163.com"]),
        ("abc at gmail dot com", ["abc at gmail dot com"]),
        ("12345678qq.com", ["12345678qq.com"]),
        ("abc(at)163.com", ["abc(at)163.com"]),
        ("邮箱abc_1@foxmail。com", ["abc_1@foxmail。com"]),
        ("abc@example点com", ["abc@example点com"]),
        ("zhangsan123小老鼠126点com", ["zhangsan123小老鼠126点com"]),
        ("88886666qqcom", ["88886666qqcom"]),
        ("zhang.san@gmail .com", ["zhang.san@gmail .com"]),
        ("a @ example.com", ["a @ example.com"]),
    ],
)
def test_a_mail_address_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_emails(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "@客服",
        "163邮箱，不通过的话请换浏览器",
        "您的qq邮箱满了",
        "a@b",
        "@所有人",
        "#好物推荐#",
        "圈a",
        "at home",
        "3#色",
        "abc#123",
        "@example.com",
        "邮箱怎么填",
        "163com",
        "a@.com",
        "a@b.com2",
    ],
)
def test_what_is_not_a_mail_address(text: str) -> None:
    assert [*find_emails(fold(text), OWN)] == []


@pytest.mark.parametrize(
    "text",
    [
        "shop艾特example点com",
        "shop(at)example.com",
        "shop at example dot com",
        "shop#example.com",
        "2000066554@q q.com",
        "2000066554艾特扣扣点康姆",
    ],
)
def test_any_provider_is_found_behind_a_disguised_sign(text: str) -> None:
    folded = fold(f"发到 {text}")
    found = [*find_emails(folded, OWN)]
    assert [folded[span.start : span.end] for span in found] == [fold(text)]
    assert found[0].evasion
