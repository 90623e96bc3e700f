"""Links and bare domains, in plain writing or with their dots in disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from replygate.screening.detectors.found import Found

_AUTHORITY = r"[a-z0-9._~%!$&'()*+,;=:@\[\]-]"
_REST = r"[a-z0-9._~%!$&'()*+,;=:@/?#\[\]|-]"
_SCHEME_URL = re.compile(rf"(?:https?|ftp)[:：][/\\]{{1,3}}({_AUTHORITY}*){_REST}*")

# Generic and Chinese top-level domains that sellers use. File endings and version numbers are not
# among them.
TOP_LEVEL = (
    "com|cn|net|org|cc|top|shop|vip|xyz|info|me|io|tv|co|wang|ltd|store|club|site|online|fun|mobi"
    "|asia|biz|app|link|live|ink|pro|hk|tw|us"
)
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PATH = rf"(?::[0-9]{{1,5}}(?![0-9]))?(?:[/?#]{_REST}*)?"
_BARE_DOMAIN = re.compile(
    rf"(?<![a-z0-9@._-])((?:{LABEL}\.){{1,8}}(?:{TOP_LEVEL}))(?![a-z0-9_@-])(?!\.[a-z0-9])"
    rf"{_PATH}"
)

# An address of numbers alone is a version more often than a page, so it needs a port or a path.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP = re.compile(
    rf"(?<![a-z0-9@._/-])((?:{_OCTET}\.){{3}}{_OCTET})(?::[0-9]{{2,5}}(?![0-9])|(?=/))"
    rf"(?:[/?#]{_REST}*)?"
)

# The full stop and the comma of Chinese sentences join two names only before the commonest endings.
DISGUISED_DOT = (
    r" {0,2}(?:加?点加?|[。·、丶◦•∙⋅‧・]|dot(?![a-z])|[\[(【{]\.[\])】}]|[\[(【](?:dot|点)[\])】])"
    r"\.? {0,2}"
)
_ANY_DOT = rf"(?:\.|{DISGUISED_DOT}|(?: \.|\. ) ?(?=(?:com|cn)(?![a-z]))|[,，] ?(?=com(?![a-z口])))"
_DISGUISED_DOMAIN = re.compile(
    rf"(?<![a-z0-9@._-])((?:[a-z0-9-]{{1,63}}+{_ANY_DOT}){{1,6}}"
    rf"(?:(?:com|net|org){_ANY_DOT}cn|com|cn|net|org|cc))(?![a-z0-9_@-]){_PATH}"
)
_DOT = re.compile(_ANY_DOT)
# The dot is lost, or spelled: taobaocom, 淘宝dotcom.
_SITES = "taobao|tmall|pinduoduo|yangkeduo|douyin|kuaishou|xiaohongshu|weidian|youzan|alipay|weibo"
_GLUED = re.compile(rf"(?<![a-z0-9@._-])({_SITES})(?: ?dot ?)?(?:com|cn)(?![a-z0-9._@-])")
_HAN_DOT = re.compile(
    r"(?P<site>淘宝|天猫|京东|拼多多|抖音|快手|小红书|微店|有赞|百度|[一-鿿]{1,2}网)"
    r" ?(?:\.|点|。|dot|[\[(【](?:dot|点)[\])】]) ?(?:com|cn)(?![a-z0-9-])"
)
_HAN_SITES = {
    "淘宝": "taobao",
    "天猫": "tmall",
    "京东": "jd",
    "拼多多": "pinduoduo",
    "抖音": "douyin",
    "快手": "kuaishou",
    "小红书": "xiaohongshu",
}
# What the app of Taobao reads from the clipboard: a code between two signs.
_PASSWORD = re.compile(
    r"(?P<sign>[¥￥$€₤₴₳¢])(?=[0-9]{0,12}[a-z])[a-z0-9]{10,13}(?P=sign)(?![a-z0-9])"
)
_APP_HOST = "taobao.com"

# Names of software, models and sizes, with something behind the dot that is a top-level domain too.
_NO_SITE = re.compile(
    r"(?:(?:asp|vb|ado|paint|dot|ml|system|entity)\.net|[a-z]{0,3}[0-9]{1,4}[a-z]?\.(?:pro|top|live|link"
    r"|ink|me|io|tv|co|fun|store|vip|online|info)"
    r"|(?:[0-9]{0,2}x{0,5}[sml]|[0-9]{2})\.(?:cn|us|hk|tw|co|tv|me))(?![/?#:])"
)
_SPELLED_COM = re.compile(
    r"(?<![a-z0-9@._-])[a-z][a-z0-9-]{3,40}[.。点] ?c0m(?![a-z0-9_@-])"
    r"|三w[.。点].{2,16}[.。点] ?(?:com|cn)(?![a-z])"
)
_NO_DOTS = re.compile(r"(?<![a-z0-9@._-])www[a-z0-9-]{2,60}?(?:com|cn|net)(?![a-z0-9._@-])")
_SPACED = re.compile(
    r"(?<![a-z0-9])(?<![a-z0-9][ .])(?:[a-z0-9] (?:[.。] )?){2,40}"
    r"[.。点] ?c ?(?:o ?m|n)(?![a-z0-9])"
    r"|(?<![a-z0-9])w ?w ?w ?[.。点丶、] ?[a-z0-9-]{2,40} ?[.。点丶、] ?c ?(?:o ?m|n)(?![a-z0-9])"
)


# Every link has two letters of an ending, or figures with a dot between.
_SIGN = re.compile(r"[a-z0-9](?: ?[a-z]|\.[0-9])")


class Link(NamedTuple):
    """A link at `start:end` of the folded text to `host`."""

    start: int
    end: int
    host: str
    evasion: bool = False


def find_urls(folded: str, own_domains: frozenset[str]) -> Iterator[Found]:
    """Links and bare domains, but for `own_domains` and what lies below them."""
    if _SIGN.search(folded) is None:
        return
    reached = 0
    for link in sorted([*links(folded), *_disguised(folded)], key=lambda link: link.start):
        if link.start >= reached and not is_own(link.host, own_domains):
            yield Found(link.start, link.end, link.evasion)
            reached = link.end


def is_own(host: str, own_domains: frozenset[str]) -> bool:
    """Whether `host` is one of `own_domains` or lies below one."""
    while host not in own_domains:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


def links(folded: str) -> Iterator[Link]:
    """Links and bare domains in plain writing, own or not, in order."""
    reached = 0
    for match in _SCHEME_URL.finditer(folded):
        yield from _bare(folded, reached, match.start())
        # The host stands behind the last @, or https://jd.com@evil.example would pass as JD's.
        host = match[1].rpartition("@")[2].partition(":")[0]
        yield Link(*match.span(), host.strip("."))
        reached = match.end()
    yield from _bare(folded, reached, len(folded))


def _bare(folded: str, start: int, end: int) -> Iterator[Link]:
    found = [*_BARE_DOMAIN.finditer(folded, start, end), *_IP.finditer(folded, start, end)]
    for match in sorted(found, key=lambda match: match.start()):
        if _NO_SITE.fullmatch(match[0]) is None:
            yield Link(*match.span(), match[1])


def _disguised(folded: str) -> Iterator[Link]:
    for match in _DISGUISED_DOMAIN.finditer(folded):
        host = _DOT.sub(".", match[1])
        # 8点cc is an hour and what is on then; 163点com is none.
        named = any(char.isalpha() for char in host.rpartition(".")[0])
        if host != match[1] and (named or host.endswith((".com", ".cn", ".net"))):
            yield Link(*match.span(), host, evasion=True)
    for match in (
        *_NO_DOTS.finditer(folded),
        *_SPACED.finditer(folded),
        *_SPELLED_COM.finditer(folded),
    ):
        yield Link(*match.span(), match[0], evasion=True)
    for match in _GLUED.finditer(folded):
        yield Link(*match.span(), f"{match[1]}.com", evasion=True)
    for match in _HAN_DOT.finditer(folded):
        host = _HAN_SITES.get(match["site"], match["site"])
        yield Link(*match.span(), f"{host}.com", evasion=True)
    for match in _PASSWORD.finditer(folded):
        yield Link(*match.span(), _APP_HOST)
