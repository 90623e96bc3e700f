"""Numbers of bank cards and of identity cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from replygate.screening.detectors.context import spoken_of
from replygate.screening.detectors.digits import readings
from replygate.screening.detectors.found import Found, in_order

_SIGN = re.compile(r"[0-9]{4}[0-9 .·_—–-]{2}")
_CARD = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.-])"
    r"(?:[0-9]{16,19}|[0-9]{6}[ -][0-9]{10,13}"
    r"|[0-9]{4}(?P<gap>[ .·_—–-]{1,3})(?:[0-9]{4}(?P=gap)){2}[0-9]{4}(?:(?P=gap)?[0-9]{1,3})?)"
    r"(?![0-9a-z]|[.-][0-9])"
)
_UNION_PAY = "62"
_KNOWN_STARTS = (_UNION_PAY, "4", "51", "52", "53", "54", "55", "35", "60", "9558", "9559")
_UNION_PAY_LENGTHS = (16, 19)

_ACCOUNT = re.compile(
    "银行|卡号|账号|帐号|账户|帐户|开户|户名|工行|农行|建行|中行|招行|交行|邮储|支行"
    "|打款|打钱|卡里|打到|汇到|汇款|转账|储蓄卡|信用卡|借记卡|收款"
)
_OTHER_CARD = re.compile(
    "会员|礼品|优惠|充值|电话卡|流量|购物卡|e卡|物流|支付宝|订单|运单|单号|交易|商户|编号"
)
_ACCOUNT_REACH = 20

_PERSON = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.-])"
    r"(?P<region>[1-8][0-9]{5})(?P<gap>[ -]?)(?P<born>(?:18|19|20)[0-9]{6})(?P=gap)"
    r"(?P<last>[0-9]{3}[0-9x])(?![0-9a-z]|[.-][0-9])"
)
_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
    | {*range(61, 66), 71, 81, 82, 83}
)
_BORN_BEFORE = 2040
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10x98765432"
_PERSON_WORDS = re.compile("身份证|证件号")


def find_bank_cards(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Card numbers of 16 to 19 digits that are grouped by four, announced, or UnionPay's.

    Waybill and order numbers are as long, and one in ten of them has a right check digit.
    """
    return in_order(_bank_cards(folded))


def find_id_cards(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Identity card numbers of 18 characters with a true region, birthday and check character."""
    return in_order(_id_cards(folded))


def _bank_cards(folded: str) -> Iterator[Found]:
    for text, spelled in readings(folded):
        if _SIGN.search(text) is None:
            continue
        for match in _CARD.finditer(text):
            if _is_bank_card(text, match):
                yield Found(*match.span(), spelled)


def _is_bank_card(text: str, match: re.Match[str]) -> bool:
    digits = re.sub("[^0-9]", "", match[0])
    if not digits.startswith(_KNOWN_STARTS):
        return False
    before = text[max(0, match.start() - _ACCOUNT_REACH) : match.start()]
    if _OTHER_CARD.search(before):
        return False
    if _ACCOUNT.search(before):
        return digits.startswith(_UNION_PAY) or _luhn(digits)
    if spoken_of(text, match.start()) == "thing":
        return False
    union_pay = digits.startswith(_UNION_PAY)
    if match["gap"] is not None:
        return union_pay or _luhn(digits)
    return union_pay and len(digits) in _UNION_PAY_LENGTHS and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = sum(int(digit) for digit in digits[-1::-2])
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def _id_cards(folded: str) -> Iterator[Found]:
    for text, spelled in readings(folded):
        if _SIGN.search(text) is None:
            continue
        for match in _PERSON.finditer(text):
            if _is_person(text, match):
                yield Found(*match.span(), spelled or match["gap"] != "")


def _is_person(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _ACCOUNT_REACH) : match.start()]
    named = _PERSON_WORDS.search(before) is not None
    if int(match["region"][:2]) not in _PROVINCES or not _is_birthday(match["born"]):
        return False
    if named:
        return True
    digits = match["region"] + match["born"] + match["last"]
    return _is_checked(digits) and spoken_of(text, match.start()) != "thing"


def _is_birthday(born: str) -> bool:
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:])).year < _BORN_BEFORE
    except ValueError:
        return False


def _is_checked(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[-1]
