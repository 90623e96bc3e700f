"""One cheap look that spares most texts the detectors."""

from __future__ import annotations

import re

from replygate.screening.detectors.digits import SPELLED, TELLING

_ALONE = r"0-9@/\\."

SIGN_BEGINS = f"{TELLING}自提取拿面线体门档导址衣伊依医腰邀妖"
"""Characters that a sign may begin with, but for ASCII ones."""

# A character class first, so that the search runs at full speed. Every branch behind it but one
# begins with a class or a letter too, which is refused at a glance: a lone numeral or 自 costs
# next to nothing.
SIGN_GOES_ON = (
    r"[提取货交下店口航](?<=自提|自取|提货|拿货|取货|面交|线下|体店|门店|档口|导航)"
    r"|[发给告](?<=址.)"
    r"|[a-z0-9_-]{5}|om|n|et|rg|c| [a-z]"
    r"|[伞山散叁思斯丝司私死舞午武吴屋留流刘牛柳溜期奇起气妻漆棋骑吧把爸巴芭疤酒久旧救舅]"
    r"(?<=[衣伊依医腰邀妖].)"
    rf"|[{SPELLED}]|[\W_][\W_]{{0,5}}[{SPELLED}]"
)
"""What follows such a character, or a Latin letter, where it is a sign."""

_SIGNS = re.compile(rf"[{_ALONE}a-z{SIGN_BEGINS}](?:(?<=[{_ALONE}])|{SIGN_GOES_ON})")


def may_hold(folded: str) -> bool:
    """Whether a detector can find anything in `folded`; False is certain, True is not."""
    return _SIGNS.search(folded) is not None
