"""A month of an invented shop, played through the real gate in virtual time, into a real ledger.

The same seed gives the same month. Buyers ask by the hour of the day; a bot answers most of them
and is careless now and then; people answer the rest, late when there is much to do, and not always
through the gate.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

from replygate import Draft, Inbound, Receipt, ReplyGate, load_store
from replygate.config import Store
from replygate.events import Outbound, Rating
from replygate.ledger import InlineExecutor
from replygate.model import Cleared
from replygate.runtime import housekeeping, shifts, wheel
from replygate.timing.calendar import PLATFORM_ZONE
from simulation.virtual import US_PER_S, ProcessLoop, Time

LAST: Final = dt.date(2026, 11, 20)
DAYS: Final = 30
EVENING: Final = dt.time(21, 30)
"""When the last day is looked at."""

SHOP: Final = """\
id = "xiaoman"
name = "小满茶具（示例店）"
platform = "pdd"
edition = "sources-2023"

[privacy]
log_text = "full"
""" + "".join(
    # As `replay --compare` has found out for this shop; whether holds count stays open.
    f'\n[settle."{id_}".counts]\nbot = "yes"\n'
    for id_ in (
        *("PDD-M-01", "PDD-M-05", "PDD-M-06", "PDD-X-05", "PDD-X-06"),
        *("PDD-D-01", "PDD-D-03", "PDD-D-05", "PDD-D-06", "PDD-D-07"),
    )
)

_BUYERS_A_DAY: Final = 140
_SALE: Final = dt.date(2026, 11, 11)
# How many ask in each hour of the day, as parts of a hundred.
_BY_HOUR: Final = (
    *(0.4, 0.2, 0.1, 0.1, 0.1, 0.2, 0.8, 1.6, 3.2, 5.6, 6.8, 6.0),
    *(4.2, 4.6, 5.4, 5.4, 5.2, 4.6, 4.8, 7.2, 9.6, 9.8, 8.6, 5.5),
)

_QUESTIONS: Final = (
    "在吗", "这个盖碗多大容量", "什么时候发货", "有没有同款的茶海", "能用微波炉吗",
    "运费险有吗", "釉面会不会掉色", "礼盒装能开发票吗", "收到一只有裂，怎么处理", "还有优惠吗",
    "发什么快递", "茶漏单卖吗", "怎么还没到", "适合泡生普吗", "退货地址是哪里",
)  # fmt: skip
_ANSWERS: Final = (
    "亲，这款容量是 150 毫升", "您好，付款后 48 小时内发出", "可以的，放心使用",
    "有的，下单时勾选即可", "这款是釉下彩，不掉色", "可以开票，在订单页申请就行",
    "麻烦拍一张照片，我们给您补发", "默认发中通，明天能揽收", "茶漏可以单独买，在店里搜一下",
    "盖碗和茶海是一套的", "泡生普没问题，建议水温高一些", "七天内支持退换",
)  # fmt: skip
_REWRITTEN: Final = ("用微信付款也行", "这款是全网最低价", "我们家质量最好，放心买")
_BLOCKED: Final = (
    "加微信 xm_8866，给您看实拍", "有问题打 13812345678", "我们淘宝店更便宜，您去那边搜同款",
    "加薇❤聊，发您优惠",
)  # fmt: skip
_PEOPLE: Final = ("小李", "小周", "阿梅")


class MonthClock:
    """The clocks of the machine that the month is played on: a `replygate.clock.Clock`."""

    def __init__(self, time: Time, first: dt.date) -> None:
        midnight = dt.datetime.combine(first, dt.time(), PLATFORM_ZONE)
        self._start_ms = round(midnight.timestamp() * 1000)
        self._time = time

    def monotonic_s(self) -> float:
        """Seconds since the first midnight."""
        return self._time.now_us / US_PER_S

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""
        return self._start_ms + self._time.now_us // 1000


class _Platform:
    """Takes everything, in less than a second."""

    def __init__(self, clock: MonthClock, chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._taken: list[Cleared] = []

    async def send(self, cleared: Cleared) -> Receipt:
        await asyncio.sleep(self._chance.uniform(0.1, 0.8))
        self._taken.append(cleared)
        return Receipt(f"p-{len(self._taken)}", self._clock.wall_ms())


class _Journal:
    """The month is looked at in the ledger."""

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Keep nothing."""


