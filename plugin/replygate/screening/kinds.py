"""What becomes of a draft by its kind: a text is read, a picture or a card may not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from replygate.model import Draft, Finding, Kind
from replygate.screening.decide import about_all

KindAction = Literal["screen", "pass", "block", "warn"]
"""`screen` judges the draft's text; the others decide without a look at it."""

DEFAULT_KINDS: Mapping[Kind, KindAction] = MappingProxyType(
    {
        "text": "screen",
        "image": "pass",
        "card": "screen",
        "voice": "pass",
        "video": "pass",
        "file": "screen",
        "other": "pass",
    }
)

# Nothing reads what is said or shown in them, but for codes in pictures: only the text that comes
# with them.
_UNREAD: frozenset[Kind] = frozenset({"image", "voice", "video", "other"})


def by_kind(draft: Draft, action: KindAction) -> Iterator[Finding]:
    """What is to be said of a draft because of its kind alone."""
    if action == "pass":
        return
    if action != "screen":
        why = f"店铺设置：{draft.kind} 类消息 {action} (by the store's setting)"
        yield about_all("gate.kind", draft.text, action, why)
    elif draft.kind in _UNREAD and draft.codes is None:
        why = f"{draft.kind} 的内容没有检查 (nothing reads what it shows)"
        yield about_all("gate.unscanned", draft.text, "warn", why)
