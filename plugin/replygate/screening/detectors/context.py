"""What the words around a number say that it is: a way to reach somebody, or a thing's name."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Spoken: TypeAlias = Literal["contact", "thing"]

_REACH = 16
"""How many characters before a number may announce it."""

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")

_CONTACT = (
    "电话|手机号?码?|号码|座机|固话|联系|致电|拨打|拨|打给|打我|打|呼|热线|来电|短信|加我?|➕|微信|威信"
    "|薇信|维信|同号|找我|找|搜|企鹅|扣扣|快递员|师傅|客服|掌柜|老板|店主|负责人"
    "|(?<![a-z])(?:tel|phone|mobile|call|whatsapp|wechat|weixin|wx|vx|v|qq|q)(?![a-z])"
)
_THING = (
    "(?:订单|运单|快递单|物流单|面单|单|卡|编|货|款|票|批|流水|交易|序列|包裹|商品|宝贝|产品|服务单)号码?"
    "|充值的?(?:手机|电话)?号码?|订单|运单|快递|物流|商品|宝贝|产品|包裹|链接|编码|条码|条形码|流水|保单|工单|批次|查询码|核销码?|取件码"
    "|券码|验证码|校验码|型号|税号|备案|许可证|执照|版本|库存|销量|价格?|邮政|顺丰|圆通|中通|申通|韵达"
    "|极兔|百世|汇通|天天|德邦|货品|条目"
    "|(?<![a-z])(?:imei|isbn|sn|sku|spu|id|no|ems|orderid|order|item|ean|upc)(?![a-z])"
)
_ANNOUNCER = re.compile(rf"(?P<thing>{_THING})|(?P<contact>{_CONTACT})")

# Between the name of a thing and its number stands little: 订单号是：, but not 订单有问题打.
_FILLER = re.compile(r"[\W_a-z是为号码的您这个在叫]*")

_THING_AFTER = re.compile(
    r"[\W_]{0,2}(?:是|为|这个|这款|这件|的|您的|它|亲)*"
    r"(?:订单|运单|单号|编号|货号|快递|物流|包裹|商品|宝贝|产品|链接|这款|这件|拍|邮政|款)"
)
_CONTACT_AFTER = re.compile(
    r"[\W_]{0,2}(?:这?是|这个)?(?:我们?|咱们?|客服|老板|店主|本人)?的?"
    r"(?:电话|手机|座机|固话|微信|威信|薇信|同号|联系|打我|加我|找我|(?:wx|vx|v|tel|wechat)(?![a-z0-9]))"
)
_UNIT_AFTER = re.compile(
    r" ?(?:元|块|件|个(?!号)|斤|克|千克|公斤|张|条|次|人|份|袋|包|盒|瓶|只|双|套|米|厘米|毫米"
    r"|码(?!上)|折|积?分(?![机开])|%|％|(?:cm|mm|kg|ml|mb|gb|g|rmb|pcs)(?![a-z]))"
)
_MONEY_BEFORE = re.compile(r"[¥￥$][ ]?\Z")


def spoken_of(folded: str, start: int) -> Spoken | None:
    """What the words before `start` announce; the nearest decide."""
    before = folded[max(0, start - _REACH) : start]
    sentence = max((end.end() for end in _SENTENCE_END.finditer(before)), default=0)
    last: Spoken | None = None
    for match in _ANNOUNCER.finditer(before, sentence):
        if match["contact"]:
            last = "contact"
        elif _FILLER.fullmatch(before, match.end()):
            last = "thing"
    return last


def is_announced(folded: str, start: int, end: int) -> bool:
    """Whether the words before or behind the number at `start:end` say that it reaches somebody."""
    spoken = spoken_of(folded, start)
    return spoken == "contact" or (spoken is None and _CONTACT_AFTER.match(folded, end) is not None)


def is_thing(folded: str, start: int, end: int) -> bool:
    """Whether the number at `start:end` names an order, a parcel or an article, or counts one."""
    spoken = spoken_of(folded, start)
    if spoken is not None:
        return spoken == "thing"
    return is_amount(folded, start, end) or _THING_AFTER.match(folded, end) is not None


def is_amount(folded: str, start: int, end: int) -> bool:
    """Whether a unit or a currency sign stands at the number."""
    return (
        _UNIT_AFTER.match(folded, end) is not None
        or _MONEY_BEFORE.search(folded[max(0, start - 2) : start]) is not None
    )
