import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.fold import fold
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.screening.variants import VARIANTS_MAX, variants

HIDDEN = (
    "加我薇信聊",
    "威信可以吗",
    "添加维信tealove88",
    "我的葳芯是abc123",
    "加V信",
    "您加下wei信",
    "微xin号发我",
    "weixin多少",
    "加个VX",
    "我wx:abc_2020",
    "您这边vx二维码给我",
    "加➕薇",
    "+v详聊",
    "绿泡泡联系",
    "那个绿色软件上聊",
    "卫星号多少",
    "加我卫星",
    "徽信加我",
    "微亻言加我",
    "V❤多少",
    "薇❤abc123",
    "威❤发我",
    "加wēi xìn",
    "W信加一下",
    "微心号留一下",
    "魏信加我",
    "围信多少",
    "为信号给我一下",
    "加ⓥⓧ",
    "加🆅🆇聊",
    "ＷＸ号多少",
    "微x多少",
    "我们用薇聊",
    "加威",
    "加个薇",
    "您的薇号多少",
    "v号发我一下",
    "微i信加我",
    "加微❤信",
    "微丶信多少",
    "微.信 abc12345",
    "某信联系",
    "绿色图标那个加我",
    "扫我weⅰxin",
    "加V：abc123",
    "您的v多少",
    "可以+V吗",
    "发您徵信号",
    "微人言加一下",
)

INNOCENT = (
    "他在行业里很有威信",
    "商家要讲威信",
    "人造卫星模型拼装的哦",
    "卫星地图可以下载",
    "支持北斗卫星导航的",
    "明治维新的书有货",
    "加V领的那款",
    "加 V 领毛衣",
    "价格很微，信不信由你",
    "轻微信号弱也能用",
    "稍微信任一下我们",
    "这款是V领的",
    "企鹅公仔有货",
    "小企鹅图案的袜子",
    "您的加热款微波炉",
    "增加微距镜头",
    "威猛先生清洁剂",
    "威士忌杯加厚的",
    "紫薇花种子",
    "蔷薇新款到了",
    "作为信用卡用户",
    "各位新老客户",
    "因为新品上架",
    "安徽信阳都包邮",
    "单位信息填写一下",
    "电池加10W充电头",
    "100v电压",
    "vivo手机壳",
    "VIP会员加赠",
    "可以加VIP群吗",
    "wifi信号好",
    "定位信息不准",
    "维C和维E",
    "加微辣还是中辣",
    "微微有点色差",
    "尺码S M L XL",
    "未来新款",
    "口味新鲜的",
    "围巾新的",
    "一心为你",
    "加卫衣一起发",
    "加微单相机包",
    "轻薄透气V型",
    "胃心不舒服",
    "喂，新款有吗",
    "味芯片",
    "卫生间",
    "维修人员会联系您",
    "加长加宽款",
    "红包已发",
    "我们位置信息",
    "微芯片检测",
    "稍微 信号加强",
    "加wifi放大器",
    "加权威认证",
    "这个不是微 信我",
)

PLATFORMS = (
    ("淘宝", "掏宝上也有店"),
    ("淘宝", "去某宝看看"),
    ("淘宝", "万能的淘能买到"),
    ("天猫", "在猫超下单"),
    ("拼多多", "并夕夕更便宜"),
    ("拼多多", "拼夕夕那家店"),
    ("京东", "狗东也是我们发的"),
    ("抖音", "在抖因直播"),
    ("快手", "筷手也能看到"),
    ("小红书", "小洪书搜店名"),
    ("闲鱼", "挂闲yu了"),
    ("qq", "加扣扣聊"),
    ("qq", "企鹅号发我"),
    ("支付宝", "用之付宝付"),
    ("好评返现", "好平返现两元"),
    ("垃圾", "你这个拉圾"),
)

INNOCENT_OF_PLATFORMS = (
    ("淘宝", "给宝宝套宝宝裤"),
    ("京东", "买了某东西"),
    ("天猫", "春天毛衣上新"),
    ("拼多多", "商品多多优惠"),
    ("快手", "一块手表"),
    ("抖音", "战斗音效好"),
    ("qq", "企鹅公仔有货"),
    ("qq", "衣服上的扣扣掉了"),
    ("好评", "给您好苹果"),
)


def finds(term: str, text: str) -> bool:
    rule = Rule(id="t.name", action="block", why="", words=(Word(term),), evasions=True)
    book = Rulebook.compile(shared=RulePart(), own=RulePart(rules=(rule,)))
    return any(finding.evasion for finding in book.find(text))


@pytest.mark.parametrize("text", HIDDEN)
def test_a_hidden_name_is_found(text: str) -> None:
    assert finds("微信", text)


@pytest.mark.parametrize("text", INNOCENT)
def test_real_words_are_left_alone(text: str) -> None:
    assert not finds("微信", text)


@pytest.mark.parametrize(("term", "text"), PLATFORMS)
def test_other_hidden_terms_are_found(term: str, text: str) -> None:
    assert finds(term, text)


@pytest.mark.parametrize(("term", "text"), INNOCENT_OF_PLATFORMS)
def test_real_words_are_no_other_term(term: str, text: str) -> None:
    assert not finds(term, text)


@given(st.text("微信加群支付宝qq垃圾骗子好评返现a1😊", max_size=8))
def test_variants_are_folded_distinct_bounded_and_not_the_term(term: str) -> None:
    term = fold(term)
    found = [variant.text for variant in variants(term)]
    assert len(found) == len(set(found)) <= VARIANTS_MAX
    assert term not in found
    assert all(text and fold(text) == text for text in found)


def test_a_word_that_suppresses_a_variant_holds_it() -> None:
    for term in ("微信", "qq", "淘宝", "加微信"):
        for variant in variants(term):
            assert all(variant.text in word for word in variant.unless_inside)


def test_a_term_of_one_character_or_of_letters_alone_has_no_sound() -> None:
    assert variants("滚") == ()
    assert variants("sku") == ()
