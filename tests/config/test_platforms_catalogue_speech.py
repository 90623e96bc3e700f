"""How one speaks: each rule of the catalogue on its platform's demo store.

The other half of the catalogue, contact and payment, has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from replygate.model import Cleared

# The catalogue's id, the platform, the rule that finds it, what is found, and what is left alone.
# Kind E: the text does not go out as it is.
ENFORCED = [
    ("PDD-F-01", "pdd", "insult.abuse", "你就是个傻逼", "驴打滚蛋糕有货"),
    ("PDD-F-01", "pdd", "defamation.platform", "平台就是垃圾", "平台规定七天内可以退"),
    ("PDD-F-02", "pdd", "insult.coded", "nmsl", "usb接口"),
    ("PDD-F-02", "pdd", "insult.abuse", "傻*逼", "稍等一下"),
    ("PDD-F-03", "pdd", "threats.violence", "信不信我弄死你", "打死也不涨价"),
    ("PDD-F-12", "pdd", "illicit.pornography", "有裸照", "黄色的有货"),
    ("PDD-F-12", "pdd", "illicit.violence", "卖枪支弹药", "水枪有货"),
    ("PDD-F-12", "pdd", "illicit.pyramid-selling", "来发展下线", "先不要下线"),
    ("PDD-F-12", "pdd", "illicit.incitement", "反动标语", "独立包装"),
    ("PDD-F-15", "pdd", "threats.harassment", "打爆你电话", "快递会打您电话"),
    ("PDD-F-24", "pdd", "defamation.platform", "小二脑子有病", "小二在的"),
    ("DY-F-01", "douyin", "illicit.gambling", "带你下注", "禁止赌博"),
    ("DY-F-02", "douyin", "illicit.drugs", "有毒品", "消毒品质可靠"),
    ("KS-T-01", "kuaishou", "tone.what-do-you-want", "你想怎样？", "请问您需要什么尺码？"),
    ("KS-T-02", "kuaishou", "tone.told-you", "不是告诉你了么？", "包裹不是到驿站了吗"),
    ("KS-T-03", "kuaishou", "tone.shirking", "不关我的事！", "我帮您核实一下"),
    ("KS-T-03", "kuaishou", "tone.shirking", "不知道！", "图片不清楚！"),
    ("KS-F-01", "kuaishou", "threats.harassment", "不改就一直打给你", "客服会联系您"),
    ("JD-F-04", "jd", "insult.person", "没素质", "素材有图"),
    ("JD-F-04", "jd", "insult.person", "您这样做太缺德了", "产地在德国"),
    ("XHS-F-03", "xiaohongshu", "insult.curse", "怎么不去死", "去死皮的膏"),
    ("XHS-F-03", "xiaohongshu", "threats.exposure", "再闹就曝光你", "订单里有您的地址"),
]

# Kind C: a finding at least.
CHECKED = [
    ("PDD-F-13", "pdd", "defamation.rivals", "别家都是假货", "我们和别家不一样"),
    ("PDD-F-16", "pdd", "illicit.recruiting", "诚招代理，有意联系我", "代理点可以代收"),
    ("PDD-F-20", "pdd", "absolute-claims.cure", "包治百病", "请按说明使用"),
    ("PDD-F-20", "pdd", "absolute-claims.guarantee", "永久不掉色", "质保一年"),
    ("PDD-F-22", "pdd", "tone.quarrel", "你骂谁呢", "您别生气"),
    ("PDD-T-01", "pdd", "tone.sent-away", "自己看详情页", "详情页里有尺码表"),
    ("PDD-T-03", "pdd", "tone.shirking", "不归我们管", "我帮您问一下"),
    ("PDD-T-04", "pdd", "tone.impatience", "急什么", "请您不要着急"),
    ("PDD-T-04", "pdd", "tone.scolding", "谁让你不看清楚", "是我没说清楚"),
    ("PDD-T-06", "pdd", "tone.cold", "不想理你", "很高兴为您服务"),
    ("PDD-T-07", "pdd", "tone.quarrel", "嘴巴放干净点", "理解您的心情"),
    ("PDD-T-08", "pdd", "tone.cold", "就是不发！", "发货时间没法延后，抱歉"),
    ("PDD-T-10", "pdd", "defamation.buyer", "你就是骗子", "请您提供照片"),
    ("PDD-T-11", "pdd", "tone.rude", "爱买不买", "您可以再考虑"),
    ("KS-T-05", "kuaishou", "tone.ask-again", "请您重新描述一下问题", "我先看一下记录"),
    ("KS-T-06", "kuaishou", "insult.person", "你脑残吧", "非常抱歉"),
    ("JD-T-01", "jd", "insult.person", "你这人没教养", "理解您的心情"),
    ("JD-T-01", "jd", "tone.quarrel", "你骂谁呢", "您别生气"),
    ("GEN-T-06", "jd", "absolute-claims.superlative", "这是最好的产品", "洗的时候最好翻过来"),
    ("KS-T-01", "kuaishou", "tone.lone-question", "什么？", "您需要什么？"),
    ("OUT-DY-03", "douyin", "tone.scolding", "谁让你不看清楚", "是我没说清楚"),
    ("XHS-T-01", "xiaohongshu", "tone.hurrying", "没事我就关了", "请问还有其他问题吗"),
    ("XHS-T-01", "xiaohongshu", "tone.impatience", "别催了", "帮您催一下"),
    ("XHS-F-02", "xiaohongshu", "tone.blaming-platform", "你去找平台吧", "可以联系平台客服"),
    ("XHS-F-06", "xiaohongshu", "illicit.fake-sales", "帮我们刷单", "刷新一下页面"),
    ("XHS-F-07", "xiaohongshu", "illicit.pornography", "有裸照", "成人码有货"),
    ("TM-T-01", "tmall", "tone.quarrel", "你骂谁呢", "您别生气"),
    ("TM-T-02", "tmall", "tone.scolding", "是你自己的错", "不是您的错"),
    ("TM-T-02", "tmall", "tone.sarcasm", "你可真厉害", "您说得对"),
]


@pytest.mark.parametrize(("platform", "rule", "text"), [row[1:4] for row in ENFORCED])
def test_it_does_not_go_out_as_it_is(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert cleared.action in ("block", "rewrite")
    assert rule in {finding.rule for finding in cleared.findings}


@pytest.mark.parametrize(("platform", "rule", "text"), [row[1:4] for row in CHECKED])
def test_it_is_found(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "text"), [(row[1], row[4]) for row in (*ENFORCED, *CHECKED)])
def test_it_is_left_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert {finding.rule for finding in cleared.findings} <= {"JD-F-01"}
