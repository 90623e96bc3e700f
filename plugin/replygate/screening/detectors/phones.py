"""Numbers to call that are no mobiles: landlines, and the 400 and 800 numbers of shops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.screening.detectors.context import is_amount, is_announced, is_thing, spoken_of
from replygate.screening.detectors.digits import readings
from replygate.screening.detectors.found import Found, in_order

_AREA = r"0(?:10|2[0-57-9]|[3-9][0-9]{2})"
# 一 and ー look like the stroke that usually stands there.
_CUT = r"[ .·_—–一ー~/-]{1,3}"
_EXTENSION = r"(?:(?:转|分机| ?- ?|ext\.? ?)[0-9]{1,6}(?![0-9]))?"
_LANDLINE = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.-])(?:\+?86[ -]?)?"
    rf"(?:(?P<cut>[(（\[【]{_AREA}[)）\]】][ -]?|{_AREA}{_CUT}|(?<=86[ -])[1-9][0-9]{{1,2}}[ -])"
    rf"|{_AREA})"
    rf"[1-9][0-9]{{2,3}}[ .·-]?[0-9]{{4}}(?![0-9]|\.[0-9]){_EXTENSION}"
)
# Seven or eight digits alone are anything, unless the words right before them say telephone.
_LOCAL = re.compile(
    r"(?:座机|固话|电话|(?<![a-z])tel)(?:号码?)?(?:是|为)?[\W_]{0,3}"
    r"(?P<local>[2-8][0-9]{2,3}[ -]?[0-9]{4})(?![0-9a-z]|\.[0-9])"
)
_SIGN = re.compile(r"[0-9][0-9 ._—–-]{6}")
_HOTLINE = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.-])(?:[48]00|[四八48]百(?=[ ._—–-]?[0-9]))(?P<cut>[ ._—–-]{0,3})"
    r"[0-9](?:[ ._—–-]?[0-9]){6}(?![0-9]|[.-][0-9])"
)


def find_landlines(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Landline numbers with their area code, or announced as a telephone number without it."""
    return in_order(_landlines(folded))


def find_hotlines(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """400 and 800 numbers.

    Service numbers of five or six digits (95338, 11183) belong to couriers, banks and authorities,
    and are no finding.
    """
    return in_order(_hotlines(folded))


def _hotlines(folded: str) -> Iterator[Found]:
    for text, evasion in readings(folded):
        if _SIGN.search(text) is None:
            continue
        for match in _HOTLINE.finditer(text):
            if is_thing(text, *match.span()):
                continue
            if match[0][0] in "8八" and not match["cut"] and spoken_of(text, match.start()) is None:
                continue
            yield Found(*match.span(), evasion or "百" in match[0])


def _landlines(folded: str) -> Iterator[Found]:
    for text, evasion in readings(folded):
        if _SIGN.search(text) is None:
            continue
        for match in _LANDLINE.finditer(text):
            # Without a mark between area code and number it may be any number.
            span = match.span()
            if is_announced(text, *span) or (match["cut"] and not is_thing(text, *span)):
                yield Found(*span, evasion or any(mark in match[0] for mark in "一ー~/·."))
        for match in _LOCAL.finditer(text):
            if not is_amount(text, *match.span("local")):
                yield Found(*match.span("local"), evasion)
