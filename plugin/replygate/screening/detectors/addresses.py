"""Places outside the platform: where to come to, to pick up at, or to meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.screening.detectors.found import Found, in_order

_PLACE = (
    "(?:实体店|线下店|门店|专卖店|店铺|店里?|工厂|厂[里子]?|厂家|仓库|公司|档口|展厅|批发部|家里)"
)
_OFFER = re.compile(
    rf"(?:来|到|去|上)(?:我们?|咱们?|我家|本|我们家)?(?:的)?{_PLACE}(?:来|这边|里)?(?:自提|自取|提货|拿货|取货)"
    r"|(?:同城|上门|门店|仓库|工厂|线下|厂里|店里|自己来|您来|过来)(?:自提|自取|提货|拿货)"
    r"|(?:自提|提货|自取)(?:的)?(?:地址|地点)"
    r"|(?:来|到|去)[一-鿿]{2,10}(?:路|街|大道|巷|市场|广场|商城)"
    r"[一-鿿0-9 ]{1,8}号?(?:找我|找我们)(?:拿|取|提|看|试)"
    r"|地址(?:发|给|告诉)[您你][^。！？!?；;\n]{0,4}(?:来[拿取看]|到店|自[提取])"
    r"|(?:门店|实体店|线下店?)(?:的)?(?:具体)?(?:地址|位置|定位)(?:是|在|[:：]|发)"
    r"|(?:(?<=[以持城能受接])|(?<![一-鿿]))面交(?![代流通错往际替织付])|(?:当面|见面|线下)交易|线下见面?"
    r"|导航(?:直接)?(?:搜|到|至)(?:索)?(?:我们|本)"
)

# A street with a number, or a named place behind words that say what is there.
_STREET = re.compile(
    r"(?:(?<![半一原线网思套短通走迷在])路(?![上由径途线])|街|大道|巷|弄|胡同|村|镇|园区?|广场|大厦|市场|商城|小区|中心|城)"
    r"[一-鿿a-z0-9-]{0,8}? ?[0-9]{1,5}(?:-[0-9]{1,4})? ?"
    r"(?:号(?!线|发|到|前|左右|之)|栋|幢|楼|层|室|单元|铺|座|档|排)"
)
_OURS = re.compile(
    r"(?:实体店|门店|线下店?|店面|档口|展厅|工厂|厂子|厂里|批发部|我们店|本店|小店|店铺)(?:的)?(?:具体|详细)?(?:地址|位置)?(?:就|也|都)?(?:在|位于|是|[:：])"
    r"|(?:我们|咱们|我家|我)(?:就|也|都|这边)?(?:的)?(?:地址)?(?:在|位于|是)"
    r"|来(?:我们|我)|过来|来[取拿看]|[来到]店里?[试看拿取]|上门|就在|欢迎[来到]|到我们|地址在|位于|见面|自提|自取|提货|拿货"
)
_NAMED_PLACE = re.compile(
    r"(?:实体店|门店|线下店|档口)(?:的)?(?:地址|位置)?(?:就|也|都)?(?:在|位于)"
    r"[一-鿿a-z0-9]{2,16}?(?:路|街|广场|商场|大厦|市场|商城|巷|对面|旁边|附近|楼上|一楼|二楼)"
)
_SIGN = re.compile(
    r"[0-9自提取拿面线体门档导址](?:[发给告]| ?[号栋幢楼层室单铺座档排]|[提取货交下店口航])"
)
_SENT_TO = re.compile(r"[^。！？!?；;\n]{0,14}?(?<![签接查验代])收(?![货到件藏取费据入回])")
_REGION = re.compile("[省市区县]")
_STREET_SEEN = 30

# Who denies, who asks, and addresses that belong to the order: the buyer's, the courier's, and
# where goods go back to.
_DENIED = re.compile(r"(?:不|没|无|未|勿|别|谢绝|禁止|谨防|避免|拒绝)[^，。！？!?；;,\n]{0,8}\Z")
_SPARED = re.compile(
    "发货|产地|寄回|寄出|退货|退换|退回|换货|返修|维修|售后|收货|收件|您的地址|亲的地址|核对|确认|修改|改成|配送|派送|站点|自提点|自提柜"
    "|驿站|快递柜|代收|网点|营业部|邮政|京东自提|开票|发票|订单地址|送达|派件"
)
_SPARED_SEEN = 24
_QUESTION = re.compile(r"[^，。！？!?；;\n]{0,6}(?:吗|么|嘛|？|\?)")


def find_addresses(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Offers to pick up or to meet, and addresses of the shop, its works or its stand.

    Addresses to return goods to, the buyer's own, and a courier's pick-up points are none
    (PDD-F-04, PDD-F-07).
    """
    if _SIGN.search(folded) is None:
        return iter(())
    return in_order(_addresses(folded))


def _addresses(folded: str) -> Iterator[Found]:
    for match in _OFFER.finditer(folded):
        if not _is_spared(folded, match.start(), match.end()):
            yield Found(*match.span())
    for match in _NAMED_PLACE.finditer(folded):
        if not _is_spared(folded, match.start(), match.end()):
            yield Found(*match.span())
    for match in _STREET.finditer(folded):
        start = _begins(folded, match.start(), match.end())
        if start is not None and not _is_spared(folded, start, match.end()):
            yield Found(start, match.end())


def _begins(folded: str, street: int, end: int) -> int | None:
    """Where the words begin that make the street one to go or to send to."""
    earliest = max(0, street - _STREET_SEEN)
    before = folded[earliest:street]
    ours = [match.start() for match in _OURS.finditer(before)]
    if ours:
        return earliest + ours[-1]
    region = _REGION.search(before)
    if region is not None and _SENT_TO.match(folded, end):
        return earliest + max(0, region.start() - 2)
    return None


def _is_spared(folded: str, start: int, end: int) -> bool:
    before = folded[max(0, start - _SPARED_SEEN) : start]
    if _DENIED.search(before) or _QUESTION.match(folded, end):
        return True
    around = before + folded[start : end + _SPARED_SEEN // 2]
    return _SPARED.search(around) is not None
