"""Reads an `[adapter]` of kind `onebot`: a OneBot v11 proxy between a platform and a bot."""

from __future__ import annotations

from typing import Final

from replygate.config.adapter import read_address, refuse_foreign_keys, require_keys
from replygate.config.merge import Merged
from replygate.config.places import Report
from replygate.config.schema import AdapterTable
from replygate.config.secrets import read_secret
from replygate.config.store import OneBotAdapter

_HTTP: Final = ("http", "https")
_WEBSOCKET: Final = ("ws", "wss")


def read_onebot_adapter(
    table: AdapterTable, merged: Merged, report: Report
) -> OneBotAdapter | None:
    """Judge the table as a whole; None when `report` got an error."""
    refuse_foreign_keys(table, merged, report)
    is_http = table.way == "http"
    require_keys(table, ("way", "url", *(("event_url",) if is_http else ())), merged, report)
    if table.event_url is not None and not is_http:
        what = 'is for way = "http"; here events come over the connection itself'
        report.error(merged.place(("adapter", "event_url")), what)
    url = read_address(table.url, "url", _HTTP if is_http else _WEBSOCKET, merged, report)
    event_url = read_address(table.event_url, "event_url", _HTTP, merged, report)
    at = merged.place(("adapter", "token"))
    token = read_secret(table.token, at, report) if table.token else None
    if table.self_id is not None and not (table.self_id.isascii() and table.self_id.isdecimal()):
        report.error(merged.place(("adapter", "self_id")), "expected the digits of an account")
    if report.failed() or table.way is None or url is None:
        return None
    return OneBotAdapter(
        way=table.way,
        url=url,
        event_url=event_url,
        self_id=table.self_id,
        token=token,
        block_as=table.block_as,
        timeout_s=table.timeout_s,
        groups=table.groups,
        max_concurrency=table.max_concurrency,
    )
