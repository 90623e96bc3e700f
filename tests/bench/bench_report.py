"""What reports cost on a large ledger, against a plain COUNT over the same messages.

`cold`: nothing was kept before. `warm`: the store was looked at before, and nothing has happened
since. `a message later`: the store was looked at before, and then somebody wrote, so that today and
yesterday are worked out from their messages again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from measure import Figure, Result, compared, percentile
from replygate.config import Store, load_store
from replygate.ledger import Ledger, MessageFact, SqliteLedger
from replygate.report.gather import start_ms
from replygate.report.make import store_report
from replygate.report.stores import every_store, worst_first
from replygate.timing.calendar import DAY_MS, local_day
from replygate.timing.metrics.figure import Period

NOW_MS = 1_795_003_200_000
"""20:00 of a day in Shanghai."""

DAYS = 31
WINDOW = "30d"
PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")
AGENTS = ("甲", "乙", "丙", "丁", None)
ORIGINS = ("human", "human", "human", "bot", "bot", "hold")
OPEN_MS = 9 * 3_600_000
DUTY_MS = 14 * 3_600_000
EARLIER_MS = 600_000

Row = tuple[object, ...]

INSERT = "INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
COUNT_STORE = "SELECT count(*) FROM message WHERE store = ? AND at_ms >= ? AND at_ms < ?"
COUNT_ALL = "SELECT count(*) FROM message WHERE at_ms >= ? AND at_ms < ?"


def stores(number: int) -> list[Store]:
    """Stores of six platforms by turns."""
    kinds = [load_store(f"demo-{platform}") for platform in PLATFORMS]
    return [replace(kinds[index % len(kinds)], id=f"store-{index:03}") for index in range(number)]


def messages(store: str, each_day: int, chance: random.Random) -> Iterator[Row]:
    """A month of one store: buyers with a few questions each, most of them answered soon."""
    midnight_ms = start_ms(local_day(NOW_MS)) - DAYS * DAY_MS
    for day in range(DAYS + 1):
        written = 0
        for buyer in range(each_day):
            at_ms = midnight_ms + day * DAY_MS + OPEN_MS + chance.randrange(DUTY_MS)
            name = f"buyer-{buyer if chance.random() < 0.1 else day * each_day + buyer}"
            for row in talk(store, name, at_ms, chance):
                # Nobody has written yet what will be written tonight.
                if int(str(row[7])) < NOW_MS - EARLIER_MS:
                    yield row
                    written += 1
            if written >= each_day:
                break


def talk(store: str, name: str, at_ms: int, chance: random.Random) -> Iterator[Row]:
    """One buyer's questions and the answers to them."""
    agent = chance.choice(AGENTS)
    for number in range(chance.randint(1, 4)):
        for asked in range(chance.randint(1, 2)):
            at_ms += chance.randrange(1_000, 40_000)
            yield line(store, name, f"q{at_ms}{number}{asked}", "in", "buyer", None, at_ms)
        if chance.random() < 0.93:
            at_ms += round(chance.expovariate(1 / 70_000)) + 500
            origin = chance.choice(ORIGINS)
            yield line(store, name, f"a{at_ms}{number}", "out", origin, agent, at_ms)


def line(*of: object) -> Row:
    store, name, message_id, direction, origin, agent, at_ms = of
    return (
        store,
        name,
        message_id,
        direction,
        origin,
        agent,
        "text",
        at_ms,
        at_ms,
        None,
        "0" * 32,
        None,
    )


