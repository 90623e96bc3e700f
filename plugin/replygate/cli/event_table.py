"""A table of messages, as a shop's console exports it, read as events."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from replygate.cli.event_words import has_seconds, kind_of, sender_of, time_of
from replygate.cli.exits import InputError
from replygate.cli.output import say
from replygate.cli.tables import Column, Place, is_table, read_table
from replygate.events import Event
from replygate.runtime.fields import EventError
from replygate.runtime.parse import parse_event

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "at": (
        *("时间", "发送时间", "消息时间", "聊天时间", "会话时间", "日期时间", "创建时间"),
        *("at", "time", "timestamp", "datetime", "sent_at", "created_at"),
    ),
    "who": (
        *("发送方", "发送者类型", "发送方类型", "发送人类型", "角色", "身份", "消息方向", "方向"),
        *("发送者", "发送人", "who", "origin", "direction", "role", "from", "sender"),
    ),
    "text": (
        *("内容", "消息内容", "聊天内容", "发送内容", "消息", "文本"),
        *("text", "content", "message"),
    ),
    "conversation": (
        *("会话id", "会话编号", "会话标识", "会话", "买家id", "买家账号", "买家昵称", "买家"),
        *("客户id", "客户昵称", "用户id", "用户昵称", "顾客", "客户"),
        *("conversation", "conversation_id", "session_id", "buyer_id", "buyer"),
    ),
    "id": ("消息id", "消息编号", "id", "message_id", "msg_id"),
    "date": ("日期", "date"),
    "agent": ("客服账号", "客服昵称", "客服名称", "接待客服", "子账号", "agent"),
    "kind": ("消息类型", "内容类型", "kind", "msg_type"),
    "store": ("店铺id", "店铺", "店铺名称", "store"),
}
"""What a table may tell of a message, and the names of the columns that do, the likeliest first."""

_REQUIRED: Final = ("at", "who", "text", "conversation")
_OTHERS_MAX: Final = 20
_OF_DAY: Final = re.compile(r"\d{1,2}[:时]")


class TableRecording:
    """The messages of some stores in a table; the same to `replay` as a file of events.

    `stores` are ids, each with the store's name: a table may use either. `columns` names the
    columns that are called something else (`{"text": "回复话术"}`).
    """

    def __init__(self, name: str, stores: Mapping[str, str], columns: Mapping[str, str]) -> None:
        assert is_table(name)
        self.others: dict[str, None] = {}
        self._name = name
        self._columns = columns
        self._ids = {named: id_ for id_, shop in stores.items() for named in (shop, id_)}
        self._alone = next(iter(stores)) if len(stores) == 1 else None
        self._copies: Counter[str] = Counter()
        self._events: dict[str, list[Event]] = {store: [] for store in stores}
        self._read()

    def count(self, store: str) -> int:
        """How many messages of the store there are."""
        return len(self._events[store])

    def events(self, store: str) -> Iterator[Event]:
        """The store's messages by time; equal times as in the table."""
        return iter(sorted(self._events[store], key=lambda event: event.at_ms or 0))

    def _read(self) -> None:
        asked = self._columns
        columns = [
            Column(
                f"--map {field}=NAME", names, asked.get(field), field in (*_REQUIRED, *asked.keys())
            )
            for field, names in FIELDS.items()
        ]
        rough: Place | None = None
        for place, cells in read_table(self._name, columns):
            row = dict(zip(FIELDS, cells, strict=True))
            self._note(row, place)
            rough = rough or (None if has_seconds(row["at"]) else place)
        if rough is not None:
            say(f"{self._place(rough)}: times have no seconds; a wait may be off by a minute")

    def _note(self, row: dict[str, str], place: Place) -> None:
        try:
            store = self._store(row["store"])
            if store not in self._events:
                if len(self.others) < _OTHERS_MAX:
                    self.others[store] = None
                return
            self._events[store].append(parse_event(self._told(row), store=store))
        except EventError as fault:
            field = {"direction": "who", "origin": "who"}.get(fault.field, fault.field)
            column = self._columns.get(field)
            named = f"{field} ({column})" if column else field
            raise InputError(f"{self._place(place)}: {named}: {fault.what}") from fault

    def _store(self, named: str) -> str:
        named = named.strip()
        if named:
            return self._ids.get(named, named)
        if self._alone is None:
            raise EventError("store", "is missing, and several stores are given")
        return self._alone

    def _told(self, row: dict[str, str]) -> dict[str, str]:
        direction, origin = sender_of(row["who"])
        told = {
            "type": "message",
            "direction": direction,
            "origin": origin,
            "conversation": row["conversation"].strip(),
            "kind": kind_of(row["kind"]),
            "text": row["text"],
            "at": time_of(_moment(row)),
        }
        if row["agent"].strip() and direction == "out":
            told["agent"] = row["agent"].strip()
        told["id"] = row["id"].strip() or self._id(told)
        return told

    def _id(self, told: Mapping[str, str]) -> str:
        """A name for a message that has none: twice the same row is two messages."""
        same = "\x1f".join(told[key] for key in ("conversation", "direction", "at", "text"))
        name = hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._copies[name] += 1
        return f"row:{name}:{self._copies[name]}"

    def _place(self, place: Place) -> str:
        if place.sheet is None:
            return f"{self._name}:{place.line}"
        return f"{self._name}: {place}"


def _moment(row: Mapping[str, str]) -> str:
    """The time of a row; some tables keep its day in a column of its own."""
    day, time = row["date"].strip(), row["at"].strip()
    return f"{day} {time}" if day and _OF_DAY.match(time) else time


def column_names(given: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What several --map say together. Raises InputError where they name a field twice."""
    names: dict[str, str] = {}
    for part in given:
        for field, column in part.items():
            if field in names:
                raise InputError(f"--map: {field} is given twice")
            names[field] = column
    return names
