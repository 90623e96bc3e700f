"""A process with a ledger that is killed: says on stdout, line by line, what it was told is done.

`asked N`, `net N` (the hold is given to the network), `sent N`. Run by `test_ledger_crash.py`.
"""

from __future__ import annotations

import asyncio
import os
import sys

from replygate.ledger import (
    Change,
    LegRow,
    MessageFact,
    OutboxRow,
    SqliteLedger,
    TurnRow,
)

STORE = "shop"
BUYERS = 20


def asked(name: str) -> tuple[MessageFact, Change]:
    message = MessageFact(
        STORE, name, "m", "in", "buyer", None, "text", 1_000, 1_000, None, "hash", "在吗"
    )
    turn = TurnRow(f"turn {name}", STORE, name, 1, 1_000, "m", 1_000)
    return message, Change(turns=(turn,), legs=(LegRow(turn.turn_id, "hold", 0, 2_000),))


def hold(name: str) -> OutboxRow:
    return OutboxRow(
        f"send {name}", STORE, name, f"turn {name}", "hold", None, "armed", 2_000, leg_seq=0
    )


def held(name: str) -> tuple[MessageFact, Change]:
    message = MessageFact(
        STORE, name, "h", "out", "hold", None, "text", 3_000, 3_000, None, "hash", "请看"
    )
    turn = TurnRow(f"turn {name}", STORE, name, 1, 1_000, "m", 1_000, 3_000, "h")
    return message, Change(turns=(turn,))


def say(word: str, name: str) -> None:
    os.write(1, f"{word} {name}\n".encode())


async def send_hold(ledger: SqliteLedger, name: str) -> None:
    if await ledger.begin(hold(name)):
        say("net", name)
        message, change = held(name)
        await ledger.finish(f"send {name}", "sent", message=message, change=change)
        say("sent", name)


async def buyer(ledger: SqliteLedger, run: str, number: int) -> None:
    for count in range(10**9):
        name = f"{run}-{number}-{count}"
        await ledger.record_inbound(*asked(name))
        say("asked", name)
        await send_hold(ledger, name)


async def main(url: str, run: str) -> None:
    ledger = await SqliteLedger.open(url)
    restored = await ledger.restore(0)
    left = [leg.conversation for leg in restored.legs if leg.kind == "hold"]
    await asyncio.gather(
        *(send_hold(ledger, name) for name in left),
        *(buyer(ledger, run, number) for number in range(BUYERS)),
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
