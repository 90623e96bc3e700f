"""The packaged lexicons: what their rules find, and what they leave alone."""

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

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")

# Those about contacts, payments, privacy and reviews.
THEMES = (
    "contact",
    "other-platforms",
    "payment",
    "impersonation",
    "personal-data-leak",
    "private-data-request",
    "review-for-cash",
    "invoice-refusal",
)

ON_EVERY_PLATFORM = [
    ("contact.wechat", "加微信详聊"),
    ("contact.wechat", "您加我微信，我发图给您"),
    ("contact.wechat", "加一下店主微信吧"),
    ("contact.wechat", "微信号发我一下"),
    ("contact.wechat", "添加weixin领红包"),
    ("contact.wechat", "加vx聊"),
    ("contact.wechat-v", "加V有优惠"),
    ("contact.wechat-id", "微信号是abc_66778899"),
    ("contact.qq", "麻烦提供您的qq"),
    ("contact.qq", "加QQ 66778899 传文件"),
    ("contact.qq-number", "QQ号66778899，传文件"),
    ("contact.group-elsewhere", "微信群里有活动"),
    ("contact.group-elsewhere", "拉您进裙领券"),
    ("contact.in-disguise", "您的dian话留一下"),
    ("contact.in-disguise", "搜gong众号领保修卡"),
    ("contact.in-disguise", "把二~维~码扫一下"),
    ("contact.unnamed", "咱们换个聊天软件聊"),
    ("contact.unnamed", "我的号就是店名拼音，您搜一下"),
    ("payment.in-disguise", "您的支fu宝报一下"),
    ("payment.in-disguise", "收款🐴给您扫"),
    ("payment.in-disguise", "银-行-卡报给财务"),
    ("payment.veiled", "V付可以少两块"),
    ("contact.friend", "加个好友吧"),
    ("contact.friend", "转到朋友圈集赞"),
    ("contact.public-account", "关注公众号领券"),
    ("contact.phone", "有事给我打电话"),
    ("contact.mobile", "加我手机13800138000"),
    ("contact.url", "资料在 www.example.com 下载"),
    ("contact.url", "打开https://example.com/a看看"),
    ("contact.email", "请发到 service@example.com"),
    ("other-platforms.others", "唯品会上也有"),
    ("other-platforms.elsewhere", "我们别的平台也有店"),
    ("payment.private", "您私下转账给店里"),
    ("payment.private", "不走平台便宜点"),
    ("payment.transfer", "运费您转给我"),
    ("payment.code", "收款码发您"),
    ("payment.account", "对公账户发您"),
    ("payment.to-us", "差价您微信补给我就行"),
    ("payment.off-platform", "别在平台上付，给您打九折"),
    ("payment.account-given", "可以对公，账号给您"),
    ("impersonation.staff", "我是平台的审核员"),
    ("impersonation.posing", "平台理赔中心，您的订单可以双倍赔付"),
    ("impersonation.in-disguise", "我是官fang客服"),
    ("invoice-refusal.refuse", "本店没有发票"),
    ("invoice-refusal.charge", "开票加6个点"),
    ("invoice-refusal.in-disguise", "fa票这里没有"),
    ("personal-data-leak.other-buyer", "另一位顾客的地址给您"),
    ("personal-data-leak.named-buyer", "给差评的人住在三单元，您去问"),
    ("personal-data-leak.buyer-list", "客户名单可以导出来给您"),
    ("personal-data-leak.buyer-data", "这位顾客的真名是小张"),
    ("personal-data-leak.internal", "后台截图给您看"),
    ("private-data-request.password", "登录密码发给我看看"),
    ("private-data-request.bank", "麻烦提供一下银行卡号"),
    ("private-data-request.id-number", "身份证拍一下发来"),
    ("private-data-request.in-disguise", "支付mi码是哪个"),
    ("private-data-request.papers", "户口本拍照发我"),
    ("private-data-request.life", "您的月收入是多少"),
    ("private-data-request.screen", "屏幕共享一下，我教您"),
    ("private-data-request.call-back", "电话多少，我打给您"),
    ("review-for-cash.offer", "好评返现两元"),
    ("review-for-cash.offer", "五星晒图给您补3元"),
    ("review-for-cash.offer", "收货后晒图，我们返5元"),
    ("review-for-cash.deletion", "差评删掉，给您返现"),
    ("review-for-cash.in-disguise", "好*评*返这里有"),
]

ON_SOME = [
    ("pdd", "contact.group", "进群领券"),
    ("jd", "contact.group", "粉丝群有活动"),
    ("pdd", "contact.landline", "座机0571-88886666找我"),
    ("pdd", "contact.hotline", "打400-123-4567投诉"),
    ("pdd", "contact.address", "可以到我们仓库自提"),
    ("pdd", "private-data-request.phone", "手机号发我"),
    ("pdd", "private-data-request.email", "您留个邮箱"),
    ("tmall", "private-data-request.code", "收到的验证码告诉我"),
    ("pdd", "impersonation.staff", "这里是拼多多客服"),
    ("kuaishou", "review-for-cash.solicitation", "麻烦给个五星"),
    ("xiaohongshu", "review-for-cash.removal", "请您把差评改一下"),
    ("pdd", "invoice-refusal.refuse", "本店没有发票"),
    ("pdd", "invoice-refusal.charge", "开票加6个点"),
    ("tmall", "contact.wechat-name", "您加一下薇信"),
    ("tmall", "contact.qq-name", "加一下负责人的QQ"),
    ("jd", "other-platforms.pdd", "拼夕夕也有卖"),
    ("jd", "other-platforms.xiaohongshu", "小红书上有教程"),
]

