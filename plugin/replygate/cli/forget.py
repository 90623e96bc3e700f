"""`replygate forget`: remove everything about a buyer."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from urllib.parse import quote

from replygate.cli.columns import visible
from replygate.cli.exits import OK, InputError
from replygate.config import load_store
from replygate.errors import LedgerError
from replygate.ledger import SqliteLedger
from replygate.ledger.url import ledger_path


def run(args: Namespace) -> int:
    """Remove the rows of one conversation, and say how many there were."""
    store = load_store(args.store, enable=args.enable, settings=args.set).id
    path = ledger_path(args.ledger)
    # Opening it for writing would make one.
    if path is None or not path.exists():
        raise InputError(f"{args.ledger}: there is no such ledger")
    count = asyncio.run(_forget(args.ledger, store, args.conversation))
    if count == 0:
        raise InputError(
            f'the ledger knows no conversation "{args.conversation}" of the store "{store}"'
        )
    print(f"{visible(args.conversation)}: {count} rows removed")
    return OK


async def _forget(url: str, store: str, conversation: str) -> int:
    try:
        ledger = await SqliteLedger.open(url)
    except LedgerError as error:
        if "is in use" not in str(error):
            raise
        # What that process has in memory must go as well.
        path = f"/v1/stores/{store}/conversations/{quote(conversation, safe='')}/forget"
        message = f"{error}. Ask that one (POST {path}), or stop it first"
        raise LedgerError(message) from error
    try:
        return await ledger.forget(store, conversation)
    finally:
        await ledger.close()
