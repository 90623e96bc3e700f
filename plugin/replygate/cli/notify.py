"""`replygate notify`: whom a store tells of what, and whether they can be reached."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from typing import Final

from replygate.cli.columns import visible
from replygate.cli.exits import OK, WRONG, InputError
from replygate.cli.output import dump_json, say
from replygate.clock import SystemClock
from replygate.config import Store, Webhook, load_store
from replygate.config.schema_notify import DEFAULT_EVENTS
from replygate.notify import name_of, require_http
from replygate.notify.post import Poster
from replygate.notify.trial import Tried, try_webhook

_ORDER: Final = ("warn", *DEFAULT_EVENTS)


def run(args: Namespace) -> int:
    """List the webhooks; with `--test` send each a message, WRONG where one was not taken."""
    store = load_store(args.store, enable=args.enable, settings=args.set)
    if not store.webhooks:
        raise InputError(f'notify: the store "{store.id}" has no [[webhook]]')
    if not args.test:
        for webhook in store.webhooks:
            print(_line(webhook, None, json=args.json))
        return OK
    require_http([store])
    tried = asyncio.run(_try_all(store))
    for webhook, result in zip(store.webhooks, tried, strict=True):
        print(_line(webhook, result, json=args.json))
    failed = sum(not result.ok for result in tried)
    say(f"notify: {len(tried) - failed} of {len(tried)} took the test message")
    return WRONG if failed else OK


async def _try_all(store: Store) -> Sequence[Tried]:
    poster, clock = Poster(), SystemClock()
    try:
        return [await try_webhook(hook, store, clock, poster) for hook in store.webhooks]
    finally:
        await poster.close()


def _line(webhook: Webhook, tried: Tried | None, *, json: bool) -> str:
    events = [event for event in _ORDER if event in webhook.events]
    if json:
        told = {"webhook": name_of(webhook), "kind": webhook.kind, "events": events}
        return dump_json(told if tried is None else {**told, "ok": tried.ok, "said": tried.said})
    name = visible(name_of(webhook))
    if tried is None:
        return f"{name}: {', '.join(events)}"
    return f"{name}: {'ok' if tried.ok else 'FAILED'}: {visible(tried.said)}"
