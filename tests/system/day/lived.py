"""A day of a shop: made up, lived, and reported on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from replygate.config import Store, load_store
from replygate.report.make import store_report
from replygate.report.opening import reading
from replygate.report.report import StoreReport
from replygate.timing.metrics.figure import Period

from .book import NEVER_MS, Book, book
from .live import CLOSE_MS, Lived, live
from .plan import Hold, Plan, plan
from .script import Chat, chats
from .shop import DAY, DAY_MS, END_MS, SHOPS, at_ms

SEED: Final = 1
EVENING: Final = at_ms("20:30:00")
LATER_MS: Final = END_MS + 3 * DAY_MS
"""When nothing that belongs to the day is still to come."""


@dataclass(frozen=True)
class Day:
    """A day that was lived, and what was known of it before."""

    store: Store
    chats: list[Chat]
    plans: list[Plan]
    lived: Lived
    report: StoreReport
    next_report: StoreReport

    def book(self, now_ms: int = NEVER_MS) -> Book:
        """What everybody saw until then."""
        shop = SHOPS[self.store.platform]
        return book(shop, self.chats, self.lived.holds, now_ms)

    @property
    def holds(self) -> list[Hold]:
        """The holding replies that were to go out."""
        return [hold for each in self.plans for hold in each.holds]


def day(platform: str, buyers: int, folder: str) -> Day:
    """Live a day of so many buyers; the ledger is in `folder`."""
    shop, url = SHOPS[platform], f"sqlite:///{folder}/ledger.db"
    store = load_store(f"demo-{platform}")
    made = chats(platform, SEED, buyers, lambda chat: plan(chat, shop, CLOSE_MS) is not None)
    plans = [each for chat in made if (each := plan(chat, shop, CLOSE_MS)) is not None]
    lived = live(store, made, url, {EVENING: reporting(store, url, DAY, EVENING)})
    reports = [
        asyncio.run(reporting(store, url, last, LATER_MS)())
        for last in (DAY, DAY + dt.timedelta(days=1))
    ]
    return Day(store, made, plans, lived, *reports)


def reporting(
    store: Store, url: str, last: dt.date, now_ms: int
) -> Callable[[], Coroutine[Any, Any, StoreReport]]:
    """What makes the report of the day (and of those up to `last`), beside the gate."""

    async def make() -> StoreReport:
        async with reading(url) as ledger:
            return await store_report(ledger, store, Period(DAY, last), now_ms=now_ms, keep=False)

    return make
