"""What a shop owner knows of his platform, written down by hand from its rules.

Nothing here is read from the product's profiles: that both say the same is what is tested.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any, Final, Literal

DAY: Final = dt.date(2025, 11, 11)
"""A Tuesday in the first half of its month; everything but the figures of longer periods is alike
on any other day."""

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
START_MS: Final = 1_762_790_400_000
"""Its midnight, in Asia/Shanghai."""

END_MS: Final = START_MS + DAY_MS

AGENTS: Final = ("xiao-li", "xiao-wang", "xiao-chen")

PLAIN: Final = (
    "这款有三种颜色可以选",
    "今天下午就能发出",
    "尺码偏大一点，建议选小一号",
    "面料是纯棉的，可以机洗",
    "有现货的，放心拍",
    "这款是今年的新款",
)
"""What the bot says; no rule of any platform minds it."""

BY_HAND: Final = (
    "让我看看您的订单",
    "您的包裹已经到中转站了",
    "可以换货的，邮费我们出",
    "这就给您备注",
)
"""What people say. Never what the bot has just said: that would be taken for its echo."""

BLOCKED: Final = ("加微信详聊", "这个加个微信说")
"""Contact data: goes out on no platform."""

REWRITTEN: Final = "这个价格全网最低"
"""A claim that nobody may make: goes out in other words."""

TYPED: Final = "去淘宝看看"
"""What somebody types at a console beside the gate: another platform's name, unless it is one's
own."""

GREETING: Final = "您好，请问有什么可以帮您"

RUDE: Final = "服务态度差"
"""Why some buyers are not satisfied."""

Opens = Literal["message", "turn", "transfer"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reply deadline: `due_s` None is the end of the day.

    Hours are those in which the question (or with `by_session` the session that it stands in)
    must begin. `bot_counts` None: nobody knows, and a holding reply is the same as a bot.
    """

    id: str
    opens: Opens
    due_s: int | None
    hours: tuple[int, int] = (0, 24)
    by_session: bool = False
    topic: str | None = None
    bot_counts: bool | None = None

    def due_ms(self, asked_ms: int) -> int:
        """When a reply to what was asked then must be there."""
        if self.due_s is not None:
            return asked_ms + self.due_s * 1000
        return asked_ms + DAY_MS - (asked_ms - START_MS) % DAY_MS

    @property
    def lead_ms(self) -> int:
        """A third of the time, 6 seconds at least and 20 at most."""
        return 20_000 if self.due_s is None else min(max(self.due_s * 1000 // 3, 6_000), 20_000)


@dataclass(frozen=True, slots=True)
class Shop:
    """A platform as its shops know it.

    `closers`: whoever only says thanks is answered too. `topics` are what questions are about, and
    how often. `named` is how many conversations the platform calls a session itself.
    """

    deadlines: tuple[Deadline, ...]
    excuses: tuple[str, ...] = (
        "recall",
        "platform_spam",
        "platform_no_reply_needed",
        "ad_reported",
    )
    closers: bool = False
    topics: tuple[tuple[str, float], ...] = ()
    named: float = 0.0
    ratings: Literal["stars", "labels"] | None = None
    blocked_by: tuple[str, ...] = ("contact.wechat", "contact.wechat-name")
    typed_breaks: str | None = "other-platforms.taobao"

    def rating(self, chance: random.Random) -> dict[str, Any]:
        """What a buyer says of the service."""
        if self.ratings == "stars":
            return {"stars": float(chance.choices((1, 2, 3, 4, 5), (2, 2, 6, 20, 70))[0])}
        (label,) = chance.choices(("satisfied", "average", "disappointed"), (82, 10, 8))
        why = RUDE if label != "satisfied" and chance.random() < 0.3 else ""
        return {"label": label, "reason": why}


SHOPS: Final = {
    "pdd": Shop(
        (
            Deadline("PDD-D-01", "message", 3600, (8, 23)),
            Deadline("PDD-D-03", "message", 300, (8, 23)),
            Deadline("PDD-D-05", "message", 180, topic="quality_dispute"),
            Deadline("PDD-D-06", "message", 86_400),
            Deadline("PDD-D-07", "message", None, (0, 23)),
            Deadline("PDD-D-08", "message", None, (0, 23), topic="urge_ship", bot_counts=False),
        ),
        # An advertisement that was reported is to be answered all the same.
        excuses=("recall", "platform_spam", "platform_no_reply_needed"),
        closers=True,
        topics=(("quality_dispute", 0.03), ("urge_ship", 0.05)),
        blocked_by=("contact.wechat", "PDD-F-09"),
    ),
    "douyin": Shop(
        (Deadline("DY-D-01", "transfer", 120, bot_counts=False),),
        named=0.5,
        ratings="stars",
    ),
    "kuaishou": Shop((Deadline("KS-D-01", "turn", 180, (8, 24)),), ratings="labels"),
    "jd": Shop((Deadline("JD-D-01", "turn", 30, (9, 18), by_session=True),), named=0.5),
    "xiaohongshu": Shop(
        (Deadline("XHS-D-01", "turn", 180, (9, 23), by_session=True),),
        named=0.5,
        ratings="labels",
    ),
    "tmall": Shop((Deadline("TM-D-01", "turn", 15),), named=0.3, typed_breaks=None),
}

PRESENCE: Final = (
    ("xiao-li", "08:20:00", "12:10:00"),
    ("xiao-wang", "13:00:00", "17:30:00"),
    ("xiao-chen", "17:35:00", "23:05:00"),
)
"""Who was there from when to when: from 9 to 18 o'clock somebody is, but for 55 minutes."""


def at_ms(clock: str) -> int:
    """A time of the day, `HH:MM:SS`, as Unix ms."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return START_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000


def hour_of(at_ms: int) -> int:
    """The hour of the day that an instant lies in."""
    return (at_ms - START_MS) % DAY_MS // HOUR_MS


def in_hours(at_ms: int, hours: tuple[int, int]) -> bool:
    """Whether an instant lies in these hours of its day."""
    return hours[0] <= hour_of(at_ms) < hours[1]


def of_day(at_ms: int) -> bool:
    """Whether an instant lies in the day."""
    return START_MS <= at_ms < END_MS
