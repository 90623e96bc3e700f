"""Names in other messengers: a WeChat id or a QQ number that the words before it announce."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.screening.detectors.context import is_amount
from replygate.screening.detectors.digits import readings
from replygate.screening.detectors.found import Found, in_order

_OWN_FORM = re.compile(r"(?<![a-z0-9])wxid_[a-z0-9]{6,}")

# A name has 6 to 20 characters and begins with a letter; a mobile or QQ number serves as one too.
_NAME = r"[a-z][a-z0-9_-]{5,19}"
_NUMBER = r"[1-9][0-9]{5,10}"
_NAME_END = r"(?![a-z0-9_-])"

_NAME_SIGN = re.compile(r"[a-z0-9][a-z0-9_-]{5}|[a-z0-9] .?[a-z0-9] .?[a-z0-9] ")

_PLAIN_WECHAT = "微信|wechat|weixin|(?<![a-z])(?:wx|vx)"
_CODED_WECHAT = (
    "威信|薇信|维信|徽信|[微薇维威v]❤|微芯|薇芯|威芯|微x|微星|卫星|围信|魏信|唯信|溦信|徵信"
    "|v信|微v|绿泡泡|绿色软件"
    "|扣微|v号|微号|薇号|卫信"
)
_SAID = "(?:账号|帐号|号码|号|id|名)?(?:就?是|为|叫|呢|哦|哈|的话|搜|加)?"
_MARK = r"[\W_]{0,4}"
_STRONG = re.compile(rf"{_PLAIN_WECHAT}|(?P<coded>{_CODED_WECHAT})")
_AFTER_STRONG = re.compile(
    rf" ?(?P<said>{_SAID})(?P<mark>{_MARK})(?P<token>{_NAME}|{_NUMBER}){_NAME_END}"
)

# Other messengers: most of their names are words of goods too, so an id has to follow.
_OTHER = re.compile(
    r"(?<![a-z0-9])(?:telegram|tg|whatsapp|whats|ws|line|skype|facebook|fb|messenger|kakao(?:talk)?"
    r"|discord|signal|snapchat|instagram|ins|viber|zalo|fei机)(?![a-z])(?!-[0-9])"
    r"|电报|纸飞机|飞机(?=号|上?[:：])|(?<=[加我])[赖賴]|钉钉|陌陌|探探|企微|旺信|易信"
)
_AFTER_OTHER = re.compile(
    rf" ?(?P<said>{_SAID})(?P<mark>[\W_]{{0,4}})(?P<token>{_NAME}|\+?{_NUMBER}){_NAME_END}"
)
_INVITED_BEFORE = re.compile(r"(?:加|➕|搜|找|联系|聊|我的?|换|用)[^，。！？!?；;\n]{0,4}\Z")
_LINKED = re.compile(r"(?<![a-z0-9])t ?(?:点|dot|\.|。) ?me ?(?:/|斜杠|杠|\\) ?[a-z0-9_+]{4,32}")

# 号：abc_123, ID abc_123: what it is the id of stays unsaid, so somebody has to be asked to add it.
_SOME_ID = re.compile(
    rf"(?:(?P<same>同号)|(?<![a-z])(?:id|账号|帐号)|(?<![一-鿿])号码?|(?:我的?|个|搜|聊天|联系)(?:id|号)"
    rf"|(?P<bare>加(?:一下|我|下|这个|这)))(?:就?是|为|叫|呢)?[\W_]{{0,3}}"
    rf"(?P<token>(?=[a-z0-9_-]{{0,20}}[0-9_])[a-z][a-z0-9_-]{{5,19}}){_NAME_END}"
)
_ASKED = re.compile(
    "加(?![购厚绒热大长急])|搜|私|聊|找我|联系|备注|随时在|好友|拉您|拉你|发您|发你"
)
_ASKED_SEEN = 14
_OF_A_THING = re.compile(
    r"(?:商品|宝贝|订单|店铺|会员|产品|设备|链接|款|货|机|快递|游戏|直播间?|京东|淘宝|天猫|抖音|拼多多|快手"
    r"|小红书|视频|课程|门店|买家|客户|下单|购买)的?\Z"
)

# An id cut by blanks: 微信 a b c 8 8 6.
_CUT_ID = re.compile(
    r"[\W_]{0,4}(?:号|是|id|[:：]){0,3}[\W_]{0,3}"
    r"(?P<token>[a-z0-9](?:(?P<cut>[ .·_~*-])(?:(?P=cut){0,2})[a-z0-9]){5,19})(?![a-z0-9])"
)

# One letter or character stands for WeChat only where somebody is asked to add or to look for it.
_WEAK = re.compile(
    r"(?:(?P<asked>加个?|添加|➕|\+|搜索?|我的?|联系|私聊?|留个?|找我?|聊|进|扫|掌柜|店主|老板|客服)[\W_]{0,2})?"
    r"(?P<sign>[薇威微卫溦]|(?<![a-z0-9])v)(?P<said>号?(?:是|为|搜|加)?)(?P<mark>[\W_]{0,3})"
    rf"(?P<token>{_NAME}|{_NUMBER}){_NAME_END}"
)
# 加一下abc_123: the messenger is not even named, so the name must look like one.
_UNNAMED = re.compile(
    r"(?:加(?:一?下|我|个|好友)|➕(?:我)?|搜(?:一下|索)?|私我|聊天号|联系号)(?:好友|哦|哈)?[\W_]{0,3}"
    rf"(?P<token>(?=[a-z0-9_-]{{0,20}}[0-9_])[a-z]{{2,}}[a-z0-9_-]{{4,17}}){_NAME_END}"
)
_MODEL_BEFORE = re.compile(
    r"(?:型号|款号|货号|款式|编号|编码|系列|sku|颜色|尺码|规格|版本?)[\W_是为a-z]{0,4}\Z"
)
_MODEL = re.compile(r"[a-z]{1,4}-?[0-9]+[a-z]{0,2}")
_MODEL_SEEN = 8
_MODEL_AFTER = re.compile(r" ?(?:型号|这?款|系列|版本|型(?!男)|尺码)")
_PRODUCT = re.compile(
    r"(?:android|iphone|ipad|windows|macbook|version|support|huawei|xiaomi|app|pay|https?|http|www"
    r"|login|client|group|video|official|mini)"
)

_NUMBER_SIGN = re.compile(r"[0-9](?:[ -]?[0-9]){4}")
_QQ_DIGITS = range(5, 12)
_QQ = re.compile(
    r"(?<![a-z0-9@.])qq(?!\.|com|音乐|会员|钻|糖|飞车)|(?<![a-z])q(?=号|群|[:：是为])"
    r"|加群|进群|入群|群号|群聊?(?=[:：])"
    r"|(?<![折已被会要实多少先再优不])(?P<cut>扣)(?=[1-9][0-9]{6})|(?<![a-z0-9])q[加找]?我(?=[\W_]{0,2}[1-9])"
    r"|(?P<coded>扣扣|蔻蔻|抠抠|叩叩|球球|秋秋|企鹅|鹅号|扣(?=[:：号])|(?<=[加我])扣(?=[1-9])"
    r"|(?<![a-z0-9])q(?=[ :：]{0,2}[1-9][0-9]{5}))"
)
_AFTER_QQ = re.compile(
    r"(?:加我|找我)?(?:在线)?(?:邮箱)?(?:客服)?(?:群|号码?|账号|帐号|交流群|福利群){0,3}(?:号码?)?"
    r"(?:就?是|为|加|搜|呢|哦|哈)?[\W_]{0,4}"
    r"(?P<number>[1-9][0-9]{1,4}(?:[ -]?[0-9]{2,4}){1,4})(?![0-9a-z_]|\.[0-9]|-[0-9])"
)
_QQ_AFTER = re.compile(
    r"(?<![0-9a-z._@-])(?P<number>[1-9][0-9]{4,10})[\W_]{0,2}(?:这?是)?(?:我的?|客服)?的?(?:qq|扣扣|q群|企鹅(?=\W|号|$)|🐧)"
    r"(?!\.|com|音乐|会员|糖)"
)


def find_wechat_ids(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Ids that are announced as WeChat's, and those that have its own form (wxid_…)."""
    return in_order(_wechat_ids(folded))


