"""The stores' ways to their platforms, found by entry point: nothing here knows an adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from replygate.config import Store
from replygate.config.places import did_you_mean
from replygate.errors import ConfigError, Problem
from replygate.runtime import Platform

GROUP: Final = "replygate.adapters"
"""An entry point's name is what `[adapter] kind` says; it is called with the store and gives a
platform. Where that has an async `close`, it is called at the end."""


Maker = Callable[[Store], Platform]


def makers_of(stores: Iterable[Store]) -> dict[str, Maker]:
    """What makes the platform of each store that has an `[adapter]`. Raises ConfigError."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    problems: list[Problem] = []
    makers: dict[str, Maker] = {}
    for store in stores:
        if store.adapter is None:
            continue
        point = known.get(store.adapter.kind)
        if point is None:
            hint = did_you_mean(store.adapter.kind, known) or f"known are {', '.join(known)}"
            what = f'there is no adapter "{store.adapter.kind}"'
            problems.append(Problem(f"store {store.id}", 0, "adapter.kind", what, hint))
        else:
            makers[store.id] = _load(point)
    if problems:
        raise ConfigError(problems)
    return makers


async def close(platforms: Iterable[Platform]) -> None:
    """Close those that can be closed."""
    for platform in platforms:
        closing: Any = getattr(platform, "close", None)
        if closing is not None:
            await closing()


def _load(point: EntryPoint) -> Maker:
    maker: Maker = point.load()
    return maker
