"""Where the stores come from: a folder, paths and packaged ids, or stores that are loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from replygate.config import Store, load_store, load_stores
from replygate.errors import ConfigError, Problem

Stores = str | Path | Store | Sequence[str | Path | Store]
"""A folder of store files, one store's path or packaged id, a store, or several of these."""


def gather(stores: Stores) -> dict[str, Store]:
    """Every store by its id. Reads files.

    Raises ConfigError with every problem, UnknownStore where nothing has such a name.
    """
    found: dict[str, Store] = {}
    sources = [stores] if isinstance(stores, str | Path | Store) else stores
    for source in sources:
        for store in _load(source):
            if store.id in found:
                what = f'the store "{store.id}" is given twice'
                raise ConfigError([Problem(str(source), 0, "", what)])
            found[store.id] = store
    if not found:
        raise ConfigError([Problem("stores", 0, "", "expected at least one store")])
    return found


async def gather_aside(stores: Stores) -> dict[str, Store]:
    """`gather` in a thread where it reads files: hundreds of stores take a while to compile."""
    sources = [stores] if isinstance(stores, str | Path | Store) else stores
    if all(isinstance(source, Store) for source in sources):
        return gather(stores)
    return await asyncio.to_thread(gather, stores)


def _load(source: str | Path | Store) -> list[Store]:
    if isinstance(source, Store):
        return [source]
    if Path(source).is_dir():
        return list(load_stores(source).values())
    return [load_store(source)]
