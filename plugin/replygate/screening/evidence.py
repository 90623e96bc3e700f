"""Whether the words around a match speak of a contact.

Who offers or asks for a contact says what to do with it (add it, search it, chat there), asks
which it is, or gives an id. A few characters either side tell, in the same clause.
"""

from __future__ import annotations

import re

# As far as a Chinese clause reaches from its verb to its object.
WINDOW_CHARS = 8
# An id is read to its end, so that a part of a long number is none.
_ID_CHARS_MAX = 20

_CLAUSE_END = re.compile(r"[，。！？；,!?;\n\r]")

# 加 in the sense of adding a person; not 加热, 加购, 加厚 and not 增加, 更加.
_ADD = (
    "(?<![增更参附追倍外施叠])(?:"
    "加(?![热急购工厚大长绒固深重班油盟湿压速密盖装量价减强宽高权气水冰糖盐辣钱送赠收入上棉绵州拿快仓之以至])"
    "|添加(?![剂至到]))"
)
_PERSON = "(?:[我你您他]们?|咱|一下|下|个|一个|老板|店主|掌柜|客服|好友)"

_BEFORE = re.compile(
    rf"{_ADD}|[➕✚+]\s*{_PERSON}*的?\s*$"
    r"|私(?:聊|信|我|下|发)|[伽嘉珈枷]我"
    r"|(?<!无)聊(?![城斋]).{0,4}$"
    rf"|(?:联系|搜索?|扫|拉|走|换|转到|同步|互换|交换){_PERSON}*的?\s*$"
    rf"|(?:(?:发|给|留|报|要|推|写|问){_PERSON}+|发到|传到)的?\s*$"
    r"|(?:有没有|有无|没有?您?的?|同号)\s*$"
)

_AFTER = re.compile(
    r"\s*(?:号码?|账号|帐号|名片|同号|二维码|id)(?![线楼段店])"
    r"|.{0,4}(?:(?<!无)聊(?![城斋])|沟通|详谈|详细说|私发|私我)|.{0,2}联系(?:[我你您下一哦哈]|$)"
    rf"|.{{0,3}}{_ADD}(?:[我你您个了吧好]|一?下|$)"
    r"|.{0,3}(?:搜(?![集救])|扫(?!码?支付|码?付|地|描)|好友|(?:发|推|报)[我你您给])"
    r"|(?:号|的|是)*\s*多少"
    r"|(?:[上里]|那边)(?:给[您你我])?(?:说|谈|发|找)|(?:[上里]|那边)等[您你]"
    r"|\s*(?:通过|返[我你您]钱|转(?:[我你您]|[账帐]给))"
    r"|\s*(?:(?:给|发|传|报|留)[我下一个]|给[您你](?:发|传|说|讲)|同(?:号|手机|电话|微)|(?:来)?找我|拉[您你])"
    r"|\s*有(?:[吗么嘛没]|$)"
    r"|\s*(?:可以|行|方便|能加|能聊)(?:吗|么|嘛|不)"
    r"|\s*[是为]?\s*[:：]\s*[a-z0-9_-]{4}"
)

# A telephone number is offered unless it is a courier's or the order's own.
_NUMBER = re.compile(r"[0-9]")
_NUMBER_DIGITS = 7
_NUMBER_SEEN = 24
_SENTENCE_END = re.compile(r"[。！？!?\n\r]")
_OTHERS = re.compile(
    r"快递|配送|派送|派件|派单|送货|小哥|骑手|站点|网点|驿站|物流|司机|揽[收件]|师傅|安装|维修|邮政|顺丰|圆通|中通|申通|韵达"
    r"|极兔|德邦|代收点|自提[点柜]|收[货件]|预留|登记|绑定|注册|下单|订单|填[的写]|尾号|[您亲你]的?(?:手机|电话|号码|联系)"
)
_OURS = re.compile(
    r"我的?(?:手机|电话|号码|微|v|联系方式)|找我|打我|加我|联系我|我是|老板|店[长主]|掌柜|同号|微信|咱们?的?电话|批发"
)

_TOKEN = re.compile(r"(?<![a-z0-9_.@/*-])[a-z0-9_-]{5,20}(?![a-z0-9_.@/*-])")
# A number that is followed by one of these counts or measures something.
_UNIT = re.compile(
    r"\s*(?:元|块|克|千克|公斤|个|件|条|米|天|小时|分|码|年|月|日|号|包|斤|寸|单|人|期|版|款|型)"
)


def near(folded: str, start: int, end: int) -> bool:
    """Whether the characters around `folded[start:end]` speak of a contact.

    Only the match's own clause counts, at most `WINDOW_CHARS` characters either side; of a
    telephone number its own sentence.
    """
    if len(_NUMBER.findall(folded, start, end)) >= _NUMBER_DIGITS:
        return _is_offered(folded, start, end)
    before = _CLAUSE_END.split(folded[max(0, start - WINDOW_CHARS) : start])[-1]
    if _BEFORE.search(before) is not None:
        return True
    after = _CLAUSE_END.split(folded[end : end + WINDOW_CHARS], maxsplit=1)[0]
    return _AFTER.match(after) is not None or _has_id(folded, start, end, len(before), len(after))


def _is_offered(folded: str, start: int, end: int) -> bool:
    """Whether a number is given with words, and they are not about a courier or the order."""
    before = _SENTENCE_END.split(folded[max(0, start - _NUMBER_SEEN) : start])[-1]
    after = _SENTENCE_END.split(folded[end : end + _NUMBER_SEEN], maxsplit=1)[0]
    words = f"{before}\n{after}"
    if _OURS.search(words) is not None:
        return True
    return any(char.isalpha() for char in words) and _OTHERS.search(words) is None


def _has_id(folded: str, start: int, end: int, before: int, after: int) -> bool:
    """Whether an id stands in the clause: letters with digits, or a number right behind."""
    left = _TOKEN.finditer(folded, max(0, start - before - _ID_CHARS_MAX), start)
    if any(match.end() > start - before and _is_mixed(match[0]) for match in left):
        return True
    for match in _TOKEN.finditer(folded, end, end + after + _ID_CHARS_MAX):
        if match.start() >= end + after:
            return False
        adjoining = match.start() - end <= _ADJOINING_CHARS
        if _is_mixed(match[0]) or (adjoining and match[0].isdigit()):
            return _UNIT.match(folded, match.end()) is None
    return False


# 号, 是, a colon, a blank: what may stand between a contact and its number.
_ADJOINING_CHARS = 3


def _is_mixed(token: str) -> bool:
    digits = sum(char.isdigit() for char in token)
    return 0 < digits < len(token) or (digits == 0 and not token.isalpha() and token[0] not in "-_")
