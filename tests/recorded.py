"""A recorded day as JSON events, told in local times of 2026-11-20."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

Told = dict[str, Any]

DAY = "2026-11-20"
OFFSET = "+08:00"


def moment(time: str) -> str:
    """`10:00:20` of the day, or `2026-11-21 10:00:20`, as an event writes it."""
    day, _, of_day = f"{DAY} {time}".rpartition(" ")
    return f"{day.rpartition(' ')[2]}T{of_day}{OFFSET}"


def ms(time: str) -> int:
    """The same as Unix ms."""
    return round(dt.datetime.fromisoformat(moment(time)).timestamp() * 1000)


def event(type_: str, time: str, *, seen: str | None = None, **fields: object) -> Told:
    """Any event of the conversation `c-1` of the store `shop`, unless it says otherwise."""
    told: Told = {"type": type_, "store": "shop", "conversation": "c-1", "at": moment(time)}
    if seen is not None:
        told["received_at"] = moment(seen)
    return {**told, **fields}


def asks(time: str, name: str | None = None, text: str = "在吗", **more: Any) -> Told:
    """The buyer writes."""
    name = name or f"in-{time}"
    return event("message", time, id=name, direction="in", origin="buyer", text=text, **more)


def says(
    time: str, origin: str = "human", text: str = "在的", name: str | None = None, **more: Any
) -> Told:
    """The store, or the platform in its name, writes."""
    name = name or f"out-{time}"
    return event("message", time, id=name, direction="out", origin=origin, text=text, **more)


def jsonl(events: Iterable[Told]) -> bytes:
    """The events as a file."""
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in events)
