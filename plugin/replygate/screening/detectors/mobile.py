"""Mobile numbers of mainland China, however they are written or cut up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from replygate.screening.detectors.context import is_amount, is_announced, is_thing, spoken_of
from replygate.screening.detectors.digits import SPELLED, spelled_out, unlettered
from replygate.screening.detectors.found import Found, in_order
from replygate.screening.detectors.links import Link, links
from replygate.screening.detectors.spoken import find_spoken

_RUN = re.compile(r"[0-9]++(?:[\W_]{1,6}[0-9]++)*+")
_DIGIT = re.compile(r"[0-9]")
_GROUP = re.compile(r"[0-9]+")

# Mainland mobiles begin with 1 and 3 to 9: JD order numbers have 11 digits too, and begin with 9.
_MOBILE = re.compile(r"(?P<prefix>(?:00)?86|0)?1[3-9][0-9]{9}")
_DIGITS = 11
_LONGEST = 15

_PLAIN_GAPS = frozenset({"", " ", "-", "."})
# How people cut a number when they read it out; other cuts need more to be taken for one.
_USUAL_CUTS = frozenset(
    {(3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 4, 2, 2), (3, 2, 2, 2, 2)}
)
_SURE_CUTS = frozenset({(3, 4, 4), (3, 8), (7, 4), (3, 3, 5)})
# Between the numbers of a size, a ratio, a time or a sum.
_RECKONING = re.compile(r"[*x×/:：+=%]")
_IP_GROUPS = 4

_GLUED_BEFORE = re.compile(r"[a-z][a-z_]*\Z")
_GLUED_AFTER = re.compile(r"[a-z_]+")
_CONTACT_LETTERS = frozenset(
    {"tel", "phone", "mobile", "call", "whatsapp", "v", "vx", "wx", "weixin", "wechat", "q", "qq"}
    | {"dh", "sj", "dianhua", "shouji", "t", "m", "p", "jia", "add", "vx_", "wx_"}
)
_LETTERS_SEEN = 12

# One filler between every two digits: 1啊3啊8啊….
_FILLED = re.compile(
    r"(?<![0-9])1([^0-9\n。！？；，,]{1,2})[3-9]"
    r"(?:\1[0-9]){9}(?!\1?[0-9])"
    r"|(?<![0-9])1[^0-9\n。！？；，,][3-9](?:[^0-9\n。！？；，,][0-9]){9}(?![^0-9]?[0-9])"
)

# One word between the groups: 139空0000空1234; what counts or measures is none.
_PARTED = re.compile(
    r"(?<![0-9])1[3-9][0-9](?P<word>[^0-9\W元块米到至和个号件套款天年月日分时秒码寸斤克条只盒度人张]{1,2}|[\W_]{1,6})"
    r"[0-9]{4}(?P=word)[0-9]{4}(?![0-9])"
    r"|(?<![0-9a-z])1[3-9][0-9][a-z][0-9]{4}[a-z][0-9]{4}(?![0-9a-z])"
)
# 四个0: a digit and how often it comes.
_TIMES = {
    char: n for n, chars in ((2, "2二两"), (3, "3三"), (4, "4四"), (5, "5五")) for char in chars
}
_COUNTED = re.compile(rf"(?P<times>[{''.join(_TIMES)}])个(?P<digit>[0-9零])(?![0-9])")
_PIECE = re.compile(rf"{_COUNTED.pattern}|(?P<group>[0-9]+)")

# 前三位, 后八位: these say where a piece belongs and are none.
_PIECE_NAME = re.compile(
    rf"[前中后末头尾][面边间]?[0-9{SPELLED}]{{1,2}}[位个](?![0-9零](?![0-9]))(?:数字?|号)?|第[0-9{SPELLED}]段|[0-9{SPELLED}]位数"
)
_PIECE_GAP = re.compile(
    "口|后面|后边|然后|再|接着|接下来|中间|最后|后段|尾号|尾数|连着|加上|连起来|空格|横杠|杠|拼"
    "|剩下|其余|接|[和跟与加是]"
)
_NEXT_PIECE = re.compile(
    r"[\W_]{0,3}(?:(?:开头|打头|后面|后边|然后|再|接着|中间|最后|最?口+|加上)的?是?)+[\W_]{0,3}"
)
_SHORT_GAP = re.compile(r"[ ,，、-]{1,2}")
_PIECE_REACH = 14
_MAX_PIECES = 6
_ID_PARAMETER = re.compile(r"[?&;#](?:[a-z0-9_]*(?:id|sku|no|code|sn|spm|ts|time|seq)|t|_|v)=\Z")
_PAGE_NUMBER = re.compile(r"\.(?:html?|action|aspx?|php|jsp|jhtml)")
_PARAMETER_SEEN = 40


class _Group(NamedTuple):
    start: int
    end: int
    digits: str


def find_mobiles(folded: str, _own_domains: frozenset[str]) -> Iterator[Found]:
    """Mobile numbers, bare, with +86, in groups, in numerals, announced and given in pieces.

    The id of an article inside a link is part of that link.
    """
    spelled = spelled_out(folded)
    lettered = unlettered(folded)
    found = [*find_spoken(folded)]
    few = lettered is None and len(_DIGIT.findall(spelled or folded)) < _DIGITS
    if few and not found and _COUNTED.search(folded) is None:
        return
    found += _grouped(folded, plain=True)
    if spelled is not None:
        found += _grouped(spelled, plain=False)
    if lettered is not None:
        found += _grouped(lettered, plain=False)
    found += _in_pieces(folded if spelled is None else spelled)
    for filled in (_FILLED, _PARTED):
        found += (Found(*match.span(), evasion=True) for match in filled.finditer(folded))
    if not found:
        return
    held = [*links(folded)]
    starts = [link.start for link in held]
    for span in in_order(found):
        at = bisect_right(starts, span.start)
        if not (at and _names_a_page(folded, held[at - 1], span)):
            yield span


def _grouped(text: str, *, plain: bool) -> Iterator[Found]:
    for run in _RUN.finditer(text):
        if run.end() - run.start() < _DIGITS:
            continue
        groups = [_Group(*m.span(), m[0]) for m in _GROUP.finditer(text, *run.span())]
        at = 0
        while at < len(groups):
            taken = _taken(groups, at)
            if taken and _is_mobile(text, groups, at, at + taken):
                start, end = groups[at].start, groups[at + taken - 1].end
                gaps = _gaps(text, groups[at : at + taken])
                if text[start - 1 : start] == "+" and groups[at].digits.startswith("86"):
                    start -= 1
                yield Found(start, end, evasion=not plain or not _is_plain(gaps, groups, at, taken))
                at += taken
            else:
                at += 1


def _taken(groups: Sequence[_Group], at: int) -> int:
    """How many groups from `at` on make one number, 0 for none."""
    digits = ""
    for taken, group in enumerate(groups[at : at + _LONGEST], start=1):
        digits += group.digits
        if len(digits) > _LONGEST:
            return 0
        if len(digits) >= _DIGITS and _MOBILE.fullmatch(digits):
            return taken
    return 0


def _gaps(text: str, groups: Sequence[_Group]) -> list[str]:
    return [text[one.end : two.start] for one, two in pairwise(groups)]


def _without_prefix(groups: Sequence[_Group], at: int, taken: int) -> tuple[int, ...]:
    """The lengths of the groups, but for the country code."""
    lengths = [len(group.digits) for group in groups[at : at + taken]]
    rest = sum(lengths) - _DIGITS
    while rest:
        cut = min(rest, lengths[0])
        lengths[0] -= cut
        rest -= cut
        if not lengths[0]:
            del lengths[0]
    return tuple(lengths)


def _is_plain(gaps: Sequence[str], groups: Sequence[_Group], at: int, taken: int) -> bool:
    lengths = _without_prefix(groups, at, taken)
    inner = gaps[len(gaps) - len(lengths) + 1 :]
    return lengths in ((11,), (3, 4, 4)) and set(gaps) <= _PLAIN_GAPS and len(set(inner)) <= 1


def _is_mobile(text: str, groups: Sequence[_Group], at: int, to: int) -> bool:
    start, end = groups[at].start, groups[to - 1].end
    announced = is_announced(text, start, end)
    before = text[groups[at - 1].end : start] if at else ""
    after = text[end : groups[to].start] if to < len(groups) else ""
    if "." in (before, after):
        return False
    if not announced and (is_thing(text, start, end) or _is_code(text, start, end)):
        return False
    if announced and is_amount(text, start, end):
        return False
    lengths = _without_prefix(groups, at, to - at)
    if lengths == (11,):
        return True
    gaps = _gaps(text, groups[at:to])
    # One more number behind the same mark: this is a row of numbers and the cut is chance.
    if not announced and (before in gaps[-1:] or after in gaps[-1:]):
        return False
    return announced or (_is_cut_as_a_number(gaps, lengths) and not _is_row(groups[at:to], lengths))


def _is_cut_as_a_number(gaps: Sequence[str], lengths: tuple[int, ...]) -> bool:
    if set(lengths) == {1}:
        return True
    if len(lengths) == _IP_GROUPS and set(gaps) == {"."}:
        return False
    inner = set(gaps[len(gaps) - len(lengths) + 1 :])
    if lengths in _USUAL_CUTS:
        return len(inner) == 1 or not any(_RECKONING.search(gap) for gap in inner)
    return len(inner) == 1 and not any(_RECKONING.search(gap) or gap == "." for gap in inner)


def _is_row(groups: Sequence[_Group], lengths: tuple[int, ...]) -> bool:
    """Whether the groups are sizes or prices: equally long, each more than the one before."""
    if lengths in _SURE_CUTS or set(lengths) == {1} or any(g.digits[0] == "0" for g in groups):
        return False
    row = [group.digits for group in groups[:-1]]
    return len(row) > 1 and len(set(map(len, row))) == 1 and row == sorted(row)


def _is_code(text: str, start: int, end: int) -> bool:
    """Whether letters are glued to the number that do not announce a contact."""
    before = _GLUED_BEFORE.search(text[max(0, start - _LETTERS_SEEN) : start])
    after = _GLUED_AFTER.match(text, end, end + _LETTERS_SEEN)
    return any(found is not None and found[0] not in _CONTACT_LETTERS for found in (before, after))


def _in_pieces(text: str) -> Iterator[Found]:
    named = _PIECE_NAME.sub(lambda match: "口" * len(match[0]), text)
    groups = [_Group(*m.span(), _piece(m)) for m in _PIECE.finditer(named)]
    at = 0
    while at < len(groups):
        taken = _taken(groups, at) if groups[at].digits[0] == "1" else 0
        if 1 < taken <= _MAX_PIECES and _is_told_in_pieces(named, groups[at : at + taken]):
            yield Found(groups[at].start, groups[at + taken - 1].end, evasion=True)
            at += taken
        else:
            at += 1


def _piece(match: re.Match[str]) -> str:
    if match["group"] is not None:
        return match["group"]
    return match["digit"].replace("零", "0") * _TIMES[match["times"]]


def _is_told_in_pieces(text: str, groups: Sequence[_Group]) -> bool:
    gaps = _gaps(text, groups)
    if any(len(gap) > _PIECE_REACH for gap in gaps):
        return False
    if any(is_amount(text, group.start, group.end) for group in groups):
        return False
    spoken = spoken_of(text, groups[0].start)
    named = "口" in text[max(0, groups[0].start - 5) : groups[0].start]
    if spoken == "thing":
        return False
    if spoken is None and not named:
        lengths = tuple(len(group.digits) for group in groups)
        led = [_NEXT_PIECE.fullmatch(gap) is not None for gap in gaps]
        return (
            lengths in _USUAL_CUTS
            and any(led)
            and all(told or _SHORT_GAP.fullmatch(gap) for told, gap in zip(led, gaps, strict=True))
        )
    return any(_PIECE_GAP.search(gap) for gap in gaps) and all(
        _PIECE_GAP.search(gap) or not any(char.isalnum() for char in gap) for gap in gaps
    )


def _names_a_page(folded: str, link: Link, span: Found) -> bool:
    if span.end > link.end:
        return False
    before = folded[max(link.start, span.start - _PARAMETER_SEEN) : span.start]
    if _ID_PARAMETER.search(before):
        return True
    return before.endswith("/") and _PAGE_NUMBER.match(folded, span.end) is not None
