"""`replygate serve`: the sidecar."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from argparse import Namespace
from pathlib import Path
from typing import Final

from replygate.cli.exits import OK, InputError
from replygate.cli.output import say

_NEEDED: Final = {"aiohttp": "http", "prometheus_client": "metrics"}


def run(args: Namespace) -> int:
    """Serve until the process is told to end; raises where that can not begin."""
    require_extras("serve")
    from replygate.config import Secret
    from replygate.sidecar.server import serve
    from replygate.sidecar.settings import Settings

    token = os.environ.get("REPLYGATE_ADMIN_TOKEN")
    settings = Settings(
        stores=Path(args.stores),
        listen=args.listen,
        admin=args.admin,
        ledger=args.ledger,
        journal=args.journal,
        operators=Path(args.operators) if args.operators else None,
        admin_token=Secret(token, "env REPLYGATE_ADMIN_TOKEN") if token else None,
        observes=args.observe,
        is_open=args.no_auth,
    )
    asyncio.run(serve(settings, say))
    return OK


def require_extras(command: str) -> None:
    """Raise InputError where a library is missing that only the sidecar needs."""
    missing = [extra for name, extra in _NEEDED.items() if importlib.util.find_spec(name) is None]
    if missing:
        extras = ",".join(missing)
        raise InputError(
            f"{command}: an extra is not installed; run pip install 'replygate[{extras}]'"
        )
