import pytest

from replygate.screening.detectors.ids import find_qq_numbers, find_wechat_ids
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("wxid_abc123def456", ["wxid_abc123def456"]),
        ("wx: abc12345", ["wx: abc12345"]),
        ("VXtealove2015x", ["vxtealove2015x"]),
        ("微信号tealove", ["微信号tealove"]),
        ("微信tealove88", ["微信tealove88"]),
        ("加我微信 13800138000", ["微信 13800138000"]),
        ("vx88667788", ["vx88667788"]),
        ("加一下tealove88", ["tealove88"]),
        ("微信号：abcdef", ["微信号：abcdef"]),
        ("wechat id: tea_love", ["wechat id: tea_love"]),
        ("我wx tealove88哦", ["wx tealove88"]),
    ],
)
def test_a_wechat_id_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_wechat_ids(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("薇abc_123", ["薇abc_123"]),
        ("➕v abc8866", ["v abc8866"]),
        ("我的v是abc123", ["v是abc123"]),
        ("加v：tealove", ["v：tealove"]),
        ("威信abc12345", ["威信abc12345"]),
        ("维❤abc12345", ["维❤abc12345"]),
        ("加薇abc8866", ["薇abc8866"]),
        ("v信tealove88", ["v信tealove88"]),
        ("加 V abc12345", ["v abc12345"]),
        ("搜v abc12345", ["v abc12345"]),
        ("加v 88667788", ["v 88667788"]),
        ("徽信tealove88", ["徽信tealove88"]),
        ("加微tealove88", ["微tealove88"]),
        ("+v tealove88", ["v tealove88"]),
        ("卫星号 abc12345", ["卫星号 abc12345"]),
        ("加微信号：一三八零零一三八零零零", ["微信号：一三八零零一三八零零零"]),
        ("微❤: abc12345", ["微❤: abc12345"]),
        ("V：abc12345", ["v：abc12345"]),
        ("加威abc12345", ["威abc12345"]),
    ],
)
def test_a_wechat_id_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_wechat_ids(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "微信支付",
        "V领连衣裙",
        "vx100型号",
        "v100",
        "维生素c100",
        "维生素b12",
        "型号vx2000a",
        "wx-100",
        "V5版本",
        "微信支付和alipay",
        "尺码xl",
        "微微一笑",
        "卫衣xl1234567",
        "威力abc",
        "加绒加厚",
        "v8发动机12345",
        "加v领的",
        "微信iphone13",
        "android",
        "我的v5k3",
        "用微信wechat支付",
        "微信扫码1234567件",
        "wx2000",
        "加ml100000",
        "威露士 abc12345",
        "vivo x100pro",
        "薇诺娜vx12345",
        "微信版本8.0.33",
        "卫生纸v30",
        "搜iphone15promax",
        "加iphone15pro",
        "加usb3_0",
        "微信小程序",
        "加我们店铺会员",
        "款号wx123456",
        "颜色v12345",
    ],
)
def test_what_is_not_a_wechat_id(text: str) -> None:
    assert [*find_wechat_ids(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("qq12345678", ["12345678"]),
        ("QQ：123456", ["123456"]),
        ("q群12345678", ["12345678"]),
        ("Q:1234567", ["1234567"]),
        ("加群12345678", ["12345678"]),
        ("QQ 123 456 789", ["123 456 789"]),
        ("我qq是1234567", ["1234567"]),
        ("12345678是我qq", ["12345678"]),
        ("QQ群：123456789", ["123456789"]),
        ("群号：12345678", ["12345678"]),
    ],
)
def test_a_qq_number_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_qq_numbers(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("扣扣 12345678", ["12345678"]),
        ("企鹅号12345678", ["12345678"]),
        ("扣扣一二三四五六七八", ["一二三四五六七八"]),
        ("加我q1234567", ["1234567"]),
        ("球球12345678", ["12345678"]),
    ],
)
def test_a_qq_number_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_qq_numbers(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "QQ音乐",
        "qq12",
        "QQ糖100000克",
        "企鹅公仔12345件",
        "12345@qq.com",
        "qq.com",
        "数量12345",
        "加群有福利",
        "订单12345678",
        "扣12345元",
        "扣100分",
        "扣10000积分",
        "3q1234",
        "进群领券",
        "企鹅玩偶",
        "QQ会员 12345天",
        "iq100000",
        "满10000扣100000",
    ],
)
def test_what_is_not_a_qq_number(text: str) -> None:
    assert [*find_qq_numbers(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("号：nana_5566，搜一下", ["nana_5566"]),
        ("ID nana0055，加的时候说店名", ["nana0055"]),
        ("同号 nana_5566", ["nana_5566"]),
        ("您加这个 nana-home03 看图", ["nana-home03"]),
        ("加我TG：nana5566x", ["tg：nana5566x"]),
        ("telegram @nana5566x", ["telegram @nana5566x"]),
        ("电报 t点me斜杠nana5566x", ["t点me斜杠nana5566x"]),
        ("微信 n a n a 5 5 6", ["微信 n a n a 5 5 6"]),
        ("微信号n-a-n-a-5-5", ["微信号n-a-n-a-5-5"]),
    ],
)
def test_an_id_is_found_whoever_announces_it(text: str, matched: list[str]) -> None:
    folded = fold(text)
    assert [folded[span.start : span.end] for span in find_wechat_ids(folded, OWN)] == matched


@pytest.mark.parametrize(
    "text",
    [
        "商品ID abc12345 搜一下就有",
        "京东账号 jd_55abc 加了会员吗",
        "您搜 KT-5600 就能看到",
        "加购 KT88-33 一起拍",
        "老款和line2的区别",
        "收到号：LP00123456，联系快递",
        "ws-1080摄像头",
    ],
)
def test_ids_of_things_are_left_alone(text: str) -> None:
    assert [*find_wechat_ids(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("扣2000066554，加了说一声", "2000066554"),
        ("Q我，2000066554", "2000066554"),
        ("q 2000066554", "2000066554"),
    ],
)
def test_a_qq_number_behind_one_character(text: str, matched: str) -> None:
    folded = fold(text)
    assert [folded[span.start : span.end] for span in find_qq_numbers(folded, OWN)] == [matched]


def test_what_is_taken_off_is_no_qq_number() -> None:
    assert [*find_qq_numbers(fold("已扣1000000积分，没扣2000066元"), OWN)] == []