def fill(path: Path, names: list[str], total: int) -> int:
    """Write the messages past the ledger's own way, which would take an hour; how many."""
    chance = random.Random(11)  # noqa: S311 - the same shops in every run
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    each_day = max(1, total // (len(names) * (DAYS + 1)))
    for name in names:
        rows = sorted(messages(name, each_day, chance), key=lambda row: str(row[7]))
        connection.execute("BEGIN")
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (written,) = connection.execute("SELECT count(*) FROM message").fetchone()
    connection.close()
    return int(written)


def span() -> tuple[Period, int, int]:
    """The days that are asked for, and their first and last instant."""
    today = local_day(NOW_MS)
    asked = Period(today - dt.timedelta(days=29), today)
    return asked, start_ms(asked.first), start_ms(today) + DAY_MS


def count_s(path: Path, select: str, values: tuple[object, ...], rounds: int) -> float:
    """The usual time of a plain COUNT, with the same pages in memory as the report has."""
    connection = sqlite3.connect(path)
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        connection.execute(select, values).fetchone()
        times.append(time.perf_counter() - began)
    connection.close()
    return percentile(times, 50)


async def one_s(
    ledger: Ledger, store: Store, *, keep: bool, rounds: int, later: bool = False
) -> float:
    """The usual time of one store's report of 30 days, with all that the terminal shows of it.

    `later`: somebody writes before each.
    """
    asked, *_ = span()
    times = []
    for number in range(rounds):
        if later:
            await write(ledger, store, f"later-{number}")
        began = time.perf_counter()
        report = await store_report(ledger, store, asked, now_ms=NOW_MS, keep=keep)
        assert len(report.slowest) > 0, "somebody waited"
        assert len(report.rules) == 0, "nothing was said that matches"
        times.append(time.perf_counter() - began)
        assert report.messages_in > 0, "there was something to count"
    return percentile(times, 50)


async def write(ledger: Ledger, store: Store, message_id: str) -> None:
    """A buyer writes."""
    fact = MessageFact(
        store=store.id,
        conversation="buyer-later",
        id=message_id,
        direction="in",
        origin="buyer",
        agent=None,
        kind="text",
        at_ms=NOW_MS - 1_000,
        received_ms=NOW_MS - 1_000,
        topic=None,
        text_hash="0" * 32,
    )
    assert await ledger.record_inbound(fact), "it is new"


async def all_s(ledger: Ledger, shops: list[Store], *, keep: bool) -> float:
    """The time of the reports of all stores, put in order."""
    began = time.perf_counter()
    made = every_store(ledger, shops, WINDOW, now_ms=NOW_MS, keep=keep)
    reports = worst_first([report async for report in made])
    assert len(reports) == len(shops), "each has one"
    return time.perf_counter() - began


async def time_reports(url: str, shops: list[Store], rounds: int) -> dict[str, float]:
    """Cold first: afterwards the closed days are kept."""
    reader = await SqliteLedger.open(url, read_only=True)
    cold_s = await one_s(reader, shops[0], keep=False, rounds=3)
    await reader.close()
    ledger = await SqliteLedger.open(url)
    found = {"one cold": cold_s, "all cold": await all_s(ledger, shops, keep=True)}
    found["one warm"] = await one_s(ledger, shops[0], keep=True, rounds=rounds)
    found["all warm"] = await all_s(ledger, shops, keep=True)
    found["one later"] = await one_s(ledger, shops[0], keep=True, rounds=rounds, later=True)
    await asyncio.gather(*(write(ledger, shop, "all-later") for shop in shops))
    found["all later"] = await all_s(ledger, shops, keep=True)
    await ledger.close()
    return found


def measure(*, quick: bool) -> list[Result]:
    """One store's report and everybody's, cold and warm, against COUNT."""
    number, total, rounds = (12, 60_000, 5) if quick else (300, 3_000_000, 15)
    shops = stores(number)
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        path = Path(name) / "report.db"
        url = f"sqlite:///{path}"
        asyncio.run(_make(url))
        written = fill(path, [store.id for store in shops], total)
        _, since_ms, until_ms = span()
        times = asyncio.run(time_reports(url, shops, rounds))
        one_count_s = count_s(path, COUNT_STORE, (shops[0].id, since_ms, until_ms), rounds)
        all_count_s = count_s(path, COUNT_ALL, (since_ms, until_ms), 3)
    return [
        compared("one store, 30 days, warm / COUNT", times["one warm"], one_count_s, budget=5),
        compared("all stores, 30 days, warm / COUNT", times["all warm"], all_count_s, budget=10),
        compared("one store, a message later / COUNT", times["one later"], one_count_s),
        compared("all stores, a message in each later / COUNT", times["all later"], all_count_s),
        compared("one store, 30 days, cold / COUNT", times["one cold"], one_count_s),
        compared("all stores, 30 days, cold / COUNT", times["all cold"], all_count_s),
        Figure("messages", written, ""),
        Figure("stores", number, ""),
        Figure("one store, warm", round(times["one warm"] * 1e3, 2), "ms"),
        Figure("one store, a message later", round(times["one later"] * 1e3, 2), "ms"),
        Figure("one store, cold", round(times["one cold"] * 1e3, 1), "ms"),
        Figure("all stores, warm", round(times["all warm"], 2), "s"),
        Figure("all stores, a message in each later", round(times["all later"], 2), "s"),
        Figure("all stores, cold", round(times["all cold"], 1), "s"),
    ]


async def _make(url: str) -> None:
    await (await SqliteLedger.open(url)).close()
