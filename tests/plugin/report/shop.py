"""A store with everything that is counted, and a ledger full of its days."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from replygate.config import Store, load_store
from replygate.ledger import (
    Change,
    DutyRow,
    FindingRow,
    InlineExecutor,
    Ledger,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    SqliteLedger,
    TurnRow,
)
from replygate.ledger.facts import Direction
from replygate.model import Origin
from replygate.runtime.history import notice
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.events import Fact, Mark

TODAY = dt.date(2026, 11, 20)
"""A Friday."""

SHOP = """\
id = "{name}"
platform = "{platform}"
edition = "{edition}"

[[deadline]]
id = "ours"
name = "三分钟"
due_s = 180

[privacy]
log_text = "{log_text}"
"""


def ms(clock: str, day: dt.date = TODAY) -> int:
    """A local time of a day (Unix ms)."""
    at = dt.datetime.combine(day, dt.time.fromisoformat(clock), PLATFORM_ZONE)
    return round(at.timestamp() * 1000)


def shop(
    folder: Path,
    *,
    name: str = "shop",
    platform: str = "pdd",
    edition: str = "sources-2023",
    log_text: str = "findings",
) -> Store:
    path = folder / f"{name}.toml"
    text = SHOP.format(name=name, platform=platform, edition=edition, log_text=log_text)
    path.write_text(text, "utf-8")
    return load_store(path)


@cache
def plain_shop() -> Store:
    """A store of the same platform without files: for tests of many shops."""
    return replace(load_store("demo-pdd"), id="shop")


@asynccontextmanager
async def ledger_of(path: Path | None = None) -> AsyncIterator[Ledger]:
    """A ledger in memory, or in a file."""
    url = "sqlite://" if path is None else f"sqlite:///{path}"
    ledger = await SqliteLedger.open(url, executor=InlineExecutor)
    yield ledger
    await ledger.close()


def line(
    id_: str,
    at_ms: int,
    *,
    store: str = "shop",
    conversation: str = "c-1",
    direction: Direction = "in",
    origin: Origin = "buyer",
    agent: str | None = None,
    text: str | None = None,
) -> MessageFact:
    return MessageFact(
        store,
        conversation,
        id_,
        direction,
        origin,
        agent,
        "text",
        at_ms,
        at_ms + 500,
        None,
        "0" * 32,
        text,
    )


def reply(
    id_: str,
    at_ms: int,
    *,
    store: str = "shop",
    conversation: str = "c-1",
    origin: Origin = "human",
    agent: str | None = "甲",
    text: str | None = None,
) -> MessageFact:
    return line(
        id_,
        at_ms,
        store=store,
        conversation=conversation,
        direction="out",
        origin=origin,
        agent=agent,
        text=text,
    )


def noticed(fact: Fact | Mark, *, store: str = "shop", conversation: str = "c-1") -> MessageFact:
    """How a fact that is no message stands in the ledger."""
    return notice(store, conversation, fact, "0" * 32)


def sent(
    send_id: str,
    at_ms: int,
    *,
    store: str = "shop",
    conversation: str = "c-1",
    origin: Origin = "bot",
    verdict: str = "pass",
    state: str = "skipped",
    leg: LegRow | None = None,
) -> OutboxRow:
    return OutboxRow(
        send_id,
        store,
        conversation,
        None if leg is None else leg.turn_id,
        origin,
        "乙",
        state,  # type: ignore[arg-type] # the test names one of them
        at_ms,
        verdict=verdict,  # type: ignore[arg-type] # the test names one of them
        leg_seq=None if leg is None else leg.seq,
    )


def finding(
    message_id: str,
    at_ms: int,
    *,
    rule: str = "contact.wechat",
    action: str = "block",
    store: str = "shop",
    masked: str | None = "微***",
) -> FindingRow:
    return FindingRow(
        store,
        "c-1",
        message_id,
        at_ms,
        rule,
        action,  # type: ignore[arg-type] # the test names one of them
        0,
        2,
        evasion=False,
        masked=masked,
    )


def turn(number: int, asked_ms: int, *, store: str = "shop") -> TurnRow:
    return TurnRow(f"{store}/c-1/{number}", store, "c-1", number, asked_ms, f"q-{number}", asked_ms)


async def tell(ledger: Ledger, *messages: MessageFact) -> None:
    for message in messages:
        if message.direction == "in":
            assert await ledger.record_inbound(message)
        else:
            assert await ledger.record_store_message(message)


async def live(ledger: Ledger, *, store: str = "shop", days: int = 5, seed: int = 1) -> None:
    """Some days of a shop that does what shops do, the last of them `TODAY`."""
    chance = random.Random(seed)  # noqa: S311 - the same days in every run
    for back in range(days):
        day = TODAY - dt.timedelta(days=back)
        for message in _talks(chance, day, store):
            await tell(ledger, message)
        for number in range(3):
            await ledger.record_rating(_rating(chance, day, number, store))
        await ledger.record_duty(
            DutyRow(store, "甲", ms("09:00", day), ms("09:00", day), online=True)
        )
        await ledger.record_duty(
            DutyRow(store, "甲", ms("18:00", day), ms("18:00", day), online=False)
        )
        await _sends(ledger, chance, day, store)


def _talks(chance: random.Random, day: dt.date, store: str) -> Iterator[MessageFact]:
    for buyer in range(12):
        # Some buyers come again, and some talk past midnight.
        name = f"b-{buyer}" if buyer < 4 else f"b-{day}-{buyer}"
        at_ms = ms("00:00", day) + chance.randrange(86_400_000)
        for number in range(chance.randint(1, 3)):
            key = f"{day}-{number}"
            yield line(f"q-{key}", at_ms, store=store, conversation=name)
            at_ms += chance.choice([20_000, 100_000, 400_000, 9_000_000])
            if chance.random() < 0.85:
                origin: Origin = chance.choice(["human", "bot", "hold", "platform"])
                agent = chance.choice(["甲", "乙", None])
                yield reply(
                    f"a-{key}", at_ms, store=store, conversation=name, origin=origin, agent=agent
                )


def _rating(chance: random.Random, day: dt.date, number: int, store: str) -> RatingRow:
    at_ms = ms("12:00", day) + number
    label = chance.choice(["satisfied", "average", "disappointed", None])
    return RatingRow(
        store,
        "b-1",
        f"g-{day}-{number}",
        at_ms,
        at_ms,
        "甲",
        label=label,  # type: ignore[arg-type] # one of them
    )


async def _sends(ledger: Ledger, chance: random.Random, day: dt.date, store: str) -> None:
    for number in range(4):
        at_ms = ms("10:00", day) + number
        name = f"{store}-{day}-{number}"
        verdict = chance.choice(["pass", "rewrite", "block"])
        found = [] if verdict == "pass" else [finding(name, at_ms, store=store, action=verdict)]
        await ledger.intend(sent(name, at_ms, store=store, verdict=verdict), found)
    generation = day.toordinal()
    of = turn(generation, ms("11:00", day), store=store)
    legs = (
        LegRow(of.turn_id, "follow_up", 0, ms("11:05", day), opened_by="h-1"),
        LegRow(of.turn_id, "hold", 0, ms("11:01", day)),
    )
    await ledger.record_change(Change(turns=(of,), legs=legs))
    await ledger.settle_leg(legs[0].key, chance.choice(["fired", "cancelled"]))
    await ledger.settle_leg(legs[1].key, "skipped", "min_gap")
