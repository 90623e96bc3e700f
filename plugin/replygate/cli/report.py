"""`replygate report`: where a store stands, and how much room is left."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Final

from replygate.cli.exits import OK, USAGE, InputError
from replygate.cli.output import dump_json, has_colour, say, terminal_width
from replygate.cli.progress import Progress
from replygate.cli.report_all import overview
from replygate.cli.report_csv import as_csv
from replygate.cli.report_json import report_json
from replygate.cli.report_text import summary
from replygate.cli.result import write_result
from replygate.clock import SystemClock
from replygate.config import Store, load_store, load_stores
from replygate.report.html import report_page
from replygate.report.make import store_report
from replygate.report.opening import reading
from replygate.report.report import StoreReport
from replygate.report.stores import worst_first
from replygate.report.window import DAYS_MAX
from replygate.timing.calendar import local_day
from replygate.timing.metrics.figure import Period

DAYS: Final = 30
"""Days up to today that are reported where nobody says otherwise."""


def run(args: Namespace) -> int:
    """Make every report before anything is printed: a ledger that fails gives no half output."""
    wrong = _contradiction(args)
    if wrong:
        say(f"replygate report: {wrong}; see 'replygate report --help'")
        return USAGE
    now_ms = SystemClock().wall_ms()
    period = _period(args, local_day(now_ms))
    stores = list(load_stores(args.stores).values()) if args.all else _named_stores(args)
    reports = asyncio.run(_reports(args.ledger, stores, period, now_ms))
    _show(args, worst_first(reports) if args.all else reports)
    return OK


def _contradiction(args: Namespace) -> str | None:
    if args.all and (args.store or not args.stores):
        return "--all needs --stores DIR, and no -s STORE"
    if not args.all and (args.stores or not args.store):
        return "-s STORE is missing (every store of a folder: --all --stores DIR)"
    if args.all and (args.enable or args.set):
        return "--enable and --set change the store that -s names"
    if args.html and (args.all or len(args.store) > 1):
        return "--html makes the page of one store"
    if args.since and args.until and args.since > args.until:
        return f"--since {args.since} is after --until {args.until}"
    return None


def _period(args: Namespace, today: dt.date) -> Period:
    """The days that are asked for. Days to come are left out."""
    last = min(args.until or today, today)
    first = args.since or last - dt.timedelta(days=DAYS - 1)
    if first > last:
        raise InputError(f"--since {first} is after today, {today}")
    if (last - first).days >= DAYS_MAX:
        raise InputError(f"--since {first}: a report has at most {DAYS_MAX} days")
    return Period(first, last)


def _named_stores(args: Namespace) -> list[Store]:
    stores: dict[str, Store] = {}
    for source in args.store:
        store = load_store(source, enable=args.enable, settings=args.set)
        if store.id in stores:
            raise InputError(f'the store "{store.id}" is given twice')
        stores[store.id] = store
    return list(stores.values())


async def _reports(
    ledger: str, stores: Sequence[Store], period: Period, now_ms: int
) -> list[StoreReport]:
    reports = []
    progress = Progress("reporting", len(stores))
    async with reading(ledger) as rows:
        for done, store in enumerate(stores):
            progress.to(done)
            reports.append(await store_report(rows, store, period, now_ms=now_ms, keep=False))
    progress.end()
    return reports


def _show(args: Namespace, reports: Sequence[StoreReport]) -> None:
    if args.html:
        write_result(args.html, report_page(reports[0]))
    elif args.csv:
        write_result(args.csv, as_csv(reports, by_agent=args.by_agent))
    elif args.json:
        for report in reports:
            print(dump_json(report_json(report)))
    elif args.all:
        print("\n".join(overview(reports, terminal_width(), coloured=has_colour())))
    else:
        for report in reports:
            lines = summary(report, terminal_width(), by_agent=args.by_agent, coloured=has_colour())
            print("\n".join(lines), end="\n\n" if len(reports) > 1 else "\n", file=sys.stdout)