def find_qq_numbers(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Numbers of 5 to 11 digits that are announced as those of a QQ account or group."""
    return in_order(_qq_numbers(folded))


def _wechat_ids(folded: str) -> Iterator[Found]:
    for text, spelled in readings(folded):
        if _NAME_SIGN.search(text) is not None:
            yield from _announced_names(text, spelled=spelled)
    for match in _OWN_FORM.finditer(folded):
        yield Found(*match.span())
    yield from _other_ids(folded)
    for match in _SOME_ID.finditer(folded):
        if _is_some_id(folded, match):
            yield Found(*match.span("token"))
    for match in _UNNAMED.finditer(folded):
        token = match["token"]
        searched = match[0].startswith("搜") and _MODEL.fullmatch(token) is not None
        if not (searched or _is_model(folded, match) or _PRODUCT.match(token)):
            yield Found(*match.span("token"))


def _other_ids(folded: str) -> Iterator[Found]:
    for match in _OTHER.finditer(folded):
        found = _AFTER_OTHER.match(folded, match.end())
        if found is None or _is_model(folded, found) or _counts(folded, found):
            continue
        token = found["token"]
        before = folded[max(0, match.start() - _MODEL_SEEN) : match.start()]
        asked = found["said"] or found["mark"].strip(" -_") or _INVITED_BEFORE.search(before)
        if asked and _has_figure(token) and not _PRODUCT.match(token):
            yield Found(match.start(), found.end())
    for match in _LINKED.finditer(folded):
        yield Found(*match.span(), evasion=True)


def _is_some_id(folded: str, match: re.Match[str]) -> bool:
    if _is_model(folded, match) or _PRODUCT.match(match["token"]):
        return False
    start, end = match.span()
    before = folded[max(0, start - _ASKED_SEEN) : start]
    if _OF_A_THING.search(before):
        return False
    if match["bare"] and not re.search("[_-]", match["token"].strip("0123456789-")):
        return False
    around = before + match[0][: match.start("token") - start] + folded[end : end + _ASKED_SEEN]
    return match["same"] is not None or _ASKED.search(around) is not None


def _announced_names(text: str, *, spelled: bool) -> Iterator[Found]:
    for match in _STRONG.finditer(text):
        cut = _CUT_ID.match(text, match.end())
        if cut is not None and _has_figure(cut["token"]):
            yield Found(match.start(), cut.end(), evasion=True)
            continue
        found = _AFTER_STRONG.match(text, match.end())
        if found is not None and _is_named(text, match, found):
            yield Found(match.start(), found.end(), spelled or match["coded"] is not None)
    for match in _WEAK.finditer(text):
        if _is_weakly_named(text, match):
            yield Found(match.start("sign"), match.end(), evasion=True)


def _is_named(text: str, announcer: re.Match[str], found: re.Match[str]) -> bool:
    token = found["token"]
    if _is_model(text, announcer) or _is_model(text, found) or _counts(text, found):
        return False
    if _PRODUCT.match(token):
        return False
    return bool(found["said"] or found["mark"].strip() or _has_figure(token))


def _is_weakly_named(text: str, match: re.Match[str]) -> bool:
    if _is_model(text, match) or _counts(text, match):
        return False
    token, led = match["token"], match["asked"] or match["said"] or "：" in match["mark"]
    led = led or ":" in match["mark"]
    if match["sign"] == "v":
        return bool(led) and (_has_figure(token) or bool(match["asked"] and match["mark"]))
    return _has_figure(token) and (bool(led) or token[0].isalpha())


def _counts(text: str, match: re.Match[str]) -> bool:
    return match["token"].isdecimal() and is_amount(text, *match.span("token"))


def _has_figure(token: str) -> bool:
    return any(char.isdigit() or char == "_" for char in token)


def _is_model(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _MODEL_SEEN) : match.start()]
    after = _MODEL_AFTER.match(text, match.end())
    return _MODEL_BEFORE.search(before) is not None or after is not None


def _qq_numbers(folded: str) -> Iterator[Found]:
    for text, spelled in readings(folded):
        if _NUMBER_SIGN.search(text) is None:
            continue
        for match in _QQ.finditer(text):
            found = _AFTER_QQ.match(text, match.end())
            if found is None or is_amount(text, *found.span("number")):
                continue
            if sum(char.isdigit() for char in found["number"]) in _QQ_DIGITS:
                yield Found(*found.span("number"), spelled or match["coded"] is not None)
        for match in _QQ_AFTER.finditer(text):
            yield Found(*match.span("number"), spelled)
