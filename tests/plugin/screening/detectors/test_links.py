import pytest

from replygate.screening.detectors.links import find_urls, is_own
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("192.168.1.10:8080", ["192.168.1.10:8080"]),
        ("8.8.8.8/pay", ["8.8.8.8/pay"]),
        ("t.cn/a6bcd", ["t.cn/a6bcd"]),
        ("dwz.cn/xyz", ["dwz.cn/xyz"]),
        ("看baidu.com吧", ["baidu.com"]),
        ("http://example.com/看看", ["http://example.com/"]),
        ("url.cn/5abc", ["url.cn/5abc"]),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", ["www.example.com"]),
        ("看https://item.example.com/a?b=1这款", ["https://item.example.com/a?b=1"]),
        ("http：//x.example.cn", ["http：//x.example.cn"]),
        ("https:\\\\x.example", ["https:\\\\x.example"]),
        ("EXAMPLE.COM.CN有货", ["example.com.cn"]),
        ("example.shop:8080/x", ["example.shop:8080/x"]),
        ("https://192.168.1.1/pay", ["https://192.168.1.1/pay"]),
        ("https://pinduoduo.com@evil.example/x", ["https://pinduoduo.com@evil.example/x"]),
        ("https://pinduoduo.com.evil.top", ["https://pinduoduo.com.evil.top"]),
        ("notpinduoduo.com", ["notpinduoduo.com"]),
        ("a.example.com，b.example.cn", ["a.example.com", "b.example.cn"]),
    ],
)
def test_a_foreign_link_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_urls(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("beispiel.c0m有图", ["beispiel.c0m"]),
        ("w w w . beispiel . c o m", ["w w w . beispiel . c o m"]),
        ("beispiel◦cn", ["beispiel◦cn"]),
        ("三w点店名拼音点com", ["三w点店名拼音点com"]),
        ("baidu点com", ["baidu点com"]),
        ("www点baidu点com", ["www点baidu点com"]),
        ("shop。com", ["shop。com"]),
        ("example。cn", ["example。cn"]),
        ("example . com", ["example . com"]),
        ("1688点com", ["1688点com"]),
        ("wwwbaiducom", ["wwwbaiducom"]),
        ("w w w . b a i d u . c o m", ["w w w . b a i d u . c o m"]),
        ("example[.]com", ["example[.]com"]),
        ("abc dot com", ["abc dot com"]),
        ("example、com", ["example、com"]),
        ("example，com", ["example，com"]),
    ],
)
def test_a_foreign_link_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_urls(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "9.9元",
        "网格布5.0m²，com口朝外",
        "v2.1.0",
        "说明书.pdf",
        "合同.doc",
        "1.2.3.4",
        "好的。com",
        "20:00",
        "图片1.jpg",
        "android.apk",
        "8点vip专享",
        "晚上8点top",
        "node.js",
        "www.pinduoduo.com",
        "mobile。yangkeduo.com",
        "10.0.0.1",
        "3.5.cm",
        "亲.net重量",
        "setup.exe",
        "5.5/6.5",
        "a4.纸",
        "11.11-11.13",
        "8点cc",
        "https://mobile.yangkeduo.com/goods.html?id=1",
        "pinduoduo.com:443/home",
        "https://m.pinduoduo.com:443/home",
        "https://m.pinduoduo.com./home",
        "说明书v1.2.3.pdf",
        "尺寸3.5cn.5",
        "5.com5",
        "a@example.com",
    ],
)
def test_what_is_not_a_foreign_link(text: str) -> None:
    assert [*find_urls(fold(text), OWN)] == []


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


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("打开taobaocom搜店名", ["taobaocom"]),
        ("淘宝dotcom 上有", ["淘宝dotcom"]),
        ("复制￥Kd8FvT2mQ7x￥打开", ["¥kd8fvt2mq7x¥"]),
    ],
)
def test_a_site_is_found_without_its_dot(text: str, matched: list[str]) -> None:
    folded = fold(text)
    assert [folded[span.start : span.end] for span in find_urls(folded, OWN)] == matched
    assert [*find_urls(folded, frozenset({"taobao.com"}))] == []


@pytest.mark.parametrize("text", ["VB.NET教材第二版", "音箱叫K20.Pro", "XL.CN码偏小", "48.us码"])
def test_names_of_software_models_and_sizes_are_no_sites(text: str) -> None:
    assert [*find_urls(fold(text), OWN)] == []
