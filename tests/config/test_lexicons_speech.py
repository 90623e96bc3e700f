"""The lexicons about how one speaks: what each rule finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entries import idle, unspared
from replygate.config import load_store
from replygate.model import Cleared, Draft
from replygate.screening.rule import Rule

LEXICONS = ("insult", "threats", "illicit", "defamation", "absolute-claims", "tone")

ON_ONE_PLATFORM = (
    "tone.ask-again",
    "tone.what-do-you-want",
    "tone.told-you",
    "tone.lone-question",
)

HITS: Mapping[str, tuple[str, ...]] = {
    "insult.abuse": ("你就是个傻逼", "王八蛋", "滚远点", "煞笔一个", "你是傻*逼吧", "cao你妈"),
    "insult.outburst": ("快滚，别烦我", "你妈没教过你吗", "给你脸了", "没爹教的"),
    "insult.person": ("这人没素质", "真是缺德", "你脑残吧", "脑子有病", "神*经*病", "废wu一个"),
    "insult.called": ("你这个垃圾", "你就是个变态", "垃圾买家", "弱智er一个"),
    "insult.belittling": ("你这智商", "你是不是有病", "买不起就别看", "素质真低下"),
    "insult.curse": ("怎么不去死", "不得好死", "断*子*绝*孙", "会下地狱的"),
    "insult.ill-wish": ("祝你全家死光", "赶着投胎吗", "出门被车撞", "早晚遭报应"),
    "insult.coded": ("sb", "nmsl", "你就是2b", "naocan", "n.m.s.l", "shabi", "你TM说什么"),
    "insult.vulgar": ("牛逼", "卧槽", "关老子屁事", "老子不卖了"),
    "threats.violence": ("信不信弄死你", "打断你的腿", "弄*死*你", "给你寄刀片", "nong死你"),
    "threats.menace": ("叫几个兄弟去找你", "你给我等着！", "别逼我", "别让我再碰到你"),
    "threats.exposure": (
        "我有你家地址，等着",
        "把你的电话公布出去",
        "再闹就曝光你",
        "去你单位找你",
    ),
    "threats.retaliation": ("敢给差评试试", "给差评就别怪我", "等着收律师函", "你投诉我就把你拉黑"),
    "threats.harassment": ("打爆你电话", "短信轰炸", "天天给你打电话", "打到你删为止"),
    "illicit.pornography": ("有裸照", "陪我睡一晚", "美女上门服务", "福利姬"),
    "illicit.coded": ("约炮", "裸*聊", "拉*人*头", "六-合-彩", "办.假.证", "代yun"),
    "illicit.violence": ("有气枪子弹出售", "教你做炸药", "出售管制刀具", "卖枪支弹药"),
    "illicit.gambling": ("网络赌场注册送彩金", "带你下注", "澳门新葡京赌场", "买大小赢钱"),
    "illicit.drugs": ("有毒品", "卖大麻", "吸毒", "bing毒"),
    "illicit.pyramid-selling": ("发展下线", "躺赚不用干活", "这是传销", "入会费交了就有提成"),
    "illicit.black-market": ("收购银行卡", "六级包过", "花呗套现", "办假证刻章，当天拿"),
    "illicit.incitement": ("反动标语", "颠覆国家政权", "支持台独", "加入邪教"),
    "illicit.recruiting": (
        "招代理，有意联系我",
        "宝妈兼职日结",
        "想赚钱的加我",
        "招兼职，日结工资",
    ),
    "illicit.paid-orders": ("刷单一天三百", "刷单返佣", "补单给您返本金", "招人刷单"),
    "illicit.fake-sales": ("帮我们刷单", "刷销量", "发空包给您", "刷好评"),
    "defamation.platform": ("平台就是垃圾", "垃圾平台", "拼多多真黑", "这个平台坑商家"),
    "defamation.rivals": ("别家都是假货", "同行卖的是次品", "便宜的都是假货", "隔壁那家是骗子"),
    "defamation.buyer": ("你就是骗子", "你想讹我们", "无理取闹", "你是职业差评师"),
    "absolute-claims.grade": ("顶级面料", "国家级品质", "极品茶叶", "世界级的工艺"),
    "absolute-claims.rank": ("销量第一", "行业第一品牌", "全国第一", "绝无仅有"),
    "absolute-claims.price": ("全网最低价", "价格全网最低", "史上最便宜", "同行最低价"),
    "absolute-claims.illness": (
        "吃了它糖尿病就能停药",
        "七天美白",
        "比医院开的药管用",
        "可以预防癌症",
    ),
    "absolute-claims.superlative": (
        "这是世界上最好的",
        "全网.最低",
        "没有之一",
        "比同行遥遥领先",
        "最先进的技术",
    ),
    "absolute-claims.cure": ("100%有效", "包治百病", "没有任何副作用", "能治疗糖尿病", "药到病除"),
    "absolute-claims.guarantee": ("永久不掉色", "绝对不会变形", "100%安全", "国家免检"),
    "tone.rude": ("烦不烦啊", "你有完没完", "爱买不买", "随*便*你", "爱mai不买"),
    "tone.counter-question": ("你想怎样", "那您到底想怎么样啊", "你究竟想干什么", "嗯，什么？"),
    "tone.interrogation": (
        "不是告诉你了么？",
        "刚才不是跟你说过了吗",
        "不是已经说过了吗",
        "怎么还问",
    ),
    "tone.shirking": ("不关我的事！", "不归我们管", "不知道！", "这跟我们没关系"),
    "tone.sent-away": ("你自己看详情页", "自己百度去", "找快递去", "别什么都问"),
    "tone.impatience": ("急什么", "别催了", "说了多少遍", "懒得跟你说"),
    "tone.scolding": ("谁让你不看清楚", "是你自己的错", "你不会自己看吗", "怪我咯"),
    "tone.hurrying": ("没事我就关了", "有话快说", "那我关闭会话", "我先下了"),
    "tone.blaming-platform": (
        "平台规定的，我们也没办法",
        "都是平台的错",
        "你去找平台吧",
        "有意见找平台",
    ),
    "tone.cold": ("不想理你", "不卖给你", "去别家买吧", "想得美"),
    "tone.sarcasm": ("呵呵", "您开心就好，", "你可真厉害", "我真是醉了"),
    "tone.quarrel": ("你骂谁呢", "尽管投诉", "有本事你去告", "嘴巴放干净点"),
    "tone.what-do-you-want": ("你想怎样", "您到底想怎么样啊", "那你要怎样", "您想咋样呢"),
    "tone.told-you": (
        "不是告诉你了么？",
        "刚才不是跟你说了吗",
        "不是回复您了吗",
        "不是给您说过了么",
    ),
    "tone.lone-question": ("什么？", "哪个？", "嗯，什么？", "啥？"),
    "tone.ask-again": (
        "请您重新描述一下问题",
        "再说一遍您的问题",
        "问题麻烦您再说一下",
        "从头讲一下情况",
    ),
}

PASSES: Mapping[str, tuple[str, ...]] = {
    "insult.abuse": ("驴打滚蛋糕", "家畜生长环境", "尼玛县不包邮", "遛狗东西都能放", "沙比利木"),
    "insult.outburst": ("你快滚动一下页面", "飞快滚，不响", "你妈妈会喜欢", "猫爪巴士玩具"),
    "insult.person": ("神经病变患者慎用", "不要脸上乱涂", "没人品尝过", "《白痴》精装版"),
    "insult.called": ("垃圾桶有货", "变态辣的一袋", "您的垃圾袋发出了", "绿茶色的一个"),
    "insult.belittling": ("您有问题可以问我", "格局打开的户型", "没有毛病", "智商测试题一套"),
    "insult.curse": ("去死皮的膏", "去死角的刷子", "不着急，慢慢选", "地下室也能用"),
    "insult.ill-wish": ("该死机的时候", "祝您生日快乐", "出门带伞", "希望您满意"),
    "insult.coded": ("usb接口", "SB-700型号", "2B铅笔", "NMD那款鞋", "TM是商标"),
    "insult.vulgar": ("牛皮钱包有货", "我操心的是物流", "黄牛b号", "搞毛呢大衣"),
    "threats.violence": ("打死也不涨价", "电脑死机了", "抱歉打断你了", "收到小心手"),
    "threats.menace": ("等着收货就行", "师傅上门前会找您", "小心您的头", "您等着收就好"),
    "threats.exposure": (
        "订单里有您的地址",
        "曝光你拍的照片可以调亮",
        "上门取件",
        "快递知道您家地址",
    ),
    "threats.retaliation": ("有差评我们会改进", "投诉快递也可以", "后果请看说明", "给差评也没关系"),
    "threats.harassment": (
        "正在打包您的订单",
        "快递给您打电话了",
        "短信通知您取件",
        "快递员天天给你打电话吗",
    ),
    "illicit.pornography": ("颜色凸显气质", "成人码和儿童码", "裸照明灯", "羽毛片有货"),
    "illicit.coded": ("颜色清楚", "打气枪有货", "禁止赌博", "用心做爱心便当"),
    "illicit.violence": ("这不是管制刀具", "水枪和胶枪都有", "茶刀没有开刃", "玩具手枪有货"),
    "illicit.gambling": ("我和您打赌很好用", "老虎机存钱罐", "棋牌桌有货", "足球鞋有货"),
    "illicit.drugs": ("消毒品质可靠", "有大麻布的款", "有白粉色的", "溜冰鞋有货"),
    "illicit.pyramid-selling": ("先不要下线", "打击传销", "传销案例的书", "积分返利在会员页"),
    "illicit.black-market": ("四级词汇书有货", "床品四件套", "假钞机有货", "证件套有货"),
    "illicit.incitement": ("打击反动言论", "独立包装", "不支持台独", "旗袍有货"),
    "illicit.recruiting": ("我们不招代理", "代理点可以代收", "兼职的同事在值班", "招牌可以定做"),
    "illicit.paid-orders": ("我们不刷单，也不返佣", "做单独包装", "补单独的配件", "一单一件"),
    "illicit.fake-sales": ("我们不刷单", "刷新一下页面", "可以补单独的配件", "补发一份给您"),
    "defamation.platform": ("平台垃圾袋有货", "平台会处理骗子", "垃圾袋套装", "平台规定七天内退货"),
    "defamation.rivals": ("我们和别家都不一样", "其他家的情况不清楚", "本店正品保证", "假货包退"),
    "defamation.buyer": ("小心骗子打电话", "您别着急", "您想退货可以申请", "请您提供照片"),
    "absolute-claims.grade": ("国家级非物质文化遗产", "顶级域名", "面料很好", "高级感的颜色"),
    "absolute-claims.rank": ("第一时间发货", "第一款是纯棉的", "最近订单多", "全国第一批货"),
    "absolute-claims.price": (
        "这个价最低了",
        "最低五元起",
        "选便宜的运费",
        "不能保证全网最低价",
    ),
    "absolute-claims.illness": (
        "血压计可以记录血压",
        "糖尿病患者不能擅自停药",
        "美白面膜一盒七片",
        "血压计测完就关机",
    ),
    "absolute-claims.superlative": (
        "洗的时候最好翻过来",
        "国内最低温度也能用",
        "不敢说全网最好",
        "世界地图最低五元",
    ),
    "absolute-claims.cure": (
        "不能治疗糖尿病",
        "优惠券绝对有效期到月底",
        "完全有效期内",
        "三盒包收纳袋",
    ),
    "absolute-claims.guarantee": ("绝对不会忘记", "100%纯棉", "不能保证永久不掉色", "质保一年"),
    "tone.rude": ("随便你挑", "壶是闭嘴款", "绝不没完没了", "您随便看看"),
    "tone.counter-question": (
        "请问您需要什么尺码？",
        "您想怎么样搭配",
        "您要怎么样的杯子",
        "您要什么",
    ),
    "tone.interrogation": ("包裹不是到驿站了吗", "不是您的订单吗", "这款不是纯棉的吗", "不是的哦"),
    "tone.shirking": ("图片不清楚！", "暂时还不清楚呢", "跟我说没关系", "我帮您问一下"),
    "tone.sent-away": ("可以自己看详情", "您可以联系快递", "自己看说明书也行", "自己看看喜欢哪个"),
    "tone.impatience": ("请您不要着急", "我帮您催一下", "噪音烦人的话", "刚才说的优惠还在"),
    "tone.scolding": ("如果您自己弄坏了可以修", "不是您自己的错", "谁让您这么可爱", "是我没说清楚"),
    "tone.hurrying": ("系统会自动关闭订单", "没事的亲", "请问还有其他问题吗", "活动结束了"),
    "tone.blaming-platform": (
        "平台规定七天内可以退",
        "您可以联系平台客服申请",
        "这可能是系统的延迟",
        "平台会审核您的申请",
    ),
    "tone.cold": ("没门槛的优惠券", "工厂不做你这款了", "看看别的款式也行", "想得很周到"),
    "tone.sarcasm": ("笑呵呵的表情", "您真有眼光", "乐呵呵地等着", "您说得对"),
    "tone.quarrel": ("也可以投诉快递", "欢迎监督", "您别生气", "快递员怎么说话的呢"),
    "tone.what-do-you-want": ("您想怎样处理", "您要怎么样的", "您想要什么", "您想怎样搭配"),
    "tone.told-you": ("不是您的吗", "是不是收到了", "不是这个吗", "已经告诉您了"),
    "tone.lone-question": ("您需要什么？", "您说的是哪个？", "您想要哪个？", "您问的是什么？"),
    "tone.ask-again": (
        "不用重新描述您的问题",
        "我先看一下之前的记录",
        "再发一张照片就行",
        "重新下单即可",
    ),
}


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Cleared]:
    path: Path = tmp_path_factory.mktemp("speech") / "store.toml"
    path.write_text(f'id = "s-1"\n[screening]\nlexicons = {list(LEXICONS)}\n', "utf-8")
    store = load_store(str(path), enable=ON_ONE_PLATFORM)
    return lambda text: store.gate.screen(Draft("c-1", text))


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in HITS.items() for text in texts]
)
def test_it_is_found(rule: str, text: str, screen: Callable[[str], Cleared]) -> None:
    assert rule in {finding.rule for finding in screen(text).findings}


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in PASSES.items() for text in texts]
)
def test_it_is_left_alone(rule: str, text: str, screen: Callable[[str], Cleared]) -> None:
    assert rule not in {finding.rule for finding in screen(text).findings}


def test_every_rule_has_its_hits_and_its_passes(
    read_packaged: Callable[[str, str], dict[str, Any]],
) -> None:
    rules = {rule["id"] for name in LEXICONS for rule in read_packaged("lexicons", name)["rule"]}
    assert rules == set(HITS) == set(PASSES)
    assert all(len(texts) >= 4 for texts in (*HITS.values(), *PASSES.values()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("你想怎样", "请问您希望怎么处理呢"),
        ("不是告诉你了么？48小时内发货", "给您再说明一下。48小时内发货"),
        ("我们用的是顶级面料哦", "我们用的是优质面料哦"),
        ("最顶级的羊绒", "优质的羊绒"),
        ("这款销量第一的", "这款销量很好的"),
        ("我们是全国第一品牌", "我们是知名品牌"),
        ("这款全网最低哦", "这款价格很实惠哦"),
    ],
)
def test_it_rewrites_to_a_sentence(
    text: str, wanted: str, screen: Callable[[str], Cleared]
) -> None:
    cleared = screen(text)
    assert (cleared.action, cleared.text) == ("rewrite", wanted)


@pytest.mark.parametrize("lexicon", LEXICONS)
def test_each_exception_works_and_is_needed(
    lexicon: str,
    packaged_rules: Callable[[str, str], dict[str, Rule]],
    read_packaged: Callable[[str, str], dict[str, Any]],
    screen: Callable[[str], Cleared],
) -> None:
    rules = packaged_rules("lexicon", lexicon).values()
    assert unspared(rules, partial(screen)) == []
    assert idle(read_packaged("lexicons", lexicon)["rule"]) == []
