"""Puts notices together into one message: by kind, the most urgent first, the rest as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replygate.config.schema_notify import NoticeKind
from replygate.notify.notice import Notice
from replygate.notify.wording import HEADS, line, plain

NAMES_MAX: Final = 20
"""People who are called, and as many who are on duty."""

TITLE: Final = "replygate"
"""Stands in every message, so that a robot which asks for a keyword can be given this one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Notices of one kind: what they are, what is asked of people, a line each."""

    head: str
    ask: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One message, before a robot's own form. `told` are the notices that it settles."""

    title: str
    groups: tuple[Group, ...]
    more: tuple[str, ...]
    mention: tuple[str, ...]
    listed: tuple[Notice, ...]
    told: tuple[Notice, ...]
    now_ms: int


def page_of(
    waiting: Sequence[Notice],
    listed_max: int,
    now_ms: int,
    *,
    counts: bool,
    lost: int = 0,
    names_max: int = NAMES_MAX,
) -> Page:
    """A message of at most `listed_max` of these notices, which come most urgent first.

    With `counts` the others are told by number where that is enough, and else in a message to
    come. `lost` is how many were given up before.
    """
    assert waiting, "there is nothing to tell"
    listed, rest = waiting[:listed_max], waiting[listed_max:]
    counted = [each for each in rest if counts and each.can_be_counted]
    return Page(
        title=_title(listed, len(listed) + len(counted)),
        groups=tuple(_groups(listed, now_ms)),
        more=(*_on_duty(listed, names_max), *_more(counted, len(rest) - len(counted), lost)),
        mention=tuple(dict.fromkeys(who for each in listed for who in each.mention))[:names_max],
        listed=tuple(listed),
        told=(*listed, *counted),
        now_ms=now_ms,
    )


def _title(listed: Sequence[Notice], count: int) -> str:
    shops = list(dict.fromkeys(each.shop for each in listed if each.shop))
    if count == 1:
        head = HEADS[listed[0].kind][0]
        return "｜".join([TITLE, head, *map(plain, shops)])
    whose = [plain(shops[0]) + (f"等 {len(shops)} 家店" if len(shops) > 1 else "")] if shops else []
    return "｜".join([TITLE, *whose, f"{count} 件事"])


def _groups(listed: Sequence[Notice], now_ms: int) -> list[Group]:
    by_kind: dict[NoticeKind, list[str]] = {}
    for notice in listed:
        by_kind.setdefault(notice.kind, []).append(line(notice, now_ms))
    return [Group(*HEADS[kind], tuple(lines)) for kind, lines in by_kind.items()]


def _on_duty(listed: Sequence[Notice], names_max: int) -> list[str]:
    """Who should act; a name is no user id of a robot's platform, so it is only text."""
    names = dict.fromkeys(who for each in listed for who in each.on_duty)
    shown = "、".join(map(plain, list(names)[:names_max]))
    return [f"当班：{shown}"] if shown else []


def _more(counted: Sequence[Notice], later: int, lost: int) -> list[str]:
    more = []
    if counted:
        kinds = Counter(each.kind for each in counted)
        parts = "、".join(f"{HEADS[kind][0]} {count}" for kind, count in kinds.items())
        more.append(f"另有 {len(counted)} 条：{parts}")
    if later:
        more.append(f"还有 {later} 条随后发出")
    if lost:
        more.append(f"{lost} 条太多或太旧，未发出，见日志")
    return more
