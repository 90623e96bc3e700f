"""Mail addresses, in plain writing or with their signs in disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.screening.detectors.found import Found, in_order
from replygate.screening.detectors.links import DISGUISED_DOT, LABEL

_PLAIN = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]++@(?:{LABEL}\.){{1,8}}[a-z]{{2,24}}(?![a-z0-9-])"
)

# A disguised address is told by the provider's name: any word may stand after 圈a or #.
_PROVIDER = (
    "q ?q|vip ?qq|163|一六三|126|一二六|139|189|188|gmail|foxmail|hotmail|outlook"
    "|sina|sohu|yeah|aliyun|icloud|yahoo|live|tom|21cn|wo|msn|me"
)
_AT = (
    r" {0,2}(?:@|🐭|🐁|在(?=qq|163|126|gmail|foxmail|outlook)|艾特|爱特|小老鼠|圈a|a圈|圈圈a|花a|#"
    r"|[\[(【](?:at|a|@|艾特)[\])】]|(?<= )at(?= )) {0,2}"
)
_DOT = rf"(?: {{0,2}}\. {{0,2}}|{DISGUISED_DOT}| ?[,，] ?|)"
_DISGUISED = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]{{1,64}}+{_AT}"
    rf"(?:(?:{_PROVIDER}){_DOT}|[a-z0-9-]{{2,63}}+(?:\.|{DISGUISED_DOT}))(?:com|cn|net|org)(?![a-z0-9-])"
)
# Written by the sound of it.
_SPOKEN = re.compile(
    rf"[a-z0-9._%+-]{{3,64}}+{_AT}(?:扣扣|球球|企鹅|q ?q|网易|新浪|谷歌|[a-z0-9-]{{2,63}}+)"
    rf"(?:{DISGUISED_DOT}|\.)?(?:康姆|抗母|靠姆|com|cn)(?![a-z0-9-])"
)
# Any address whose only disguise is its dot.
_DISGUISED_DOT = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]{{1,64}}+ ?@ ?"
    rf"(?:[a-z0-9-]{{1,63}}+(?:\.|{DISGUISED_DOT})){{1,4}}"
    r"(?:com|cn|net|org)(?![a-z0-9-])"
)
# The @ is lost: a QQ number or a name that runs into the provider.
_NO_AT = re.compile(
    rf"(?<![a-z0-9._%+@/-])(?:[1-9][0-9]{{4,10}}(?:qq|(?<=[0-9])foxmail){_DOT}com"
    r"|[a-z][a-z0-9_]{2,30}?(?:qq|163|126|139|gmail|foxmail|hotmail|outlook)\.com)(?![a-z0-9-])"
)
# The provider comes first, the name behind: 163邮箱，前面是 abc_123.
_PROVIDER_FIRST = re.compile(
    r"(?:163|126|139|qq|扣扣|网易|新浪|谷歌|gmail|foxmail)的?邮箱[，, :：]{0,2}"
    r"(?:号|前面|前缀|用户名|名字|名)?(?:就?是|为|叫)?[\s:：]{0,2}"
    r"[a-z0-9](?=[a-z_.]*[0-9_])[a-z0-9._-]{4,30}(?![a-z0-9@._-])"
)
_SIGN = re.compile(r"[a-z][a-z]|邮箱|[艾爱]特|小老鼠|圈a|a圈")
_PATTERNS = (_PLAIN, _DISGUISED, _SPOKEN, _DISGUISED_DOT, _NO_AT, _PROVIDER_FIRST)


def find_emails(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Mail addresses. A mailbox on the platform's own domain is a contact like any other."""
    if _SIGN.search(folded) is None:
        return iter(())
    return in_order(
        Found(*match.span(), evasion=pattern is not _PLAIN)
        for pattern in _PATTERNS
        for match in pattern.finditer(folded)
    )
