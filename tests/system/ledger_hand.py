"""A process with a ledger that does what it is told on stdin. Run by `test_ledger_faults.py`.

Each line is a command; the answer is one line. `write ID`, `health`, `check`, `count`,
`limit BYTES` (the largest file it may write), `unlimit`, `close`.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator

from replygate.errors import LedgerError
from replygate.ledger import MessageFact, SqliteLedger

STORE = "shop"
TEXT = "这件衣服有没有大一号的" * 100
NOBODY = 65534


def limit_file_bytes(limit_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))


async def do(ledger: SqliteLedger, command: str, argument: str) -> object:
    match command:
        case "write":
            message = MessageFact(
                STORE, "c", argument, "in", "buyer", None, "text", 1, 1, None, "hash", TEXT
            )
            return await ledger.record_inbound(message)
        case "health":
            return ledger.healthy
        case "check":
            return await ledger.check()
        case "count":
            return len([one async for one in ledger.messages(STORE, 0, 10)])
        case "limit":
            limit_file_bytes(int(argument))
            return "limited"
        case "unlimit":
            limit_file_bytes(resource.RLIM_INFINITY)
            return "unlimited"
        case _:
            raise AssertionError(command)


async def lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def main(url: str) -> None:
    if os.geteuid() == 0:
        # Root may write what is read-only, so it would see no fault.
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        ledger = await SqliteLedger.open(url, busy_timeout_ms=20)
    except LedgerError as error:
        print(error, flush=True)
        return
    print("open", flush=True)
    async for line in lines():
        command, _, argument = line.strip().partition(" ")
        try:
            answer = await do(ledger, command, argument)
        except LedgerError as error:
            answer = error
        print(answer, flush=True)
    await ledger.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
