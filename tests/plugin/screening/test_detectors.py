import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.detectors import DETECTORS, SIGNS, is_own
from replygate.screening.fold import fold
from replygate.screening.rule import Detector

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


def found(detector: Detector, text: str) -> list[str]:
    folded = fold(text)
    return [folded[start:end] for start, end in DETECTORS[detector](folded, OWN)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("我电话13812345678", ["13812345678"]),
        ("138-1234-5678或139 8765 4321", ["138-1234-5678", "139 8765 4321"]),
        ("+86 13812345678", ["+86 13812345678"]),
        ("008613812345678", ["008613812345678"]),
        ("8613812345678", ["8613812345678"]),
        ("１３８１２３４５６７８", ["13812345678"]),
        ("tel13812345678找我", ["13812345678"]),
        ("①③⑧①②③④⑤⑥⑦⑧", ["13812345678"]),
        ("打1\u200b3812345678", ["13812345678"]),
    ],
)
def test_mobile_numbers(text: str, numbers: list[str]) -> None:
    assert found("mobile", text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "订单91381234567",
        "订单号241120-138123456789012",
        "运单YT1381234567890",
        "运单4313812345678901",
        "货号12345678901",
        "1.13812345678",
        "13812345678.5",
        "原价138 现价12 库存3456",
        "138 1234-5678",
        "https://mobile.yangkeduo.com/goods.html?goods_id=13812345678",
        "10086",
        "",
    ],
)
def test_numbers_that_are_no_mobile(text: str) -> None:
    assert found("mobile", text) == []


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("看https://item.example.com/a?b=1这款", ["https://item.example.com/a?b=1"]),
        ("http：//x.example.cn", ["http：//x.example.cn"]),
        ("https:\\\\x.example", ["https:\\\\x.example"]),
        ("上www.example.com吧", ["www.example.com"]),
        ("EXAMPLE.COM.CN有货", ["example.com.cn"]),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", ["example.com"]),
        ("example.shop:8080/x", ["example.shop:8080/x"]),
        ("https://192.168.1.1/pay", ["https://192.168.1.1/pay"]),
        ("https://pinduoduo.com@evil.example/x", ["https://pinduoduo.com@evil.example/x"]),
        ("https://pinduoduo.com.evil.top", ["https://pinduoduo.com.evil.top"]),
        ("notpinduoduo.com", ["notpinduoduo.com"]),
        ("a.example.com，b.example.cn", ["a.example.com", "b.example.cn"]),
    ],
)
def test_links_and_bare_domains(text: str, urls: list[str]) -> None:
    assert found("url", text) == urls


@pytest.mark.parametrize(
    "text",
    [
        "https://mobile.yangkeduo.com/goods.html?id=1",
        "www.pinduoduo.com",
        "pinduoduo.com:443/home",
        "https://m.pinduoduo.com:443/home",
        "https://m.pinduoduo.com./home",
        "说明书v1.2.3.pdf",
        "尺寸3.5cn.5",
        "node.js",
        "5.com5",
        "a@example.com",
        "只要9.9元",
    ],
)
def test_what_is_no_foreign_link(text: str) -> None:
    assert found("url", text) == []


@pytest.mark.parametrize(
    ("text", "mails"),
    [
        ("发到a.b+c@example.com的", ["a.b+c@example.com"]),
        ("邮箱12345＠ｑｑ．com", ["12345@qq.com"]),
        ("A@B.CN", ["a@b.cn"]),
        ("me@pinduoduo.com", ["me@pinduoduo.com"]),
    ],
)
def test_mail_addresses(text: str, mails: list[str]) -> None:
    assert found("email", text) == mails


@pytest.mark.parametrize(
    "text", ["@客服", "a@b", "@example.com", "a@.com", "a @ example.com", "a@b.com2"]
)
def test_what_is_no_mail_address(text: str) -> None:
    assert found("email", text) == []


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("pinduoduo.com", True),
        ("m.pinduoduo.com", True),
        ("xpinduoduo.com", False),
        ("pinduoduo.com.cn", False),
        ("", False),
    ],
)
def test_a_host_is_own_when_it_is_an_own_domain_or_below_one(host: str, own: bool) -> None:
    assert is_own(host, OWN) is own


@pytest.mark.parametrize("detector", DETECTORS)
@given(text=st.text(st.characters(codec=None) | st.sampled_from("138@.a:/\\w-+")))
def test_what_is_found_has_a_sign_and_lies_in_the_text(detector: Detector, text: str) -> None:
    folded = fold(text)
    reached = 0
    for start, end in DETECTORS[detector](folded, OWN):
        assert reached <= start < end <= len(folded)
        assert SIGNS.search(folded)
        reached = end


def test_a_mobile_is_eleven_digits_after_its_country_code() -> None:
    for text in ("13812345678", "+8613812345678", "138-1234-5678"):
        (number,) = found("mobile", text)
        assert re.sub(r"^\+?86|\D", "", number) == "13812345678"