@dataclass(slots=True)
class _Shop:
    gate: ReplyGate
    store: str
    clock: MonthClock
    chance: random.Random
    told: int = 0

    async def day(self, day: dt.date, until_s: float) -> None:
        """Every buyer of a day, who comes before `until_s` seconds of it are over."""
        sale = 1.6 if day == _SALE else 1.0
        usual = _BUYERS_A_DAY * sale * (1.15 if day.weekday() >= 5 else 1.0)
        # People have good days and bad ones.
        haste = self.chance.uniform(0.75, 1.3) * (1.4 if day in {_SALE, LAST} else 1.0)
        async with asyncio.TaskGroup() as buyers:
            for number in range(round(usual * self.chance.uniform(0.9, 1.1))):
                hour = self.chance.choices(range(24), _BY_HOUR)[0]
                at_s = hour * 3600 + self.chance.uniform(0, 3600)
                if at_s < until_s:
                    name = f"{day:%m%d}-{number:03}"
                    buyers.create_task(self._buyer(name, at_s, haste))

    async def _buyer(self, name: str, at_s: float, haste: float) -> None:
        await asyncio.sleep(at_s)
        chance = self.chance
        for answer in chance.sample(_ANSWERS, chance.choice((1, 1, 1, 2, 2, 3))):
            self.told += 1
            question = f"q-{self.told}"
            text = chance.choice(_QUESTIONS)
            await self.gate.received(Inbound(self.store, name, question, text))
            if not await self._bot(name, answer) and not await self._person(name, answer, haste):
                return
            await asyncio.sleep(chance.uniform(15, 90))
        if chance.random() < 0.06:
            score = chance.choices((5, 4, 3, 1), (80, 12, 4, 4))[0]
            await self.gate.received(
                Rating(self.store, name, f"r-{name}", score=score, scale_max=5, source="invited")
            )

    async def _bot(self, name: str, answer: str) -> bool:
        """Whether the bot has answered; what is blocked is no answer."""
        chance = self.chance
        # By night it is alone, and is told to answer whatever comes.
        if chance.random() > (0.68 if 8 <= self._hour() < 23 else 0.99):
            return False
        await asyncio.sleep(chance.uniform(1.5, 9))
        texts = chance.choices(((answer,), _REWRITTEN, _BLOCKED), (94.5, 3.5, 2))[0]
        return await self._say(Draft(name, chance.choice(texts), store=self.store, agent="茶小二"))

    async def _person(self, name: str, text: str, haste: float) -> bool:
        """Whether a person has answered; now and then nobody does."""
        chance = self.chance
        wait_s = chance.lognormvariate(5.0, 0.9) * haste
        hour = self._hour()
        if not 8 <= hour < 23:
            wait_s += (32 - hour) % 24 * 3600
        agent = _PEOPLE[sum(map(ord, name)) % len(_PEOPLE)]
        if chance.random() < 0.008:
            return False
        await asyncio.sleep(wait_s)
        if chance.random() < 0.12:
            return await self._elsewhere(name, text, agent)
        return await self._say(Draft(name, text, store=self.store, origin="human", agent=agent))

    async def _elsewhere(self, name: str, text: str, agent: str) -> bool:
        """A person types into the platform's own console."""
        self.told += 1
        if self.chance.random() < 0.02:
            text = "您自己看详情页，别问了"
        said = Outbound(self.store, name, text, f"e-{self.told}", origin="human", agent=agent)
        await self.gate.sent_elsewhere(said)
        return True

    async def _say(self, draft: Draft) -> bool:
        return (await self.gate.send(draft)).state == "sent"

    def _hour(self) -> int:
        return dt.datetime.fromtimestamp(self.clock.wall_ms() / 1000, PLATFORM_ZONE).hour


def shop_file(folder: Path) -> Path:
    """Write the shop's file."""
    path = folder / "xiaoman.toml"
    path.write_text(SHOP, "utf-8")
    return path


def play(folder: Path, *, days: int = DAYS, seed: int = 7) -> tuple[Path, int]:
    """Play the days up to `LAST`; give the ledger's file and the time at its end (Unix ms)."""
    path = folder / "ledger.db"
    time = Time()
    clock = MonthClock(time, LAST - dt.timedelta(days=days - 1))
    loop = ProcessLoop(time)
    # Nothing breaks in this month, so nobody has to look whether something has.
    with (
        mock.patch.object(wheel, "COMPARE_US", 600 * US_PER_S),
        mock.patch.object(housekeeping, "JANITOR_S", 3_600.0),
        mock.patch.object(shifts, "LOOK_S", 3_600.0),
    ):
        loop.run_until_complete(_live(load_store(shop_file(folder)), path, clock, days, seed))
    loop.close()
    return path, clock.wall_ms()


async def _live(store: Store, path: Path, clock: MonthClock, days: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same month in every run
    async with ReplyGate.open(
        stores=[store],
        ledger=f"sqlite:///{path}",
        journal=_Journal(),
        clock=clock,
        executor=InlineExecutor,
    ) as gate:
        gate.connect(store.id, _Platform(clock, chance))
        shop = _Shop(gate, store.id, clock, chance)
        first = LAST - dt.timedelta(days=days - 1)
        end_s = (days - 1) * 86_400 + EVENING.hour * 3600 + EVENING.minute * 60
        work = asyncio.gather(*(_one(shop, first, number, end_s) for number in range(days)))
        await asyncio.sleep(end_s)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def _one(shop: _Shop, first: dt.date, number: int, end_s: float) -> None:
    await asyncio.sleep(number * 86_400)
    await shop.day(first + dt.timedelta(days=number), end_s - number * 86_400)
