"""Contact details that no word list holds: mobile numbers, addresses of pages and of mail.

Each detector takes a folded text and gives the spans it found, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from replygate.screening.exempt import Exemptions
from replygate.screening.rule import Detector

Span: TypeAlias = tuple[int, int]
Find: TypeAlias = Callable[[str, frozenset[str]], Iterator[Span]]

SIGNS = re.compile(r"[0-9@./\\]")
"""No detector can find anything in a folded text without one of these."""

# Mainland mobiles begin with 1 and 3 to 9: JD order numbers have 11 digits too, and begin with 9.
# A number inside a longer run of digits is an order or waybill number.
_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?:(?:\+|00)?86[ -]?)?"
    r"1[3-9][0-9]([ .-]?)[0-9]{4}\1[0-9]{4}(?![0-9])(?!\.[0-9])"
)

_AUTHORITY = r"[a-z0-9._~%!$&'()*+,;=:@\[\]-]"
_REST = r"[a-z0-9._~%!$&'()*+,;=:@/?#\[\]|-]"
_SCHEME_URL = re.compile(rf"(?:https?|ftp)[:：][/\\]{{1,3}}({_AUTHORITY}*){_REST}*")

# Generic and Chinese top-level domains that sellers use. File endings and version numbers are not
# among them.
_TOP_LEVEL = (
    "com|cn|net|org|cc|top|shop|vip|xyz|info|me|io|tv|co|wang|ltd|store|club|site|online|fun|mobi"
    "|asia|biz|app|link|live|ink|pro|hk|tw|us"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_BARE_DOMAIN = re.compile(
    rf"(?<![a-z0-9@._-])((?:{_LABEL}\.){{1,8}}(?:{_TOP_LEVEL}))(?![a-z0-9_@-])(?!\.[a-z0-9])"
    rf"(?::[0-9]{{1,5}}(?![0-9]))?(?:[/?#]{_REST}*)?"
)
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]++@(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}(?![a-z0-9-])"
)


def find_mobiles(folded: str, own_domains: frozenset[str]) -> Iterator[Span]:
    """Mobile numbers of mainland China, bare, with +86, or in groups of three and four.

    A number inside a link to the store's own platform is part of that link.
    """
    found = [match.span() for match in _MOBILE.finditer(folded)]
    if found:
        links = _links(folded)
        own = Exemptions((None, *span) for span, host in links if is_own(host, own_domains))
        yield from (span for span in found if not own.cover("", *span))


def find_urls(folded: str, own_domains: frozenset[str]) -> Iterator[Span]:
    """Links and bare domains, but for `own_domains` and what lies below them."""
    for span, host in _links(folded):
        if not is_own(host, own_domains):
            yield span


def find_emails(folded: str, _own_domains: frozenset[str]) -> Iterator[Span]:
    """Mail addresses. A mailbox on the platform's own domain is a contact like any other."""
    for match in _EMAIL.finditer(folded):
        yield match.span()


def is_own(host: str, own_domains: frozenset[str]) -> bool:
    """Whether `host` is one of `own_domains` or lies below one."""
    while host not in own_domains:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


def _links(folded: str) -> Iterator[tuple[Span, str]]:
    reached = 0
    for match in _SCHEME_URL.finditer(folded):
        yield from _bare_links(folded, reached, match.start())
        # The host stands behind the last @, or https://jd.com@evil.example would pass as JD's.
        host = match[1].rpartition("@")[2].partition(":")[0]
        yield match.span(), host.strip(".")
        reached = match.end()
    yield from _bare_links(folded, reached, len(folded))


def _bare_links(folded: str, start: int, end: int) -> Iterator[tuple[Span, str]]:
    for match in _BARE_DOMAIN.finditer(folded, start, end):
        yield match.span(), match[1]


DETECTORS: dict[Detector, Find] = {
    "mobile": find_mobiles,
    "url": find_urls,
    "email": find_emails,
}
