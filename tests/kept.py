"""A ledger with a day of a small shop in it, written by the gate itself."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from replygate import Draft, Inbound, ReplyGate
from replygate.config import load_store
from replygate.events import Outbound, Rating, Transferred
from replygate.ledger import InlineExecutor
from replygate.testing import FakePlatform, VirtualClock
from replygate.timing.calendar import PLATFORM_ZONE

SHOP = """\
id = "tea-shop"
name = "清风茶具"
platform = "pdd"
edition = "sources-2023"

[privacy]
log_text = "{log_text}"

[[screening.rule]]
id = "chat"
words = ["微信"]
action = "block"
why = "不得引导买家离开平台"
"""


@dataclass(frozen=True)
class Kept:
    """Where everything is. `day` is the local day before today."""

    store: str
    url: str
    day: dt.date


def keep_a_day(folder: Path, log_text: str = "full") -> Kept:
    """Three buyers: answered at once, answered by the bot after a blocked text, never answered."""
    path = folder / "tea-shop.toml"
    path.write_text(SHOP.format(log_text=log_text), "utf-8")
    day = dt.datetime.now(PLATFORM_ZONE).date() - dt.timedelta(days=1)
    kept = Kept(str(path), f"sqlite:///{folder}/kept.db", day)
    asyncio.run(_play(kept))
    return kept


async def _play(kept: Kept) -> None:
    start = dt.datetime.combine(kept.day, dt.time(10), PLATFORM_ZONE)
    clock = VirtualClock(round(start.timestamp() * 1000))
    opened = ReplyGate.open(
        stores=load_store(kept.store),
        ledger=kept.url,
        journal=_Silent(),
        clock=clock,
        executor=InlineExecutor,
        drain_s=0.0,
    )
    async with opened as gate:
        gate.connect("tea-shop", FakePlatform(clock))

        async def asks(conversation: str, name: str, text: str) -> None:
            at_ms = clock.wall_ms()
            await gate.received(Inbound("tea-shop", conversation, name, text, at_ms=at_ms))

        await asks("c-1", "m-1", "在吗，我的电话 13812345678")
        clock.advance(20)
        at_ms = clock.wall_ms()
        await gate.sent_elsewhere(
            Outbound("tea-shop", "c-1", "在的", "m-2", origin="human", agent="小李", at_ms=at_ms)
        )
        clock.advance(100)
        await asks("c-2", "m-3", "能便宜吗")
        clock.advance(10)
        await gate.send(Draft("c-2", "加微信便宜", store="tea-shop", origin="bot"))
        clock.advance(5)
        await gate.send(Draft("c-2", "已是最低价了亲", store="tea-shop", origin="bot"))
        await gate.received(Transferred("tea-shop", "c-2", "t-1", at_ms=clock.wall_ms()))
        clock.advance(5)
        await gate.received(
            Rating("tea-shop", "c-2", "r-1", score=4, scale_max=5, at_ms=clock.wall_ms())
        )
        await asks("c-3", "m-4", "=1+1")


class _Silent:
    """A journal that nobody reads."""

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        pass
