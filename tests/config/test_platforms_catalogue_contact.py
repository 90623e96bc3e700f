"""Contact, payment, privacy and reviews: each rule of the catalogue on its platform's demo store.

The other half of the catalogue, how one speaks, has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from replygate.config import load_store
from replygate.model import Cleared

# The catalogue's id, the platform, the rule that finds it, what is found, and what is left alone.
RULES = [
    ("PDD-F-04", "pdd", "contact.url", "图纸在 www.example.com 下载", "在商品详情页下载图纸"),
    ("PDD-F-04", "pdd", "contact.email", "资料请发到 shop@example.com", "资料发在这里就可以"),
    ("PDD-F-04", "pdd", "contact.address", "门店在人民路的商场一楼", "退货地址在售后单里能看到"),
    ("PDD-F-05", "pdd", "payment.code", "我发个收款码给您", "补差价走平台的小额打款"),
    ("PDD-F-05", "pdd", "payment.account", "收款账号稍后发您", "账号登录不上可以找回"),
    ("PDD-F-06", "pdd", "other-platforms.taobao", "我们淘宝店也卖这款", "今天猫粮有优惠"),
    ("PDD-F-06", "pdd", "other-platforms.jd", "京东上也是我们开的", "发南京东路也包邮"),
    ("PDD-F-06", "pdd", "PDD-F-06.courier", "默认发京东快递", "默认发中通快递"),
    ("PDD-F-07", "pdd", "contact.address", "可以到我们仓库自提", "快递会放在驿站"),
    ("PDD-F-08", "pdd", "private-data-request.phone", "您留个电话吧", "快递会打您电话"),
    ("PDD-F-08", "pdd", "contact.mobile", "有事打 13800138000", "单号是 7731205589164"),
    ("PDD-F-08", "pdd", "contact.landline", "座机 0571-88886666 找我", "尺寸是 0571 号款"),
    ("PDD-F-08", "pdd", "contact.wechat", "您加我微信", "您直接在这里问"),
    ("PDD-F-09", "pdd", "PDD-F-09", "把图片用微信传给您", "稍微信号差一点"),
    ("PDD-F-09", "pdd", "PDD-F-09.qq", "您有QQ可以收文件么", "这款QQ糖很有嚼劲"),
    ("PDD-F-10", "pdd", "other-platforms.elsewhere", "去别的平台拍更划算", "在本店拍下就行"),
    ("PDD-F-10", "pdd", "contact.friend", "加个好友发您视频", "参加活动发您优惠券"),
    ("PDD-F-11", "pdd", "invoice-refusal.refuse", "这个价格不开发票", "电子发票已开"),
    ("PDD-F-11", "pdd", "invoice-refusal.charge", "开票要另加税点", "开票不用加钱"),
    ("PDD-F-14", "pdd", "impersonation.staff", "我是平台客服小王", "需要的话请平台客服介入"),
    ("PDD-F-16", "pdd", "illicit.recruiting", "招兼职刷单，日结", "店里在招客服，欢迎应聘"),
    ("PDD-F-17", "pdd", "payment.transfer", "差价您转给我就行", "差价用小额打款补给您"),
    ("PDD-F-17", "pdd", "payment.private", "私下退款给您吧", "请勿私下转账"),
    ("PDD-F-21", "pdd", "personal-data-leak.other-buyer", "那位顾客的地址给您", "收货地址对吗"),
    ("PDD-F-21", "pdd", "personal-data-leak.internal", "内部资料发您看", "资料都在详情页"),
    ("PDD-F-23", "pdd", "payment.code", "扫码转账给店里", "请勿扫码转账"),
    ("PDD-X-08", "pdd", "other-platforms.douyin", "抖音直播间更便宜", "直播间里更便宜"),
    ("PDD-X-09", "pdd", "contact.wechat-v", "加V发您优惠", "圆领的不加V领"),
    ("DY-F-01", "douyin", "contact.wechat", "加微信详聊", "在这里详聊"),
    ("DY-F-01", "douyin", "other-platforms.kuaishou", "快手小店也能买", "抖音小店才能买"),
    ("DY-F-02", "douyin", "payment.private", "线下交易可以便宜", "请勿线下交易"),
    ("KS-F-02", "kuaishou", "review-for-cash.solicitation", "请给个五星好评", "请对服务作出评价"),
    ("KS-F-02", "kuaishou", "review-for-cash.removal", "麻烦您把差评删一下", "差评我们会改进"),
    ("JD-F-01", "jd", "JD-F-01", "亲，在的", "亲爱的，在的"),
    ("JD-F-02", "jd", "JD-F-01", "给亲补发", "亲肤面料"),
    ("JD-F-03", "jd", "JD-F-03", "我们一定处理", "全国统一定价"),
    ("JD-F-03", "jd", "other-platforms.taobao", "淘宝店里也有", "京东自营的"),
    ("JD-F-03", "jd", "other-platforms.pdd", "拼多多那家不是我们", "拼好多次单了"),
    ("JD-F-05", "jd", "personal-data-leak.buyer-data", "该买家的电话是假的", "您的电话是对的"),
    ("XHS-F-01", "xiaohongshu", "personal-data-leak.internal", "后台截图发您", "订单截图发我"),
    ("XHS-F-04", "xiaohongshu", "personal-data-leak.buyer-data", "把买家信息发您", "请看买家秀"),
    ("XHS-F-05", "xiaohongshu", "private-data-request.password", "支付密码告诉我", "密码请自己改"),
    ("XHS-F-05", "xiaohongshu", "private-data-request.code", "验证码发我一下", "验证码请自己填"),
    ("XHS-F-05", "xiaohongshu", "private-data-request.bank", "提供下银行卡号", "会退回原来的卡"),
    ("XHS-F-06", "xiaohongshu", "review-for-cash.offer", "好评返现五元", "没有好评返现"),
    ("XHS-F-06", "xiaohongshu", "review-for-cash.removal", "方便的话改一下评价", "欢迎评价"),
    ("TM-F-01", "tmall", "personal-data-leak.internal", "公司内部文件给您", "说明书给您"),
]

# Kind C of this half that no rule on one text can check.
LEFT_OUT = {
    "TM-P-05": "asks for automatic answers to be set up, says nothing of texts",
}


@pytest.mark.parametrize(("platform", "rule", "text"), [(r[1], r[2], r[3]) for r in RULES])
def test_it_is_found(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "text"), [(row[1], row[4]) for row in RULES])
def test_it_is_left_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in(platform, text).findings == ()


def test_what_is_left_out_says_why() -> None:
    assert not set(LEFT_OUT) & {row[0] for row in RULES}


def test_an_automatic_answer_does_not_answer_who_urges_shipment() -> None:
    # PDD-D-08.
    (rule,) = (rule for rule in load_store("demo-pdd").deadlines if rule.id == "PDD-D-08")
    assert (rule.counts.human, rule.counts.bot) == ("yes", "no")


def test_a_message_can_be_recalled_for_two_minutes() -> None:
    # DY-D-03.
    profile = load_store("demo-douyin").profile
    assert profile is not None
    assert profile.recall_s == 120
