import pytest

from replygate.screening.detectors.addresses import find_addresses
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("来样例区样例路一十八号找我拿货", ["来样例区样例路一十八号找我拿"]),
        ("厂子在样例镇样例路32号", ["厂子在样例镇样例路32号"]),
        ("您可以来店自提", ["来店自提"]),
        ("可以到我们工厂提货", ["到我们工厂提货"]),
        ("自提地址：杭州市余杭区文一西路969号", ["自提地址：杭州市余杭区文一西路969号"]),
        ("我们实体店在解放路88号", ["实体店在解放路88号"]),
        ("线下门店地址在步行街3号", ["门店地址在步行街3号"]),
        ("支持同城自提", ["同城自提"]),
        ("可以面交", ["面交"]),
        ("我们在义乌市稠州北路123号3楼", ["我们在义乌市稠州北路123号"]),
        ("寄到浙江省杭州市余杭区文一西路969号 张三收", ["浙江省杭州市余杭区文一西路969号"]),
        ("咱们门店在万达广场二楼", ["门店在万达广场"]),
        ("直接过来拿货就行", ["过来拿货"]),
        ("可以上门提货", ["上门提货"]),
        ("约个时间当面交易", ["当面交易"]),
        ("我们线下店就在朝阳区建国路88号", ["线下店就在朝阳区建国路88号"]),
        ("来仓库自提便宜10块", ["来仓库自提"]),
        ("实体店地址在天河路385号", ["实体店地址在天河路385号"]),
        ("实体店位于江汉路步行街", ["实体店位于江汉路"]),
        ("导航到我们店", ["导航到我们"]),
    ],
)
def test_a_place_to_come_to_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_addresses(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    "text",
    [
        "我们从广州发货",
        "发货地浙江义乌",
        "请核对收货地址",
        "修改地址",
        "退货地址：浙江省杭州市文一西路969号 张三收",
        "收货地址：北京市朝阳区建国路88号",
        "到驿站自提",
        "不支持自提",
        "没有实体店",
        "请问您要自提吗",
        "快递放自提柜",
        "门店自提吗",
        "京东自提点",
        "欢迎光临小店",
        "页面交易",
        "请勿线下交易",
        "您的地址是江苏省南京市中山路18号吗",
        "亲请核对一下：上海市南京东路100号",
        "到站点自提",
        "多来店里看看",
        "产地是云南普洱",
        "方面交代",
        "里面交叉",
        "寄回地址：义乌市稠州路1号",
        "可以上门取件",
        "暂无门店",
        "线下店没有货的",
        "送到楼下",
        "我们在48小时内发货",
        "我们在路上 3号到",
        "我们的店铺在首页1楼",
        "实体店同款",
        "旗舰店在广场舞服装2024款",
        "地址在订单里可以改的",
        "过来的路上3号线",
        "我们是3层加厚的",
        "我们在3楼拍的图",
    ],
)
def test_what_is_not_a_place_to_come_to(text: str) -> None:
    assert [*find_addresses(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("自己来拿也行，就在样例市场B区16档", "就在样例市场b区16档"),
        ("地址发您，您来取", "地址发您，您来取"),
    ],
)
def test_who_is_asked_to_come_is_given_an_address(text: str, matched: str) -> None:
    folded = fold(text)
    assert [folded[span.start : span.end] for span in find_addresses(folded, OWN)] == [matched]
