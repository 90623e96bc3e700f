"""`replygate evidence`: everything of one conversation, for an appeal."""

from __future__ import annotations

import asyncio
import csv
import io
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from replygate.cli.columns import visible, wrap
from replygate.cli.exits import OK, InputError
from replygate.cli.output import dump_json, say, terminal_width
from replygate.cli.report_csv import safe_cell
from replygate.cli.report_json import time_json
from replygate.cli.result import write_result
from replygate.clock import SystemClock
from replygate.config import Store, load_store
from replygate.report import wording
from replygate.report.evidence import Evidence, evidence
from replygate.report.evidence_rows import EvidenceRow, evidence_rows, gaps
from replygate.report.html import evidence_page
from replygate.report.opening import reading


def run(args: Namespace) -> int:
    """Read one conversation and write it down."""
    store = load_store(args.store, enable=args.enable, settings=args.set)
    found = asyncio.run(_found(args.ledger, store.id, args.conversation))
    if found.is_empty:
        raise InputError(
            f'the ledger knows no conversation "{args.conversation}" of the store "{store.id}"'
        )
    now_ms = SystemClock().wall_ms()
    rows, missing = evidence_rows(store, found, now_ms), gaps(store, found)
    if args.html:
        write_result(args.html, evidence_page(store, found.conversation, rows, missing, now_ms))
    elif args.csv:
        write_result(args.csv, as_csv(rows))
        for gap in missing:
            say(gap)
    elif args.json:
        print(dump_json(as_json(found, missing)))
    else:
        print("\n".join(_lines(store, found, rows, missing, terminal_width())))
    return OK


async def _found(ledger: str, store: str, conversation: str) -> Evidence:
    async with reading(ledger) as rows:
        return await evidence(rows, store, conversation)


def as_csv(rows: Sequence[EvidenceRow]) -> str:
    """The rows, with a byte order mark: Excel reads UTF-8 only so."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("at", "seen_at", "who", "what", "text", "id"))
    for row in rows:
        seen = "" if row.seen_ms is None else time_json(row.seen_ms)
        cells = (time_json(row.at_ms), seen, row.who, row.what, row.text or "", row.id)
        table.writerow(map(safe_cell, cells))
    return f"\ufeff{out.getvalue()}"


def as_json(found: Evidence, missing: Sequence[str]) -> dict[str, Any]:
    """The facts as the ledger keeps them, each `*_ms` also as a time."""
    parts = ("messages", "notices", "findings", "sends", "turns", "clocks", "legs", "ratings")
    return {
        "store": found.store,
        "conversation": found.conversation,
        **{part: [_fact(one) for one in getattr(found, part)] for part in parts},
        "truncated": found.truncated,
        "missing": list(missing),
    }


def _fact(row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in asdict(row).items():
        if key.endswith("_ms"):
            told[f"{key.removesuffix('_ms')}_at" if key != "at_ms" else "at"] = (
                None if value is None else time_json(value)
            )
        elif key not in {"store", "conversation", "text_hash"}:
            told[key] = value
    return told


def _lines(
    store: Store,
    found: Evidence,
    rows: Sequence[EvidenceRow],
    missing: Sequence[str],
    width: int,
) -> Iterator[str]:
    yield f"{visible(store.name)} ({store.id})  会话 conversation {visible(found.conversation)}"
    yield ""
    for row in rows:
        seen = ""
        if row.seen_ms is not None and row.seen_ms != row.at_ms:
            seen = f"（收到 seen {wording.moment(row.seen_ms, '%H:%M:%S')}）"
        text = "" if row.text is None else f"：{visible(row.text)}"
        line = f"{visible(row.who)}  {visible(row.what)}{seen}{text}"
        first, *rest = wrap(line, width - 21)
        yield f"{wording.moment(row.at_ms, '%Y-%m-%d %H:%M:%S')}  {first}"
        for each in rest:
            yield f"{' ' * 21}{each}"
    if missing:
        yield ""
        yield "没有保存的 what was not kept"
        for gap in missing:
            first, *rest = wrap(gap, width - 4)
            yield f"  {first}"
            yield from (f"    {each}" for each in rest)