PASSES = [
    ("pdd", "稍微信号不好，我再看看"),
    ("jd", "手表支持微信聊天"),
    ("jd", "退款会原路返回您的微信钱包"),
    ("jd", "QQ钱包付款的话，退款要两天"),
    ("jd", "我们不能加微信的，请谅解"),
    ("jd", "支付方式里可以选微信支付"),
    ("pdd", "这件圆领的不加V领，VIP价加VC片都有"),
    ("pdd", "奶茶里加QQ糖，很Q弹"),
    ("pdd", "订单号93500126841，运单号7731205589164"),
    ("pdd", "单号SF1380013800012，尺寸138*200"),
    ("pdd", "说明书.pdf里有，固件版本1.2.3，价格19.90"),
    ("pdd", "@客服小王 会尽快回复您"),
    ("pdd", "参加我们的活动有优惠"),
    ("pdd", "这款适合多种人群，颜色偏群青"),
    ("pdd", "快递会打您电话，请保持畅通"),
    ("pdd", "请勿私下转账，谨防受骗"),
    ("pdd", "开专票请提供开户银行账号"),
    ("pdd", "电子发票已开，请查收"),
    ("pdd", "专票和普票都能开"),
    ("pdd", "没有好评返现的活动"),
    ("pdd", "我们不参与好评返现活动"),
    ("pdd", "好评没有返现哦"),
    ("pdd", "感谢您的五星好评"),
    ("pdd", "需要的话可以申请平台客服介入"),
    ("pdd", "我是本店客服小李"),
    ("pdd", "不要把验证码告诉任何人"),
    ("pdd", "我们不会让您提供银行卡号"),
    ("pdd", "请提供一下订单号"),
    ("pdd", "麻烦核对一下收货地址"),
    ("jd", "配送员:小张，电话:13800138000"),
    ("jd", "官方热线400-123-4567"),
    ("jd", "请您留一个电话，专员回电"),
    ("jd", "还请您对我的服务做出评价"),
    ("tmall", "进群领优惠券，群聊里有活动"),
    ("tmall", "支持京东快递"),
    ("tmall", "麻烦把电话给我下，帮您改"),
    ("kuaishou", "快手小店里下单就行"),
    ("kuaishou", "粉丝群里有优惠"),
    ("douyin", "抖音直播间同价"),
    ("xiaohongshu", "小红书订单在我的页面"),
    ("xiaohongshu", "您提供一下收货电话"),
]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("rule", "text"), ON_EVERY_PLATFORM)
def test_it_is_found_on_every_platform(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "rule", "text"), ON_SOME)
def test_it_is_found_where_it_is_switched_on(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "text"), PASSES)
def test_it_leaves_innocent_words_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in(platform, text).findings == ()


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("text", ["在平台以外付款", "您加我微信"])
def test_what_leads_away_is_never_sent(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    expected = "block" if "微信" in text else "pass"
    assert screen_in(platform, text).action == expected


@pytest.mark.parametrize("theme", THEMES)
def test_each_word_and_each_exception_works_and_is_needed(
    theme: str,
    packaged_rules: Callable[[str, str], dict[str, Rule]],
    read_packaged: Callable[[str, str], dict[str, Any]],
    screen_in: Callable[[str, str], Cleared],
) -> None:
    rules = packaged_rules("lexicon", theme).values()
    missed = [set(unfound(rules, partial(screen_in, name))) for name in PLATFORMS]
    assert set.intersection(*missed) == set()
    for name in PLATFORMS:
        assert unspared(rules, partial(screen_in, name)) == []
    assert idle(read_packaged("lexicons", theme)["rule"]) == []
    assert redundant(read_packaged("lexicons", theme)["rule"]) == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_rule_has_its_hit(
    theme: str, read_packaged: Callable[[str, str], dict[str, Any]]
) -> None:
    rules = {rule["id"] for rule in read_packaged("lexicons", theme)["rule"]}
    hits = {row[0] for row in ON_EVERY_PLATFORM} | {row[1] for row in ON_SOME}
    # One family of names stands for the others; digits of cards are the detectors' own matter.
    spared = {f"other-platforms.{name}" for name in ("taobao", "jd", "douyin", "kuaishou")}
    assert rules - hits <= spared | {"payment.bank-card", "personal-data-leak.id-card"}


def test_every_rule_tells_why_and_on_whose_word(
    read_packaged: Callable[[str, str], dict[str, Any]],
) -> None:
    for path in (files("replygate_config") / "lexicons").iterdir():
        lexicon = read_packaged("lexicons", path.name.removesuffix(".toml"))
        assert isinstance(lexicon["as_of"], dt.date)
        for rule in lexicon.get("rule", ()):
            assert rule["id"].startswith(lexicon["id"] + ".")
            assert rule["why"].endswith("。"), rule["id"]
            assert "20" in rule["source"], f"{rule['id']}: its source has no date"
            assert "patterns" not in rule, f"{rule['id']}: patterns are an optional extra"
