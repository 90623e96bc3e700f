"""Mobile numbers spelled by the sound of their digits: yi san ba …, 衣伞吧 …."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.screening.detectors.digits import SPELLED
from replygate.screening.detectors.found import Found

# The digits 0 to 9 as they are read, and characters that sound alike.
_SPOKEN = (
    ("ling|dong|lin", "零林灵铃凌领玲令洞冻"),
    ("yi|yao|ee", "衣伊依医亿腰邀妖幺壹"),
    ("er|liang", "儿而耳尔贰两"),
    ("san|sam", "山伞散叁"),
    ("si", "思斯丝司私死寺肆"),
    ("wu", "舞午武吴屋伍务"),
    ("liu|lu", "留流刘牛柳溜陆"),
    ("qi|guai", "期奇起气妻漆棋骑拐柒"),
    ("ba", "吧把爸巴芭疤捌"),
    ("jiu|gou", "酒久旧救舅勾玖"),
)
_CUT = r"[\W_]{0,3}"
_PLAIN = f"[0-9{SPELLED}]"


def _any(wanted: str) -> str:
    """One digit of `wanted`, in Latin letters or by a character that sounds alike."""
    latin = "|".join(_SPOKEN[int(digit)][0] for digit in wanted)
    chars = "".join(_SPOKEN[int(digit)][1] for digit in wanted)
    return f"(?:{latin}|[{chars}])"


_ONE = f"(?:{_any('1')}|[1一①])"
_SECOND = f"(?:{_any('3456789')}|{_PLAIN})"
_DIGIT = f"(?:{_any('0123456789')}|{_PLAIN})"
_NUMBER = re.compile(
    rf"(?<![a-z0-9{SPELLED}]){_ONE}{_CUT}{_SECOND}(?:{_CUT}{_DIGIT}){{9}}(?![a-z0-9{SPELLED}])"
)
_SOUND = re.compile(_any("0123456789"))
_LOOK = re.compile(rf"{_ONE}{_CUT}{_SECOND}{_CUT}{_DIGIT}{_CUT}{_DIGIT}")

# Fewer characters in eleven digits may stand there by accident, or are plain numerals.
_SOUNDS_MIN = 3


def find_spoken(folded: str) -> Iterator[Found]:
    """Eleven digits in a row of which some are written by their sound."""
    if _LOOK.search(folded) is None:
        return
    for match in _NUMBER.finditer(folded):
        latin = any("a" <= char <= "z" for char in match[0])
        if latin or sum(1 for _ in _SOUND.finditer(match[0])) >= _SOUNDS_MIN:
            yield Found(*match.span(), evasion=True)
