"""The packaged lexicons: what each rule finds on every platform, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from typing import Any

import pytest

from entries import idle, redundant, unfound, unspared
from replygate.model import Cleared
from replygate.screening.rule import Rule

PLATFORMS = ("pdd", "jd")

HITS = [
    ("contact.wechat", "加微信详聊"),
    ("contact.wechat", "您加我微信，我发图给您"),
    ("contact.wechat", "加一下店主微信吧"),
    ("contact.wechat", "微信号发我一下"),
    ("contact.wechat", "添加weixin领红包"),
    ("contact.wechat", "加vx聊"),
    ("contact.wechat-v", "加V有优惠"),
    ("contact.qq", "麻烦提供您的qq"),
    ("contact.qq", "加QQ 66778899 传文件"),
    ("contact.mobile", "有事打 13800138000"),
    ("contact.mobile", "电话是138 0013 8000哦"),
    ("contact.url", "资料在 www.example.com 下载"),
    ("contact.url", "打开https://example.com/a看看"),
    ("contact.email", "请发到 service@example.com"),
]

PASSES = [
    ("contact.wechat", "稍微信号不好，我再看看"),
    ("contact.wechat", "手表支持微信聊天"),
    ("contact.wechat-v", "这件圆领的不加V领，VIP价加VC片都有"),
    ("contact.qq", "奶茶里加QQ糖，很Q弹"),
    ("contact.mobile", "订单号93500126841，运单号7731205589164"),
    ("contact.mobile", "单号SF1380013800012，尺寸138*200"),
    ("contact.url", "说明书.pdf里有，固件版本1.2.3，价格19.90"),
    ("contact.email", "@客服小王 会尽快回复您"),
]

# What is said of the same things on JD; on Pinduoduo the bare word is a finding already.
PASSES_ON_JD = [
    ("contact.wechat", "退款会原路返回您的微信钱包"),
    ("contact.wechat", "可以关注微信公众号，扫码添加至微信卡包"),
    ("contact.wechat", "我们不能加微信的，请谅解"),
    ("contact.qq", "QQ钱包付款的话，退款要两天"),
]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("rule", "text"), HITS)
def test_it_blocks_on_every_platform(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert cleared.action == "block"
    assert rule in {finding.rule for finding in cleared.findings}


@pytest.mark.parametrize(
    ("platform", "text"),
    [(platform, text) for platform in PLATFORMS for _, text in PASSES if "微信聊天" not in text]
    + [("jd", text) for _, text in (*PASSES, *PASSES_ON_JD)],
)
def test_it_leaves_innocent_words_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in(platform, text).findings == ()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_word_and_each_exception_works_and_is_needed(
    platform: str,
    packaged_rules: Callable[[str, str], dict[str, Rule]],
    screen_in: Callable[[str, str], Cleared],
) -> None:
    rules = packaged_rules("lexicon", "contact").values()
    screen = partial(screen_in, platform)
    assert unfound(rules, screen) == []
    assert unspared(rules, screen) == []
    assert idle(rules) == []
    assert redundant(rules) == []


def test_every_rule_has_its_hit_and_its_pass(
    read_packaged: Callable[[str, str], dict[str, Any]],
) -> None:
    rules = {rule["id"] for rule in read_packaged("lexicons", "contact")["rule"]}
    assert rules == {row[0] for row in HITS} == {row[0] for row in PASSES}


def test_every_rule_tells_why_and_on_whose_word(
    read_packaged: Callable[[str, str], dict[str, Any]],
) -> None:
    for path in (files("replygate_config") / "lexicons").iterdir():
        lexicon = read_packaged("lexicons", path.name.removesuffix(".toml"))
        assert isinstance(lexicon["as_of"], dt.date)
        for rule in lexicon["rule"]:
            assert rule["id"].startswith(lexicon["id"] + ".")
            assert rule["why"].endswith("。"), rule["id"]
            assert "20" in rule["source"], f"{rule['id']}: its source has no date"
            assert "patterns" not in rule, f"{rule['id']}: patterns are an optional extra"
