"""Lays a store's file over its groups: tables merge key by key, lists of tables add up."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from replygate.config.places import KeyPath, Place, Report, Source, dotted
from replygate.config.read import Data, Document

_TABLE_LISTS = frozenset(
    {
        ("screening", "rule"),
        ("deadline",),
        ("metric",),
        ("webhook",),
        ("duty",),
        ("holding", "text"),
        ("workflow", "answer"),
    }
)
_WHOLE_TABLES = frozenset(
    {
        ("token",),
        ("adapter", "url"),
        ("adapter", "event_url"),
        ("adapter", "secret"),
        ("adapter", "token"),
        ("adapter", "headers"),
        ("adapter", "body"),
    }
)
_NOT_SETTABLE = frozenset({"id", "extends"})


class Merged:
    """Several documents as one, each key still knowing where it was written."""

    __slots__ = ("_origins", "data", "documents")

    def __init__(self, documents: Sequence[Document], main: Document) -> None:
        """Merge `documents`, the most general first; a later one wins.

        `main` is the store's own file: it answers for keys that nobody wrote.
        """
        self.documents = tuple(documents)
        self.data: Data = {}
        self._origins: dict[KeyPath, tuple[Document, KeyPath]] = {(): (main, ())}
        for document in documents:
            self._lay(self.data, document.data, (), document)

    def place(self, path: KeyPath) -> Place:
        """Where `path` was written, in the file that won."""
        known = path
        while known not in self._origins:
            known = known[:-1]
        document, origin = self._origins[known]
        return document.place((*origin, *path[len(known) :]))

    def written(self, path: KeyPath) -> bool:
        """Whether any document holds this key."""
        return bool(path) and path in self._origins

    def _lay(self, base: Data, top: Data, path: KeyPath, document: Document) -> None:
        for key, value in top.items():
            at = (*path, key)
            if at in _TABLE_LISTS:
                self._append(base.setdefault(key, []), value, at, document)
            elif isinstance(value, dict) and at not in _WHOLE_TABLES:
                self._origins[at] = (document, at)
                self._lay(base.setdefault(key, {}), value, at, document)
            else:
                self._origins[at] = (document, at)
                base[key] = value

    def _append(self, base: list[Any], top: list[Any], at: KeyPath, document: Document) -> None:
        self._origins.setdefault(at, (document, at))
        for index, value in enumerate(top):
            self._origins[*at, len(base)] = (document, (*at, index))
            base.append(value)


def read_setting(text: str, report: Report) -> Document | None:
    """Turn one `dotted.key=value` of the command line into a document; None when that failed."""
    source = Source("--set", Path())
    name, equals, value = text.partition("=")
    keys = _keys(name.strip())
    if not equals or keys is None:
        report.error(Place(source, 0, ""), f'expected key=value, got "{text}"')
        return None
    if keys[0] in _NOT_SETTABLE:
        report.error(Place(source, 0, dotted(keys)), "can only stand in a file")
        return None
    data: Data = {keys[-1]: _value(value.strip())}
    for key in reversed(keys[:-1]):
        data = {key: data}
    return Document(source, data, {})


def _keys(name: str) -> tuple[str, ...] | None:
    try:
        table: Any = tomllib.loads(f"{name} = 0") if "\n" not in name else None
    except ValueError:
        return None
    keys: tuple[str, ...] = ()
    while isinstance(table, dict):
        if len(table) != 1:
            return None
        ((key, table),) = table.items()
        keys = (*keys, key)
    return keys or None


def _value(text: str) -> Any:
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return table["value"] if len(table) == 1 else text
